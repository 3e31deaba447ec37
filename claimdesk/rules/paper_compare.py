"""The comparisons of a paper with its case, one function for each subject."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from claimdesk.amounts import money_text
from claimdesk.identifiers import plates_in
from claimdesk.language import _
from claimdesk.rules.paper_checks import (
    LINES,
    PAGE,
    Claim,
    Found,
    Office,
    Paper,
    PaperFinding,
    Severity,
    note,
    warn,
)
from claimdesk.rules.paper_items import damaged_spots, outside_damage, worded
from claimdesk.rules.paper_names import Likeness, likeness, nearest, nearest_plate, plain_name, same_place
from claimdesk.rules.paper_rules import HospitalLevel, PaperSort
from claimdesk.vocabulary import INVOICE_KINDS, DocumentKind, Line, label

K = DocumentKind
MEDICAL = frozenset({K.MEDICAL_OUTPATIENT, K.MEDICAL_INPATIENT, K.MEDICAL_LIST})
BILLS = frozenset({*INVOICE_KINDS, *MEDICAL, K.TAXI_RECEIPT, K.TRAIN_TICKET, K.RECEIPT, K.REPAIR_ESTIMATE})
VEHICLE_PAPERS = frozenset({K.REPAIR_ESTIMATE, K.VEHICLE_LICENCE})
NOBODY = frozenset({'个人', '现金', '无', '/'})
"""What is printed in place of a buyer's name."""
_INSPECTED = re.compile(r'检验有效期至[:：]?(\d{4})年?[-./]?(\d{1,2})月?')


def compare(paper: Paper, claim: Claim, office: Office) -> tuple[PaperFinding, ...]:
    """What `paper` says otherwise than `claim`, the warnings first, each in the order of the paper."""
    found = [_weighed(one, paper) for check in COMPARISONS for one in check(paper, claim, office)]
    return tuple(sorted(found, key=lambda one: one.severity is not Severity.WARNING))


def _weighed(one: PaperFinding, paper: Paper) -> PaperFinding:
    """A finding that rests on a doubtful reading is no more than a note, and says so."""
    if one.place.partition('.')[0] not in paper.unsure:
        return one
    return PaperFinding(one.code, Severity.NOTE, one.place, one.facts, unsure=True)


def _people(paper: Paper, claim: Claim, _office: Office) -> Found:
    match paper.kind:
        case kind if kind in MEDICAL:
            yield from _patient(paper, claim)
        case K.DRIVING_LICENCE:
            yield from _licensed(paper, claim)
        case K.ID_CARD:
            yield from _holder(paper, claim)


def _patient(paper: Paper, claim: Claim) -> Found:
    name = paper.value('patient_name')
    if not name:
        return
    expected = claim.injured or ((claim.insured,) if claim.line is Line.MEDICAL else ())
    if not expected:
        if nearest(name, claim.people)[0] is Likeness.OTHER:
            yield note('patient_unnamed', 'patient_name', name=name)
        return
    how, other = nearest(name, expected)
    if how is Likeness.NEAR:
        yield note('patient_near', 'patient_name', name=name, expected=other)
    elif how is Likeness.OTHER:
        yield warn('patient', 'patient_name', name=name, expected=list(expected))


def _licensed(paper: Paper, claim: Claim) -> Found:
    name, number = paper.value('name'), paper.value('id_number')
    if claim.driver and name:
        how = likeness(name, claim.driver)
        if how is Likeness.OTHER:
            yield warn('driver', 'name', name=name, expected=claim.driver)
            return
        if how is Likeness.NEAR:
            yield note('driver_near', 'name', name=name, expected=claim.driver)
        if number and claim.driver_licence and number.upper() != claim.driver_licence.upper():
            yield warn('id_number', 'id_number', name=name, number=number, expected=claim.driver_licence)
        yield from _born(paper, claim, name, nearest(name, claim.people)[1])
    elif name:
        yield from _holder(paper, claim)


def _holder(paper: Paper, claim: Claim) -> Found:
    name, number = paper.value('name'), paper.value('id_number')
    if not name:
        return
    how, other = nearest(name, claim.people)
    if how is Likeness.OTHER:
        yield note('person', 'name', name=name)
        return
    if how is Likeness.NEAR:
        yield note('person_near', 'name', name=name, expected=other)
    known = claim.id_numbers.get(other, '')
    if number and known and number.upper() != known.upper():
        yield warn('id_number', 'id_number', name=name, number=number, expected=known)
    yield from _born(paper, claim, name, other)


def _born(paper: Paper, claim: Claim, name: str, known_as: str) -> Found:
    day, known = paper.day('birth_date'), claim.born.get(known_as)
    if day is not None and known is not None and day != known:
        yield warn('birth_date', 'birth_date', name=name, day=str(day), expected=str(known))


def _buyer(paper: Paper, claim: Claim, office: Office) -> Found:
    name = paper.value('buyer_name')
    if paper.kind not in INVOICE_KINDS or not name or name in NOBODY:
        return
    rules = office.rules
    expected = [
        *((claim.insured,) if rules.insured else ()),
        *((claim.holder,) if rules.holder and claim.holder else ()),
        *rules.names,
    ]
    how, other = nearest(name, [*expected, *(claim.people if rules.others else ())])
    if how is Likeness.NEAR:
        yield note('buyer_near', 'buyer_name', name=name, expected=other)
    elif how is Likeness.OTHER:
        yield warn('buyer', 'buyer_name', name=name, expected=list(dict.fromkeys(expected))[:4])


def _vehicle(paper: Paper, claim: Claim, _office: Office) -> Found:
    if claim.line is not Line.MOTOR:
        return
    plate, insured_one = paper.value('plate'), False
    if paper.kind in VEHICLE_PAPERS:
        how, other = nearest_plate(plate, claim.plates)
        insured_one = bool(claim.plates) and other == claim.plates[0] and how is Likeness.SAME
        if plate and claim.plates and how is Likeness.NEAR:
            yield note('plate_near', 'plate', plate=plate, expected=other)
        elif plate and claim.plates and how is Likeness.OTHER:
            yield warn('plate', 'plate', plate=plate, expected=list(claim.plates))
        number = paper.value('vin').upper()
        if number and claim.vin and (insured_one or not plate) and number != claim.vin.upper():
            yield warn('vin', 'vin', number=number, expected=claim.vin)
    elif paper.kind in INVOICE_KINDS and claim.plates:
        named = list(dict.fromkeys(plates_in(paper.text)))
        if named and all(nearest_plate(one, claim.plates)[0] is Likeness.OTHER for one in named):
            yield warn('plate_on_page', PAGE, plate=named, expected=list(claim.plates))
    if paper.kind is K.VEHICLE_LICENCE:
        yield from _licence_of_vehicle(paper, claim, insured_one)


def _licence_of_vehicle(paper: Paper, claim: Claim, insured_one: bool) -> Found:
    owner = paper.value('owner')
    if owner and insured_one and nearest(owner, (claim.insured, claim.holder))[0] is Likeness.OTHER:
        yield note('owner', 'owner', name=owner, expected=claim.insured)
    number = paper.value('engine_number').upper()
    if number and insured_one and claim.engine_number and number != claim.engine_number.upper():
        yield warn('engine_number', 'engine_number', number=number, expected=claim.engine_number)
    registered = paper.day('register_date')
    if registered is not None and registered > claim.loss_on:
        yield warn('registered_later', 'register_date', day=str(registered), loss=str(claim.loss_on))
    until = inspected_until(paper.text)
    if until is not None and until < claim.loss_on:
        yield warn('inspection_expired', PAGE, month=f'{until:%Y-%m}', loss=str(claim.loss_on))


def inspected_until(text: str) -> dt.date | None:
    """The last day of the month up to which a vehicle licence says that the inspection holds, or None."""
    found = []
    for year, month in _INSPECTED.findall(re.sub(r'\s', '', text)):
        if 1990 <= int(year) <= 2100 and 1 <= int(month) <= 12:
            last = calendar.monthrange(int(year), int(month))[1]
            found.append(dt.date(int(year), int(month), last))
    return max(found, default=None)


def _dates(paper: Paper, claim: Claim, _office: Office) -> Found:
    if paper.kind not in BILLS:
        return
    treated = ('visit_date', 'admission_date')
    for name in (*treated, 'issue_date', 'departure'):
        day = paper.day(name)
        if day is None:
            continue
        if claim.line is Line.MEDICAL and name in treated and not claim.policy_from <= day < claim.policy_until:
            last = claim.policy_until - dt.timedelta(days=1)
            yield warn('outside_policy', name, field=name, day=str(day), since=str(claim.policy_from), until=str(last))
        elif day < claim.loss_on:
            yield warn('before_loss', name, field=name, day=str(day), loss=str(claim.loss_on))
    admitted, left = paper.day('admission_date'), paper.day('discharge_date')
    if admitted is not None and left is not None and left < admitted:
        yield warn('stay_reversed', 'discharge_date', day=str(left), admitted=str(admitted))
        return
    for name, day, expected in (
        ('admission_date', admitted, claim.admitted_on), ('discharge_date', left, claim.discharged_on),
    ):  # fmt: skip
        if day is not None and expected is not None and day != expected:
            yield note('stay_differs', name, field=name, day=str(day), expected=str(expected))


def _driving(paper: Paper, claim: Claim, _office: Office) -> Found:
    if paper.kind is not K.DRIVING_LICENCE:
        return
    until = paper.day('valid_until')
    if until is not None and until < claim.loss_on:
        yield warn('licence_expired', 'valid_until', day=str(until), loss=str(claim.loss_on))
    since = paper.day('first_issue_date') or paper.day('valid_from')
    if since is not None and since > claim.loss_on:
        place = 'first_issue_date' if paper.day('first_issue_date') else 'valid_from'
        yield warn('licence_too_new', place, day=str(since), loss=str(claim.loss_on))


def _hospital(paper: Paper, claim: Claim, office: Office) -> Found:
    name = paper.value('hospital_name')
    if paper.kind not in MEDICAL or not name:
        return
    if office.hospitals.hospitals:
        yield from _listed(name, office)
    known = claim.hospital
    if known and not same_place(name, known) and plain_name(name) != plain_name(known):
        entry = office.hospitals.find(name)
        if entry is None or not entry.is_called(known):
            yield note('hospital_differs', 'hospital_name', name=name, expected=known)


def _listed(name: str, office: Office) -> Found:
    entry, least = office.hospitals.find(name), office.hospitals.least
    if entry is None:
        yield warn('hospital_unlisted', 'hospital_name', name=name)
    elif not entry.designated:
        yield warn('hospital_not_designated', 'hospital_name', name=name)
    elif entry.level is not HospitalLevel.UNKNOWN and entry.level < least:
        yield warn('hospital_level', 'hospital_name', name=name, level=label(entry.level), least=label(least))


def _lines(paper: Paper, claim: Claim, office: Office) -> Found:
    if paper.kind in MEDICAL:
        yield from _treatment(paper.items, claim, office)
    elif claim.line is Line.MOTOR and (paper.kind in INVOICE_KINDS or paper.kind is K.REPAIR_ESTIMATE):
        yield from _repair(paper.items, claim, office)


def _treatment(items: Sequence[str], claim: Claim, office: Office) -> Found:
    for number, item in enumerate(items):
        rule = worded(item, PaperSort.MEDICAL, claim.injury, office.rules.items)
        if rule is None:
            continue
        word = next(word for word in rule.words if word in item)
        place = f'{LINES}.{number}'
        if rule.unless and not claim.injury:
            yield note('item_words_unknown', place, item=item, rule=rule.name, word=word)
        else:
            yield warn('item_words', place, item=item, rule=rule.name, word=word)


def _repair(items: Sequence[str], claim: Claim, office: Office) -> Found:
    spots = damaged_spots(claim.impact, claim.damaged_parts)
    known = ''.join(claim.damaged_parts)
    for number, item in enumerate(items):
        place, name = f'{LINES}.{number}', _goods(item)
        rule = worded(name, PaperSort.REPAIR, known, office.rules.items)
        if rule is not None:
            word = next(word for word in rule.words if word in name)
            yield note('item_words', place, item=name, rule=rule.name, word=word)
        elif _part_in(name, claim.old_damage) and not _part_in(name, known):
            yield warn('item_old', place, item=name)
        elif outside_damage(name, spots) and not _part_in(name, known):
            damage = list(claim.damaged_parts) or [_(claim.impact)]
            yield warn('item_outside', place, item=name, damage=damage[:4])


def _goods(item: str) -> str:
    """The name of goods without the class in stars that stands before it on invoices: *汽车零件*前大灯."""
    return re.sub(r'^\*[^*]*\*', '', item).strip() or item


def _part_in(name: str, words: str) -> bool:
    plain = re.sub(r'(总成|更换|拆装|喷漆|钣金|修复|校正|\s)', '', name)
    return len(plain) >= 2 and plain in words


def _amount(paper: Paper, claim: Claim, _office: Office) -> Found:
    total = paper.money('total')
    if total is None or paper.kind not in BILLS or paper.kind is K.MEDICAL_LIST:
        return
    assessed: Decimal | None = None
    if paper.kind in MEDICAL:
        assessed = claim.assessed_medical
    elif claim.line is Line.MOTOR and (paper.kind in INVOICE_KINDS or paper.kind is K.REPAIR_ESTIMATE):
        assessed = claim.assessed_repair
    if assessed is not None and total > assessed:
        # Only what was assessed is paid: the difference is to be known, not to be stopped at.
        yield note('over_assessed', 'total', total=money_text(total), limit=money_text(assessed))
    elif assessed is None and claim.estimate is not None and total > claim.estimate:
        yield warn('over_estimate', 'total', total=money_text(total), limit=money_text(claim.estimate))


COMPARISONS: Sequence[Callable[[Paper, Claim, Office], Found]] = (
    _people, _buyer, _vehicle, _dates, _driving, _hospital, _lines, _amount,
)  # fmt: skip
