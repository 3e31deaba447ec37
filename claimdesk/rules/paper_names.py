"""Whether two spellings of a name, a company or a hospital mean the same, and which plates may be one plate misread."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import IntEnum

from claimdesk.identifiers import normalise_plate

_NOISE = re.compile(r'[\s·・•.．,，、:：\-_]+')
_TITLE = re.compile(r'(先生|女士|小姐|\(个人\))$')
_MASK = re.compile(r'[*＊×某]+')
_FORMS = (('股份有限公司', '有限公司'), ('有限责任公司', '有限公司'))
_LOOKALIKE = str.maketrans({'O': '0', 'Q': '0', 'D': '0', 'I': '1', 'L': '1', 'Z': '2', 'S': '5', 'B': '8', 'G': '6'})
SHORTEST_PART = 4
"""A hospital's name this long counts also where the paper adds a branch or a department to it."""


class Likeness(IntEnum):
    """How near two spellings are; near ones differ in one character, which a reader may have misread."""

    OTHER = 0
    NEAR = 1
    SAME = 2


def plain_name(name: str) -> str:
    """A name without blanks, dots, full-width forms and titles: 陆 景行 先生 becomes 陆景行."""
    plain = _NOISE.sub('', unicodedata.normalize('NFKC', name)).casefold()
    plain = _TITLE.sub('', plain)
    for long, short in _FORMS:
        plain = plain.replace(long, short)
    return plain


def likeness(name: str, other: str) -> Likeness:
    """How near `name`, as a paper has it, is to `other`; stars stand for characters that the paper hides."""
    one, two = plain_name(name), plain_name(other)
    if not one or not two:
        return Likeness.OTHER
    if one == two or _hidden(one, two):
        return Likeness.SAME
    # Of a person's name the first character is never misread away: 王伟 and 李伟 are two people.
    if one[0] == two[0] and len(one) >= 2 and len(two) >= 2 and _one_apart(one, two):
        return Likeness.NEAR
    return Likeness.OTHER


def nearest(name: str, others: Iterable[str]) -> tuple[Likeness, str]:
    """The one of `others` that `name` is nearest to, and how near; the first of equals."""
    best, found = Likeness.OTHER, ''
    for other in others:
        how = likeness(name, other)
        if how > best:
            best, found = how, other
    return best, found


def same_place(name: str, other: str) -> bool:
    """Whether two names of a hospital mean the same house; one may add its branch, its town or its department."""
    one, two = plain_name(name), plain_name(other)
    if not one or not two:
        return False
    shorter, longer = sorted((one, two), key=len)
    return shorter == longer or (len(shorter) >= SHORTEST_PART and shorter in longer)


def plate_likeness(plate: str, other: str) -> Likeness:
    """How near a plate as read is to a vehicle's; near: only look-alikes such as 0 and D, or the province, differ."""
    one, two = normalise_plate(plate), normalise_plate(other)
    if not one or not two:
        return Likeness.OTHER
    if one == two:
        return Likeness.SAME
    if one.translate(_LOOKALIKE) == two.translate(_LOOKALIKE) or (len(one) == len(two) and one[1:] == two[1:]):
        return Likeness.NEAR
    return Likeness.OTHER


def nearest_plate(plate: str, others: Iterable[str]) -> tuple[Likeness, str]:
    """The one of `others` that `plate` is nearest to, and how near."""
    found = [(plate_likeness(plate, other), other) for other in others]
    best = max(found, key=lambda one: one[0], default=(Likeness.OTHER, ''))
    return best if best[0] else (Likeness.OTHER, '')


def _hidden(one: str, two: str) -> bool:
    if not _MASK.search(one) or _MASK.fullmatch(one):
        return False
    return re.fullmatch('.+'.join(re.escape(part) for part in _MASK.split(one)), two) is not None


def _one_apart(one: str, two: str) -> bool:
    if len(one) == len(two):
        return sum(a != b for a, b in zip(one, two, strict=True)) == 1
    if abs(len(one) - len(two)) != 1 or min(len(one), len(two)) < 3:
        return False
    shorter, longer = sorted((one, two), key=len)
    return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))
