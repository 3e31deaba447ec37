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
from claimdesk.scanning import ScanOptions, local_scanner
from claimdesk.scanning.sane import Choices, SaneScanner, read_options
from claimdesk.scanning.scanner import NoScanner

needs_sane = pytest.mark.skipif(shutil.which('scanimage') is None, reason='sane-utils is not installed')

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
"""


def sane_test_scanner(folder: Path, status: str = 'Default') -> SaneScanner:
    """SANE's virtual scanner, whose reading ends with `status`."""
    (folder / 'dll.conf').write_text('test\n')
    (folder / 'test.conf').write_text(
        f'number_of_devices 1\nmode Gray\nresolution 50.0\nread-status-code "{status}"\n'
    )
    return SaneScanner(environment={'SANE_CONFIG_DIR': str(folder)})


def program(folder: Path, body: str) -> SaneScanner:
    """A scanner whose program is the shell script `body`, after it has told that it has no options."""
    path = folder / 'scanimage'
    path.write_text(f'#!/bin/sh\ncase "$*" in *-A*) exit 0;; esac\n{body}\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return SaneScanner(str(path), page_seconds=1.0)


@needs_sane
def test_the_scanners_that_answer_are_listed_with_what_they_can_do(tmp_path: Path) -> None:
    (device,) = sane_test_scanner(tmp_path).devices()
    assert (device.name, device.label) == ('test:0', 'Noname frontend-tester')
    assert device.sources == ('Flatbed', 'Automatic Document Feeder')
    assert 300 in device.resolutions


@needs_sane
def test_one_page_from_the_glass_in_the_resolution_asked_for(tmp_path: Path) -> None:
    (page,) = sane_test_scanner(tmp_path).scan('test:0', ScanOptions(resolution=100, colour=True))
    image = Image.open(io.BytesIO(page))
    assert (image.format, image.mode) == ('PNG', 'RGB')
    assert image.width == pytest.approx(80 / 25.4 * 100, abs=2)


@needs_sane
def test_every_sheet_of_the_feeder_comes_as_soon_as_it_is_there(tmp_path: Path) -> None:
    said: list[str] = []
    pages = sane_test_scanner(tmp_path).scan(
        'test:0', ScanOptions(feeder=True, colour=False), lambda done, total, sentence='': said.append(sentence)
    )
    assert [Image.open(io.BytesIO(page)).mode for page in pages] == ['L'] * 10
    assert 'Scanning page 2…' in said


@needs_sane
@pytest.mark.parametrize('feeder', [False, True])
@pytest.mark.parametrize(
    'status, sentence',
    [
        ('SANE_STATUS_JAMMED', 'jammed'),
        ('SANE_STATUS_COVER_OPEN', 'cover is open'),
        ('SANE_STATUS_NO_DOCS', 'feeder is empty'),
        ('SANE_STATUS_DEVICE_BUSY', 'busy'),
        ('SANE_STATUS_IO_ERROR', 'broke off'),
        ('SANE_STATUS_ACCESS_DENIED', 'may not use'),
        ('SANE_STATUS_EOF', 'stopped unexpectedly'),
    ],
)
def test_what_goes_wrong_at_the_scanner_is_said_with_advice(
    tmp_path: Path, status: str, sentence: str, feeder: bool
) -> None:
    with pytest.raises(Unavailable, match=sentence) as caught:
        list(sane_test_scanner(tmp_path, status).scan('test:0', ScanOptions(feeder=feeder)))
    assert caught.value.advice


@needs_sane
def test_a_scanner_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match='test:9 is not connected'):
        list(sane_test_scanner(tmp_path).scan('test:9', ScanOptions()))


@needs_sane
def test_no_scanner_at_all_is_an_empty_list(tmp_path: Path) -> None:
    (tmp_path / 'dll.conf').write_text('')
    assert SaneScanner(environment={'SANE_CONFIG_DIR': str(tmp_path)}).devices() == []


def test_without_the_program_it_is_said_what_to_install() -> None:
    with pytest.raises(Unavailable, match='not installed') as caught:
        SaneScanner('no-such-scanimage').devices()
    assert 'sane-utils' in caught.value.advice


def test_on_windows_the_watched_folder_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('sys.platform', 'win32')
    scanner = local_scanner()
    assert isinstance(scanner, NoScanner)
    with pytest.raises(Unavailable) as caught:
        scanner.devices()
    assert 'watched folder' in caught.value.advice
    with pytest.raises(Unavailable, match='Linux only'):
        scanner.scan('any', ScanOptions())


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
    pages = program(tmp_path, f'echo $$ > {tmp_path}/pid\n{endless}').scan('any', ScanOptions(feeder=True))
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
    assert choices == Choices(('Flatbed', 'ADF Front', 'ADF Duplex'), ('Lineart', 'Gray', 'Color'), (75, 150, 300, 600))
    assert (choices.source(True), choices.source(False)) == ('ADF Front', 'Flatbed')
    assert (choices.mode(True), choices.mode(False)) == ('Color', 'Gray')
    assert (choices.resolution(200), choices.resolution(225)) == (150, 300)


def test_a_scanner_with_nothing_but_a_glass_has_no_feeder() -> None:
    with pytest.raises(Unavailable, match='no document feeder'):
        Choices(('Flatbed',)).source(True)
    assert Choices().source(True) is None


def alive(file: Path) -> bool:
    number = int(file.read_text())
    for _attempt in range(20):
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.05)
    return True
