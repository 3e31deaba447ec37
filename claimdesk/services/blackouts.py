"""What the black places of a copy hide, and whether something else in that copy still tells it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from claimdesk.models.page_text import folded
from claimdesk.reports.marked import touches
from claimdesk.services.page_texts import Box, Run, Told, turned_box

LEAST_SIGNS, LEAST_DIGITS = 4, 6
"""So many Latin letters and digits in a row tell something beside a title; so many digits on another page."""
_PIECE = re.compile(r'[0-9a-z]+|[^\W0-9a-z_]+')


class Secrets:
    """The words under the black places of a copy, gathered page by page."""

    def __init__(self) -> None:
        self._signs: set[str] = set()
        self._pairs: set[str] = set()
        self._wholes: set[str] = set()

    def add(self, told: Told, black: Sequence[Box]) -> None:
        """Remember what `told` says below `black`, each box of the page as it is stored."""
        shown = [turned_box(box, told.rotation) for box in black]
        for run in _runs(told):
            for words in _below(run, shown):
                self._remember(words)

    def told_by(self, words: str) -> bool:
        """Whether a title, a name or a number says some of it: two signs of Chinese, four of anything else.

        It would rather hide a harmless title than show a name.
        """
        pieces = _pieces(words)
        return any(
            any(pair in piece for pair in self._pairs)
            or (len(piece) >= LEAST_SIGNS and any(piece in sign or sign in piece for sign in self._signs))
            for piece in pieces
        )  # fmt: skip

    def told_on(self, told: Told, black: Sequence[Box] = ()) -> bool:
        """Whether a page still says it in full beside its own black places."""
        if not self._wholes:
            return False
        return any(whole in folded(''.join(run.text for run in left_of(told, black))) for whole in self._wholes)

    def _remember(self, words: str) -> None:
        whole = folded(words)
        chinese = any(not sign.isascii() for sign in whole)
        if len(whole) >= (2 if chinese else LEAST_SIGNS):
            self._wholes.add(whole)
        for piece in _pieces(words):
            if not piece.isascii():
                self._pairs.update(piece[at : at + 2] for at in range(len(piece) - 1))
            elif len(piece) >= LEAST_SIGNS:
                self._signs.add(piece)
                if len(piece) >= LEAST_DIGITS and any(sign.isdigit() for sign in piece):
                    self._wholes.add(piece)


def left_of(told: Told, black: Sequence[Box]) -> list[Run]:
    """The runs with a place that no black place of the stored page touches."""
    return [run for run in _runs(told) if run.box is None or not touches(turned_box(run.box, -told.rotation), black)]


def _runs(told: Told) -> Iterator[Run]:
    return (run for row in told.rows for run in row)


def _pieces(words: str) -> list[str]:
    return _PIECE.findall(unicodedata.normalize('NFKC', words).lower())


def _below(run: Run, black: Iterable[Box]) -> Iterator[str]:
    """The signs of a run that lie below black, as far as their widths can be guessed; whole signs, rather one more."""
    if run.box is None or not run.text:
        return
    widths = [2 if unicodedata.east_asian_width(sign) in 'WF' else 1 for sign in run.text]
    left, top, wide, high = run.box
    step = wide / sum(widths)
    for x, y, across, down in black:
        if y + down <= top or top + high <= y or x + across <= left or left + wide <= x:
            continue
        at, signs = left, []
        for sign, width in zip(run.text, widths, strict=True):
            if at < x + across and x < at + width * step:
                signs.append(sign)
            at += width * step
        yield ''.join(signs)
