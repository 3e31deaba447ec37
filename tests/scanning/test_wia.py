"""Windows Image Acquisition, tried on an object that behaves as it is documented."""

import io

import pytest
from PIL import Image

from claimdesk.errors import Unavailable
from claimdesk.scanning import Colour, PageSize, ScanOptions, Source
from claimdesk.scanning.wia import ACROSS, HANDLING, HIGH, INTENT, WIDE, WiaScanner
from tests.scanning.fake_wia import DeviceManager, Info, Scanner

FEED = ScanOptions(source=Source.FEEDER)


def wia(scanner: Scanner | None) -> WiaScanner:
    return WiaScanner(DeviceManager(Info('camera', 'A camera', None, kind=2), Info('{1}', 'Canon DR', scanner)))


def test_scanners_are_listed_and_cameras_are_not() -> None:
    (found,) = wia(Scanner()).devices()
    assert (found.name, found.label, found.sources) == ('{1}', 'Canon DR', tuple(Source))
    assert found.resolutions == (100, 200, 600)
    assert found.fits(PageSize.A4)
    assert not found.fits(PageSize.A3)


def test_one_that_is_asleep_may_still_be_chosen() -> None:
    (found,) = wia(None).devices()
    assert found.label == 'Canon DR'
    with pytest.raises(Unavailable, match='does not answer'):
        list(wia(None).scan('{1}', FEED))


@pytest.mark.parametrize(
    'handles, sources', [(2, [Source.GLASS]), (1, [Source.FEEDER]), (3, [Source.GLASS, Source.FEEDER])]
)
def test_what_it_handles_is_what_is_offered(handles: int, sources: list[Source]) -> None:
    (found,) = wia(Scanner(handles=handles)).devices()
    assert list(found.sources) == sources


def test_every_sheet_of_the_feeder_comes_as_png() -> None:
    scanner = Scanner(sheets=3)
    pages = [Image.open(io.BytesIO(page)) for page in wia(scanner).scan('{1}', FEED)]
    assert [(page.format, page.getpixel((0, 0))) for page in pages] == [('PNG', 1), ('PNG', 2), ('PNG', 3)]
    assert scanner.value(HANDLING) == 1


def test_a_driver_that_knows_only_bitmaps() -> None:
    pages = list(wia(Scanner(sheets=2, bitmaps=True)).scan('{1}', FEED))
    assert [Image.open(io.BytesIO(page)).format for page in pages] == ['PNG', 'PNG']


def test_what_is_wanted_is_set() -> None:
    scanner = Scanner(sheets=5)
    (_page,) = wia(scanner).scan('{1}', ScanOptions(150, Colour.GREY, Source.GLASS, PageSize.A5))
    item = scanner.item
    assert (item.value(ACROSS), item.value(INTENT), scanner.value(HANDLING)) == (200, 2, 2)
    assert (item.value(WIDE), item.value(HIGH)) == (round(148 / 25.4 * 200), round(210 / 25.4 * 200))
    list(wia(scanner).scan('{1}', ScanOptions(source=Source.DUPLEX, size=PageSize.A3)))
    assert scanner.value(HANDLING) == 5
    assert item.value(WIDE) == round(8.5 * 200)


@pytest.mark.parametrize(
    'code, sentence',
    [
        (0x80210002, 'jammed'),
        (0x80210003, 'feeder is empty'),
        (0x80210005, 'does not answer'),
        (0x80210006, 'busy'),
        (0x8021000A, 'broke off'),
        (0x80210016, 'cover is open'),
        (0x80210020, 'several sheets'),
        (0x80070005, 'may not use'),
        (0x80004005, 'refused: said by the driver'),
    ],
)
def test_what_goes_wrong_is_said_with_advice(code: int, sentence: str) -> None:
    with pytest.raises(Unavailable, match=sentence) as caught:
        list(wia(Scanner(sheets=3, fails=(0, code))).scan('{1}', FEED))
    assert caught.value.advice


def test_a_jam_in_the_middle_keeps_what_came() -> None:
    pages = wia(Scanner(sheets=3, fails=(2, 0x80210002))).scan('{1}', FEED)
    assert [len(next(pages)) > 0, len(next(pages)) > 0] == [True, True]
    with pytest.raises(Unavailable, match='jammed'):
        next(pages)


def test_a_glass_alone_has_no_feeder_and_a_scanner_may_be_gone() -> None:
    with pytest.raises(Unavailable, match='no document feeder'):
        list(wia(Scanner(handles=2)).scan('{1}', FEED))
    with pytest.raises(Unavailable, match='not connected'):
        list(wia(Scanner()).scan('{2}', FEED))
