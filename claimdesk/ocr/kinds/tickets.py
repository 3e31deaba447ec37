"""Train tickets of paper and as electronic invoice, and the receipts that taxi meters print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from claimdesk.identifiers import normalise_plate, plates_in
from claimdesk.language import _
from claimdesk.ocr import qr
from claimdesk.ocr.candidate import Candidate, Extract, candidate
from claimdesk.ocr.kinds.kind import Kind, PageWords, Sign, Strength
from claimdesk.ocr.kinds.labelled import take
from claimdesk.ocr.labels import Wanted, places, read_labelled
from claimdesk.ocr.layout import Found, Layout
from claimdesk.ocr.reading import SURE
from claimdesk.ocr.values import digits, flat, iso_date, money
from claimdesk.ocr.weighing import Weighing
from claimdesk.ocr.worth import ALONE, EXACT, PROVEN
from claimdesk.vocabulary import DocumentKind

_TRAIN = re.compile(r'铁路电子客票|限乘当日当次车|中国铁路祝您|买票请到12306|发货请到95306|电子客票号(?!码)')
_STATION = re.compile(r'[\u4e00-\u9fff]{1,8}站')
_TRAIN_NUMBER = re.compile(r'[GCDZTKYLS]\d{1,4}')
_DEPARTURE = re.compile(r'(20\d\d)年(\d{1,2})月(\d{1,2})日.{0,4}?([01]?\d|2[0-3])[:;：]([0-5]\d)')
_FARE = re.compile(r'(?:[¥￥Y]|票价.?)(\d+[.,]\d{1,2})|(\d+[.,]\d{1,2})元')
_TICKET = re.compile(r'[A-Z]\d{6}')
_AT_FOOT = re.compile(r'\d{14,}([A-Z]\d{6})')
_ELECTRONIC = re.compile(r'电子客票号.?(\d[0-9A-Z]{12,})')
_RAIL_CODE = '01,51,'
_TAXI = re.compile(r'出租.{0,12}(?:发票|票据)|出租车|(?=[\s\S]*上车)(?=[\s\S]*下车)(?=[\s\S]*里程)')


def _pieces(layout: Layout, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], Found]]:
    for row in layout.rows:
        for match in pattern.finditer(row.text):
            if piece := row.piece(match.start(), match.end()):
                yield match, piece


class TrainTickets(Kind):
    """Tickets of the railway."""

    kinds = (DocumentKind.TRAIN_TICKET,)
    needed = ('ticket_number', 'train_number', 'departure', 'total')

    def recognise(self, page: PageWords) -> Sign | None:
        """By words that only tickets bear."""
        return Sign(DocumentKind.TRAIN_TICKET, Strength.TITLE) if _TRAIN.search(page.whole) else None

    def code(self, text: str) -> qr.VatCode | None:
        """The code of an electronic ticket, which is an invoice of a type of its own."""
        said = qr.parse(text) if text.startswith(_RAIL_CODE) else None
        return replace(said, kind=DocumentKind.TRAIN_TICKET) if said else None

    def extract(self, layout: Layout, source: str, kind: DocumentKind | None) -> Extract:
        """The train, from where to where, when, and for how much."""
        out = Extract(source, DocumentKind.TRAIN_TICKET, text=layout.text(), layout=layout)
        self._journey(out, layout)
        for match, piece in _pieces(layout, _DEPARTURE):
            day = iso_date(f'{match[1]}-{match[2]}-{match[3]}')
            if day:
                take(out, layout, 'departure', candidate(f'{day} {int(match[4]):02d}:{match[5]}', piece))
                break
        for match, piece in _pieces(layout, _FARE):
            if value := money(match[1] or match[2]):
                take(out, layout, 'total', candidate(value, piece))
                break
        self._number(out, layout)
        return out

    def _journey(self, out: Extract, layout: Layout) -> None:
        for row in layout.rows:
            words = [word for word in row.words(0.7) if word.text not in ('站', '开')]
            trains = [(match, word) for word in words if (match := _TRAIN_NUMBER.fullmatch(flat(word.text)))]
            stations = list(_STATION.finditer(row.text))
            if trains and 'train_number' not in out.fields:
                take(out, layout, 'train_number', candidate(flat(trains[0][1].text), trains[0][1]))
            if len(stations) == 2 and 'from_station' not in out.fields:
                for name, match in zip(('from_station', 'to_station'), stations, strict=True):
                    if piece := row.piece(match.start(), match.end() - 1):
                        take(out, layout, name, candidate(piece.text, piece))
                between = row.piece(stations[0].end(), stations[1].start())
                if between and (number := _TRAIN_NUMBER.search(flat(between.text))):
                    take(out, layout, 'train_number', candidate(number[0], between))

        if 'from_station' not in out.fields:
            names = sorted(
                (word for row in layout.rows for word in row.words(0.7) if _STATION.fullmatch(word.text)),
                key=lambda word: word.x0,
            )
            if len(names) == 2:
                for name, word in zip(('from_station', 'to_station'), names, strict=True):
                    take(out, layout, name, candidate(word.text.removesuffix('站'), word))

    def _number(self, out: Extract, layout: Layout) -> None:
        if electronic := next(_pieces(layout, _ELECTRONIC), None):
            take(out, layout, 'ticket_number', candidate(electronic[0][1], electronic[1]))
            return
        heads = [word for row in layout.rows for word in row.words(0.7) if _TICKET.fullmatch(flat(word.text))]
        if heads:
            take(out, layout, 'ticket_number', candidate(flat(heads[0].text), heads[0]))
        elif foot := next(_pieces(layout, _AT_FOOT), None):
            take(out, layout, 'ticket_number', candidate(foot[0][1], foot[1]))

    def prove(self, weighing: Weighing, kind: DocumentKind | None) -> None:
        """The number at the head is printed at the foot again; a fare is positive, a journey goes somewhere else."""
        super().prove(weighing, kind)
        number = weighing.out.get('ticket_number')
        foot = next((m[1] for one in weighing.extracts if one.layout for m, _p in _pieces(one.layout, _AT_FOOT)), '')
        if number and foot:
            holds = weighing.check(
                'ticket_number', foot == number.value,
                _("At the foot of the ticket stands {number}.").format(number=foot), ('ticket_number',),
            )  # fmt: skip
            if holds:
                weighing.set('ticket_number', number.value, PROVEN, f'{number.source}+foot')
            else:
                weighing.doubt('ticket_number', _("Head and foot of the ticket show different numbers."))
        start, end = weighing.out.get('from_station'), weighing.out.get('to_station')
        if start and end and start.value == end.value:
            for name in ('from_station', 'to_station'):
                weighing.doubt(name, _("Both stations are the same."))
        train = weighing.out.get('train_number')
        if train and train.source not in EXACT and train.confidence < SURE:
            weighing.doubt('train_number', train.reason, ALONE)


_TIME = re.compile(r'([01]?\d|2[0-3])[:：.]([0-5]\d)')


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
    match = re.search(r'\d+[.,]\d{1,2}', flat(text))
    return money(match[0]) if match else ''


def _ride_date(text: str) -> str:
    plain = flat(text)
    short = re.match(r'(\d{2})[-年./](\d{2})[-月./](\d{2})(?!\d)', plain)
    return iso_date(plain) or (iso_date(f'20{short[1]}-{short[2]}-{short[3]}') if short else '')


TAXI_FORM = (
    Wanted('invoice_code', ('发票代码', '代码'), lambda text: _exactly(12, text)),
    Wanted('invoice_number', ('发票号码', '号码'), lambda text: _exactly(8, text)),
    Wanted('issue_date', ('乘车日期', '日期'), _ride_date),
    Wanted('boarding_time', ('上车时间', '上车'), _time),
    Wanted('alighting_time', ('下车时间', '下车'), _time),
    Wanted('plate', ('车牌号码', '车牌号', '车号', '车牌'), _plate),
    Wanted('total', ('总金额', '实收金额', '合计金额', '金额', '总额', '应收'), _fare),
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
        return Sign(DocumentKind.TAXI_RECEIPT, Strength.TITLE) if _TAXI.search(page.whole) else None

    def extract(self, layout: Layout, source: str, kind: DocumentKind | None) -> Extract:
        """What stands beside the labels; code and number also by their length alone."""
        out = Extract(source, DocumentKind.TAXI_RECEIPT, text=layout.text(), layout=layout)
        for name, said in read_labelled(layout, places(layout, TAXI_FORM)).items():
            take(out, layout, name, said)
        for name, long in (('invoice_code', 12), ('invoice_number', 8)):
            found = [(m[0], piece) for m, piece in _pieces(layout, _number_of(long)) if not iso_date(m[0])]
            if name not in out.fields and found:
                take(out, layout, name, Candidate(found[0][0], found[0][1], found[0][1].score, firm=False))
        return out

    def prove(self, weighing: Weighing, kind: DocumentKind | None) -> None:
        """Nothing on a taxi receipt proves anything else: what is read from a picture is always shown."""
        super().prove(weighing, kind)
        for name, read in list(weighing.out.items()):
            if read.source not in EXACT:
                weighing.doubt(name, _("Printed by dots, perhaps under a seal: compare it with the page."), ALONE)


TRAIN_TICKETS = TrainTickets()
TAXI_RECEIPTS = TaxiReceipts()
