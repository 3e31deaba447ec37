"""The claim summary: one case on paper, from the report to the payment, for the file and for who has to decide."""

from __future__ import annotations

from claimdesk.language import _
from claimdesk.progress import Progress, quiet
from claimdesk.reports.claim_file import ClaimFile
from claimdesk.reports.claim_money import calculations, invoices, losses, payments, reserves
from claimdesk.reports.grid import Column
from claimdesk.reports.paper import SMALL, Fact, Head, Paper, Picture
from claimdesk.reports.sheet import DARK, GREY
from claimdesk.reports.typesetting import shorten
from claimdesk.reports.words import DASH, day, moment, money, percent
from claimdesk.vocabulary import ChecklistState, Line, Outcome, label

LONG_TEXT, EXCERPT, GLIMPSE = 3000, 240, 48
"""Characters of a description, a conversation and a change that are printed before a mark says that there is more."""


def claim_summary(claim: ClaimFile, progress: Progress = quiet) -> bytes:
    """The summary as PDF. What the file does not hold yet is said in one sentence, not in empty tables."""
    head = Head(claim.office, _("Claim summary"), claim.number, claim.printed_by, claim.printed_at, _subtitle(claim))
    paper = Paper(head, progress=progress)
    _overview(paper, claim)
    _accident(paper, claim)
    _policy(paper, claim)
    _clocks(paper, claim)
    _survey(paper, claim)
    _checklist(paper, claim)
    _documents(paper, claim)
    invoices(paper, claim.invoices)
    losses(paper, claim.losses)
    calculations(paper, claim.calculations)
    payments(paper, claim.payments)
    reserves(paper, claim.reserves)
    _talks(paper, claim)
    _events(paper, claim)
    _thumbnails(paper, claim)
    _missing(paper, claim)
    paper.signatures([_("Handler"), _("Approver"), _("Finance")])
    return paper.finish()


def _subtitle(claim: ClaimFile) -> str:
    words = [label(claim.line), claim.policy.insured]
    if claim.compulsory:
        words[0] = _("{line} (compulsory cover)").format(line=words[0])
    return ' · '.join(word for word in (*words, claim.policy.thing if claim.line is Line.MOTOR else '') if word)


def _overview(paper: Paper, claim: ClaimFile) -> None:
    opened = claim.outcome is Outcome.OPEN
    amount = (_("Amount paid"), claim.paid_amount) if claim.paid_amount else (_("Payable"), claim.payable)
    paper.facts(
        [
            Fact(_("Stage"), label(claim.stage) if opened else label(claim.outcome), strong=True),
            Fact(_("Time limit"), claim.due_words or DASH, strong=True),
            Fact(_("Reserve"), money(claim.estimate), strong=True),
            Fact(amount[0], money(amount[1]), strong=True),
        ],
        columns=4,
    )
    facts = [
        Fact(_("Handler"), claim.owner or _("Nobody yet")),
        Fact(_("Reported on"), moment(claim.reported_at)),
        Fact(_("Registered on"), moment(claim.registered_at)),
        Fact(_("Closed on"), moment(claim.closed_at)),
        Fact(_("Reporter"), ' '.join(filter(None, (claim.reporter, claim.reporter_phone))), span=2),
    ]
    if claim.reopened_times:
        facts.append(Fact(_("Reopened"), _("{count} times").format(count=claim.reopened_times)))
    if claim.outcome_reason:
        facts.append(Fact(_("Reason"), claim.outcome_reason, span=4))
    paper.sheets.rule(paper.left, paper.y, paper.right, 0.25, 0.8)
    paper.facts(facts, columns=4)


def _accident(paper: Paper, claim: ClaimFile) -> None:
    paper.section(_("What happened"))
    facts = [
        Fact(_("Time of the loss"), moment(claim.loss_at)),
        Fact(_("Cause"), claim.cause),
        Fact(_("Liability"), label(claim.liability)),
        Fact(_("Place"), claim.place, span=2),
        Fact(_("Injury"), _("yes") if claim.injury else _("no")),
    ]
    if claim.police_number:
        facts.append(Fact(_("Police report number"), claim.police_number))
    facts += [Fact(name, value) for name, value in claim.details]
    paper.facts(facts)
    if claim.description.strip():
        paper.gap(2)
        paper.text(shorten(claim.description.strip(), LONG_TEXT))


def _policy(paper: Paper, claim: ClaimFile) -> None:
    policy = claim.policy
    paper.section(_("Policy and people"))
    paper.facts(
        [
            Fact(_("Policy number"), policy.number),
            Fact(_("Clause"), label(policy.clause)),
            Fact(_("In force"), f'{day(policy.starts_at)} – {day(policy.ends_at)}'),
            Fact(_("Policyholder"), policy.holder),
            Fact(_("Insured"), ' '.join(filter(None, (policy.insured, policy.id_number)))),
            Fact(_("Insured object"), policy.thing),
        ]
    )
    if policy.covers:
        paper.gap(4)
        columns = (
            Column(_("Cover"), 30), Column(_("Sum insured"), 17, 'right'), Column(_("Deductible"), 14, 'right'),
            Column(_("Deductible rate"), 13, 'right'), Column(_("Benefit ratio"), 12, 'right'),
            Column(_("Insured value"), 16, 'right'),
        )  # fmt: skip
        paper.table(
            columns,
            [
                (
                    cover.name, money(cover.sum_insured), money(cover.deductible), percent(cover.deductible_rate),
                    percent(cover.benefit_ratio), money(cover.insured_value),
                )
                for cover in policy.covers
            ],
        )  # fmt: skip
    if claim.people:
        paper.gap(6)
        people = [
            (label(one.role), one.name, str(one.born_on or DASH), one.phone or DASH, one.address or DASH)
            for one in claim.people
        ]
        columns_of_people = (
            Column(_("Party"), 16), Column(_("Name"), 26), Column(_("Date of birth"), 16), Column(_("Phone"), 20),
            Column(_("Address"), 36),
        )  # fmt: skip
        paper.table(columns_of_people, people)


def _clocks(paper: Paper, claim: ClaimFile) -> None:
    if not claim.clocks:
        return
    paper.section(_("Time limits"), _("A: read in the law · B, C: the office's setting"))
    columns = (
        Column(_("Time limit"), 26), Column(_("Began"), 18), Column(_("Due time"), 18), Column(_("State"), 16),
        Column(_("Basis"), 28),
    )  # fmt: skip
    rows = [
        (
            clock.name,
            moment(clock.started_at),
            moment(clock.due),
            clock.words + (f'\n{clock.pauses}' if clock.pauses else ''),
            f'{clock.citation} ({clock.mark})',
        )
        for clock in claim.clocks
    ]
    paper.table(columns, rows)


def _survey(paper: Paper, claim: ClaimFile) -> None:
    survey = claim.survey
    if survey is None:
        return
    paper.section(_("Survey"), '' if survey.finished_at else _("Not finished yet"))
    facts = [
        Fact(_("Surveyor"), survey.surveyor),
        Fact(_("Time of the visit"), moment(survey.visited_at)),
        Fact(_("Liability"), label(survey.liability)),
        Fact(_("Place"), survey.place, span=2),
        Fact(_("Suspicious"), _("yes") if survey.suspicious else _("no")),
    ]
    paper.facts(facts)
    for name, text in ((_("Findings"), survey.finding), (_("Statement"), survey.statement)):
        if text.strip():
            paper.gap(4)
            paper.text(name, size=SMALL, shade=GREY)
            paper.text(shorten(text.strip(), LONG_TEXT))


def _checklist(paper: Paper, claim: ClaimFile) -> None:
    if not claim.checklist:
        return
    absent = sum(
        one.required and one.state in (ChecklistState.MISSING, ChecklistState.REJECTED) for one in claim.checklist
    )
    note = _("{count} still missing").format(count=absent) if absent else _("Complete")
    paper.section(_("Documents needed"), note)
    columns = (Column(_("Document"), 44), Column(_("State"), 14), Column(_("Checked by"), 14), Column(_("Remark"), 32))
    rows = [
        (
            one.name,
            label(one.state),
            one.checked_by or DASH,
            one.reason or ('' if one.required else _("where it applies")),
        )
        for one in claim.checklist
    ]
    paper.table(columns, rows)


def _documents(paper: Paper, claim: ClaimFile) -> None:
    if not claim.documents:
        return
    paper.section(_("Documents in the file"))
    columns = (
        Column(_("Title"), 30), Column(_("Kind"), 25), Column(_("Number of pages"), 8, 'right'), Column('', 1),
        Column(_("Added"), 21), Column(_("State"), 13), Column(_("Confirmed by"), 13),
    )  # fmt: skip
    rows = [
        (
            one.title,
            label(one.kind),
            str(one.pages),
            '',
            moment(one.added_at),
            label(one.state),
            one.confirmed_by or DASH,
        )
        for one in claim.documents
    ]
    paper.table(columns, rows)


def _talks(paper: Paper, claim: ClaimFile) -> None:
    if not claim.talks:
        return
    paper.section(_("Conversations"), _shown_of(len(claim.talks), claim.talk_count))
    columns = (Column(_("Time"), 18), Column(_("Channel"), 12), Column(_("With"), 18), Column(_("Text"), 52))
    rows = [
        (
            moment(one.at),
            label(one.channel) if one.channel else _("Complaint"),
            one.who or DASH,
            shorten(' '.join(one.text.split()), EXCERPT),
        )
        for one in claim.talks
    ]
    paper.table(columns, rows)


def _events(paper: Paper, claim: ClaimFile) -> None:
    if not claim.events:
        return
    paper.section(_("Timeline"), _shown_of(len(claim.events), claim.event_count))
    columns = (Column(_("Time"), 18), Column(_("Who"), 12), Column(_("What"), 22), Column(_("Details"), 50))
    rows = [(moment(one.at), one.who, one.action, shorten(one.details, GLIMPSE) or DASH) for one in claim.events]
    paper.table(columns, rows)


def _thumbnails(paper: Paper, claim: ClaimFile) -> None:
    if not claim.thumbnails:
        return
    paper.section(_("Pages of the file"), _shown_of(len(claim.thumbnails), claim.page_count), keep=150)
    paper.gap(4)
    paper.pictures([Picture(one.image, one.caption) for one in claim.thumbnails])


def _missing(paper: Paper, claim: ClaimFile) -> None:
    """Say in one sentence what the file does not hold yet."""
    parts = (
        (claim.survey, _("survey")),
        (claim.documents, _("documents")),
        (claim.invoices, _("confirmed invoices")),
        (claim.losses, _("loss items")),
        (claim.calculations, _("calculation")),
        (claim.payments, _("payment")),
        (claim.talks, _("conversations")),
    )
    absent = [name for part, name in parts if not part]
    if absent:
        paper.gap(12)
        paper.text(_("The file holds no {things} yet.").format(things=_(", ").join(absent)), size=SMALL + 1, shade=DARK)


def _shown_of(shown: int, whole: int) -> str:
    return '' if shown >= whole else _("the {shown} newest of {whole}").format(shown=shown, whole=whole)
