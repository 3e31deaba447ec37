"""The timeline of a case: the audit trail in plain words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.amounts import money_text
from claimdesk.language import N_, _
from claimdesk.models import Account, AuditEntry, ChecklistItem, Document, LossItem
from claimdesk.rules.checklist import DOCUMENT_NAMES
from claimdesk.rules.clocks import EventKind
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext
from claimdesk.vocabulary import (
    ApprovalState,
    Channel,
    ChecklistState,
    DocumentKind,
    DocumentState,
    Liability,
    LossKind,
    Outcome,
    PaymentState,
    Stage,
    TaskState,
    Word,
    label,
)

THINGS = {
    'claim_case': N_("Case"),
    'accident': N_("Accident"),
    'reserve_change': N_("Reserve"),
    'case_event': N_("Event"),
    'task': N_("Task"),
    'checklist_item': N_("Checklist"),
    'document': N_("Document"),
    'invoice': N_("Invoice"),
    'survey_report': N_("Survey report"),
    'loss_item': N_("Loss item"),
    'calculation': N_("Calculation"),
    'payment': N_("Payment"),
    'message': N_("Message"),
    'complaint': N_("Complaint"),
    'satisfaction': N_("Satisfaction"),
}
FIELDS = {
    'stage': N_("Stage"),
    'outcome': N_("Outcome"),
    'owner_id': N_("Handler"),
    'surveyor_id': N_("Surveyor"),
    'estimate': N_("Reserve"),
    'amount': N_("Amount"),
    'payable': N_("Payable"),
    'paid_amount': N_("Paid"),
    'place': N_("Place"),
    'cause': N_("Cause"),
    'description': N_("Description"),
    'liability': N_("Liability"),
    'police_number': N_("Police report number"),
    'reporter_name': N_("Reporter"),
    'reporter_phone': N_("Phone"),
    'injury': N_("Injury"),
    'kind': N_("Kind"),
    'state': N_("State"),
    'title': N_("Title"),
    'name': N_("Name"),
    'claimed': N_("Claimed"),
    'confirmed': N_("Confirmed amount"),
    'reason': N_("Reason"),
    'outcome_reason': N_("Reason"),
    'number': N_("Number"),
    'seller_name': N_("Seller"),
    'total': N_("Total"),
    'code': N_("Document needed"),
    'finding': N_("Findings"),
    'statement': N_("Statement"),
    'payee_name': N_("Payee"),
    'bank_name': N_("Bank"),
    'channel': N_("Channel"),
    'body': N_("Text"),
    'answer': N_("Answer"),
    'content': N_("Content"),
    'score': N_("Score"),
    'happened_at': N_("Time"),
    'visited_at': N_("Time of the visit"),
}
_ENUMS: dict[tuple[str, str], type[Word]] = {
    ('claim_case', 'stage'): Stage,
    ('claim_case', 'outcome'): Outcome,
    ('accident', 'liability'): Liability,
    ('survey_report', 'liability'): Liability,
    ('task', 'state'): TaskState,
    ('checklist_item', 'state'): ChecklistState,
    ('document', 'state'): DocumentState,
    ('document', 'kind'): DocumentKind,
    ('loss_item', 'kind'): LossKind,
    ('calculation', 'state'): ApprovalState,
    ('payment', 'state'): PaymentState,
    ('message', 'channel'): Channel,
}
_NAMED = {'checklist_item': ChecklistItem.code, 'document': Document.title, 'loss_item': LossItem.name}
_PEOPLE = frozenset({'owner_id', 'surveyor_id'})
_MONEY = frozenset({'estimate', 'amount', 'payable', 'paid_amount', 'claimed', 'confirmed', 'total'})
_HIDDEN = frozenset({('invoice', 'code')})
_HIDDEN_ON_INSERT = frozenset({'voided', 'first', 'previous', 'state', 'outcome'})


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One save in plain words: who did what, and each change as 'field: before → after'."""

    id: int
    at: dt.datetime
    who: str
    action: str
    details: tuple[str, ...]
    kinds: frozenset[str]


class Timelines:
    """Reading the audit trail of a case."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int, limit: int = 500) -> list[TimelineEntry]:
        """What happened on the case, the newest first; entries of one save are told together."""
        query = (
            select(AuditEntry).where(AuditEntry.case_id == case_id).order_by(AuditEntry.id.desc()).limit(limit)
        )
        with self._office.database.read() as session:
            rows = list(session.scalars(query))
            people = dict(session.execute(select(Account.id, Account.name)).all())
            names = _names(session, rows)
        told: list[TimelineEntry] = []
        for row in rows:
            entry = _entry(row, people, names)
            last = told[-1] if told else None
            if last is not None and _same_save(last, entry):
                told[-1] = TimelineEntry(
                    last.id, last.at, last.who, last.action, entry.details + last.details, last.kinds | entry.kinds
                )
            else:
                told.append(entry)
        return told


def _same_save(newer: TimelineEntry, older: TimelineEntry) -> bool:
    together = (newer.at - older.at) < dt.timedelta(seconds=2)
    return together and newer.who == older.who and newer.action == older.action


def _names(session: Session, rows: Sequence[AuditEntry]) -> dict[tuple[str, int], str]:
    """What the checklist lines, documents and loss items of these entries are called."""
    ids: dict[str, set[int]] = {}
    for row in rows:
        ids.setdefault(row.kind, set()).add(row.row_id)
    found: dict[tuple[str, int], str] = {}
    for kind, column in _NAMED.items():
        table = column.class_
        for row_id, name in session.execute(select(table.id, column).where(table.id.in_(ids.get(kind, set())))):
            found[kind, row_id] = _(DOCUMENT_NAMES.get(name, name)) if kind == 'checklist_item' else name
    return found


def _entry(row: AuditEntry, people: Mapping[int, str], names: Mapping[tuple[str, int], str]) -> TimelineEntry:
    return TimelineEntry(
        id=row.id,
        at=row.at,
        who=row.actor_name or _("ClaimDesk"),
        action=_(row.action) or _(THINGS.get(row.kind, row.kind)),
        details=tuple(_details(row, people, names.get((row.kind, row.row_id), ''))),
        kinds=frozenset({row.kind}),
    )


def _details(row: AuditEntry, people: Mapping[int, str], name_of_row: str) -> list[str]:
    thing = _(THINGS.get(row.kind, row.kind))
    if name_of_row and row.verb == 'update':
        thing = f'{thing} · {name_of_row}'
    if row.kind == 'case_event' and row.verb == 'insert':
        kind = row.changes.get('kind', [None, ''])[1]
        return [_("Event: {name}").format(name=_event_name(kind))]
    if row.kind == 'task':
        return []  # a step's task follows the stage and the handler, which are told
    told = []
    for name, (before, after) in row.changes.items():
        if name not in FIELDS or (row.verb == 'insert' and (name in _HIDDEN_ON_INSERT or after in (None, '', False))):
            continue
        field = _(FIELDS[name])
        old, new = (_value(row.kind, name, value, people) for value in (before, after))
        if (row.verb == 'update' and old == new) or (row.kind, name) in _HIDDEN:
            continue
        if row.verb == 'update':
            told.append(f'{thing} · {field}: {old or "–"} → {new or "–"}')
        else:
            told.append(f'{thing} · {field}: {new if row.verb == "insert" else old}')
    if row.verb == 'delete':
        told.insert(0, _("Removed: {thing}").format(thing=thing))
    return told


def _event_name(kind: str) -> str:
    try:
        return label(EventKind(kind))
    except ValueError:
        return kind


def _value(kind: str, name: str, value: Any, people: Mapping[int, str]) -> str:
    if value is None or value == '':
        return ''
    if name in _PEOPLE:
        return people.get(value, '')
    if (kind, name) in _ENUMS:
        return label(_ENUMS[kind, name](value))
    if name == 'code':
        return _(DOCUMENT_NAMES.get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in _MONEY and isinstance(value, str):
        return money_text(Decimal(value))
    if name.endswith('_at') and isinstance(value, str):
        return dt.datetime.fromisoformat(value).astimezone(SHANGHAI).strftime('%Y-%m-%d %H:%M')
    return str(value)
