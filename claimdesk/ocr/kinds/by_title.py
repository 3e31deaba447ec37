"""Papers that are known by their words and keep their text, without fields."""

from __future__ import annotations

import re

from claimdesk.ocr.kinds.kind import Kind, PageWords, Sign, Strength
from claimdesk.vocabulary import DocumentKind


class ByTitle(Kind):
    """One kind, told by a pattern anywhere on the page."""

    def __init__(self, kind: DocumentKind, pattern: str) -> None:
        self.kinds = (kind,)
        self._pattern = re.compile(pattern)

    def recognise(self, page: PageWords) -> Sign | None:
        """A hint only: other forms may use the same words."""
        return Sign(self.kinds[0], Strength.HINT) if self._pattern.search(page.whole) else None
