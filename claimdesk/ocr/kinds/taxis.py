"""The receipts that the meters of taxis print."""

from __future__ import annotations

import re
from decimal import Decimal

from claimdesk.identifiers import normalise_plate, plates_in
from claimdesk.language import _
from claimdesk.ocr.candidate import Candidate, Extract, candidate
from claimdesk.ocr.kinds.kind import Kind, PageWords, Sign, Strength
from claimdesk.ocr.kinds.labelled import matches, pieces, take
from claimdesk.ocr.labels import Wanted, places, read_labelled
from claimdesk.ocr.layout import Layout
from claimdesk.ocr.values import digits, flat, iso_date, money
from claimdesk.ocr.weighing import Weighing
from claimdesk.ocr.worth import ALONE, EXACT
from claimdesk.vocabulary import DocumentKind

_TAXI = re.compile(
    r'出租.{0,12}(?:发票|票据|车票)|通用机打发票.{0,6}出租|出租车|的士.{0,4}(?:发票|票据)'
    r'|(?=[\s\S]*上车)(?=[\s\S]*下车)(?=[\s\S]*里程)'
)
_RIDE, ENOUGH = ('车号', '上车', '下车', '单价', '里程', '计程', '候时', '等候', '金额'), 5
"""Labels of a ride, and how many of them tell one where the title is lost under a seal."""
_TIME = re.compile(r'([01]?\d|2[0-3])[:：.]([0-5]\d)')
_FROM_TO = re.compile(r'(?<!\d)([0-2]?\d[:：.][0-5]\d)[-—~至]+([0-2]?\d[:：.][0-5]\d)')
_RIDE_DAY = re.compile(r'(?<!\d)20\d{2}[-年./]\d{1,2}[-月./]\d{1,2}(?!\d(?!\d?[:：]))日?')
_ONE_TIME = re.compile(r'(?<!\d)(?<!\d[:：])(?:[01]?\d|2[0-3])[:：][0-5]\d(?![\d:：])')
_ADDED = re.compile(r'(?:附加费|服务费|附加)[:：]?\s*[¥￥]?\s*(?:[1-9]\d*|0\.0?[1-9])')
"""Something that is added to the fare, and is not nought."""
_SIGNED = re.compile(r'[¥￥]\s*(\d{1,4}\.\d{1,2})|(?<![\d.])(\d{1,4}\.\d{2})元(?!/)')
_NO_FARE = re.compile('单价|附加|服务费|卡|余额|原额')
_PAID = re.compile('(?:实收|总)(.*)')


def _time(text: str) -> str:
    match = _TIME.search(flat(text))
    return f'{int(match[1]):02d}:{match[2]}' if match else ''


def _number_of(long: int) -> re.Pattern[str]:
    return re.compile(rf'(?<!\d)\d{{{long}}}(?!\d)')


def _exactly(long: int, text: str) -> str:
    value = digits(text)
    return value if len(value) == long else ''


def _plate(text: str) -> str:
    found = plates_in(flat(text))
    if found:
        return found[0]
    match = re.match(r'[\u4e00-\u9fff]?[A-Z][ ·.\-]?[A-Z0-9]{5,6}', flat(text).upper())
    return normalise_plate(match[0]) if match else ''


def _fare(text: str) -> str:
    plain = flat(text)
    match = re.search(r'\d+[.,]\d{1,2}', plain) or re.search(r'(?<![\d.])\d{1,4}(?=元)', plain)
    return money(match[0]) if match else ''


def _ride_date(text: str) -> str:
    plain = flat(text)
    short = re.match(r'(\d{2})[-年./](\d{2})[-月./](\d{2})(?!\d)', plain)
    return iso_date(plain) or (iso_date(f'20{short[1]}-{short[2]}-{short[3]}') if short else '')


def _said_as_paid(layout: Layout | None, total: str) -> bool:
    """Whether a row says of the amount that it was paid in all."""
    return any(_fare(match[1]) == total for _row, match in matches(layout, _PAID)) if layout else False


TAXI_FORM = (
    Wanted('invoice_code', ('发票代码', '代码'), lambda text: _exactly(12, text)),
    Wanted('invoice_number', ('发票号码', '号码'), lambda text: _exactly(8, text)),
    Wanted('issue_date', ('乘车日期', '日期'), _ride_date),
    Wanted('boarding_time', ('上车时间', '上车'), _time),
    Wanted('alighting_time', ('下车时间', '下车'), _time),
    Wanted('plate', ('车牌号码', '车牌号', '车号', '车牌'), _plate),
    Wanted('total', ('总金额', '实收金额', '合计金额', '金额', '总额', '应收', '实收'), _fare),
    Wanted('', ('电话', '证号', '单价', '里程', '等候', '状态', '卡号', '原额', '余额', '时间', '单位', '密码')),
)


class TaxiReceipts(Kind):
    """Receipts of taxis: printed by dots, often under the seal of the tax office."""

    kinds = (DocumentKind.TAXI_RECEIPT,)
    needed = ('invoice_code', 'invoice_number', 'issue_date', 'total')

    def recognise(self, page: PageWords) -> Sign | None:
        """By its title, or by the labels of a ride; an invoice for a ride is an invoice."""
        if '纳税人识别号' in page.whole or '价税合计' in page.whole:
            return None
        ride = _TAXI.search(page.whole) or sum(label in page.whole for label in _RIDE) >= ENOUGH
        return Sign(DocumentKind.TAXI_RECEIPT, Strength.TITLE) if ride else None

    def extract(self, layout: Layout, source: str, kind: DocumentKind | None) -> Extract:
        """What stands beside the labels; code and number also by their length, day and fare by their shape."""
        out = Extract(source, DocumentKind.TAXI_RECEIPT, text=layout.text(), layout=layout)
        for name, said in read_labelled(layout, places(layout, TAXI_FORM)).items():
            take(out, layout, name, said)
        signed = [(money(m[1] or m[2]), piece) for row, m in matches(layout, _SIGNED)
                  if not _NO_FARE.search(row.text) and (piece := row.piece(m.start(), m.end()))]
        if 'total' not in out.fields and signed:
            value, piece = max(signed, key=lambda one: Decimal(one[0]))
            take(out, layout, 'total', Candidate(value, piece, piece.score, firm=False))
        dated = [(day, piece) for match, piece in pieces(layout, _RIDE_DAY) if (day := iso_date(match[0]))]
        if 'issue_date' not in out.fields and dated:
            take(out, layout, 'issue_date', Candidate(dated[0][0], dated[0][1], dated[0][1].score, firm=False))
        for match, piece in pieces(layout, _FROM_TO):
            for name, group in (('boarding_time', 1), ('alighting_time', 2)):
                if name not in out.fields:
                    take(out, layout, name, candidate(_time(match[group]), piece))
        self._unlabelled(out, layout)
        for name, long in (('invoice_code', 12), ('invoice_number', 8)):
            found = [(m[0], piece) for m, piece in pieces(layout, _number_of(long)) if not iso_date(m[0])]
            if name not in out.fields and found:
                take(out, layout, name, Candidate(found[0][0], found[0][1], found[0][1].score, firm=False))
        return out

    def _unlabelled(self, out: Extract, layout: Layout) -> None:
        """The plate by its shape; of the two times of a ride, the one that lost its label."""
        seen = [(plate, row) for row in layout.rows for plate in plates_in(row.text)]
        if 'plate' not in out.fields and seen and (piece := seen[0][1].piece(0, len(seen[0][1].text))):
            take(out, layout, 'plate', Candidate(seen[0][0], piece, piece.score, firm=False))
        times = [(_time(match[0]), piece) for match, piece in pieces(layout, _ONE_TIME)]
        for place, name, other in ((0, 'boarding_time', 'alighting_time'), (1, 'alighting_time', 'boarding_time')):
            known = out.fields.get(other)
            if name not in out.fields and known and len(times) == 2 and times[1 - place][0] == known.value:
                take(out, layout, name, Candidate(times[place][0], times[place][1], times[place][1].score, firm=False))

    def prove(self, weighing: Weighing, kind: DocumentKind | None) -> None:
        """Nothing on a taxi receipt proves anything else: what is read from a picture is always shown."""
        super().prove(weighing, kind)
        total = weighing.out.get('total')
        added = any(_ADDED.search(one.text) for one in weighing.extracts)
        if total and added and not any(_said_as_paid(one.layout, total.value) for one in weighing.extracts):
            weighing.doubt('total', _("More was charged than the fare: compare the total with the page."), ALONE)
        for name, read in list(weighing.out.items()):
            if read.source not in EXACT:
                weighing.doubt(name, _("Printed by dots, perhaps under a seal: compare it with the page."), ALONE)


TAXI_RECEIPTS = TaxiReceipts()
