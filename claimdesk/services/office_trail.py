"""The trail of the whole office, to look through: which entries a question finds, and each of them in plain words."""

from __future__ import annotations

import datetime as dt
import json
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Text, cast, or_, select

from claimdesk.language import _
from claimdesk.models import AuditEntry, Case
from claimdesk.progress import Progress, quiet
from claimdesk.rules.permissions import Permission
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext, require
from claimdesk.services.timeline_entries import OFFICE, OFFICE_GROUPS, changed_fields, entries_in_words
from claimdesk.services.timeline_export import write_trail
from claimdesk.services.timeline_words import THINGS

PIECE = 20_000


@dataclass(frozen=True, slots=True)
class TrailQuery:
    """What somebody looks for; '' and None ask for everything. The days are local and included.

    `text` is looked for in the values, the names of people and of things, and the numbers of cases. `kind` is a table,
    or one of `OFFICE_GROUPS`.
    """

    text: str = ''
    kind: str = ''
    actor_id: int | None = None
    first: dt.date | None = None
    last: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """One field before and after, in words; '' where there was nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class TrailRow:
    """One entry: who changed what of which thing. `place` says where it stands in the chains."""

    id: int
    at: dt.datetime
    who: str
    action: str
    thing: str
    case_id: int | None
    case_number: str
    details: tuple[str, ...]
    changes: tuple[Changed, ...]
    place: str


class OfficeTrail:
    """Looking through everything that was ever changed."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def ids(self, actor: Actor, query: TrailQuery, progress: Progress = quiet) -> array[int]:
        """The entries that `query` finds, the newest first. Raises `NotAllowed` and `Cancelled`."""
        require(actor, Permission.VIEW_AUDIT)
        wanted = select(AuditEntry.id).where(*_conditions(query)).order_by(AuditEntry.id.desc())
        found: array[int] = array('q')
        with self._office.database.read() as session:
            for part in session.execute(wanted.execution_options(yield_per=PIECE)).partitions():
                found.extend(entry_id for (entry_id,) in part)
                progress(len(found), 0, _("Reading the audit trail"))
        return found

    def rows(self, actor: Actor, ids: Sequence[int]) -> list[TrailRow]:
        """These entries in words, in their order. Raises `NotAllowed`."""
        require(actor, Permission.VIEW_AUDIT)
        with self._office.database.read() as session:
            entries = {row.id: row for row in session.scalars(select(AuditEntry).where(AuditEntry.id.in_(ids)))}
            found = [entries[entry_id] for entry_id in ids if entry_id in entries]
            case_ids = {row.case_id for row in found if row.case_id is not None}
            numbers = dict(session.execute(select(Case.id, Case.number).where(Case.id.in_(case_ids))).all())
            told = entries_in_words(session, found)
            changes = changed_fields(session, found)
        return [
            TrailRow(
                id=row.id,
                at=row.at,
                who=words.who,
                action=words.action,
                thing=_(THINGS.get(row.kind, row.kind)),
                case_id=row.case_id,
                case_number=numbers.get(row.case_id, '') if row.case_id is not None else '',
                details=words.details,
                changes=tuple(Changed(*one) for one in fields),
                place=_("Entry {id}, chain {chain}, position {position}").format(
                    id=row.id, chain=row.chain, position=row.position
                ),
            )
            for row, words, fields in zip(found, told, changes, strict=True)
        ]

    def export(self, actor: Actor, query: TrailQuery, path: Path, progress: Progress = quiet) -> int:
        """Write what `query` finds as a workbook, CSV or JSON lines, the oldest first; how many entries.

        Raises `NotAllowed`, `InvalidInput` for another end of the name, `Unavailable`, and `Cancelled`.
        """
        require(actor, Permission.VIEW_AUDIT)
        with self._office.database.read() as session:
            return write_trail(session, path, _conditions(query), progress)


def _conditions(query: TrailQuery) -> list[Any]:
    found: list[Any] = []
    if query.kind == 'other':
        found += [AuditEntry.case_id.is_(None), AuditEntry.kind.not_in(OFFICE)]
    elif query.kind in OFFICE_GROUPS:
        found.append(AuditEntry.kind.in_(OFFICE_GROUPS[query.kind][1]))
    elif query.kind:
        found.append(AuditEntry.kind == query.kind)
    if query.actor_id is not None:
        found.append(AuditEntry.actor_id == query.actor_id)
    if query.first is not None:
        found.append(AuditEntry.at >= _midnight(query.first))
    if query.last is not None:
        found.append(AuditEntry.at < _midnight(query.last + dt.timedelta(days=1)))
    found += map(_says, query.text.split())
    return found


def _says(word: str) -> Any:
    """The condition that an entry has something to do with `word`."""
    things = [kind for kind, words in THINGS.items() if word.casefold() in _(words).casefold()]
    return or_(
        AuditEntry.actor_name.icontains(word, autoescape=True),
        AuditEntry.kind.in_(things),
        AuditEntry.case_id.in_(select(Case.id).where(Case.number.icontains(word, autoescape=True))),
        *(cast(AuditEntry.changes, Text).icontains(one, autoescape=True) for one in _as_kept(word)),
    )


def _as_kept(word: str) -> Iterator[str]:
    """How a word, or an amount with separators, stands in the JSON of an entry."""
    yield json.dumps(word)[1:-1]
    plain = word.replace(',', '').replace('，', '')
    if plain != word and plain.replace('.', '', 1).isdigit():
        yield plain


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), SHANGHAI).astimezone(dt.UTC)


__all__ = ['OFFICE_GROUPS', 'THINGS', 'Changed', 'OfficeTrail', 'TrailQuery', 'TrailRow']
