"""The head of an invoice: what kind it is, its code, number, date and check code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from claimdesk.ocr import values
from claimdesk.ocr.candidate import Candidate, candidate
from claimdesk.ocr.layout import Found, Label, Layout, Row
from claimdesk.vocabulary import DocumentKind

_DIGITAL_SIGNS = re.compile(r'购买方信息|销售方信息|统一社会信用代码[/]?纳税人|税率[/]征收率')
_TITLES = (
    (r'电子发票\(?增值税专用|发票\(增值税专用发票\)', DocumentKind.DIGITAL_SPECIAL),
    (r'航空运输电子客票行程单|电子发票\(?普通发票|电子发票\(普通', DocumentKind.DIGITAL_NORMAL),
    (r'增值税电子普通发票|电子普通发票', DocumentKind.VAT_ELECTRONIC),
    (r'增值税电子专用发票|增值税专用发票', DocumentKind.VAT_SPECIAL),
    (r'增值税普通发票', DocumentKind.VAT_NORMAL),
)
_RUN = re.compile(r'(?<!\d)\d{8,20}(?!\d)')


def of_title(head: str) -> DocumentKind | None:
    """The kind that a title among the words of a page's head says."""
    return next((kind for pattern, kind in _TITLES if re.search(pattern, head)), None)


def of_damaged_title(layout: Layout, head: str, whole: str) -> DocumentKind | None:
    """The kind where a stamp lies over the title: by the form, and by the words that are left of the title."""
    special = '专用' in head or bool(re.search(r'抵扣联', whole))
    digital = bool(_DIGITAL_SIGNS.search(whole)) or any('信息' in text for text, _, _ in layout.marks)
    older = re.search(r'发票代码|校验码|机器编号|密码区', whole)
    if digital or (not older and re.search(r'(?<!\d)\d{20}(?!\d)', head)):
        if special:
            return DocumentKind.DIGITAL_SPECIAL
        return DocumentKind.DIGITAL_NORMAL
    if special:
        return DocumentKind.VAT_SPECIAL
    if '电子' in head or re.search(r'(?<!\d)0\d{9}1[12](?!\d)', head):
        return DocumentKind.VAT_ELECTRONIC
    if '普通' in head:
        return DocumentKind.VAT_NORMAL
    return kind_of_code(whole)


def kind_of_code(text: str) -> DocumentKind | None:
    """The kind that the invoice code itself tells (12 digits: its last two; 10 digits: the eighth)."""
    match = re.search(r'(?<!\d)(\d{12}|\d{10})(?!\d)', text)
    if not match:
        return None
    code = match[1]
    if len(code) == 12:
        ending = {'11': DocumentKind.VAT_ELECTRONIC, '12': DocumentKind.VAT_ELECTRONIC, '13': DocumentKind.VAT_SPECIAL}
        known = ending.get(code[10:])
        return known or (DocumentKind.VAT_NORMAL if code[10:] in ('04', '05', '06', '07') else None)
    return DocumentKind.VAT_NORMAL if code[7] in '36' else DocumentKind.VAT_SPECIAL


def read_heading(layout: Layout, top: list[Row], digital: bool) -> dict[str, Candidate]:
    """Code, number, date and check code; `top` are the rows above the table."""
    out: dict[str, Candidate] = {}
    _keep(out, 'issue_date', _labelled(layout, r'开?票日期[:;.]?', '开票日期', values.iso_date))
    _keep(out, 'invoice_code', _labelled(layout, r'发?票代码[:;.]?', '发票代码', _sized(10, 12)))
    _keep(out, 'invoice_number', _labelled(layout, r'发?票号码[:;.]?', '发票号码', _sized(8, 20)))
    _keep(out, 'check_code', _labelled(layout, r'校验码[:;.]?', '校验码', _sized(20)))
    _keep(out, 'check_code', _below(layout, '校验码[:;.]?', r'\d{20}'))
    spare = _spare_numbers(layout, top)
    _keep(out, 'invoice_number', _most(spare, r'\d{20}' if digital else r'\d{20}|\d{8}'))
    number = out.get('invoice_number')
    if not digital and not (number and len(number.value) == 20):
        _keep(out, 'invoice_code', _most(spare, r'\d{10}|\d{12}'))
    for row in top:
        match = re.search(r'(?:19|20)\d{2}年\d{1,2}月\d{1,2}日?', row.text)
        if match and values.iso_date(match[0]):
            _keep(out, 'issue_date', candidate(values.iso_date(match[0]), row.piece(match.start(), match.end())))
    return out


def _keep(out: dict[str, Candidate], name: str, found: Candidate | None) -> None:
    if found and found.value and name not in out:
        out[name] = found


def _sized(*lengths: int) -> Callable[[str], str]:
    def write(text: str) -> str:
        value = values.digits(text)
        return value if len(value) in lengths else ''

    return write


def _labelled(layout: Layout, pattern: str, label: str, write: Callable[[str], str]) -> Candidate | None:
    """The first value that `write` accepts beside the label, spelled rightly or nearly so."""
    labels: Iterable[Label] = [*layout.find(pattern), *layout.near(label, 74)]
    for place in labels:
        for found in (place.row.after(place.end), beside(layout, place)):
            if found and (value := write(found.text)):
                return candidate(value, found)
    return None


def _below(layout: Layout, pattern: str, value: str) -> Candidate | None:
    """A word of that form right under the label, which has its row to itself: narrow paper."""
    for label in layout.find(f'^{pattern}$'):
        for row in layout.rows:
            if 0.6 * label.row.height < row.y - label.y < 3.0 * label.row.height and re.fullmatch(value, row.text):
                return candidate(row.text, row.piece(0, len(row.text)))
    return None


def beside(layout: Layout, label: Label) -> Found | None:
    """The nearest word to the right of a label whose own row is empty: print slipped up or down a little."""
    best: tuple[float, Found] | None = None
    for row in layout.rows:
        if row is label.row or abs(row.y - label.y) > 1.1 * label.row.height:
            continue
        for word in row.words(2.2):
            distance = word.x0 - label.x1
            if -0.5 * row.height < distance < 12 * row.height and (best is None or distance < best[0]):
                best = (distance, word)
    return best[1] if best else None


def _spare_numbers(layout: Layout, top: list[Row]) -> list[tuple[str, Found]]:
    """Runs of 8 to 20 digits above the table that no other label claims; a number that touches the code is parted."""
    spare: list[tuple[str, Found]] = []
    for row in top:
        text = re.sub(r'机.?器.?编.?号[:;.]?\d*', lambda match: '#' * len(match[0]), row.text)
        text = re.sub(r'(?:校.?验.?码|电话|识别号|账号|帐号)[:;.]?[\d\-]*', lambda match: '#' * len(match[0]), text)
        free = text.replace('#', '')
        for word in row.words(0.9):
            if re.search(r'[<>*/+]', word.text):
                continue
            spare += [(match[0], word) for match in _RUN.finditer(word.text) if match[0] in free]
    codes = {number for number, _piece in spare if len(number) in (10, 12)}
    for number, piece in list(spare):
        if number[8:] in codes:
            spare += [(number[:8], piece), (number[8:], piece)]
    return spare


def _most(spare: list[tuple[str, Found]], pattern: str) -> Candidate | None:
    """Paper forms print code and number twice: the value seen most often, then the largest print."""
    hits = [(text, piece) for text, piece in spare if re.fullmatch(pattern, text)]
    if not hits:
        return None
    counts = {text: sum(other == text for other, _ in hits) for text, _ in hits}
    text, piece = max(hits, key=lambda hit: (counts[hit[0]], hit[1].y1 - hit[1].y0))
    score = 1.0 - (1.0 - piece.score) / counts[text]
    return candidate(text, piece, score)
