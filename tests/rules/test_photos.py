"""What about a photo should be looked at, by tables of examples: times, origin, plates, sharpness, distance."""

import datetime as dt
from dataclasses import replace

import pytest

from claimdesk.rules.photos import (
    SERIOUS,
    Flag,
    Known,
    Measures,
    PhotoClaim,
    PlateMatch,
    PlateRead,
    far_from_others,
    flags_of,
    match_plates,
    metres_between,
)

LOSS = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)
NOW = LOSS + dt.timedelta(days=60)
KNOWN = Known(LOSS, NOW, ('苏E8K318', '浙A12345'))
GOOD = PhotoClaim(LOSS + dt.timedelta(hours=1), None, has_place=True, edited=False, measures=Measures(300, 5, 1))


def read(*texts: str, confidence: float = 0.97) -> tuple[PlateRead, ...]:
    return tuple(PlateRead(text, confidence) for text in texts)


def test_a_good_photo_says_nothing() -> None:
    assert flags_of(GOOD, KNOWN) == ()


@pytest.mark.parametrize(
    ('changes', 'flag'),
    [
        ({'taken_at': None}, Flag.NO_TIME),
        ({'taken_at': LOSS - dt.timedelta(minutes=11)}, Flag.BEFORE_LOSS),
        ({'taken_at': LOSS + dt.timedelta(days=31)}, Flag.LONG_AFTER),
        ({'taken_at': NOW + dt.timedelta(minutes=11)}, Flag.IN_THE_FUTURE),
        ({'saved_at': LOSS + dt.timedelta(hours=2)}, Flag.SAVED_LATER),
        ({'has_place': False}, Flag.NO_PLACE),
        ({'edited': True}, Flag.EDITED),
        ({'made': True}, Flag.MADE),
        ({'metres': 5_001.0}, Flag.FAR_AWAY),
        ({'measures': Measures(24, 5, 1)}, Flag.BLURRED),
        ({'measures': Measures(10, 60, 0)}, Flag.TOO_DARK),
        ({'measures': Measures(300, 0, 50)}, Flag.TOO_BRIGHT),
        ({'measures': Measures(300, 5, 1, read('苏E11111'))}, Flag.OTHER_PLATE),
        ({'measures': Measures(300, 5, 1, read('?E11111'))}, Flag.UNSURE_PLATE),
    ],
)
def test_each_thing_to_look_at_is_said(changes: dict[str, object], flag: Flag) -> None:
    assert flags_of(replace(GOOD, **changes), KNOWN) == (flag,)  # type: ignore[arg-type]


def test_other_cases_are_serious_and_come_first() -> None:
    known = replace(KNOWN, other_cases=('CY2026-000002',), like_cases=('CY2026-000003',))
    found = flags_of(replace(GOOD, has_place=False), known)
    assert found == (Flag.OTHER_CASE, Flag.LOOKS_LIKE, Flag.NO_PLACE)
    assert set(found[:2]) <= SERIOUS


def test_what_nobody_has_measured_is_not_judged() -> None:
    assert flags_of(replace(GOOD, measures=None), KNOWN) == ()


@pytest.mark.parametrize(
    ('plates', 'match', 'said'),
    [
        ((), PlateMatch.NONE, ''),
        (read('苏E8K318'), PlateMatch.SAME, '苏E8K318'),
        (read('苏E8K318', confidence=0.6), PlateMatch.SAME, '苏E8K318'),
        (read('沪C99999', '浙A12345'), PlateMatch.SAME, '浙A12345'),
        (read('沪C99999'), PlateMatch.OTHER, '沪C99999'),
        (read('沪C99999', confidence=0.7), PlateMatch.UNSURE, '沪C99999'),
        (read('?E8K318'), PlateMatch.UNSURE, '?E8K318'),
        (read('苏EBK318'), PlateMatch.UNSURE, '苏EBK318'),
        (read('沪C99999', '?C11111'), PlateMatch.UNSURE, '?C11111'),
    ],
)
def test_plates_are_compared_and_an_unsure_one_accuses_nobody(
    plates: tuple[PlateRead, ...], match: PlateMatch, said: str
) -> None:
    assert match_plates(plates, KNOWN.vehicles) == (match, said)


def test_without_vehicles_no_plate_says_anything() -> None:
    assert match_plates(read('沪C99999'), ()) == (PlateMatch.NONE, '')


def test_the_way_between_two_places() -> None:
    suzhou, shanghai = (31.2983, 120.5853), (31.2304, 121.4737)
    assert metres_between(suzhou, shanghai) == pytest.approx(84_800, rel=0.01)
    assert metres_between(suzhou, suzhou) == 0
    assert far_from_others(shanghai, [suzhou, suzhou, suzhou]) == pytest.approx(84_800, rel=0.01)
    assert far_from_others(suzhou, [suzhou, suzhou, shanghai]) == 0
    assert far_from_others(suzhou, [shanghai]) is None
    assert far_from_others(None, [suzhou, suzhou]) is None
