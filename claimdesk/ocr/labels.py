"""Labels of a form and the values beside them, also where a label was misread or touches its neighbour's value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from claimdesk.ocr import askew
from claimdesk.ocr.candidate import Candidate
from claimdesk.ocr.layout import LAP, Found, Label, Layout, Row

ALIKE = 0.7
"""The share of a label's characters that must be left of it for it still to be recognised."""
PLAINEST = 4
"""How many of a field's labels may be damaged: of rarer ones too little tells what they were."""
SHORT_END = 2
"""Labels without a field, up to that long, may be what is left of one with a field."""
CENTRED = 0.2
"""How far from the middle under its head a word may stand, in distances between two heads."""
UNDER = 1.5
"""How many heights of its row what stands under a head may be beside it."""
OFF, FAR = 14.0, 20.0
"""How many heights of its row a value may stand off from its label; `FAR`: an amount at the end of its cell."""
ASKEW = 0.45
"""How many heights of its row a value may stand off from where the print of the page usually stands."""
SHORTEST_DAMAGED = 3
"""Shorter labels are believed only as printed."""
FULL = 2.5
"""How many heights of its row a value that fills its room may end before the next label; `TOUCHING`: it surely does."""
TOUCHING = 0.8
_REST = re.compile(r'[其他信息]?([0-9A-Za-z\-_]{2,})')
EDGE = ('', *'其他信息')
"""Letters of the label that is written downwards before the rows of a block: they are read with what follows."""
_BEFORE = ('本次', '其中', '合计')
"""Words that may stand before a label without changing what it names."""
_TAIL = re.compile(r'[\u4e00-\u9fff]{1,2}[:：;；]')
"""The end of a longer label than the one that was found, misread: 票据号吗."""
_LEAD = re.compile(r'^[:：;；.,，、·|¦\'"’_—=»]+')


@dataclass(frozen=True, slots=True)
class Wanted:
    """A field by the labels it has on one form or another, the plainest first, and how its value is written down.

    With `name` '' the labels only end the values before them. `write` gives '' for what cannot be the value. `below`:
    on some forms the labels are heads of cells. `whole`: what ends a longer word (大病基金支付) is not the label.
    `long`: a value that fills its room may go on beneath.
    """

    name: str
    labels: tuple[str, ...]
    write: Callable[[str], str] = str.strip
    below: bool = False
    whole: bool = False
    long: bool = False

    def rank(self, label: str) -> int:
        """How plain a label is: 0 for the plainest."""
        return self.labels.index(label)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a label stands, and how much of it was read (1.0: all)."""

    wanted: Wanted
    label: str
    at: Label
    likeness: float = 1.0

    @property
    def colon(self) -> bool:
        """Whether a colon follows it, or is part of what was found."""
        text = self.at.row.text
        return text[self.at.end : self.at.end + 1] in (':', ';') or text[self.at.end - 1] == ':'


def places(layout: Layout, form: Sequence[Wanted]) -> list[Place]:
    """Every label of `form` on the page, as printed; and for fields without one, where most of a label is left."""
    found: list[Place] = []
    free: dict[int, list[tuple[int, int]]] = {}
    spelled = sorted(((label, wanted) for wanted in form for label in wanted.labels), key=lambda pair: -len(pair[0]))
    for row in layout.rows:
        taken = [False] * len(row.text)
        plain = taken.copy()
        for label, wanted in spelled:
            for match in re.finditer(re.escape(label), row.text):
                continues = wanted.whole and _continues(row, match.start())
                if not any(taken[match.start() : match.end()]) and not continues:
                    taken[match.start() : match.end()] = [True] * len(label)
                    if wanted.name or len(label) > SHORT_END:
                        plain[match.start() : match.end()] = [True] * len(label)
                    found.append(Place(wanted, label, Label(row, match.start(), match.end())))
        free[id(row)] = list(_free(plain))
    have = {place.wanted.name for place in found}
    missing = [wanted for wanted in form if wanted.name and wanted.name not in have]
    damaged = _damaged(layout, missing, free)
    kept = (place for place in found if place.wanted.name or not any(_over(place, other) for other in damaged))
    return [*kept, *damaged]


def _continues(row: Row, start: int) -> bool:
    """Whether the character at `start` stands within a longer Chinese word."""
    if row.text[:start] in EDGE:
        return False
    if not '\u4e00' <= row.text[start - 1] <= '\u9fff' or row.text[:start].endswith(_BEFORE):
        return False
    return row.glyphs[start].x0 - row.glyphs[start - 1].x1 < 0.3 * row.height


def _free(taken: Sequence[bool]) -> Iterator[tuple[int, int]]:
    start = 0
    for index in range(len(taken) + 1):
        if index == len(taken) or taken[index]:
            if index > start:
                yield start, index
            start = index + 1


def _damaged(
    layout: Layout, missing: Sequence[Wanted], free: dict[int, list[tuple[int, int]]]
) -> list[Place]:
    """The best place of each missing field, no two over each other; of equals the plainer label, then the first."""
    trials: list[tuple[float, int, int, Place]] = []
    for row in layout.rows:
        for start, end in free[id(row)]:
            for order, wanted in enumerate(missing):
                best = max(
                    (
                        trial
                        for label in wanted.labels[:PLAINEST]
                        for trial in _alike(row, start, end, label)
                        if not (wanted.whole and _continues(row, trial[2].start))
                    ),
                    key=lambda trial: trial[0],
                    default=None,
                )
                if best:
                    likeness, label, at = best
                    trials.append((-likeness, wanted.rank(label), order, Place(wanted, label, at, likeness)))
    found: list[Place] = []
    for *_rank, place in sorted(trials, key=lambda trial: trial[:3]):
        if not any(_over(place, other) for other in found) and all(other.wanted is not place.wanted for other in found):
            found.append(place)
    return found


def _over(one: Place, other: Place) -> bool:
    return one.at.row is other.at.row and one.at.start < other.at.end and other.at.start < one.at.end


def _alike(row: Row, start: int, end: int, label: str) -> Iterator[tuple[float, str, Label]]:
    long = len(label)
    if long < SHORTEST_DAMAGED:
        return
    wanted = set(label)
    for left in range(start, end - long + 2):
        for size in (long, long - 1):
            right = left + size
            part = row.text[left:right]
            if right > end or len(wanted.intersection(part)) < ALIKE * len(wanted) - 1:
                continue
            likeness = 1 - Levenshtein.distance(label, part) / long
            # A whole word of which the label would be a piece is another word.
            if likeness >= min(ALIKE, 1 - 1 / long) and not re.search(r'^[\d:;]|\d$', part):
                likeness += 0.05 if row.text[right : right + 1] == ':' else 0.0
                # Of two stretches as much alike, one that begins like the label leaves what stands before it alone.
                yield likeness - (0.0 if part[0] in wanted else 0.001), label, Label(row, left, right)


def read_labelled(layout: Layout, found: Sequence[Place]) -> dict[str, Candidate]:
    """The first acceptable value beside a label of each field, labels as printed and with a colon before others."""
    out: dict[str, Candidate] = {}
    ranked = sorted(
        (place for place in found if place.wanted.name),
        key=lambda place: (place.likeness < 1.0, place.wanted.rank(place.label), not place.colon, place.at.y),
    )
    usual = _usual_offset(layout, ranked, found)
    for place in ranked:
        if place.wanted.name in out:
            continue
        for piece, firm in beside(layout, place, found, usual):
            if place.wanted.long and (room := _room(place, found, piece)) < FULL:
                piece, firm = _with_rest(layout, place, found, piece), firm and room > TOUCHING
            firm = firm and place.likeness >= 1.0 and not _mixed(layout, piece)
            value = place.wanted.write(_LEAD.sub('', piece.text))
            if not value and (tail := _TAIL.match(piece.text)):
                value, firm = place.wanted.write(piece.text[tail.end() :]), False
            if value:
                out[place.wanted.name] = Candidate(value, piece, piece.score, firm=firm)
                break
    return out


def _usual_offset(layout: Layout, ranked: Sequence[Place], found: Sequence[Place]) -> float | None:
    """How far the print of a page stands off from its labels."""
    return askew.usual(
        (
            off
            for piece, _firm in (*_following(place, found), *_aside(layout, place, found))
            if (off := askew.offset(layout, place.at, piece)) is not None
            and place.wanted.write(_LEAD.sub('', piece.text))
        )
        for place in ranked
    )


def beside(
    layout: Layout, place: Place, others: Sequence[Place], usual: float | None = None
) -> Iterator[tuple[Found, bool]]:
    """What may be the value of a label, and whether it surely is in its place: what follows it up to the next label,
    what stands a little higher or lower, and on forms with heads over their cells what stands below.

    That first which stands off from the label as print usually does on this page, and only that is firm; where this is
    open, what no other acceptable piece rivals.
    """
    judged: list[tuple[bool, Found, bool]] = []
    offs: list[float] = []
    for piece, firm in (*_following(place, others), *_aside(layout, place, others)):
        off = askew.offset(layout, place.at, piece)
        usually = off is None or usual is None or abs(off - usual) <= ASKEW
        if off is not None and usual is None and place.wanted.write(_LEAD.sub('', piece.text)):
            offs.append(off)
        judged.append((not usually, piece, firm and usually))
    open_ = len(offs) > 1 and max(offs) - min(offs) > 2 * ASKEW
    yield from ((piece, firm and not open_) for _late, piece, firm in sorted(judged, key=lambda one: one[0]))
    if place.wanted.below:
        yield from _below(layout, place, others)


def _mixed(layout: Layout, piece: Found) -> bool:
    """Whether two runs lie over each other in `piece`: the words of a seal among those of the value."""
    spans = sorted((layout.spans[index] for index in piece.spans), key=lambda span: span.x0)
    return any(one.x1 - other.x0 > LAP * one.height for one, other in pairwise(spans))


def _room(place: Place, others: Sequence[Place], piece: Found) -> float:
    """How many heights of its row there are between the end of a value and the next label; many where none is."""
    row = place.at.row
    stop = min((other.at.x0 for other in others if other.at.row is row and other.at.x0 >= piece.x1), default=1e9)
    return (stop - piece.x1) / row.height


def _with_rest(layout: Layout, place: Place, others: Sequence[Place], piece: Found) -> Found:
    """`piece`, which fills its room, and the letters and digits that go on right beneath it."""
    row = place.at.row
    stop = piece.x1 + FULL * row.height
    for below in layout.rows:
        if not 0.6 * row.height < below.y - row.y < 2.0 * row.height:
            continue
        first = min((other.at.x0 for other in others if other.at.row is below), default=1.0)
        for word in below.words(1.2):
            starts = min(abs(word.x0 - piece.x0), abs(word.x0 - place.at.x0)) < 1.5 * row.height
            rest = _REST.fullmatch(word.text)
            if starts and word.x1 < stop and rest and first > word.x0:
                return piece.joined(replace(word, text=rest[1]))
    return piece


def _following(place: Place, others: Sequence[Place]) -> Iterator[tuple[Found, bool]]:
    """What follows a label in its row, up to the next one."""
    row, ends = place.at.row, _labels_after(place, others)
    stops = [other.at.start for other in ends]
    first = min(ends, key=lambda other: other.at.start, default=None)
    if following := row.after(place.at.end, stops, gap=4.0):
        # A label that was read only in part may have swallowed the end of what stands right before it.
        yield following, first is None or first.likeness >= 1.0 or first.at.x0 - following.x1 > 0.3 * row.height
    if place.wanted.whole and place.colon and (far := row.after(place.at.end + 1, stops, gap=4.0, lead=FAR)):
        yield far, False


def _labels_after(place: Place, others: Sequence[Place]) -> list[Place]:
    return [other for other in others if other.at.row is place.at.row and other.at.start >= place.at.end]


def _aside(layout: Layout, place: Place, others: Sequence[Place]) -> Iterator[tuple[Found, bool]]:
    """What stands right of a label a little higher or lower, and beside no label of its own row."""
    row = place.at.row
    right = min((other.at.x0 for other in _labels_after(place, others)), default=1.0)
    right = min(right, place.at.x1 + (FAR if place.wanted.whole else OFF) * row.height)
    near = [other for other in layout.rows if other is not row and abs(other.y - row.y) < 1.1 * row.height]
    for other in sorted(near, key=lambda one: abs(one.y - row.y)):
        for word in other.words(2.2):
            if place.at.x1 - 0.5 * row.height < word.x0 < right and not _claimed(other, word, others):
                yield word, True


def _claimed(row: Row, word: Found, others: Sequence[Place]) -> bool:
    """Whether a word stands beside a label of its own row."""
    before = [other.at for other in others if other.at.row is row and other.at.x0 < word.x1]
    if not before:
        return False
    label = max(before, key=lambda at: at.start)
    value = row.after(label.end, gap=2.2)
    return label.x1 > word.x0 or (value is not None and value.x0 < word.x1 and word.x0 < value.x1)


def _below(layout: Layout, place: Place, others: Sequence[Place]) -> Iterator[tuple[Found, bool]]:
    """Words under a label that is the head of a cell, in a row without labels of its own.

    Where as many words stand there as heads above, they belong together in their order; a word in the middle under its
    head belongs to it as well. Else what lies under it is a guess.
    """
    row = place.at.row
    labelled = {id(other.at.row) for other in others}
    heads = sorted((other for other in others if other.at.row is row and other.wanted.below), key=lambda one: one.at.x0)
    middles = [(head.at.x0 + head.at.x1) / 2 for head in heads]
    mine = middles[heads.index(place)]
    room = CENTRED * min((b - a for a, b in pairwise(middles)), default=8 * row.height)
    for other in layout.rows:
        if not 0.7 * row.height < other.y - row.y < 2.6 * row.height or id(other) in labelled:
            continue
        words = other.words(1.2)
        if len(words) == len(heads):
            yield words[heads.index(place)], _each_under(words, [head.at for head in heads])
            continue
        for word in words:
            if abs((word.x0 + word.x1) / 2 - mine) < room:
                yield word, True
            elif word.x0 < place.at.x1 + row.height and word.x1 > place.at.x0 - row.height:
                yield word, False


def _each_under(words: Sequence[Found], heads: Sequence[Label]) -> bool:
    """Whether every word stands under the head of its order: none of them is lost."""
    return all(
        word.x0 < head.x1 + UNDER * head.row.height and word.x1 > head.x0 - UNDER * head.row.height
        for word, head in zip(words, heads, strict=True)
    )
