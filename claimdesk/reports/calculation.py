"""The calculation sheet on paper (赔款理算书, 预付计算书): what went in and from where, every step, the amount."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from claimdesk.language import _
from claimdesk.progress import Progress, quiet
from claimdesk.reports.claim_file import CalculationPart
from claimdesk.reports.claim_money import decision, steps, total_line
from claimdesk.reports.grid import Column
from claimdesk.reports.paper import SMALL, Fact, Head, Paper
from claimdesk.reports.sheet import DARK, GREY
from claimdesk.reports.words import DASH, day, moment, money, percent
from claimdesk.vocabulary import CalculationKind, ClauseVersion, DocumentKind, Line, Word, label

MOST_SOURCES = 6


@dataclass(frozen=True, slots=True)
class InputLine:
    """One input: its cover, its name (an English source string), its kind, its value, its sources in words."""

    cover: str
    name: str
    kind: str
    value: Any
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperSum:
    """The papers of one kind: how many count, and their sums in yuan; None for what no paper says."""

    kind: DocumentKind
    count: int
    counts: Decimal
    fund: Decimal | None
    own_expense: Decimal | None
    claimed: Decimal
    confirmed: Decimal


@dataclass(frozen=True, slots=True)
class CalculationFile:
    """What the sheet says; times are local, money in yuan. `papers` are those of the case when it is printed."""

    office: str
    printed_by: str
    printed_at: dt.datetime
    number: str
    line: Line
    clause: ClauseVersion
    policy_number: str
    policy_from: dt.datetime
    policy_to: dt.datetime
    insured: str
    plate: str
    loss_at: dt.datetime
    cause: str
    place: str
    payees: tuple[str, ...]
    part: CalculationPart
    inputs: tuple[InputLine, ...]
    papers: tuple[PaperSum, ...] = ()


def calculation_sheet(paper_file: CalculationFile, progress: Progress = quiet) -> bytes:
    """The sheet as PDF."""
    part = paper_file.part
    advance = part.kind is CalculationKind.ADVANCE
    title = _("Calculation of an advance payment") if advance else _("Calculation of the payment")
    subtitle = ' · '.join(filter(None, (label(paper_file.line), paper_file.insured, paper_file.plate)))
    head = Head(
        paper_file.office, title, paper_file.number, paper_file.printed_by, paper_file.printed_at, subtitle
    )
    paper = Paper(head, progress=progress)
    _facts(paper, paper_file)
    if not advance:
        _inputs(paper, paper_file)
        _papers(paper, paper_file)
    paper.section(_("Steps"), part.cover, keep=120)
    steps(paper, part)
    _amounts(paper, part, advance)
    paper.gap(4)
    paper.text(decision(part), size=SMALL, shade=DARK)
    if part.signature:
        paper.text(part.signature, size=SMALL, shade=DARK)
    if part.reason:
        paper.text(_("Reason: {reason}").format(reason=part.reason), size=SMALL, shade=DARK)
    paper.signatures([_("Adjuster"), _("Approver"), _("Insured or payee")])
    return paper.finish()


def _facts(paper: Paper, file: CalculationFile) -> None:
    paper.facts(
        [
            Fact(_("Calculation number"), str(file.part.number), strong=True),
            Fact(_("Payable"), money(file.part.payable), strong=True),
            Fact(_("State"), label(file.part.state), strong=True),
            Fact(_("Policy number"), file.policy_number),
            Fact(_("Clause"), label(file.clause)),
            Fact(_("In force"), f'{day(file.policy_from)} – {day(file.policy_to)}'),
            Fact(_("Insured"), file.insured),
            Fact(_("Time of the loss"), moment(file.loss_at)),
            Fact(_("Cause"), file.cause or DASH),
            Fact(_("Place"), file.place or DASH, span=2),
            Fact(_("Payee"), _(", ").join(file.payees) or DASH),
        ]
    )


def _inputs(paper: Paper, file: CalculationFile) -> None:
    if not file.inputs:
        return
    paper.section(_("What went in"), keep=90)
    columns = (
        Column(_("Cover"), 20), Column(_("Input"), 26), Column(_("Value"), 16, 'right'), Column(_("Where from"), 38),
    )  # fmt: skip
    rows, last = [], ''
    for line in file.inputs:
        sources = list(line.sources[:MOST_SOURCES])
        if len(line.sources) > MOST_SOURCES:
            sources.append(_("and {count} more").format(count=len(line.sources) - MOST_SOURCES))
        rows.append((line.cover if line.cover != last else '', _(line.name), _value(line), '\n'.join(sources)))
        last = line.cover
    paper.table(columns, rows)


def _papers(paper: Paper, file: CalculationFile) -> None:
    if not file.papers:
        return
    paper.section(_("Papers added up"), _("as they are when this is printed"), keep=70)
    medical = any(one.fund is not None or one.own_expense is not None for one in file.papers)
    split = (Column(_("Insurance fund"), 14, 'right'), Column(_("Not covered"), 14, 'right')) if medical else ()
    columns = (
        Column(_("Kind"), 26), Column(_("Count"), 8, 'right'), Column(_("Counts"), 14, 'right'), *split,
        Column(_("Claimed"), 14, 'right'), Column(_("Confirmed"), 14, 'right'),
    )  # fmt: skip
    rows = []
    for one in file.papers:
        parts = [DASH if amount is None else money(amount) for amount in (one.fund, one.own_expense)]
        rows.append((
            label(one.kind), str(one.count), money(one.counts), *(parts if medical else ()), money(one.claimed),
            money(one.confirmed),
        ))  # fmt: skip
    paper.table(columns, rows)


def _value(line: InputLine) -> str:
    value = line.value
    if value is None:
        return DASH
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Word):
        return label(value)
    if isinstance(value, Decimal):
        return percent(value) if line.kind == 'share' else money(value)
    return str(value)


def _amounts(paper: Paper, part: CalculationPart, advance: bool) -> None:
    total_line(paper, _("Paid in advance") if advance else _("Payable"), part.payable)
    if not part.advanced or advance:
        return
    total_line(paper, _("Paid already"), part.advanced)
    rest = part.payable - part.advanced
    total_line(paper, _("Still due") if rest >= 0 else _("Paid too much"), abs(rest))
    paper.text(_("An advance is part of the payment; it is taken off here."), size=SMALL, shade=GREY)
