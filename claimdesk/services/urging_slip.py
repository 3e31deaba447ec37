"""The urging slip (催办单): who was urged on which case, about which limit and with what words, one page for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import NotFound
from claimdesk.language import _
from claimdesk.models import Account, Case, Reminder
from claimdesk.models.rows import get
from claimdesk.progress import Progress, quiet
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext
from claimdesk.services.letter_contents import Material, common_values, moment_words, urging_of
from claimdesk.services.letter_copies import page_of
from claimdesk.services.letters import filled, text_at
from claimdesk.services.reminder_beside import CLOCKS_BESIDE
from claimdesk.vocabulary import LetterKind, RemindedAs, ReminderKind

if TYPE_CHECKING:
    from claimdesk.reports.letters import LetterPage
    from claimdesk.reports.paper import Fact


def slips_pdf(
    office: OfficeContext, actor: Actor, reminder_ids: Sequence[int], progress: Progress = quiet
) -> bytes:
    """The slips of these urgings as one PDF, in the order in which they were sent. Raises `NotFound`."""
    from claimdesk.ocr import page_count
    from claimdesk.reports.letters import letter_pdf
    from claimdesk.scanning import PageRef, write_pdf

    with office.database.read() as session:
        found = session.scalars(
            select(Reminder)
            .where(Reminder.id.in_(reminder_ids), Reminder.kind == ReminderKind.URGED)
            .order_by(Reminder.id)
        ).all()
        if not found:
            raise NotFound(_("Nobody has been urged here."), _("Refresh the case."))
        pages = [_slip(session, office, actor, one) for one in found]
    contents = []
    for done, page in enumerate(pages):
        progress(done, len(pages), _("Printing the urging slips"))
        contents.append(letter_pdf(page))
    if len(contents) == 1:
        return contents[0]
    return write_pdf([PageRef(content, at) for content in contents for at in range(page_count(content))])


def _slip(session: Session, office: OfficeContext, actor: Actor, urging: Reminder) -> LetterPage:
    from claimdesk.reports.letters import Part

    case, to = get(session, Case, urging.case_id), get(session, Account, urging.account_id)
    sender = session.get(Account, urging.sent_by or 0)
    material = urging_of(case, to.name, urging.due_at, urging.words, urging.created_at)
    material = Material({**common_values(session, office, case), **material.values}, (), to.name, internal=True)
    day = urging.created_at.astimezone(SHANGHAI).date()
    text = filled(text_at(session, case.office_id, LetterKind.URGING, day), material)
    page = page_of(session, office, actor, case, text, material)
    return replace(
        page,
        parts=(Part(_("The urging"), _facts(case, to, sender, urging, text.body), columns=2),),
        day=day,
        handler=sender.name if sender is not None else '',
        handler_phone=sender.phone if sender is not None else '',
        signers=(_("Urged by"), _("Received by")),
    )


def _facts(case: Case, to: Account, sender: Account | None, urging: Reminder, body: str) -> tuple[Fact, ...]:
    """Exactly what was sent, and what was answered; the note where the office's `body` leaves it out."""
    from claimdesk.reports.paper import Fact

    whom = to.name
    if urging.told_as is RemindedAs.SUBSTITUTE:
        whom = _("{name} (standing in)").format(name=to.name)
    facts = [
        Fact(_("Case number"), case.number),
        Fact(_("Insured"), case.insured_name),
        Fact(_("Urged"), whom, strong=True),
        Fact(_("Urged by"), sender.name if sender is not None else ''),
        Fact(_("Limit"), _(CLOCKS_BESIDE.get(urging.clock, '')) or '–'),
        Fact(_("Due"), moment_words(urging.due_at) if urging.due_at is not None else '–', strong=True),
        Fact(_("Sent"), moment_words(urging.created_at)),
        Fact(_("Shown from"), moment_words(urging.deliver_at)),
    ]
    if urging.words and urging.words not in body:
        facts.append(Fact(_("Note"), urging.words, span=2))
    if urging.answered_at is not None:
        facts.append(Fact(_("Answer of {time}").format(time=moment_words(urging.answered_at)), urging.answer, span=2))
    return tuple(facts)
