"""Finding cases by what stands in their papers: `文:骨折` (or `text:`) in the search of the case list."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from claimdesk.language import _
from claimdesk.models import Case, Document, DocumentPage, PageText
from claimdesk.models.page_text import folded, telling_groups
from claimdesk.models.search import as_match, as_numbers, like_pattern
from claimdesk.services.case_filters import Filter

MOST_PAGES = 20_000
"""So many pages, the newest, are looked at for a word; what stands on more of them tells cases apart no longer."""
FEW_PAGES = 2_000
"""So many are looked at for a word that is too short for the index."""
_SCOPE = re.compile(r'(?:^|\s)(?:文|text)[:：]\s*', re.IGNORECASE)


def split_scope(words: str) -> tuple[str, list[str]]:
    """What is searched for in the cases themselves, and the folded words that are searched for in their papers."""
    about_cases, *papers = _SCOPE.split(words)
    return about_cases, [word for part in papers for one in part.split() if (word := folded(one))]


def in_papers(words: str) -> str:
    """The same words, searched for in papers; unchanged where they are already, or where there are none."""
    return words if not words.strip() or _SCOPE.search(words) else _("text:") + words.strip()


def papers_filter(session: Session, words: Sequence[str]) -> Filter:
    """The cases whose papers hold every word, each on any page."""
    found = [set(session.scalars(_cases_with(session, word))) for word in dict.fromkeys(words)]
    ids = sorted(set.intersection(*found))
    return Filter(Case.id, lambda column: column.in_(ids))


def pages_with(session: Session, word: str) -> Select[str, int]:
    """The newest pages that hold the folded `word`: SHA-256 and page in the file."""
    found = select(PageText.sha256, PageText.page_index).where(PageText.text.like(like_pattern(word), '\\'))
    groups = telling_groups(word)
    if not groups:
        # Too short for the index: the newest pages are read one by one.
        newest = select(PageText.id).order_by(PageText.id.desc()).limit(FEW_PAGES)
        return found.where(PageText.id.in_(newest))
    if session.get_bind().dialect.name == 'postgresql':
        numbers = ','.join(map(str, as_numbers(groups)))
        hits = text(f"page_text.id IN (SELECT page_id FROM page_search WHERE pieces @> '{{{numbers}}}'::integer[])")
    else:
        hits = text('page_text.id IN (SELECT rowid FROM page_search WHERE page_search MATCH :groups)').bindparams(
            groups=as_match(groups)
        )
    return found.where(hits).order_by(PageText.id.desc()).limit(MOST_PAGES)


def _cases_with(session: Session, word: str) -> Select[int]:
    pages = pages_with(session, word).subquery()
    return (
        select(Case.id)
        .join(Document, Document.case_id == Case.id)
        .join(DocumentPage, DocumentPage.document_id == Document.id)
        .join(
            pages, (pages.c.sha256 == DocumentPage.sha256) & (pages.c.page_index == DocumentPage.page_index)
        )
        .where(Document.removed_at.is_(None))
        .distinct()
    )
