"""Train tickets: of paper, blue and red, and as electronic invoice."""

from __future__ import annotations

import re
from dataclasses import replace

from claimdesk.language import _
from claimdesk.ocr import qr
from claimdesk.ocr.candidate import Candidate, Extract, candidate
from claimdesk.ocr.kinds.kind import Kind, PageWords, Sign, Strength
from claimdesk.ocr.kinds.labelled import pieces, take
from claimdesk.ocr.layout import Found, Layout
from claimdesk.ocr.reading import SURE
from claimdesk.ocr.values import flat, iso_date, money
from claimdesk.ocr.weighing import Weighing
from claimdesk.ocr.worth import ALONE, EXACT, PROVEN
from claimdesk.vocabulary import DocumentKind

_TRAIN = re.compile(
    r'铁路电子客票|限乘当日当次车|中国铁路祝您|请到12306|请到95306|电子客票号(?!码)|退票改签时须交回|中途下车失效|日内到有效'
)
_LINE = re.compile(
    r'[\u4e00-\u9fff]{1,6}站.{0,16}?(?<![A-Z0-9])[GCDZTKYLS]\d{1,4}次?(?!\d).{0,16}?[\u4e00-\u9fff]{1,6}站'
)
_SEAT = re.compile(r'\d{1,2}车(?:\d{1,3}[A-F]?|无座)|检票口|次车')
_STATION = re.compile(r'[\u4e00-\u9fff]{1,8}站')
_NO_STATION = re.compile('车站|进站|出站|到站|网站')
_TRAIN_NUMBER = re.compile(r'[GCDZTKYLS]?\d{1,4}')
_LETTERED = re.compile(r'(?<![A-Z0-9])[GCDZTKYLS]\d{1,4}(?!\d)')
_DEPARTURE = re.compile(r'(20\d\d)年(\d{1,2})月(\d{1,2})日.{0,4}?([01]?\d|2[0-3])[:;：]([0-5]\d)')
_FARES = (
    re.compile(r'(?:票价|退票费|改签费|差额退票费|金额)[:;]?[¥￥Y半羊]?()(\d+[.,]\d{1,2})'),
    re.compile(r'(?<![A-Z])([¥￥Y半羊])(\d+[.,]\d{1,2})'),
    re.compile(r'()(?<![\d.])(\d+[.,]\d{1,2})元'),
)
"""An amount by the word before it, its sign, or the word behind it, the plainest first."""
_TICKET = re.compile(r'(?:[A-Z]\d{2,3})?[A-Z]\d{6,9}')
_AT_FOOT = re.compile(r'\d{14}((?:[A-Z]\d{2,3})?[A-Z]\d{6,9})(?!\d)')
_DAY = re.compile(r'(20\d\d)年(\d{1,2})月(\d{1,2})日')
_CLOCK = re.compile(r'(?<!\d)([01]?\d|2[0-3])[:;：]([0-5]\d)(?:开|$)')
_ELECTRONIC = re.compile(r'电子客票号.?(\d[0-9A-Z]{12,})')
_RAIL_CODE = '01,51,'
SLACK = 1e-6


def _alone(layout: Layout, piece: Found) -> bool:
    """Whether nothing but a letter touches a piece of a row."""
    words = (word for row in layout.rows for word in row.words(0.7))
    return any(
        word.y0 <= piece.y0 and piece.y1 <= word.y1 and word.x0 <= piece.x0 + SLACK and piece.x1 - SLACK <= word.x1
        and len(word.text) - len(piece.text) <= 1
        for word in words
    )  # fmt: skip


class TrainTickets(Kind):
    """Tickets of the railway."""

    kinds = (DocumentKind.TRAIN_TICKET,)
    needed = ('ticket_number', 'train_number', 'departure', 'total')

    def recognise(self, page: PageWords) -> Sign | None:
        """By words that only tickets bear, or a train between two stations with a seat."""
        bears = _TRAIN.search(page.whole) or (_LINE.search(page.whole) and _SEAT.search(page.whole))
        return Sign(DocumentKind.TRAIN_TICKET, Strength.TITLE) if bears else None

    def code(self, text: str) -> qr.VatCode | None:
        """The code of an electronic ticket, which is an invoice of a type of its own."""
        said = qr.parse(text) if text.startswith(_RAIL_CODE) else None
        return replace(said, kind=DocumentKind.TRAIN_TICKET) if said else None

    def extract(self, layout: Layout, source: str, kind: DocumentKind | None) -> Extract:
        """The train, from where to where, when, and for how much."""
        out = Extract(source, DocumentKind.TRAIN_TICKET, text=layout.text(), layout=layout)
        self._journey(out, layout)
        self._departure(out, layout)
        for fares in _FARES:
            for match, piece in pieces(layout, fares):
                value = money(match[2])
                if value and 'total' not in out.fields:
                    take(out, layout, 'total', candidate(value, piece))
        self._number(out, layout)
        return out

    def _departure(self, out: Extract, layout: Layout) -> None:
        """Day and time in a row; or, where the print stands askew, each in its own."""
        found = [(m, p) for m, p in pieces(layout, _DEPARTURE) if iso_date(f'{m[1]}-{m[2]}-{m[3]}')]
        if found:
            match, piece = found[0]
            day = iso_date(f'{match[1]}-{match[2]}-{match[3]}')
            take(out, layout, 'departure', candidate(f'{day} {int(match[4]):02d}:{match[5]}', piece))
            return
        days = [(m, p) for m, p in pieces(layout, _DAY) if iso_date(m[0])]
        for clock, other in pieces(layout, _CLOCK):
            for match, piece in days:
                if abs(other.y0 - piece.y0) < 1.2 * (piece.y1 - piece.y0) and other.x0 > piece.x0:
                    value = f'{iso_date(match[0])} {int(clock[1]):02d}:{clock[2]}'
                    take(out, layout, 'departure', Candidate(value, piece.joined(other), piece.score, firm=False))
                    return

    def _journey(self, out: Extract, layout: Layout) -> None:
        """The stations left and right of the train; its number stands between them, or somewhere by itself."""
        ends: tuple[Found, Found] | None = None
        for row in layout.rows:
            stations = [match for match in _STATION.finditer(row.text) if not _NO_STATION.search(match[0])]
            if len(stations) != 2 or ends is not None:
                continue
            first, last = (row.piece(match.start(), match.end() - 1) for match in stations)
            between = row.piece(stations[0].end(), stations[1].start())
            if first and last and last.x0 > first.x1:
                ends = first, last
                if between and (number := _TRAIN_NUMBER.search(flat(between.text))):
                    take(out, layout, 'train_number', candidate(number[0], between))
        ends = ends or self._apart(layout)
        for name, piece in zip(('from_station', 'to_station'), ends or (), strict=False):
            take(out, layout, name, candidate(piece.text.removesuffix('站').removeprefix('次'), piece))
        if 'train_number' not in out.fields:
            lone = next(((m, p) for m, p in pieces(layout, _LETTERED) if _alone(layout, p)), None)
            if lone:
                take(out, layout, 'train_number', candidate(lone[0][0], lone[1]))

    def _apart(self, layout: Layout) -> tuple[Found, Found] | None:
        """Two stations that stand in rows of their own, the left one first."""
        names = [
            piece for match, piece in pieces(layout, _STATION)
            if not _NO_STATION.search(match[0]) and _alone(layout, piece)
        ]  # fmt: skip
        names.sort(key=lambda piece: piece.x0)
        return (names[0], names[1]) if len(names) == 2 else None

    def _number(self, out: Extract, layout: Layout) -> None:
        if electronic := next(pieces(layout, _ELECTRONIC), None):
            take(out, layout, 'ticket_number', candidate(electronic[0][1], electronic[1]))
            return
        heads = [word for row in layout.rows for word in row.words(0.7) if _TICKET.fullmatch(flat(word.text))]
        if heads:
            take(out, layout, 'ticket_number', candidate(flat(heads[0].text), heads[0]))
        elif foot := next(pieces(layout, _AT_FOOT), None):
            take(out, layout, 'ticket_number', candidate(foot[0][1], foot[1]))

    def prove(self, weighing: Weighing, kind: DocumentKind | None) -> None:
        """The number at the head is printed at the foot again; a fare is positive, a journey goes somewhere else."""
        super().prove(weighing, kind)
        number = weighing.out.get('ticket_number')
        foot = next((m[1] for one in weighing.extracts if one.layout for m, _p in pieces(one.layout, _AT_FOOT)), '')
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


TRAIN_TICKETS = TrainTickets()
