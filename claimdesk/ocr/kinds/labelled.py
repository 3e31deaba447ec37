"""What cards and licences share: labels with values beside them, numbers that carry a check character, plain proofs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from claimdesk.ocr.candidate import Candidate, Extract, candidate
from claimdesk.ocr.labels import Wanted, places, read_labelled
from claimdesk.ocr.layout import Found, Layout, Row
from claimdesk.ocr.reading import SURE
from claimdesk.ocr.values import SEAL_WORDS, flat, iso_date
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


def matches(layout: Layout, pattern: re.Pattern[str]) -> Iterator[tuple[Row, re.Match[str]]]:
    """Every place where a row matches."""
    return ((row, match) for row in layout.rows for match in pattern.finditer(row.text))


def pieces(layout: Layout, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], Found]]:
    """Every place where a row matches, with its piece."""
    for row, match in matches(layout, pattern):
        if piece := row.piece(match.start(), match.end()):
            yield match, piece


def goes_on(layout: Layout, out: Extract, name: str, stop: re.Pattern[str], most: int = 3) -> None:
    """Append the rows right below a value that begin where it begins, up to a row with a label; `most` of them."""
    said = out.fields.get(name)
    if said is None or said.found is None:
        return
    found, whole, high = said.found, said.found, said.found.y1 - said.found.y0
    for row in sorted(layout.rows, key=lambda one: one.y):
        words = [word for word in row.words(1.5) if abs(word.x0 - found.x0) < 1.6 * high]
        if not words or not 0.5 * high < words[0].y0 - found.y0 < 2.1 * high:
            continue
        if stop.search(row.text) or not re.search(rf'[{CHINESE}\d]', words[0].text):
            break
        if most == 0:
            said = replace(said, firm=False)
            break
        whole = whole.joined(words[0])
        said = Candidate(said.value + words[0].text, whole, min(said.score, words[0].score), said.firm)
        found, most = Found('', 1.0, whole.x0, words[0].y0, words[0].x1, words[0].y1), most - 1
    take(out, layout, name, said)


def take_period(out: Extract, layout: Layout, period: re.Pattern[str]) -> None:
    """The first period of validity on the page: the two groups of `period` as the fields of its ends."""
    found = next(matches(layout, period), None)
    if found is None:
        return
    row, match = found
    for name, group in (('valid_from', 1), ('valid_until', 2)):
        if piece := row.piece(match.start(group), match.end(group)):
            take(out, layout, name, candidate(iso_date(match[group]) or match[group], piece))


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
    match = re.match(rf'[{CHINESE}·•]+', SEAL_WORDS.sub('', flat(text)))
    return match[0] if match and len(match[0]) > 1 else ''


def address(text: str) -> str:
    """An address: what begins with Chinese words, without those of a seal."""
    plain = SEAL_WORDS.sub('', text).strip()
    return plain if re.match(rf'[{CHINESE}]', plain) else ''


def take_address(out: Extract, layout: Layout, stop: re.Pattern[str]) -> None:
    """The address with the rows that it goes on in; firm only where it ends as addresses do."""
    goes_on(layout, out, 'address', stop)
    said = out.fields.get('address')
    if said is not None:
        value = SEAL_WORDS.sub('', said.value)
        whole = bool(re.search(r'[号室幢栋楼户组村院里弄屯座园区层巷店厦社]$', value))
        take(out, layout, 'address', replace(said, value=value, firm=said.firm and whole))


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
