"""What stands on a page, kept by the page's content, and the index of letter groups that finds a page among millions.

A page keeps its text wherever it goes: into another document, another place, another case. The index works as that of
the cases (`models/search.py`) with the groups that tell something: pairs with a letter, and three digits in a row. On
SQLite it is an FTS5 table `page_search` by rowid, on PostgreSQL a table of integer arrays under a GIN index.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from sqlalchemy import JSON, Connection, ForeignKey, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from claimdesk.models.base import Base, HasId
from claimdesk.models.search import as_document, as_numbers, groups

LONGEST = 20_000
"""Characters of a page that are kept; no printed page has more."""

_INSERT = 'INSERT INTO page_search(rowid, pieces) VALUES (?, ?)'
_DELETE = "INSERT INTO page_search(page_search, rowid, pieces) VALUES ('delete', ?, ?)"
_UPSERT = text(
    'INSERT INTO page_search(page_id, pieces) VALUES (:id, :pieces) '
    'ON CONFLICT (page_id) DO UPDATE SET pieces = excluded.pieces'
)


class PageText(HasId, Base):
    """What was read on page `page_index` of a stored file.

    `rows` holds the rows of the page from top to bottom, each a list of runs: the text as printed, then x, y, width and
    height as fractions of the page turned clockwise by `rotation`, then the fall of the base line where it is not
    level. A run without a place has its text only. `text` is the same folded for the search, a line for each row.
    `source` names who read it: 'text_layer' where the file itself holds its text ('' where nobody wrote that down).
    """

    __tablename__ = 'page_text'
    __table_args__ = (UniqueConstraint('sha256', 'page_index'),)

    sha256: Mapped[str] = mapped_column(String(64), ForeignKey('stored_file.sha256', ondelete='CASCADE'))
    page_index: Mapped[int]
    rotation: Mapped[int] = mapped_column(default=0)
    source: Mapped[str] = mapped_column(String(24), default='')
    text: Mapped[str] = mapped_column(Text)
    rows: Mapped[Any] = mapped_column(JSON)


def folded(words: str) -> str:
    """`words` as the search compares them: without blanks, capitals, and the difference of full and half width."""
    return ''.join(unicodedata.normalize('NFKC', words).lower().split())


def telling_groups(words: str) -> set[str]:
    """The letter groups of folded `words` that the index holds; none for one character and for two digits alone."""
    return {group for row in words.split('\n') for group in groups(row) if len(group) > 1}


def write_index(connection: Connection, page_id: int, before: str | None, after: str) -> None:
    """Bring the index of one page from the folded text `before` (None where there was none) to `after`."""
    if connection.dialect.name == 'postgresql':
        connection.execute(_UPSERT, {'id': page_id, 'pieces': as_numbers(telling_groups(after))})
        return
    # A contentless FTS5 table forgets a page only when it is told the very words it was given.
    if before is not None:
        connection.exec_driver_sql(_DELETE, (page_id, _document(before)))
    connection.exec_driver_sql(_INSERT, (page_id, _document(after)))


def _document(words: str) -> str:
    return as_document(sorted(telling_groups(words)))


def search_text(rows: Sequence[Sequence[Sequence[Any]]]) -> str:
    """The folded text of rows, as `PageText.text` keeps it."""
    return '\n'.join(line for row in rows if (line := folded(''.join(str(run[0]) for run in row))))[:LONGEST]
