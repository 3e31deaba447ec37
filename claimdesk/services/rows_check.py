"""Comparing what is kept with what the audit trail says of it: a row changed, put in or taken out by another way.

Rows and entries are read side by side in the order of their ids, a portion at a time, so that an office of any size
needs little memory.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Table, Text, cast, func, select, tuple_, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from claimdesk.amounts import from_fen
from claimdesk.language import _, ngettext
from claimdesk.models import AuditEntry, Base, Case, Office
from claimdesk.models.audit import BULK, CACHED, QUIET, SECRET, note, plain
from claimdesk.models.types import Money, Ratio, UtcTime
from claimdesk.progress import Progress, quiet
from claimdesk.services.context import SHANGHAI
from claimdesk.services.findings import Finding, Health
from claimdesk.services.timeline_values import Names, differences, in_words, is_plain, names_for, points_to
from claimdesk.services.timeline_words import FIELDS, THINGS

PORTION = 2_000
MOST_TOLD = 200
"""So many rows that differ are told one by one; of the others only how many there are."""
MADE_BY_ROUNDS = frozenset({'reminder'})
"""Tables whose rows the program also makes without an entry."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the trail says of a row: its last values, whether it was told from the beginning, whether it is gone."""

    row_id: int
    values: Mapping[str, Any] = field(default_factory=dict)
    begun: bool = False
    gone: bool = False
    case_id: int | None = None
    who: str = ''
    at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not as the trail says. `columns` maps a name to what was told and what is kept."""

    table: str
    row_id: int
    told: Told | None
    columns: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    missing: bool = False
    case_id: int | None = None


@dataclass
class _Tally:
    rows: int = 0
    untold: int = 0
    differ: int = 0
    found: list[Difference] = field(default_factory=list)

    def add(self, one: Difference) -> None:
        self.differ += 1
        if len(self.found) < MOST_TOLD:
            self.found.append(one)


@dataclass(frozen=True, slots=True)
class _Filling:
    """Rows that were loaded in bulk without a trail: up to which id, and how many. `known` says whether it was told."""

    last: Mapping[str, int]
    rows: Mapping[str, int]
    all_rows: bool = False

    def covers(self, table: str, row_id: int) -> bool:
        return self.all_rows or row_id <= self.last.get(table, 0)


def audited_tables() -> dict[str, Table]:
    """The tables whose rows are audited, by name."""
    names = {mapper.class_.__tablename__ for mapper in Base.registry.mappers if mapper.class_.audited}
    return {name: Base.metadata.tables[name] for name in sorted(names)}


def tell_filling(session: Session) -> None:
    """Say in the trail how many rows of each audited table there are now: they were loaded without entries."""
    loaded = {}
    for name, table in audited_tables().items():
        rows, last = session.execute(select(func.count(), func.max(_first_key(table))).select_from(table)).one()
        if rows:
            loaded[name] = [None, {'rows': rows, 'last': last}]
    office_id = session.scalar(select(func.min(Office.id)))
    if office_id is not None:
        note(session, 'office', office_id, None, BULK, loaded)


def check_rows(session: Session, case: Case) -> list[Finding]:
    """The findings on the rows of `case`: those that its trail speaks of, and those that say they belong to it."""
    tally, filling = _Tally(), _filling(session)
    spoken = session.execute(
        select(AuditEntry.kind, AuditEntry.row_id).where(AuditEntry.case_id == case.id).distinct()
    ).all()
    for name, table in audited_tables().items():
        ids = {row_id for kind, row_id in spoken if kind == name}
        if name == 'claim_case':
            ids.add(case.id)
        elif 'case_id' in table.c:
            ids.update(session.scalars(select(_first_key(table)).where(table.c.case_id == case.id)))
        if ids:
            _compare(session, table, filling, tally, ids=sorted(ids))
    return _findings(session, tally, [])


def check_all_rows(session: Session, progress: Progress = quiet) -> list[Finding]:
    """The findings on every audited row of the office. Raises `Cancelled`."""
    tally, filling, short = _Tally(), _filling(session), []
    tables = audited_tables()
    counts = {name: session.scalar(select(func.count()).select_from(table)) or 0 for name, table in tables.items()}
    total = sum(counts.values())
    for name, table in tables.items():
        sentence = _("Comparing with the trail: {thing}").format(thing=_(THINGS.get(name, name)))

        def step(sentence: str = sentence) -> None:
            progress(min(tally.rows, total), total, sentence)

        of_filling, taken_out = _compare(session, table, filling, tally, step)
        lost = filling.rows.get(name, 0) - of_filling - taken_out
        if lost > 0:
            short.append((name, lost))
    return _findings(session, tally, short)


def _filling(session: Session) -> _Filling:
    """What the trail says was loaded in bulk. A demo office of an older program says nothing, so all may have been."""
    told = session.scalars(
        select(AuditEntry.changes).where(AuditEntry.kind == 'office', AuditEntry.verb == BULK)
    ).all()
    if not told:
        return _Filling({}, {}, all_rows=bool(session.scalar(select(Office.demo).limit(1))))
    last: dict[str, int] = {}
    rows: dict[str, int] = {}
    for changes in told:
        for name, (_before, loaded) in changes.items():
            last[name] = max(last.get(name, 0), loaded['last'])
            rows[name] = rows.get(name, 0) + loaded['rows']
    return _Filling(last, rows)


def _compare(
    session: Session,
    table: Table,
    filling: _Filling,
    tally: _Tally,
    step: Callable[[], None] | None = None,
    ids: Collection[int] | None = None,
) -> tuple[int, int]:
    """Compare the rows of a table; how many there are of the first filling, and how many of those were taken out."""
    kept, told = _kept(session, table, ids, step or _nothing), _told(session, table, ids)
    row, say = next(kept, None), next(told, None)
    of_filling = taken_out = 0
    while row is not None or say is not None:
        if say is None or (row is not None and row[0] < say.row_id):
            assert row is not None
            tally.rows += 1
            of_filling += row[0] <= filling.last.get(table.name, 0)
            if filling.covers(table.name, row[0]):
                tally.untold += 1
            elif table.name not in MADE_BY_ROUNDS:
                tally.add(Difference(table.name, row[0], None, case_id=_case_of(table, row)))
            row = next(kept, None)
        elif row is None or say.row_id < row[0]:
            taken_out += say.gone and say.row_id <= filling.last.get(table.name, 0)
            if not say.gone:
                tally.add(Difference(table.name, say.row_id, say, missing=True, case_id=say.case_id))
            say = next(told, None)
        else:
            tally.rows += 1
            of_filling += row[0] <= filling.last.get(table.name, 0)
            _compare_row(table, row, say, filling, tally)
            row, say = next(kept, None), next(told, None)
    return of_filling, taken_out


def _compare_row(table: Table, row: tuple[int, Mapping[str, Any]], say: Told, filling: _Filling, tally: _Tally) -> None:
    row_id, values = row
    if say.gone or not (say.begun or filling.covers(table.name, row_id) or table.name in MADE_BY_ROUNDS):
        tally.add(Difference(table.name, row_id, None, case_id=say.case_id))
        return
    told = say.values
    if say.begun:
        told = {**{name: _default(table.c[name]) for name in values if name not in told}, **told}
    columns = {
        name: (told[name], values[name]) for name in values if name in told and told[name] != values[name]
    }
    if columns:
        tally.add(Difference(table.name, row_id, say, columns, case_id=say.case_id))


def _case_of(table: Table, row: tuple[int, Mapping[str, Any]]) -> int | None:
    if table.name == 'claim_case' or _first_key(table).name == 'case_id':
        return row[0]
    case_id = row[1].get('case_id')
    return case_id if isinstance(case_id, int) else None


def _first_key(table: Table) -> Column[int]:
    return next(iter(table.primary_key.columns))


def _compared(table: Table) -> list[Column[Any]]:
    """The columns whose values the trail tells."""
    keys = list(table.primary_key.columns)
    if len(keys) > 1:
        return keys[1:]
    left_out = {'id', *QUIET, *SECRET, *CACHED.get(table.name, ())}
    return [column for column in table.columns if column.name not in left_out]


def _stream(session: Session, query: Any, keys: Sequence[Any], step: Callable[[], None]) -> Iterator[Any]:
    """The rows of `query` by its columns `keys`, a portion at a time."""
    after: tuple[Any, ...] | None = None
    while True:
        step()
        wanted = query if after is None else query.where(tuple_(*keys) > after)
        rows = session.execute(wanted.order_by(*keys).limit(PORTION)).all()
        yield from rows
        if len(rows) < PORTION:
            return
        after = tuple(rows[-1][: len(keys)])


def _kept(
    session: Session, table: Table, ids: Collection[int] | None, step: Callable[[], None]
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The rows as they are; of a table with several keys those with the same first one together."""
    keys, columns = list(table.primary_key.columns), _compared(table)
    query = select(*keys) if len(keys) > 1 else select(*keys, *map(_raw, columns))
    if ids is not None:
        query = query.where(keys[0].in_(ids))
    rows = _stream(session, query, keys, step)
    if len(keys) > 1:
        for row_id, parts in groupby(rows, key=lambda row: row[0]):
            yield row_id, {keys[1].name: sorted(str(part[1]) for part in parts)}
        return
    for row in rows:
        yield row[0], {one.name: _as_kept(one, value) for one, value in zip(columns, row[1:], strict=True)}


def _raw(column: Column[Any]) -> Any:
    """What the database holds, whether or not the column's type could read it."""
    return cast(column, Text) if isinstance(column.type, JSON) else type_coerce(column, NullType())


def _told(session: Session, table: Table, ids: Collection[int] | None) -> Iterator[Told]:
    """What the trail says of each row, in the order of their ids."""
    one: Told | None = None
    for entry in _entries(session, table.name, ids):
        if one is None or one.row_id != entry.row_id:
            if one is not None:
                yield _finished(table, one)
            one = Told(entry.row_id)
        one = _followed(table, one, entry)
    if one is not None:
        yield _finished(table, one)


def _entries(session: Session, kind: str, ids: Collection[int] | None) -> Iterator[Any]:
    query = select(
        AuditEntry.row_id, AuditEntry.id, AuditEntry.verb, AuditEntry.changes, AuditEntry.case_id,
        AuditEntry.actor_name, AuditEntry.at,
    ).where(AuditEntry.kind == kind, AuditEntry.verb != BULK)  # fmt: skip
    if ids is not None:
        query = query.where(AuditEntry.row_id.in_(ids))
    return _stream(session, query, (AuditEntry.row_id, AuditEntry.id), _nothing)


def _followed(table: Table, one: Told, entry: Any) -> Told:
    one = replace(one, case_id=entry.case_id or one.case_id, who=entry.actor_name, at=entry.at)
    keys = list(table.primary_key.columns)
    if len(keys) > 1:
        parts = set(one.values.get(keys[1].name, ()))
        before, after = entry.changes.get(keys[1].name, (None, None))
        parts = (parts - {str(before)}) | ({str(after)} if entry.verb == 'insert' else set())
        return replace(one, values={keys[1].name: parts}, begun=True, gone=not parts)
    if entry.verb == 'delete':
        return replace(one, gone=True)
    values = {name: change[1] for name, change in entry.changes.items()}
    if entry.verb == 'insert':
        return replace(one, values=values, begun=True, gone=False)
    return replace(one, values={**one.values, **values})


def _finished(table: Table, one: Told) -> Told:
    if len(table.primary_key.columns) > 1:
        return replace(one, values={name: sorted(parts) for name, parts in one.values.items()})
    return replace(one, values={
        name: _as_told(table.c[name], value) for name, value in one.values.items() if name in table.c
    })  # fmt: skip


def _default(column: Column[Any]) -> Any:
    """What a column holds where nothing was said of it when the row was made."""
    default = column.default
    if default is None:
        return None
    value = default.arg(None) if default.is_callable else default.arg  # type: ignore[attr-defined]
    return _as_told(column, plain(value))


def _as_kept(column: Column[Any], value: Any) -> Any:
    """A value of the database in the form in which it can be compared with the trail.

    What the column's type cannot read is left as it is: it differs from everything that was told.
    """
    try:
        if value is None:
            return None
        if isinstance(column.type, JSON):
            return json.loads(value)
        if isinstance(column.type, Money):
            return _as_told(column, from_fen(value))
        if isinstance(column.type, Ratio):
            return _as_told(column, Decimal(value) / 10_000)
    except (ValueError, TypeError, ArithmeticError):
        return value
    return _as_told(column, value)


def _as_told(column: Column[Any], value: Any) -> Any:
    """A value of the trail in that same form."""
    kind = column.type
    try:
        if value is None or isinstance(kind, JSON):
            return value
        if isinstance(kind, Money):
            return f'{Decimal(value):.2f}'
        if isinstance(kind, Ratio):
            return f'{Decimal(value):.4f}'
        if isinstance(kind, UtcTime):
            return _moment(value)
        if isinstance(kind, Date):
            return (value if isinstance(value, dt.date) else dt.date.fromisoformat(value)).isoformat()
        if isinstance(kind, Boolean) and value in (0, 1):
            return bool(value)
    except (ValueError, TypeError, ArithmeticError):
        pass
    return value


def _moment(value: Any) -> str:
    moment = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(value)
    aware = moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment
    return aware.astimezone(dt.UTC).isoformat()


def _nothing() -> None:
    """No progress is told."""


# In words


def _findings(session: Session, tally: _Tally, short: Sequence[tuple[str, int]]) -> list[Finding]:
    ids = {one.case_id for one in tally.found if one.case_id is not None}
    numbers = dict(session.execute(select(Case.id, Case.number).where(Case.id.in_(ids))).all())
    wanted: dict[str, set[int]] = {}
    for one in tally.found:
        for name, values in one.columns.items():
            target = points_to(one.table, name)
            wanted.setdefault(target, set()).update(value for value in values if target and isinstance(value, int))
    names = names_for(session, wanted)
    found = [_finding(one, numbers, names) for one in tally.found]
    if tally.differ > len(found):
        more = tally.differ - len(found)
        sentence = ngettext("{n} more row differs.", "{n} more rows differ.", more).format(n=f'{more:,}')
        found.append(Finding('rows', _("Kept data"), Health.BROKEN, sentence))
    for name, lost in short:
        sentence = ngettext(
            "{n} row of the first filling was taken out, but not by the program.",
            "{n} rows of the first filling were taken out, but not by the program.",
            lost,
        ).format(n=f'{lost:,}')
        found.append(Finding('rows', _(THINGS.get(name, name)), Health.BROKEN, sentence))
    if not found:
        proved = tally.rows - tally.untold
        sentence = ngettext(
            "{n} row is kept as the trail says.", "{n} rows are kept as the trail says.", proved
        ).format(n=f'{proved:,}')
        found.append(Finding('rows', _("Kept data"), Health.GOOD, sentence))
    if tally.untold:
        sentence = ngettext(
            "{n} row was loaded when the office was filled and has no trail, so what it says cannot be proved.",
            "{n} rows were loaded when the office was filled and have no trail, so what they say cannot be proved.",
            tally.untold,
        ).format(n=f'{tally.untold:,}')
        found.append(Finding('rows', _("Kept data"), Health.NOTE, sentence))
    return found


def _finding(one: Difference, numbers: Mapping[int, str], names: Names) -> Finding:
    number = numbers.get(one.case_id, '') if one.case_id is not None else ''
    thing = _(THINGS.get(one.table, one.table))
    subject = ' · '.join(filter(None, (number, f'{thing} {one.row_id}')))
    if one.told is None:
        sentence = _("It was put in, but not by the program.")
    elif one.missing:
        sentence = _("It was taken out, but not by the program. Its last entry is by {who}, {at}.").format(
            **_last(one.told)
        )
    else:
        changes = _("; ").join(_change(one.table, name, *values, names) for name, values in one.columns.items())
        sentence = _("Changed, but not by the program: {changes}. Its last entry is by {who}, {at}.").format(
            changes=changes, **_last(one.told)
        )
    return Finding('rows', subject, Health.BROKEN, sentence, one.case_id)


def _last(told: Told) -> dict[str, str]:
    at = '–' if told.at is None else told.at.astimezone(SHANGHAI).strftime('%Y-%m-%d %H:%M')
    return {'who': told.who or 'ClaimDesk', 'at': at}


def _change(table: str, name: str, told: Any, kept: Any, names: Names) -> str:
    words = _(FIELDS.get(name, name))
    if not is_plain(table, name):
        return f'{words} {_(", ").join(differences(told, kept))}'
    shown = [in_words(table, name, value, names) or '–' for value in (told, kept)]
    if shown[0] == shown[1]:
        shown = [str(told), str(kept)]
    return f'{words} {shown[0]} → {shown[1]}'
