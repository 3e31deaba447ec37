"""`claimdesk scan`: scanners are listed, pages are written as they come, and what is wrong is said."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from claimdesk import cli
from claimdesk.scanning import ScanOptions, Source
from claimdesk.scanning.remembered import FILE_NAME, Profile, Remembered
from claimdesk.scanning.ways import Ways
from claimdesk.settings import Settings
from tests.scanning.escl_server import EsclDevice, escl_server


@pytest.fixture
def device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EsclDevice]:
    """A network scanner whose address this computer remembers, and no other way to scan."""
    monkeypatch.setattr('claimdesk.scanning.remembered.settings_folder', lambda: tmp_path)
    monkeypatch.setattr('claimdesk.settings.settings_folder', lambda: tmp_path)
    monkeypatch.setattr('claimdesk.scanning.ways.find_spec', lambda _name: None)
    monkeypatch.setattr('shutil.which', lambda _name: None)
    with escl_server(EsclDevice(sheets=2)) as served:
        Remembered(tmp_path / FILE_NAME).keep_address(served.url)
        yield served


def run(*words: str) -> int:
    return cli.main(['--language', 'en', *words], open_desk=lambda _args: 0, run_demo=lambda _args: 0)


def test_scanners_are_listed(device: EsclDevice, capsys: pytest.CaptureFixture[str]) -> None:
    assert run('scan') == 0
    name, label, offered = capsys.readouterr().out.strip().split('\t')
    assert (name, label) == (f'escl:{device.url}', 'ClaimDesk Test Scanner')
    assert offered.split()[:3] == ['glass', 'feeder', 'duplex']


def test_pages_are_written_as_they_come_and_never_over_others(
    device: EsclDevice, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Remembered(tmp_path / FILE_NAME).keep_profile(Profile('Feeder', ScanOptions(100, source=Source.FEEDER)))
    out = tmp_path / 'out'
    out.mkdir()
    (out / 'page-0001.jpg').write_bytes(b'older')
    assert run('scan', '--out', str(out), '--scanner', f'escl:{device.url}', '--profile', 'Feeder') == 0
    assert sorted(path.name for path in out.iterdir()) == ['page-0001.jpg', 'page-0002.jpg', 'page-0003.jpg']
    assert (out / 'page-0001.jpg').read_bytes() == b'older'
    printed = capsys.readouterr()
    assert printed.out.split() == [str(out / 'page-0002.jpg'), str(out / 'page-0003.jpg')]
    assert '2 pages' in printed.err


def test_the_scanner_used_last_needs_no_name(device: EsclDevice, tmp_path: Path) -> None:
    Settings.load(tmp_path / 'settings.json').change_file(scanner=f'escl:{device.url}')
    assert run('scan', '--out', str(tmp_path / 'out')) == 0
    assert len(list((tmp_path / 'out').iterdir())) == 1


@pytest.mark.parametrize(
    'words, sentence',
    [
        ((), 'No scanner is named'),
        (('--scanner', 'gone:x'), 'not connected'),
        (('--scanner', 'gone:x', '--profile', 'none'), 'no profile “none”'),
    ],
)
def test_what_is_wrong_is_said(
    device: EsclDevice, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], sentence: str
) -> None:
    assert run('scan', '--out', str(tmp_path / 'out'), *words) == 1
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / 'out').exists()


def test_no_scanner_at_all(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr('claimdesk.scanning.local_scanners', lambda: Ways({}))
    assert run('scan') == 1
    assert 'No scanner answers.' in capsys.readouterr().err
