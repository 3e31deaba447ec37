"""The papers of a story: when they come, what is missing at first, the one-time notice and the supplement."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from claimdesk.language import N_, _
from claimdesk.rules.checklist import needed_documents
from claimdesk.rules.clocks import EventKind
from claimdesk.rules.letters import default_text, fill
from claimdesk.services.checklist import ABSENT
from claimdesk.services.letter_contents import missing_words, pause_words
from claimdesk.services.office_generator.dice import AHEAD
from claimdesk.services.office_generator.stock import stock
from claimdesk.vocabulary import Channel, ChecklistState, LetterKind, Line, Outcome, Stage

if TYPE_CHECKING:
    from claimdesk.services.office_generator.story import Story

NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)
_DAYS = {Line.MOTOR: 5.5, Line.MEDICAL: 1.6, Line.PROPERTY: 11.0}
_OFTEN = 0.55
_LATE = {
    **dict.fromkeys(('repair_invoice', 'damage_list', 'medical_receipts', 'expense_list'), _OFTEN),
    **dict.fromkeys(('purchase_proof', 'loss_list'), _OFTEN),
    'photos': 0.0,
}
"""How often claimants send a paper later than the others; photos the surveyor takes."""


class Paperwork:
    """The checklist of a case and the post that fills it."""

    def __init__(self, story: Story) -> None:
        self._story = story
        plan = story.plan
        self._needed = needed_documents(plan.line, injury=plan.injury, cause=plan.cause.name)
        self.items = {
            one.code: story.ledger.insert(
                'checklist_item',
                case_id=story.case['id'],
                code=one.code,
                required=one.required,
                state=ChecklistState.MISSING,
            )
            for one in self._needed
        }
        self._notice_open = False
        self.complete_at = self._post()

    def missing(self) -> int:
        """How many required documents are absent."""
        return sum(row['required'] and row['state'] in ABSENT for row in self.items.values())

    def ready_at(self) -> dt.datetime:
        """When an adjuster may go on: some hours after the last paper came."""
        story = self._story
        if self.complete_at is NEVER or self.complete_at > story.world.now:
            return NEVER
        return story.world.hours.later(self.complete_at, story.dice.about(4.0), story.dice)

    def _post(self) -> dt.datetime:
        """Plan when papers come; returns when the last one does."""
        story, dice, hours = self._story, self._story.dice, self._story.world.hours
        plan = story.plan
        if plan.ending is Outcome.CANCELLED_REPORT:
            return NEVER
        first = hours.later(plan.reported_at, dice.about(_DAYS[plan.line] * 24 * plan.pace, 0.5), dice)
        if plan.first_papers is not None:
            first = max(plan.first_papers, plan.reported_at)
        optional = [one.code for one in self._needed if not one.required and dice.chance(0.55)]
        required = [one.code for one in self._needed if one.required]
        late: list[str] = []
        if plan.first_papers is not None or plan.answers_late or dice.chance(0.42):
            late = [code for code in required if dice.chance(_LATE.get(code, 0.08))] or [required[-1]]
        at_once = [code for code in (*required, *optional) if code not in late]
        if len(at_once) == len(optional):
            at_once.append(late.pop(0))
        story.happens(first, lambda: self._arrive(first, at_once))
        if not late:
            return first
        notice = hours.later(first, dice.about(5.0, 0.9), dice)
        if plan.first_papers is not None:
            notice = max(notice, story.world.now + dt.timedelta(hours=1))
        story.happens(notice, lambda: self._tell_what_is_missing(notice, late))
        answer = hours.later(notice, dice.about(4.2 * 24, 0.7), dice)
        if plan.answers_late or dice.chance(0.05):
            answer = hours.later(answer, dice.uniform(15, 50) * 24, dice)
        story.happens(answer, lambda: self._arrive(answer, late))
        return answer

    def _arrive(self, at: dt.datetime, codes: list[str]) -> None:
        story, dice = self._story, self._story.dice
        if story.case['stage'] is Stage.CLOSED:
            return
        clerk = story.clerk
        story.save(at, clerk, N_("changed the checklist"))
        known = {event.kind for event in story.events}
        for code in codes:
            row = self.items[code]
            waived = row['required'] and dice.chance(0.012)
            state = ChecklistState.WAIVED if waived else ChecklistState.RECEIVED
            if not waived and EventKind.CLAIM_RECEIVED in known and dice.chance(0.5):
                state = ChecklistState.VERIFIED
            reason = dice.among(stock().talk['waived']) if waived else ''
            story.ledger.update(
                'checklist_item', row, state=state, reason=reason, checked_by=clerk.id, checked_at=at
            )
        if EventKind.CLAIM_RECEIVED not in known:
            story.event(EventKind.CLAIM_RECEIVED, at, clerk)
        if self._notice_open:
            story.event(EventKind.SUPPLEMENT_ARRIVED, at, clerk)
            self._notice_open = False
        if not self.missing():
            story.event(EventKind.DOCUMENTS_COMPLETE, at, clerk)

    def _tell_what_is_missing(self, at: dt.datetime, late: list[str]) -> None:
        story = self._story
        if story.case['stage'] is Stage.CLOSED:
            return
        if story.dice.chance(0.12):
            came = [row for row in self.items.values() if row['state'] is ChecklistState.RECEIVED and row['required']]
            if len(came) > 1:
                story.save(at - dt.timedelta(minutes=4), story.clerk, N_("changed the checklist"))
                story.ledger.update(
                    'checklist_item',
                    came[0],
                    state=ChecklistState.REJECTED,
                    reason=story.dice.among(stock().talk['rejected']),
                )
                late.append(came[0]['code'])
        for row in self.items.values():
            if row['state'] is ChecklistState.RECEIVED and row['required']:
                story.save(at - dt.timedelta(minutes=2), story.clerk, N_("changed the checklist"))
                story.ledger.update('checklist_item', row, state=ChecklistState.VERIFIED)
        story.save(at, story.clerk, N_("sent the notice of missing documents"))
        story.event(EventKind.NOTICE_ARRIVED, at, story.clerk)
        self._notice_open = True
        if not story.world.rich:
            return
        self._letter(at)

    def _letter(self, at: dt.datetime) -> None:
        """The notice as it went out: a letter, and what was said with it."""
        story, case, kind = self._story, self._story.case, LetterKind.SUPPLEMENT
        absent = [
            (_(one.name), self.items[one.code].get('reason', ''), one.required)
            for one in self._needed
            if self.items[one.code]['state'] in ABSENT
        ]
        missing = [(name, reason) for name, reason, required in absent if required]
        maybe = [name for name, _reason, required in absent if not required]
        text, number = default_text(kind), story.world.letter_number(at)
        values = {
            'case': case['number'],
            'policy': case['policy_number'],
            'loss_day': f'{case["loss_at"] + AHEAD:%Y-%m-%d}',
            'documents': missing_words(missing, maybe),
            'pause': '' if case['compulsory'] else pause_words(),
            'handler': story.clerk.name,
        }
        body = '\n'.join((fill(text.body, values), fill(text.closing, values)))
        channel = story.dice.among((Channel.SMS, Channel.LETTER, Channel.EMAIL))
        story.ledger.insert(
            'letter',
            office_id=story.world.office_id,
            case_id=case['id'],
            kind=kind,
            number=number,
            turn=1,
            addressee=case['insured_name'],
            body=body,
            details={'missing': [name for name, _reason in missing], 'maybe': maybe},
            channel=channel,
            sent_by=story.clerk.id,
            sent_at=at,
            arrived_at=at,
        )
        story.ledger.insert(
            'message',
            case_id=case['id'],
            channel=channel,
            incoming=False,
            with_whom=case['insured_name'][:60],
            body=f'{text.title} {number}\n{body}',
            at=at,
            written_by=story.clerk.id,
        )
