"""Network scanners: our own eSCL server answers our client, and SANE's AirScan driver finds it believable too."""

import io
import shutil
import subprocess
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from PIL import Image

from claimdesk.errors import Cancelled, InvalidInput, Unavailable
from claimdesk.scanning import Colour, PageSize, ScanOptions, Source, escl
from claimdesk.scanning.escl import EsclScanner, service_address
from claimdesk.scanning.escl_words import Capabilities, order
from tests.scanning.escl_server import EsclDevice, caps, escl_server

FEEDER = ScanOptions(100, source=Source.FEEDER)


@pytest.fixture
def device() -> Iterator[EsclDevice]:
    with escl_server(EsclDevice()) as served:
        yield served


def opened(page: bytes) -> Image.Image:
    return Image.open(io.BytesIO(page))


def test_a_device_says_what_it_can_do(device: EsclDevice) -> None:
    (found,) = EsclScanner(lambda _progress: {device.url: 'Copier (2nd floor)'}).devices()
    assert (found.name, found.label) == (device.url, 'Copier (2nd floor)')
    assert found.sources == (Source.GLASS, Source.FEEDER, Source.DUPLEX)
    assert found.resolutions == (100, 200, 300, 600)
    assert found.colours == (Colour.COLOUR, Colour.GREY)
    assert found.fits(PageSize.A4)
    assert not found.fits(PageSize.A3)


def test_a_typed_address_is_asked_too_and_a_dead_one_hides_nothing(device: EsclDevice) -> None:
    found = EsclScanner(None, (device.url, 'http://127.0.0.1:9/eSCL')).devices()
    assert [one.label for one in found] == ['ClaimDesk Test Scanner']


def test_every_sheet_of_the_feeder_comes_in_order(device: EsclDevice) -> None:
    pages = [opened(page) for page in EsclScanner().scan(device.url, FEEDER)]
    shades = [page.convert('L').getpixel((5, 5)) for page in pages]
    assert shades == pytest.approx([60, 80, 100], abs=2)
    assert device.deleted == []


def test_size_resolution_and_colour_are_asked_for(device: EsclDevice) -> None:
    options = ScanOptions(200, Colour.GREY, Source.DUPLEX, PageSize.A5)
    pages = [opened(page) for page in EsclScanner().scan(device.url, options)]
    assert [page.mode for page in pages] == ['L'] * 3
    assert pages[0].size == pytest.approx((148 / 25.4 * 200, 210 / 25.4 * 200), abs=2)
    assert '<scan:Duplex>true</scan:Duplex>' in device.orders[0]


def test_one_page_from_the_glass_and_the_job_is_ended(device: EsclDevice) -> None:
    (page,) = EsclScanner().scan(device.url, ScanOptions(100))
    assert opened(page).format == 'JPEG'
    assert device.deleted == ['/eSCL/ScanJobs/1']


@pytest.mark.parametrize(
    'fault, sentence',
    [
        ('ScannerAdfJam', 'jammed'),
        ('ScannerAdfMispick', 'jammed'),
        ('ScannerAdfHatchOpen', 'cover is open'),
        ('ScannerAdfMultipickDetected', 'several sheets'),
    ],
)
def test_what_goes_wrong_in_the_middle_keeps_the_pages_that_came(fault: str, sentence: str) -> None:
    with escl_server(EsclDevice(fault_after=2, fault=fault)) as device:
        pages = EsclScanner().scan(device.url, FEEDER)
        came = [next(pages), next(pages)]
        with pytest.raises(Unavailable, match=sentence) as caught:
            next(pages)
        assert len(came) == 2
        assert caught.value.advice
        assert device.deleted == ['/eSCL/ScanJobs/1']


def test_an_empty_feeder_is_said_before_anything_moves() -> None:
    with escl_server(EsclDevice(sheets=0)) as device:
        with pytest.raises(Unavailable, match='feeder is empty'):
            list(EsclScanner().scan(device.url, FEEDER))
        assert device.orders == []


def test_a_device_without_feeder_says_so() -> None:
    with escl_server(EsclDevice(feeder=False)) as device, pytest.raises(Unavailable, match='no document feeder'):
        list(EsclScanner().scan(device.url, FEEDER))


def test_without_duplex_one_side_is_scanned() -> None:
    with escl_server(EsclDevice(duplex=False, sheets=1)) as device:
        assert len(list(EsclScanner().scan(device.url, ScanOptions(100, source=Source.DUPLEX)))) == 1
        assert '<scan:Duplex>false</scan:Duplex>' in device.orders[0]


def test_a_device_that_is_not_ready_is_asked_again() -> None:
    with escl_server(EsclDevice(sheets=2, busy_first=1)) as device:
        assert len(list(EsclScanner(page_seconds=4).scan(device.url, FEEDER))) == 2


def test_a_device_that_is_never_ready_is_given_up() -> None:
    with escl_server(EsclDevice(busy_first=10_000)) as device, pytest.raises(Unavailable, match='does not answer'):
        list(EsclScanner(page_seconds=0.5).scan(device.url, FEEDER))


def test_a_device_that_hangs_is_given_up_and_can_be_cancelled() -> None:
    with escl_server(EsclDevice(hang=True)) as device:
        with pytest.raises(Unavailable, match='does not answer'):
            list(EsclScanner(page_seconds=0.5).scan(device.url, FEEDER))

        def cancel(done: int, total: int, sentence: str = '') -> None:
            if any('NextDocument' in one for one in device.requests):
                raise Cancelled

        device.requests.clear()
        with pytest.raises(Cancelled):
            list(EsclScanner(page_seconds=60).scan(device.url, FEEDER, cancel))
        assert device.deleted[-1:] == ['/eSCL/ScanJobs/2']


def test_leaving_in_the_middle_ends_the_job_at_the_device(device: EsclDevice) -> None:
    pages = EsclScanner().scan(device.url, FEEDER)
    assert len(list(islice(pages, 1))) == 1
    pages.close()  # type: ignore[attr-defined]
    assert device.deleted == ['/eSCL/ScanJobs/1']


def test_a_job_is_looked_for_only_at_the_device_itself() -> None:
    with escl_server(EsclDevice(sheets=1, foreign_location=True)) as device:
        assert len(list(EsclScanner().scan(device.url, FEEDER))) == 1


def test_nobody_there() -> None:
    with pytest.raises(Unavailable, match='not connected'):
        list(EsclScanner().scan('http://127.0.0.1:9/eSCL', FEEDER))


def test_a_page_beyond_all_measure_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(escl, 'MAX_PAGE_BYTES', 100_000)
    with (
        escl_server(EsclDevice(page_bytes=400_000)) as device,
        pytest.raises(Unavailable, match='more than a page can be'),
    ):
        list(EsclScanner().scan(device.url, FEEDER))


BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<ScannerCapabilities><MakeAndModel>&b;</MakeAndModel></ScannerCapabilities>"""
NO_ENCODING = b'<?xml version="1.0" encoding="U-F-8"?><a/>'


@pytest.mark.parametrize('answer', [b'', b'<html>Sign in</html>', BOMB, NO_ENCODING, b'<a', bytes(range(256))])
def test_what_is_no_scanner_is_refused_or_left_out(answer: bytes) -> None:
    with escl_server(EsclDevice(capabilities=answer)) as device:
        assert EsclScanner(None, (device.url,)).devices() == []
        with pytest.raises(Unavailable, match='refused'):
            list(EsclScanner().scan(device.url, FEEDER))


def test_makers_write_their_xml_differently() -> None:
    """A profile that is named once and referred to, a range of resolutions, another prefix, nothing about sizes."""
    profile = (
        '<s:SettingProfiles><s:SettingProfile name="p"><s:ColorModes><s:ColorMode>Grayscale8</s:ColorMode>'
        '</s:ColorModes><s:SupportedResolutions><s:ResolutionRange><s:XResolutionRange><s:Min>75</s:Min>'
        '<s:Max>300</s:Max></s:XResolutionRange></s:ResolutionRange></s:SupportedResolutions></s:SettingProfile>'
        '</s:SettingProfiles>'
    )
    body = (
        f'<s:ScannerCapabilities xmlns:s="http://schemas.hp.com/imaging/escl/2011/05/03">{profile}<s:Platen>'
        '<s:PlatenInputCaps><s:SettingProfiles><s:SettingProfile ref="p"/></s:SettingProfiles></s:PlatenInputCaps>'
        '</s:Platen></s:ScannerCapabilities>'
    ).encode()
    can = Capabilities.read(body)
    found = can.device('x')
    assert (found.sources, found.resolutions) == ((Source.GLASS,), (100, 150, 200, 300))
    assert (found.colours, found.widest) == ((Colour.GREY,), None)
    wanted = order(can, ScanOptions(600)).decode()
    assert '<scan:XResolution>300<' in wanted
    assert '<scan:ColorMode>Grayscale8<' in wanted
    assert f'<pwg:Width>{round(210 / 25.4 * 300)}<' in wanted


def test_strange_numbers_are_no_sizes() -> None:
    strange = caps('PlatenInputCaps', 200).replace('2550', '99999999999').replace('3508', '-4')
    body = f'<scan:ScannerCapabilities xmlns:scan="x" xmlns:pwg="y">{strange}</scan:ScannerCapabilities>'.encode()
    tray = Capabilities.read(body).trays[Source.GLASS]
    assert (tray.widest, tray.highest) == (0, 0)


@pytest.mark.parametrize(
    'typed, address',
    [
        (' 192.168.1.20 ', 'http://192.168.1.20/eSCL'),
        ('copier.local:8080', 'http://copier.local:8080/eSCL'),
        ('https://copier/', 'https://copier/eSCL'),
        ('http://copier/other/', 'http://copier/other'),
        ('[fd00::1]', 'http://[fd00::1]/eSCL'),
    ],
)
def test_addresses_as_people_type_them(typed: str, address: str) -> None:
    assert service_address(typed) == address


@pytest.mark.parametrize('typed', ['', '   ', 'ftp://copier', 'file:///etc/passwd', 'http://', 'a b', 'http://x:99999'])
def test_what_is_no_address(typed: str) -> None:
    with pytest.raises(InvalidInput, match='no address'):
        service_address(typed)


def airscan() -> str:
    """Why SANE's AirScan driver cannot be asked, or ''."""
    if shutil.which('scanimage') is None:
        return 'sane-utils is not installed'
    if not list(Path('/usr/lib').glob('*/sane/libsane-airscan.so*')):
        return 'sane-airscan is not installed'
    return ''


@pytest.mark.skipif(bool(airscan()), reason=airscan() or 'it is')
def test_the_airscan_driver_of_sane_takes_our_server_for_a_scanner(tmp_path: Path, device: EsclDevice) -> None:
    (tmp_path / 'dll.conf').write_text('airscan\n')
    (tmp_path / 'airscan.conf').write_text(
        f'[devices]\n"Office copier" = {device.url}, eSCL\n[options]\ndiscovery = disable\nws-discovery = off\n'
    )
    command = ['scanimage', '-d', 'airscan:e0:Office copier', '--source', 'ADF', '--resolution', '100', '--format=png']
    done = subprocess.run(
        [*command, f'--batch={tmp_path}/%d.png'],
        env={'PATH': '/usr/bin:/bin', 'SANE_CONFIG_DIR': str(tmp_path)}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    pages = sorted(tmp_path.glob('*.png'))
    assert len(pages) == 3, done.stderr
    shades = [Image.open(one).convert('L').getpixel((5, 5)) for one in pages]
    assert shades == pytest.approx([60, 80, 100], abs=2)
