"""Every way to scanners as one, and what a workstation remembers about them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from claimdesk.errors import InvalidInput, Unavailable
from claimdesk.progress import Progress, quiet
from claimdesk.scanning import Colour, Device, PageSize, ScanOptions, Source, local_scanners
from claimdesk.scanning.remembered import MOST_PROFILES, Profile, Remembered
from claimdesk.scanning.ways import Ways


class Way:
    def __init__(self, *devices: Device, fails: str = '') -> None:
        self._devices, self._fails = devices, fails

    def devices(self, progress: Progress = quiet) -> list[Device]:
        if self._fails:
            raise Unavailable(self._fails, 'Do something.')
        return list(self._devices)

    def scan(self, device: str, options: ScanOptions, progress: Progress = quiet) -> Iterator[bytes]:
        yield f'{device} {options.resolution}'.encode()


def test_a_device_is_found_again_on_its_own_way() -> None:
    ways = Ways({'escl': Way(Device('http://a/eSCL', 'A')), 'sane': Way(Device('test:0', 'B'))})
    assert [one.name for one in ways.devices()] == ['escl:http://a/eSCL', 'sane:test:0']
    assert list(ways.scan('sane:test:0', ScanOptions(300))) == [b'test:0 300']
    assert list(ways.scan('escl:http://a/eSCL', ScanOptions())) == [b'http://a/eSCL 200']
    with pytest.raises(Unavailable, match='not connected'):
        ways.scan('gone:x', ScanOptions())


def test_one_way_that_fails_hides_none_of_the_others() -> None:
    broken = Way(fails='SANE is not installed.')
    assert len(Ways({'sane': broken, 'escl': Way(Device('a', 'A'))}).devices()) == 1
    with pytest.raises(Unavailable, match='SANE is not installed'):
        Ways({'escl': Way(), 'sane': broken}).devices()
    assert Ways({'escl': Way()}).devices() == []


def test_a_network_scanner_that_sane_drives_as_well_is_shown_once() -> None:
    sane = Way(Device('airscan:e0:Copier', 'eSCL Copier'), Device('airscan:e1:Other', 'eSCL Other'))
    ways = Ways({'escl': Way(Device('http://a/eSCL', 'Copier (2nd floor)')), 'sane': sane})
    assert [one.label for one in ways.devices()] == ['Copier (2nd floor)', 'eSCL Other']


@pytest.mark.parametrize('platform, way', [('win32', 'wia'), ('linux', 'sane'), ('darwin', 'sane')])
def test_each_system_has_its_ways(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, way: str) -> None:
    monkeypatch.setattr('claimdesk.scanning.ways.sys.platform', platform)
    assert list(local_scanners(Remembered(tmp_path / 'none.json'))._ways) == ['escl', way]


@pytest.fixture
def remembered(tmp_path: Path) -> Remembered:
    return Remembered(tmp_path / 'settings' / 'scanning.json')


RECEIPTS = Profile('Receipts', ScanOptions(300, Colour.GREY, Source.DUPLEX, PageSize.A5), as_one=True)


def test_profiles_are_kept_replaced_and_forgotten(remembered: Remembered) -> None:
    assert remembered.profiles() == ()
    remembered.keep_profile(RECEIPTS)
    remembered.keep_profile(Profile('  all \n colours ', ScanOptions()))
    assert [one.name for one in remembered.profiles()] == ['all colours', 'Receipts']
    assert remembered.profiles()[1] == RECEIPTS
    remembered.keep_profile(Profile('Receipts', ScanOptions(150)))
    assert [one.options.resolution for one in remembered.profiles()] == [200, 150]
    remembered.forget_profile('Receipts')
    remembered.forget_profile('Receipts')
    assert [one.name for one in remembered.profiles()] == ['all colours']


def test_a_profile_needs_a_name_and_there_are_not_endlessly_many(remembered: Remembered) -> None:
    for name in ('', '  ', 'x' * 41):
        with pytest.raises(InvalidInput, match='needs a name'):
            remembered.keep_profile(Profile(name, ScanOptions()))
    for number in range(MOST_PROFILES):
        remembered.keep_profile(Profile(f'{number}', ScanOptions()))
    with pytest.raises(InvalidInput, match='at most'):
        remembered.keep_profile(RECEIPTS)


def test_addresses_are_kept_the_latest_first_and_apart_from_profiles(remembered: Remembered) -> None:
    remembered.keep_profile(RECEIPTS)
    for address in ('http://a/eSCL', 'http://b/eSCL', 'http://a/eSCL'):
        remembered.keep_address(address)
    assert remembered.addresses() == ('http://a/eSCL', 'http://b/eSCL')
    remembered.forget_address('http://a/eSCL')
    assert remembered.addresses() == ('http://b/eSCL',)
    assert remembered.profiles() == (RECEIPTS,)


@pytest.mark.parametrize(
    'text',
    ['', 'no json', '[1]', '{"profiles": 7, "addresses": {}}', '{"profiles": [1, {"name": "x"}], "addresses": [5]}'],
)
def test_a_damaged_file_remembers_nothing_and_is_replaced(remembered: Remembered, text: str) -> None:
    remembered._path.parent.mkdir()
    remembered._path.write_text(text)
    assert (remembered.profiles(), remembered.addresses()) == ((), ())
    remembered.keep_profile(RECEIPTS)
    assert remembered.profiles() == (RECEIPTS,)
