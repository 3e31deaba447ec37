"""Driving licences and vehicle licences: labels with small English beneath, an identity number, a vehicle's number."""

from __future__ import annotations

import re
from itertools import pairwise

from claimdesk.identifiers import plate_ok, plates_in, vin_ok
from claimdesk.language import _
from claimdesk.ocr.candidate import Candidate, Extract
from claimdesk.ocr.kinds.cards import prove_person
from claimdesk.ocr.kinds.kind import Kind, PageWords, Sign, Strength
from claimdesk.ocr.kinds.labelled import (
    MOST_ROWS,
    address,
    chinese,
    identity_number,
    labelled,
    pieces,
    prove_checked,
    sex,
    take,
    take_address,
    take_period,
)
from claimdesk.ocr.labels import Wanted
from claimdesk.ocr.layout import Layout
from claimdesk.ocr.values import flat, iso_date
from claimdesk.ocr.weighing import Weighing
from claimdesk.ocr.worth import ALONE, EXACT
from claimdesk.vocabulary import DocumentKind

_CLASSES = re.compile(r'(?:A[123]|B[12]|C[123456]|[DEFMNP]){1,6}')
_DAY = r'(?:19|20)\d{2}[.\-/年]\d{1,2}[.\-/月]\d{1,2}'
_PERIOD = re.compile(rf'({_DAY})日?(?:至|到|-|—|to)({_DAY}|长期)')
_YEARS = re.compile(r'(?<!\d)(6|10)年(?!\d)')
_ENGLISH = (
    'PlateNo.', 'PlateNo', 'VehicleType', 'Owner', 'Address', 'UseCharacter', 'Model', 'VIN', 'EngineNo.', 'EngineNo',
    'RegisterDate', 'IssueDate', 'Name', 'Sex', 'Nationality', 'DateofBirth', 'DateofFirstIssue', 'IssueDate', 'Class',
    'ValidPeriod', 'ValidFrom', 'ValidFor', 'DateofBirth',
)  # fmt: skip
_USES = re.compile(
    r'非营运|营运|家庭自用|公路客运|公交客运|出租客运|旅游客运|货运|租赁|警用|消防|救护|工程救险|营转非|出租转非|教练'
    r'|幼儿校车|小学生校车|危化品运输|预约出租客运|网约车'
)
_STOP = re.compile(
    r'姓名|性别|国籍|住址|出生|初次|准驾|有效|号牌|车辆|所有人|使用性质|品牌|识别|发动机|注册|发证|Date|Use|Model|Class'
)


def _plate(text: str) -> str:
    return next(iter(plates_in(flat(text))), '')


def _vin(text: str) -> str:
    plain = re.sub(r'[^0-9A-Z]', '', flat(text).upper()).removeprefix('VIN')[:17]
    value = plain.translate(str.maketrans('OIQ', '010'))
    return value if len(value) == 17 else ''


def _engine(text: str) -> str:
    match = re.match(r'[0-9A-Z][0-9A-Z\-*/]{3,}', flat(text).upper())
    return match[0] if match else ''


def _use(text: str) -> str:
    match = _USES.match(flat(text))
    return match[0] if match else ''


def _class(text: str) -> str:
    match = _CLASSES.match(flat(text).upper())
    return match[0] if match else ''


def _model(text: str) -> str:
    match = re.match(r'[\u4e00-\u9fff·]*(?:牌)?[0-9A-Za-z][0-9A-Za-z\-/()]*|[\u4e00-\u9fff]{2,}牌.*', flat(text))
    return match[0] if match else ''


VEHICLE_FORM = (
    Wanted('plate', ('号牌号码', '号牌'), _plate),
    Wanted('vehicle_type', ('车辆类型',), chinese),
    Wanted('owner', ('所有人',), chinese),
    Wanted('address', ('住址',), address),
    Wanted('use_character', ('使用性质',), _use),
    Wanted('model', ('品牌型号',), _model),
    Wanted('vin', ('车辆识别代号', '车辆识别代码'), _vin),
    Wanted('engine_number', ('发动机号码', '发动机号'), _engine),
    Wanted('register_date', ('注册日期',), iso_date),
    Wanted('issue_date', ('发证日期',), iso_date),
    Wanted('', _ENGLISH),
)
DRIVING_FORM = (
    Wanted('id_number', ('证号',), identity_number),
    Wanted('name', ('姓名',), chinese),
    Wanted('sex', ('性别',), sex),
    Wanted('nationality', ('国籍',), chinese),
    Wanted('address', ('住址',), address),
    Wanted('birth_date', ('出生日期',), iso_date),
    Wanted('first_issue_date', ('初次领证日期',), iso_date),
    Wanted('licence_class', ('准驾车型',), _class),
    Wanted('valid_from', ('有效起始日期', '有效期限'), iso_date),
    Wanted('', (*_ENGLISH, '档案编号', '记录')),
)


SECOND_PAGE = ('档案编号', '核定载人数', '总质量', '整备质量', '核定载质量', '外廓尺寸', '检验记录')
"""What the second page of a vehicle's licence says, which has no title of its own."""


class DrivingLicences(Kind):
    """Licences to drive, the main page."""

    kinds = (DocumentKind.DRIVING_LICENCE,)

    def recognise(self, page: PageWords) -> Sign | None:
        """By the title, or by the labels that no other card has."""
        if len(page.layout.rows) > MOST_ROWS or page.other:
            return None
        labels = sum(word in page.whole for word in ('准驾车型', '初次领证', '证号', '国籍', '有效期限', '有效起始'))
        titled = '驾驶证' in page.whole
        return Sign(DocumentKind.DRIVING_LICENCE, Strength.TITLE) if labels + 2 * titled >= 3 else None

    def extract(self, layout: Layout, source: str, kind: DocumentKind | None) -> Extract:
        """What stands beside the labels, and the period as a whole."""
        out = labelled(layout, source, DocumentKind.DRIVING_LICENCE, DRIVING_FORM)
        take_address(out, layout, _STOP)
        take_period(out, layout, _PERIOD)
        if 'valid_until' not in out.fields:
            self._years(out, layout)
        return out

    def _years(self, out: Extract, layout: Layout) -> None:
        """Older licences tell from when and for how many years they are valid."""
        start = out.fields.get('valid_from')
        years = next(((m, p) for m, p in pieces(layout, _YEARS)), None)
        if start is None or years is None:
            return
        year, month, day = (int(part) for part in start.value.split('-'))
        until = iso_date(f'{year + int(years[0][1])}-{month:02d}-{day:02d}')
        if until:
            take(out, layout, 'valid_until', Candidate(until, years[1], years[1].score, firm=False))

    def prove(self, weighing: Weighing, kind: DocumentKind | None) -> None:
        """The number is the holder's identity number; nobody drives before it is issued, nor before eighteen."""
        super().prove(weighing, kind)
        prove_person(weighing)
        in_order(weighing, 'birth_date', 'first_issue_date', 'valid_from')


class VehicleLicences(Kind):
    """Licences of vehicles, the main page or the second one."""

    kinds = (DocumentKind.VEHICLE_LICENCE,)

    def recognise(self, page: PageWords) -> Sign | None:
        """By the title, or by the labels that no other card has."""
        if len(page.layout.rows) > MOST_ROWS or page.other:
            return None
        labels = sum(label in page.whole for wanted in VEHICLE_FORM if wanted.name for label in wanted.labels[:1])
        second = sum(label in page.whole for label in SECOND_PAGE)
        titled = '行驶证' in page.whole
        found = labels + 2 * titled >= 4 or second + titled >= 4
        return Sign(DocumentKind.VEHICLE_LICENCE, Strength.TITLE) if found else None

    def extract(self, layout: Layout, source: str, kind: DocumentKind | None) -> Extract:
        """What stands beside the labels; plate and vehicle's number also by their shape."""
        out = labelled(layout, source, DocumentKind.VEHICLE_LICENCE, VEHICLE_FORM)
        take_address(out, layout, _STOP)
        for row in layout.rows:
            for word in row.words(1.2):
                if 'vin' not in out.fields and (number := _vin(word.text)) and vin_ok(number):
                    take(out, layout, 'vin', Candidate(number, word, word.score))
                if 'plate' not in out.fields and (plate := _plate(word.text)):
                    take(out, layout, 'plate', Candidate(plate, word, word.score))
        return out

    def prove(self, weighing: Weighing, kind: DocumentKind | None) -> None:
        """The vehicle's number has a check character, a plate a shape, and a vehicle is registered before its paper."""
        super().prove(weighing, kind)
        prove_vehicle(weighing)
        in_order(weighing, 'register_date', 'issue_date')


def prove_vehicle(weighing: Weighing) -> None:
    """Hold a vehicle's number against its check character and a plate against the shapes there are."""
    number, plate = weighing.out.get('vin'), weighing.out.get('plate')
    if number is not None:
        prove_checked(
            weighing, 'vin', vin_ok(number.value), _("The check character of the vehicle's number holds."),
            _("The check character of the vehicle's number does not hold."),
        )  # fmt: skip
    if plate is not None and not plate_ok(plate.value):
        weighing.doubt('plate', _("No plate has this shape."))
    elif plate is not None and plate.source not in EXACT and plate.confidence < ALONE:
        weighing.doubt('plate', plate.reason)


def in_order(weighing: Weighing, *names: str) -> None:
    """Dates that follow each other; where they do not, both are doubted."""
    read = [(name, weighing.out[name].value) for name in names if name in weighing.out]
    for (before, first), (after, second) in pairwise(read):
        if not weighing.check('order', first <= second, f'{first} ≤ {second}', (before, after)):
            for name in (before, after):
                weighing.doubt(name, _("The dates are not in their order."))


DRIVING_LICENCES = DrivingLicences()
VEHICLE_LICENCES = VehicleLicences()
