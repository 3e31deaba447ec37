"""What cards and licences share: labels with values beside them, numbers that carry a check character, plain proofs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from claimdesk.ocr.candidate import Candidate, Extract
from claimdesk.ocr.labels import Wanted, places, read_labelled
from claimdesk.ocr.layout import Found, Layout
from claimdesk.ocr.reading import SURE
from claimdesk.ocr.values import flat
from claimdesk.ocr.weighing import Weighing
from claimdesk.ocr.worth import PROVEN
from claimdesk.vocabulary import DocumentKind

MOST_ROWS = 40
"""A card has few rows: what has more only speaks of one."""
CHINESE = r'\u4e00-\u9fff'
LONG_NUMBER = str.maketrans('OoQDIl|SsBZz', '000011155822')


def labelled(layout: Layout, source: str, kind: DocumentKind, form: Sequence[Wanted]) -> Extract:
    """What stands beside the labels of `form`."""
    out = Extract(source, kind, text=layout.text(), layout=layout)
    for name, said in read_labelled(layout, places(layout, form)).items():
        take(out, layout, name, said)
    return out


def take(out: Extract, layout: Layout, name: str, said: Candidate) -> None:
    """Put a value and its place among what was found."""
    out.fields[name] = said
    if said.found:
        out.boxes[name] = layout.box(said.found)


def goes_on(layout: Layout, out: Extract, name: str, stop: re.Pattern[str], most: int = 2) -> None:
    """Append the rows right below a value that begin where it begins, up to a row with a label."""
    said = out.fields.get(name)
    if said is None or said.found is None:
        return
    found, high = said.found, said.found.y1 - said.found.y0
    for row in sorted(layout.rows, key=lambda one: one.y):
        words = [word for word in row.words(1.5) if abs(word.x0 - found.x0) < 1.6 * high]
        if not words or not 0.5 * high < words[0].y0 - found.y0 < 2.1 * high or most == 0:
            continue
        if stop.search(row.text) or not re.search(rf'[{CHINESE}\d]', words[0].text):
            break
        x0 = said.found.x0
        joined = said.found.joined(words[0])
        said = Candidate(said.value + words[0].text, joined, min(said.score, words[0].score), said.firm)
        found, most = Found('', 1.0, x0, words[0].y0, words[0].x1, words[0].y1), most - 1
    take(out, layout, name, said)


def identity_number(text: str) -> str:
    """An identity number of 18 characters at the start of `text`, letters that look like digits read as such."""
    plain = flat(text)[:18]
    value = plain[:17].translate(LONG_NUMBER) + plain[17:].upper().replace('×', 'X').replace('*', 'X')
    return value if re.fullmatch(r'\d{17}[\dX]', value) else ''


def sex(text: str) -> str:
    """男 or 女."""
    match = re.match(r'[男女]', flat(text))
    return match[0] if match else ''


def chinese(text: str) -> str:
    """The Chinese words that `text` begins with, the dot of long names among them."""
    match = re.match(rf'[{CHINESE}·•]+', flat(text))
    return match[0] if match and len(match[0]) > 1 else ''


def prove_checked(weighing: Weighing, name: str, holds: bool, words: str, wrong: str, *, second: bool = False) -> bool:
    """A number whose check character holds is proven where two readers, or `second`, say it too; else doubted."""
    read = weighing.out.get(name)
    if read is None:
        return False
    weighing.check(name, holds, words if holds else wrong, (name,))
    if not holds:
        weighing.doubt(name, wrong)
    elif second or read.confidence >= SURE:
        weighing.set(name, read.value, PROVEN, f'{read.source}+check')
    return holds
