"""All ways to the scanners of this workstation as one: SANE, Windows Image Acquisition, and the network."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from importlib.util import find_spec

from claimdesk.errors import Unavailable
from claimdesk.language import _
from claimdesk.progress import Progress, quiet
from claimdesk.scanning import conditions
from claimdesk.scanning.apart import Apart
from claimdesk.scanning.escl import EsclScanner, service_address
from claimdesk.scanning.remembered import Remembered
from claimdesk.scanning.scanner import Device, ScannerBackend, ScanOptions

NETWORK = 'escl'


class Ways:
    """Several ways as one `ScannerBackend`: a device is known by its way and its name there, as in `sane:test:0`."""

    def __init__(self, ways: Mapping[str, ScannerBackend]) -> None:
        self._ways = dict(ways)

    def devices(self, progress: Progress = quiet) -> list[Device]:
        """The scanners that answer on any way; one way that fails hides none of the others.

        Raises `Unavailable` when no scanner was found and a way could not look, and `Cancelled`.
        """
        found: list[Device] = []
        refusal: Unavailable | None = None
        for way, backend in self._ways.items():
            try:
                found += [replace(one, name=f'{way}:{one.name}') for one in backend.devices(progress)]
            except Unavailable as error:
                refusal = refusal or error
        if not found and refusal is not None:
            raise refusal
        return _once(found)

    def scan(self, device: str, options: ScanOptions, progress: Progress = quiet) -> Iterator[bytes]:
        """Each page as a picture file. Raises `Unavailable` and `Cancelled`."""
        way, _colon, name = device.partition(':')
        backend = self._ways.get(way)
        if backend is None:
            raise conditions.not_connected(device)
        return backend.scan(name, options, progress)


def local_scanners(remembered: Remembered | None = None) -> Ways:
    """The scanners of this workstation and its network."""
    ways: dict[str, ScannerBackend] = {NETWORK: Apart(partial(network, (remembered or Remembered()).addresses()))}
    if sys.platform == 'win32':
        ways['wia'] = Apart(windows)
    elif find_spec('_sane') is not None:
        ways['sane'] = Apart(python_sane)
    else:
        from claimdesk.scanning.sane import SaneScanner

        ways['sane'] = SaneScanner()
    return Ways(ways)


def add_network_scanner(typed: str, remembered: Remembered, progress: Progress = quiet) -> Device:
    """Ask the scanner at the typed address, and remember it on this computer if it answers.

    Raises `InvalidInput` for what is no address, `Unavailable` when nothing there speaks eSCL, and `Cancelled`.
    """
    address = service_address(typed)
    plain = '://' not in typed
    tried = (address, address.replace('http:', 'https:', 1)) if plain else (address,)
    found = Apart(partial(EsclScanner, None, tried)).devices(progress)
    if not found:
        raise Unavailable(
            _("No network scanner answers at {address}.").format(address=typed.strip()),
            _("Check the address, and that eSCL or AirPrint scanning is switched on in the device's settings."),
        )
    remembered.keep_address(found[0].name)
    return replace(found[0], name=f'{NETWORK}:{found[0].name}')


def network(addresses: tuple[str, ...]) -> ScannerBackend:
    """Network scanners: those that announce themselves, and those at the addresses."""
    if find_spec('zeroconf') is None:
        return EsclScanner(None, addresses)
    from claimdesk.scanning.discovery import look_around

    return EsclScanner(look_around, addresses)


def windows() -> ScannerBackend:
    """What Windows knows."""
    from claimdesk.scanning.wia import WiaScanner

    return WiaScanner()


def python_sane() -> ScannerBackend:
    """What SANE knows, without a program between."""
    from claimdesk.scanning.pysane import PythonSane

    return PythonSane()


def _once(devices: list[Device]) -> list[Device]:
    """Without those that SANE drives through the same network service that we speak ourselves.

    One of the two names may go on where the other ends: with the place, or with a serial number.
    """
    own = [device.label.casefold() for device in devices if device.name.startswith(f'{NETWORK}:')]

    def is_ours(device: Device) -> bool:
        name = device.label.casefold().removeprefix('escl ')
        through_network = device.name.startswith(('sane:airscan:', 'sane:escl:'))
        return through_network and any(name.startswith(label) or label.startswith(name) for label in own)

    return [device for device in devices if not is_ours(device)]
