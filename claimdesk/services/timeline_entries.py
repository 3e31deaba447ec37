"""Entries of the audit trail in plain words, for every look at the trail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.language import N_, _
from claimdesk.models import AuditEntry, ChecklistItem, Document, LossItem
from claimdesk.models.audit import BULK
from claimdesk.rules.checklist import DOCUMENT_NAMES
from claimdesk.rules.clocks import EventKind
from claimdesk.services.timeline_values import (
    Names,
    differences,
    in_words,
    is_plain,
    known_word,
    names_for,
    points_to,
)
from claimdesk.services.timeline_words import FIELDS, THINGS, UNTOLD

_NAMED = {'checklist_item': ChecklistItem.code, 'document': Document.title, 'loss_item': LossItem.name}
_HIDDEN = frozenset(
    {('invoice', 'code'), ('absence', 'account_id'), ('account_role', 'account_id'), ('reminder', 'key')}
)
_HIDDEN_ON_INSERT = frozenset({'voided', 'previous', 'state', 'outcome', 'first_estimate', 'due_at', 'attempts'})
_IN_ONE_LINE = {
    'coverage': ('name', 'sum_insured'),
    'invoice_line': ('name', 'specification', 'quantity', 'unit', 'amount'),
    'risk_verdict': ('rule', 'outcome'),
    'saved_view': ('name',),
}
"""Small rows whose making and removal is told in one line, from these columns."""
_OWN_NAME = frozenset({'account', 'account_role', 'team', 'party'})
OFFICE = frozenset(
    {'absence', 'account', 'account_role', 'calendar_day', 'office', 'office_setting', 'signing_key', 'team',
     'team_lead', 'work_profile'}
)  # fmt: skip
"""The tables of the office itself: its people, rules and settings."""
OFFICE_GROUPS: dict[str, tuple[str, frozenset[str]]] = {
    'people': (
        N_("People and roles"),
        frozenset({'account', 'account_role', 'team', 'team_lead', 'absence', 'signing_key', 'work_profile'}),
    ),
    'rules': (N_("Rules and settings"), frozenset({'office', 'office_setting', 'calendar_day'})),
    'other': (N_("Without a case"), frozenset()),
}
"""What the office's trail can be narrowed to; 'other' is everything else that belongs to no case."""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One save in plain words: who did what, and each change as 'field: before → after'."""

    id: int
    at: dt.datetime
    who: str
    action: str
    details: tuple[str, ...]
    kinds: frozenset[str]


def entries_in_words(session: Session, rows: Sequence[AuditEntry]) -> list[TimelineEntry]:
    """Each of these entries in words, in their order."""
    names = names_for(session, _wanted(rows))
    called = _called(session, rows, names)
    return [_entry(row, names, called.get((row.kind, row.row_id), '')) for row in rows]


def changed_fields(session: Session, rows: Sequence[AuditEntry]) -> list[list[tuple[str, str, str]]]:
    """Of each of these entries every field that is told: what it is called, and before and after in words."""
    names = names_for(session, _wanted(rows))
    return [
        [told for name, values in row.changes.items() for told in _fields(row, name, values, names)] for row in rows
    ]


def _fields(row: AuditEntry, name: str, values: Sequence[Any], names: Names) -> Iterator[tuple[str, str, str]]:
    if name in UNTOLD or (row.kind, name) in _HIDDEN or row.verb == BULK:
        return
    if all(value in (None, '', [], {}) for value in values):
        return
    words = _(FIELDS.get(name, name))
    if is_plain(row.kind, name):
        before, after = (in_words(row.kind, name, value, names) for value in values)
        yield words, before, after
        return
    for line in differences(*values):
        where, _colon, change = line.rpartition(': ')
        before, _arrow, after = change.partition(' → ')
        yield ' · '.join(filter(None, (words, where))), before, after


def _wanted(rows: Sequence[AuditEntry]) -> dict[str, set[int]]:
    """The rows that these entries are about or point to, by table."""
    found: dict[str, set[int]] = {}
    for row in rows:
        found.setdefault(row.kind, set()).add(row.row_id)
        for name, values in row.changes.items():
            target = points_to(row.kind, name)
            if target:
                found.setdefault(target, set()).update(value for value in values if isinstance(value, int))
    return found


def _called(session: Session, rows: Sequence[AuditEntry], names: Names) -> dict[tuple[str, int], str]:
    """What the rows that the entries are about are called."""
    ids = _wanted(rows)
    found: dict[tuple[str, int], str] = {}
    for kind, column in _NAMED.items():
        table = column.class_
        for row_id, name in session.execute(select(table.id, column).where(table.id.in_(ids.get(kind, set())))):
            found[kind, row_id] = _(DOCUMENT_NAMES.get(name, name)) if kind == 'checklist_item' else name
    for row in rows:
        key = (row.kind, row.row_id)
        if row.kind in _OWN_NAME:
            found[key] = names.of('account' if row.kind == 'account_role' else row.kind, row.row_id)
    found.update(_subjects(session, ids, names))
    return found


def _subjects(session: Session, ids: dict[str, set[int]], names: Names) -> Iterator[tuple[tuple[str, int], str]]:
    """Whose absence and share of the work it is, and which rule: from what is kept, or was when it began."""
    query = select(AuditEntry.kind, AuditEntry.row_id, AuditEntry.changes).where(AuditEntry.verb == 'insert')
    for kind, column in (('absence', 'account_id'), ('work_profile', 'account_id'), ('office_setting', 'key')):
        wanted = ids.get(kind)
        if not wanted:
            continue
        for _kind, row_id, changes in session.execute(
            query.where(AuditEntry.kind == kind, AuditEntry.row_id.in_(wanted), AuditEntry.case_id.is_(None))
        ):
            value = changes.get(column, [None, None])[1]
            yield (kind, row_id), in_words(kind, column, value, names)


def _entry(row: AuditEntry, names: Names, called: str) -> TimelineEntry:
    return TimelineEntry(
        id=row.id,
        at=row.at,
        who=row.actor_name or _("ClaimDesk"),
        action=_(row.action) or _(THINGS.get(row.kind, row.kind)),
        details=tuple(_details(row, names, called)),
        kinds=frozenset({row.kind}),
    )


def _details(row: AuditEntry, names: Names, called: str) -> list[str]:
    thing = _(THINGS.get(row.kind, row.kind))
    if called and (row.verb == 'update' or row.kind in OFFICE):
        thing = f'{thing} · {called}'
    if row.kind == 'case_event' and row.verb == 'insert':
        kind = row.changes.get('kind', [None, ''])[1]
        note = row.changes.get('note', [None, ''])[1]
        told = [_("Event: {name}").format(name=known_word(EventKind, kind))]
        return [*told, _("Note: {words}").format(words=note)] if note else told
    if row.verb == BULK:
        return [
            _("Loaded without entries of their own: {thing}: {n}").format(
                thing=_(THINGS.get(name, name)), n=f'{loaded["rows"]:,}'
            )
            for name, (_before, loaded) in row.changes.items()
        ]
    if row.kind == 'task':
        return []  # a step's task follows the stage and the handler, which are told
    if row.kind in _IN_ONE_LINE and row.verb != 'update':
        return [_in_one_line(row, thing, names)]
    told = [
        line
        for name, (before, after) in row.changes.items()
        for line in _change(row, thing, name, before, after, names)
    ]
    if row.verb == 'delete':
        told.insert(0, _("Removed: {thing}").format(thing=thing))
    return told


def _in_one_line(row: AuditEntry, thing: str, names: Names) -> str:
    place = 1 if row.verb == 'insert' else 0
    values = {name: row.changes.get(name, (None, None))[place] for name in _IN_ONE_LINE[row.kind]}
    told = [in_words(row.kind, name, value, names) for name, value in values.items()]
    words = _(", ").join(filter(None, told))
    if row.verb == 'delete':
        return _("Removed: {thing}").format(thing=f'{thing} · {words}')
    return f'{thing}: {words}'


def _change(
    row: AuditEntry, thing: str, name: str, before: object, after: object, names: Names
) -> Iterator[str]:
    if name in UNTOLD or (row.kind, name) in _HIDDEN:
        return
    if row.verb == 'insert' and (name in _HIDDEN_ON_INSERT or after in (None, '', False, [], {})):
        return
    if row.verb == 'delete' and before in (None, '', False):
        return
    words = _(FIELDS.get(name, name))
    if row.kind == 'document' and name == 'pages' and isinstance(before, list) and isinstance(after, list):
        yield f'{thing} · {words}: {len(before)} → {len(after)}'
        return
    if not is_plain(row.kind, name):
        if row.verb != 'delete':
            yield from (f'{thing} · {words}: {line}' for line in differences(before, after))
        return
    old, new = in_words(row.kind, name, before, names), in_words(row.kind, name, after, names)
    if row.verb != 'update':
        yield f'{thing} · {words}: {new if row.verb == "insert" else old}'
    elif old != new:
        yield f'{thing} · {words}: {old or "–"} → {new or "–"}'
