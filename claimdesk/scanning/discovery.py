"""Looking for network scanners by DNS service discovery: every AirScan device tells its name and address."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from claimdesk.progress import Progress, quiet

if TYPE_CHECKING:
    from zeroconf import ServiceInfo

SECONDS = 3.0
ASKING_MS = 1500
TICK = 0.1
MOST = 64
"""More devices than an office has: somebody plays tricks in the network."""
LABEL_LENGTH = 120
PLAIN, SECURE = '_uscan._tcp.local.', '_uscans._tcp.local.'


def look_around(progress: Progress = quiet, *, seconds: float = SECONDS) -> dict[str, str]:
    """Address → name of each eSCL service in the local network; empty where there is no network.

    A device that offers both is named by its plain address: office devices sign their own certificates, so that https
    proves nothing here.
    """
    from zeroconf import ServiceBrowser, Zeroconf

    try:
        network = Zeroconf()
    except OSError:
        return {}
    seen: list[tuple[str, str]] = []

    def heard(zeroconf: Zeroconf, service_type: str, name: str, state_change: object) -> None:
        if (service_type, name) not in seen and len(seen) < 2 * MOST:
            seen.append((service_type, name))

    found: dict[str, tuple[str, str]] = {}
    browser = ServiceBrowser(network, [PLAIN, SECURE], handlers=[heard])
    try:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            progress(0, 0)
            time.sleep(TICK)
        for service_type, name in sorted(seen):  # the plain ones come first
            progress(0, 0)
            info = network.get_service_info(service_type, name, ASKING_MS)
            address = address_of(info, secure=service_type == SECURE) if info is not None else ''
            host = info.server if info is not None else None
            if address and host and host not in found and len(found) < MOST:
                found[host] = (address, label_of(info, name.removesuffix(f'.{service_type}')))
    finally:
        browser.cancel()
        network.close()
    return dict(found.values())


def address_of(info: ServiceInfo, *, secure: bool) -> str:
    """The address of the eSCL service that a device announces, or '' if it has none that can be reached."""
    hosts = info.parsed_addresses()
    host = next((one for one in hosts if ':' not in one), '')
    if not host:
        host = next((f'[{one}]' for one in hosts if ':' in one and not one.startswith('fe80')), '')
    if not host or not info.port:
        return ''
    root = _said(info, b'rs').strip('/') or 'eSCL'
    return f'{"https" if secure else "http"}://{host}:{info.port}/{root}'


def label_of(info: ServiceInfo | None, name: str) -> str:
    """What a person calls the device: its type, and where it stands if it says so."""
    label = (_said(info, b'ty') if info is not None else '') or name
    note = _said(info, b'note') if info is not None else ''
    return f'{label} ({note})' if note else label


def _said(info: ServiceInfo, key: bytes) -> str:
    value = info.properties.get(key) or b''
    return ''.join(char for char in value.decode('utf-8', 'replace') if char.isprintable())[:LABEL_LENGTH].strip()
