"""Finding any piece of any text of a case among a million: an index of letter groups, kept in the same transaction.

Trigram indexes cannot see the one- and two-character words that Chinese consists of. So each case has a set of groups:
every character but digits, every pair but pairs of digits, every three digits in a row. A search looks up the groups of
the term and then compares the texts themselves, so it finds exactly what `LIKE '%term%'` over the same columns finds.
On SQLite the index is an FTS5 table `case_search` by rowid, on PostgreSQL a table of integer arrays under a GIN index.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, event, inspect, select, text
from sqlalchemy.orm import Session, UOWTransaction

from claimdesk.models.cases import Case

SEARCHED = (
    'number',
    'insured_name',
    'plate',
    'policy_number',
    'reporter_name',
    'reporter_phone',
    'place',
    'cause',
    'pinyin',
)
"""The columns of a case that a search looks into; the tail of a phone number is a piece like any other."""

_LOWER = {code: code + 32 for code in range(ord('A'), ord('Z') + 1)}
_DIGITS = frozenset('0123456789')
# FTS5's ascii tokenizer ends a word at ASCII punctuation: such characters move to the private use area.
_WORDLIKE = {code: 0xE000 + code for code in range(128) if not chr(code).isalnum()}
_SIGN = 1 << 31


def fold(words: str) -> str:
    """`words` with ASCII letters small, and nothing else changed: what LIKE ignores, and no more."""
    return words.translate(_LOWER)


def groups(words: str) -> set[str]:
    """The letter groups of one text, folded; empty for nothing and for fewer than three digits alone."""
    folded = fold(words)
    found = {char for char in folded if char not in _DIGITS}
    length = len(folded)
    for index in range(length - 1):
        pair = folded[index : index + 2]
        if pair[0] in _DIGITS and pair[1] in _DIGITS:
            if index + 2 < length and folded[index + 2] in _DIGITS:
                found.add(folded[index : index + 3])
        else:
            found.add(pair)
    return found


def groups_of(texts: Iterable[str]) -> set[str]:
    """The letter groups of a case, given its searched columns; no group reaches from one column into the next."""
    found: set[str] = set()
    for words in texts:
        if words:
            found |= groups(words)
    return found


def as_document(found: Iterable[str]) -> str:
    """Groups as FTS5 indexes them: words of one document."""
    return ' '.join(group.translate(_WORDLIKE) for group in found)


def as_match(found: Iterable[str]) -> str:
    """Groups as an FTS5 query: all of them."""
    return ' '.join(f'"{group.translate(_WORDLIKE)}"' for group in sorted(found, key=len, reverse=True))


def as_numbers(found: Iterable[str]) -> list[int]:
    """Groups as PostgreSQL indexes them: 32-bit integers. Two groups may share one; the texts are compared anyway."""
    return [_number(group) for group in found]


def _number(group: str) -> int:
    value = 0
    for char in group:
        value = ((value << 16) ^ (value >> 16) ^ ord(char)) & 0xFFFF_FFFF
    return value - (1 << 32) if value & _SIGN else value


def like_pattern(term: str) -> str:
    """The pattern for `LIKE ... ESCAPE '\\'` that finds `term` anywhere."""
    escaped = term.replace('\\', '\\\\').replace('%', '\\%').replace('_', '\\_')
    return f'%{escaped}%'


INSERT_SQLITE = 'INSERT INTO case_search(rowid, pieces) VALUES (?, ?)'
DELETE_SQLITE = "INSERT INTO case_search(case_search, rowid, pieces) VALUES ('delete', ?, ?)"
UPSERT_POSTGRES = text(
    'INSERT INTO case_search(case_id, pieces) VALUES (:id, :pieces) '
    'ON CONFLICT (case_id) DO UPDATE SET pieces = excluded.pieces'
)


@event.listens_for(Session, 'before_flush')
def _note_changes(session: Session, context: UOWTransaction, instances: Any) -> None:
    """Before cases are changed or removed, note which groups the index holds for them."""
    changed = [row for row in session.dirty if isinstance(row, Case) and _texts_changed(row)]
    removed = [row for row in session.deleted if isinstance(row, Case)]
    if not changed and not removed:
        return
    before = _stored_texts(session.connection(), [row.id for row in (*changed, *removed)])
    session.info['search_before'] = {**session.info.get('search_before', {}), **before}


@event.listens_for(Session, 'after_flush')
def _keep_index(session: Session, context: UOWTransaction) -> None:
    """Bring the index to what this flush has written."""
    before: dict[int, Sequence[str]] = session.info.pop('search_before', {})
    new = [row for row in session.new if isinstance(row, Case)]
    changed = [row for row in session.dirty if isinstance(row, Case) and row.id in before]
    if not before and not new:
        return
    texts = {row.id: [getattr(row, name) or '' for name in SEARCHED] for row in (*new, *changed)}
    write(session.connection(), before, texts)


def write(connection: Connection, before: Mapping[int, Sequence[str]], after: Mapping[int, Sequence[str]]) -> None:
    """Replace the groups of cases: `before` and `after` map the id of a case to its searched texts."""
    if connection.dialect.name == 'postgresql':
        rows = [{'id': case_id, 'pieces': as_numbers(groups_of(texts))} for case_id, texts in after.items()]
        if rows:
            connection.execute(UPSERT_POSTGRES, rows)
        return
    # A contentless FTS5 table forgets a document only when it is told the very words it was given.
    old = [(case_id, as_document(sorted(groups_of(texts)))) for case_id, texts in before.items()]
    fresh = [(case_id, as_document(sorted(groups_of(texts)))) for case_id, texts in after.items()]
    if old:
        connection.exec_driver_sql(DELETE_SQLITE, old)
    if fresh:
        connection.exec_driver_sql(INSERT_SQLITE, fresh)


def _texts_changed(case: Case) -> bool:
    state = inspect(case)
    return any(state.attrs[name].history.has_changes() for name in SEARCHED)


def _stored_texts(connection: Connection, case_ids: Sequence[int]) -> dict[int, Sequence[str]]:
    table = Case.__table__
    columns = [table.c.id, *(table.c[name] for name in SEARCHED)]
    rows = connection.execute(select(*columns).where(table.c.id.in_(case_ids)))
    return {row[0]: [words or '' for words in row[1:]] for row in rows}
