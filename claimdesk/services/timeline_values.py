"""A kept value in words: the audit trail holds columns as JSON, and the column's type says how to read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import JSON, Boolean, Date, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from claimdesk.amounts import money_text
from claimdesk.identifiers import mask_account, mask_id
from claimdesk.language import _, ngettext
from claimdesk.models import Account, Base, PartyRecord, Team
from claimdesk.models.types import Code, Money, Ratio, UtcTime
from claimdesk.rules.checklist import DOCUMENT_NAMES
from claimdesk.rules.paper_checks import title
from claimdesk.rules.workflow import Move
from claimdesk.services.context import SHANGHAI
from claimdesk.services.timeline_words import RULES
from claimdesk.vocabulary import Word, label

LONGEST = 120
MOST_DIFFERENCES = 12
_CALLED = ('code', 'key', 'name', 'id')
_MASKED = {'account_number': mask_account, 'id_number': mask_id}
_NAMED: Mapping[str, tuple[InstrumentedAttribute[int], InstrumentedAttribute[str]]] = {
    'account': (Account.id, Account.name),
    'party': (PartyRecord.id, PartyRecord.name),
    'team': (Team.id, Team.name),
}


@dataclass(frozen=True, slots=True)
class Names:
    """What the rows that entries point to are called, by table and id."""

    known: Mapping[str, Mapping[int, str]] = field(default_factory=dict)

    def of(self, table: str, row_id: Any) -> str:
        """The name of a row, or '' where there is none."""
        return self.known.get(table, {}).get(row_id, '')


def names_for(session: Session, wanted: Mapping[str, set[int]]) -> Names:
    """The names of these rows; all people of the office, for they are few."""
    known: dict[str, dict[int, str]] = {}
    for table, (row_id, name) in _NAMED.items():
        query = select(row_id, name)
        if table == 'party':
            query = query.where(row_id.in_(wanted.get(table, set())))
        known[table] = dict(session.execute(query).all())
    return Names(known)


@cache
def columns_of(table: str) -> Mapping[str, Any]:
    """The columns of a table by name; empty for a table that is no more."""
    found = Base.metadata.tables.get(table)
    return {} if found is None else {column.name: column for column in found.columns}


def points_to(table: str, name: str) -> str:
    """The table that a column points to, or ''."""
    column = columns_of(table).get(name)
    keys = column.foreign_keys if column is not None else ()
    return next((key.column.table.name for key in keys), '')


def in_words(table: str, name: str, value: Any, names: Names) -> str:
    """A kept value as people read it; '' for none."""
    if value is None or value == '':
        return ''
    column = columns_of(table).get(name)
    kind = column.type if column is not None else None
    target = points_to(table, name)
    if name in _MASKED:
        return _MASKED[name](str(value))
    if target in _NAMED:
        return names.of(target, value)
    try:
        return _by_type(table, name, kind, value)
    except (ValueError, TypeError, ArithmeticError):
        return _short(value)  # a word or number of an older program


def _by_type(table: str, name: str, kind: Any, value: Any) -> str:
    if isinstance(kind, Code):
        return label(kind.words(value))
    if (table, name) == ('move_request', 'move'):
        return label(Move(value))
    if (table, name) in (('checklist_item', 'code'), ('office_setting', 'key')):
        return _(DOCUMENT_NAMES.get(value, value) if name == 'code' else RULES.get(value, value))
    if (table, name) == ('finding_seen', 'code'):
        return title(str(value))
    if (table, name) == ('sign_off', 'level'):
        return _(value)
    if isinstance(kind, Boolean) or isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(kind, Money):
        return money_text(Decimal(value))
    if isinstance(kind, Ratio):
        return f'{Decimal(value).normalize():f}'
    if isinstance(kind, UtcTime):
        return dt.datetime.fromisoformat(value).astimezone(SHANGHAI).strftime('%Y-%m-%d %H:%M')
    if isinstance(kind, Date):
        return dt.date.fromisoformat(value).isoformat()
    return _short(value)


def is_plain(table: str, name: str) -> bool:
    """Whether a column holds one value, not a structure."""
    column = columns_of(table).get(name)
    return not (name == 'pages' or (column is not None and isinstance(column.type, JSON)))


def differences(before: Any, after: Any) -> list[str]:
    """What differs between two wordings of a structure, each as 'where: before → after'."""
    found = [
        ': '.join(filter(None, (' · '.join(where), f'{_short(old) or "–"} → {_short(new) or "–"}')))
        for where, old, new in _walk((), before, after)
    ]
    more = len(found) - MOST_DIFFERENCES
    if more > 0:
        found[MOST_DIFFERENCES:] = [ngettext("and {n} more", "and {n} more", more).format(n=more)]
    return found


def _walk(where: tuple[str, ...], before: Any, after: Any) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    if before == after:
        return
    old, new = _parts(before), _parts(after)
    if old is None or new is None or not (old or new) or (where and None in (before, after)):
        yield where, before, after
        return
    for key in dict.fromkeys((*old, *new)):
        yield from _walk((*where, key), old.get(key), new.get(key))


def _parts(value: Any) -> dict[str, Any] | None:
    """The parts of a structure by name: entries of a list by what they are called, else by their place."""
    if isinstance(value, dict):
        return {str(key): part for key, part in value.items()}
    if isinstance(value, list):
        parts: dict[str, Any] = {}
        for place, part in enumerate(value, start=1):
            name = _called(part)
            parts[str(place) if not name or name in parts else name] = part
        return parts
    return {} if value is None else None


def _called(part: Any) -> str:
    return next((str(part[key]) for key in _CALLED if key in part), '') if isinstance(part, dict) else ''


def _short(value: Any) -> str:
    if value is None:
        return ''
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        words = _(", ").join(_short(part) for part in value)
    elif isinstance(value, dict):
        words = _(", ").join(f'{key} {_short(part)}' for key, part in value.items())
    else:
        words = str(value)
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + '…'


def known_word(words: type[Word], value: str) -> str:
    """What a word is called, or the word itself where this program does not know it."""
    try:
        return label(words(value))
    except ValueError:
        return value
