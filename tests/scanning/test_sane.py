"""Scanning with SANE's own test scanner, and with programs that hang, crash or never end."""

import io
import os
import shutil
import stat
import time
from itertools import islice
from pathlib import Path

import pytest
from PIL import Image

from claimdesk.errors import Cancelled, Unavailable
from claimdesk.scanning import Colour, PageSize, ScannerBackend, ScanOptions, Source
from claimdesk.scanning.apart import Apart
from claimdesk.scanning.sane import SaneScanner
from claimdesk.scanning.sane_options import Choices, read_options
from claimdesk.scanning.scanner import nearest
from claimdesk.scanning.ways import python_sane

OFFICE_SCANNER = """
All options specific to device `net:copier':
  Standard:
    --source Flatbed|ADF Front|ADF Duplex [Flatbed]
        Selects the scan source (such as a document-feeder).
    --mode Lineart|Gray|Color [Gray]
        Selects the scan mode.
    --resolution 75|150|300|600dpi [75]
        Sets the resolution of the scanned image.
    --depth 8 [inactive]
  Geometry:
    -l 0..215.9mm [0]
    -x 0..215.9mm [215.9]
        Width of scan-area.
    -y 0..355.6mm (in steps of 1) [355.6]
"""


@pytest.fixture(params=['scanimage', 'python-sane'])
def scanner(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ScannerBackend:
    """SANE's virtual scanner, through the program and through the library."""
    (tmp_path / 'dll.conf').write_text('test\n')
    ends_with(tmp_path, 'Default')
    monkeypatch.setenv('SANE_CONFIG_DIR', str(tmp_path))
    if request.param == 'scanimage':
        if shutil.which('scanimage') is None:
            pytest.skip('sane-utils is not installed')
        return SaneScanner()
    pytest.importorskip('sane', reason='the extra scan (python-sane) is not installed')
    return Apart(python_sane, page_seconds=20)


def ends_with(folder: Path, status: str) -> None:
    """Reading a page of the virtual scanner ends with `status` from now on."""
    (folder / 'test.conf').write_text(
        f'number_of_devices 1\nmode Gray\nresolution 50.0\nread-status-code "{status}"\n'
    )


def program(folder: Path, body: str) -> SaneScanner:
    """A scanner whose program is the shell script `body`, after it has told that it has no options."""
    path = folder / 'scanimage'
    path.write_text(f'#!/bin/sh\ncase "$*" in *-A*) exit 0;; esac\n{body}\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return SaneScanner(str(path), page_seconds=1.0)


def test_the_scanners_that_answer_are_listed_with_what_they_can_do(scanner: ScannerBackend) -> None:
    (device,) = scanner.devices()
    assert (device.name, device.label) == ('test:0', 'Noname frontend-tester')
    assert device.sources == (Source.GLASS, Source.FEEDER)
    assert device.colours == (Colour.COLOUR, Colour.GREY)
    assert device.widest == 200
    assert 300 in device.resolutions


def test_one_page_from_the_glass_in_the_resolution_asked_for(scanner: ScannerBackend) -> None:
    (page,) = scanner.scan('test:0', ScanOptions(resolution=100))
    image = Image.open(io.BytesIO(page))
    assert (image.format, image.mode) == ('PNG', 'RGB')
    assert image.width == pytest.approx(80 / 25.4 * 100, abs=2)


def test_the_size_of_the_sheet_is_asked_for(scanner: ScannerBackend) -> None:
    for size, wide, high in ((PageSize.A5, 148, 200), (PageSize.A4, 200, 200)):  # the glass is 200 mm both ways
        (page,) = scanner.scan('test:0', ScanOptions(100, Colour.GREY, size=size))
        assert Image.open(io.BytesIO(page)).size == pytest.approx((wide / 25.4 * 100, high / 25.4 * 100), abs=4)


def test_every_sheet_of_the_feeder_comes_as_soon_as_it_is_there(scanner: ScannerBackend) -> None:
    said: list[str] = []
    options = ScanOptions(colour=Colour.GREY, source=Source.FEEDER)
    pages = scanner.scan('test:0', options, lambda done, total, sentence='': said.append(sentence))
    assert [Image.open(io.BytesIO(page)).mode for page in pages] == ['L'] * 10
    assert 'Scanning page 2…' in said


@pytest.mark.parametrize('source', [Source.GLASS, Source.FEEDER])
@pytest.mark.parametrize(
    'status, sentence',
    [
        ('SANE_STATUS_JAMMED', 'jammed'),
        ('SANE_STATUS_COVER_OPEN', 'cover is open'),
        ('SANE_STATUS_NO_DOCS', 'feeder is empty'),
        ('SANE_STATUS_DEVICE_BUSY', 'busy'),
        ('SANE_STATUS_IO_ERROR', 'broke off'),
        ('SANE_STATUS_ACCESS_DENIED', 'may not use'),
        ('SANE_STATUS_EOF', 'stopped unexpectedly|refused|does not answer'),
    ],
)
def test_what_goes_wrong_at_the_scanner_is_said_with_advice(
    scanner: ScannerBackend, tmp_path: Path, status: str, sentence: str, source: Source
) -> None:
    ends_with(tmp_path, status)
    with pytest.raises(Unavailable, match=sentence) as caught:
        list(scanner.scan('test:0', ScanOptions(source=source)))
    assert caught.value.advice


def test_a_scanner_that_is_gone(scanner: ScannerBackend) -> None:
    with pytest.raises(Unavailable, match='test:9 is not connected'):
        list(scanner.scan('test:9', ScanOptions()))


def test_no_scanner_at_all_is_an_empty_list(scanner: ScannerBackend, tmp_path: Path) -> None:
    (tmp_path / 'dll.conf').write_text('')
    assert scanner.devices() == []


def test_without_the_program_it_is_said_what_to_install() -> None:
    with pytest.raises(Unavailable, match='not installed') as caught:
        SaneScanner('no-such-scanimage').devices()
    assert 'sane-utils' in caught.value.advice


def test_a_driver_that_hangs_is_ended(tmp_path: Path) -> None:
    scanner = program(tmp_path, f'echo $$ > {tmp_path}/pid; trap "" TERM; sleep 60 & wait; wait')
    with pytest.raises(Unavailable, match='does not answer'):
        list(scanner.scan('any', ScanOptions()))
    assert not alive(tmp_path / 'pid')


def test_a_driver_that_crashes(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match='stopped unexpectedly'):
        list(program(tmp_path, 'kill -SEGV $$').scan('any', ScanOptions()))


def test_cancelling_ends_the_driver(tmp_path: Path) -> None:
    scanner = program(tmp_path, f'echo $$ > {tmp_path}/pid; sleep 60')

    def progress(done: int, total: int, sentence: str = '') -> None:
        if (tmp_path / 'pid').exists():
            raise Cancelled

    with pytest.raises(Cancelled):
        list(scanner.scan('any', ScanOptions(), progress))
    assert not alive(tmp_path / 'pid')


def test_leaving_in_the_middle_stops_the_feeder_and_leaves_no_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / 'temporary'
    temporary.mkdir()
    monkeypatch.setattr('tempfile.tempdir', str(temporary))
    endless = """
for a in "$@"; do case "$a" in --batch=*) form=${a#--batch=};; esac; done
n=1
while true; do out=$(echo "$form" | sed "s/%d/$n/"); echo page > "$out"; echo "$out"; n=$((n+1)); sleep 0.02; done
"""
    pages = program(tmp_path, f'echo $$ > {tmp_path}/pid\n{endless}').scan('any', ScanOptions(source=Source.FEEDER))
    assert list(islice(pages, 3)) == [b'page\n'] * 3
    pages.close()  # type: ignore[attr-defined]
    assert not alive(tmp_path / 'pid')
    assert list(temporary.iterdir()) == []


def test_an_unknown_complaint_is_passed_on(tmp_path: Path) -> None:
    scanner = program(tmp_path, 'echo "scanimage: rounded value of br-x" >&2; exit 4')
    with pytest.raises(Unavailable, match='refused: rounded value of br-x'):
        list(scanner.scan('any', ScanOptions()))


def test_choices_of_an_office_scanner() -> None:
    choices = read_options(OFFICE_SCANNER)
    assert choices.sources == ('Flatbed', 'ADF Front', 'ADF Duplex')
    assert choices.modes == ('Lineart', 'Gray', 'Color')
    assert (choices.resolutions, choices.area) == ((75, 150, 300, 600), (215.9, 355.6))
    assert [choices.source(one) for one in Source] == ['Flatbed', 'ADF Front', 'ADF Duplex']
    assert [choices.mode(one) for one in Colour] == ['Color', 'Gray', 'Lineart']
    assert [nearest(choices.resolutions, dpi) for dpi in (200, 225, 1200)] == [150, 300, 600]
    assert choices.sheet(ScanOptions(size=PageSize.A3)) == (215.9, 355.6)
    assert choices.sheet(ScanOptions()) is None
    device = choices.device('net:copier', 'Copier')
    assert device.sources == tuple(Source)
    assert device.colours == tuple(Colour)
    assert [size for size in PageSize if not device.fits(size)] == [PageSize.A3]


@pytest.mark.parametrize(
    'line, sides',
    [
        ('--adf-mode Simplex|Duplex [Simplex]', ('adf-mode', 'Simplex', 'Duplex')),
        ('--duplex[=(yes|no)] [no]', ('duplex', 'no', 'yes')),
        ('--adf-mode Simplex|Duplex [inactive]', None),
    ],
)
def test_the_second_side_has_many_names(line: str, sides: tuple[str, str, str] | None) -> None:
    choices = read_options(f'    --source Flatbed|ADF [ADF]\n    {line}\n')
    assert choices.sides == sides
    assert (Source.DUPLEX in choices.device('x', 'y').sources) == (sides is not None)
    if sides is not None:
        assert choices.settings(ScanOptions(source=Source.DUPLEX))[sides[0]] == sides[2]
        assert choices.settings(ScanOptions(source=Source.FEEDER))[sides[0]] == sides[1]
        assert sides[0] not in choices.settings(ScanOptions())


def test_a_scanner_with_nothing_but_a_glass_has_no_feeder() -> None:
    with pytest.raises(Unavailable, match='no document feeder'):
        Choices(('Flatbed',)).source(Source.FEEDER)
    assert Choices().source(Source.FEEDER) is None


def alive(file: Path) -> bool:
    number = int(file.read_text())
    for _attempt in range(20):
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.05)
    return True
