"""Reading a PDF back the way somebody who copies from it does."""

from __future__ import annotations

import io

import pypdf


def texts(pdf: bytes) -> list[str]:
    """The text of each page, without blanks and line ends."""
    return [''.join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def squeezed(text: str) -> str:
    """`text` as `texts` would give it."""
    return ''.join(text.split())
