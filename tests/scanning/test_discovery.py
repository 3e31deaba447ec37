"""Looking for network scanners: devices that really announce themselves on this computer's network."""

import socket
from collections.abc import Iterator

import pytest

from claimdesk.errors import Cancelled

zeroconf = pytest.importorskip('zeroconf')

from claimdesk.scanning.discovery import PLAIN, SECURE, address_of, label_of, look_around  # noqa: E402


def announced(name: str, kind: str = PLAIN, *, host: str = '', port: int = 8080, **said: str) -> 'zeroconf.ServiceInfo':
    return zeroconf.ServiceInfo(
        kind, f'{name}.{kind}', port, addresses=[socket.inet_aton('127.0.0.1')], properties=said,
        server=f'{host or name}.local.',
    )  # fmt: skip


@pytest.fixture
def network() -> Iterator['zeroconf.Zeroconf']:
    network = zeroconf.Zeroconf()
    yield network
    network.close()


def test_devices_that_announce_themselves_are_found_once(network: 'zeroconf.Zeroconf') -> None:
    for info in (
        announced('claimdesk-copier', rs='eSCL', ty='Office Copier 9000', note='2nd floor'),
        announced('claimdesk-copier', SECURE, port=443, rs='eSCL', ty='Office Copier 9000'),
        announced('claimdesk-old', rs='/scan/'),
        announced('claimdesk-safe', SECURE, port=443),
    ):
        network.register_service(info)
    found = {address: label for address, label in look_around().items() if '127.0.0.1' in address}
    if not found:
        pytest.skip('no multicast on this computer')
    assert found == {
        'http://127.0.0.1:8080/eSCL': 'Office Copier 9000 (2nd floor)',
        'http://127.0.0.1:8080/scan': 'claimdesk-old',
        'https://127.0.0.1:443/eSCL': 'claimdesk-safe',
    }


def test_looking_can_be_cancelled_and_leaves_no_thread() -> None:
    def progress(done: int, total: int, sentence: str = '') -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        look_around(progress)


def test_where_there_is_no_network_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_arguments: object) -> None:
        raise OSError('no network')

    monkeypatch.setattr('zeroconf.Zeroconf', none)
    assert look_around() == {}


def test_what_a_device_says_about_itself_is_not_believed_blindly() -> None:
    rude = announced('x', ty='a\nb\x00' + 'c' * 200)
    assert label_of(rude, 'x') == 'ab' + 'c' * 118
    assert label_of(None, 'name') == 'name'
    nowhere = zeroconf.ServiceInfo(PLAIN, f'y.{PLAIN}', 80, addresses=[], server='y.local.')
    assert address_of(nowhere, secure=False) == ''
    assert address_of(announced('z', port=0), secure=False) == ''
    sixth = zeroconf.ServiceInfo(
        PLAIN, f'q.{PLAIN}', 80, addresses=[socket.inet_pton(socket.AF_INET6, 'fd00::5')], server='q.local.'
    )
    assert address_of(sixth, secure=False) == 'http://[fd00::5]:80/eSCL'
