"""Network scanners by eSCL (AirScan): a handful of HTTP requests with XML, which nearly every office device answers."""

from __future__ import annotations

import contextlib
import select
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urljoin, urlsplit

from claimdesk.errors import ClaimDeskError, InvalidInput, Unavailable
from claimdesk.language import _
from claimdesk.progress import Progress, quiet
from claimdesk.scanning import conditions
from claimdesk.scanning.escl_words import Capabilities, ScannerState, order
from claimdesk.scanning.scanner import MAX_PAGES, Device, ScanOptions

CONNECT_SECONDS = 6.0
PAGE_SECONDS = 150.0
"""Until the first byte of a page."""
PIECE_SECONDS = 30.0
"""Between two pieces of a page."""
MAX_XML_BYTES = 1024 * 1024
MAX_PAGE_BYTES = 200 * 1024 * 1024
PIECE_BYTES = 256 * 1024
TICK = 0.2
ROOT = '/eSCL'

Discover = Callable[[Progress], dict[str, str]]
"""Looks for scanners on the network: address → what a person calls it."""


class EsclScanner:
    """Scanners that `discover` finds, and those whose `addresses` somebody typed.

    A device is known by the address of its eSCL service, such as `http://192.168.1.20/eSCL`. Certificates of https
    devices are not checked: office devices sign their own.
    """

    def __init__(
        self, discover: Discover | None = None, addresses: tuple[str, ...] = (), *, page_seconds: float = PAGE_SECONDS
    ) -> None:
        self._discover = discover
        self._addresses = addresses
        self._page_seconds = page_seconds

    def devices(self, progress: Progress = quiet) -> list[Device]:
        """The scanners that answer now; one that was found and does not say what it can may still be chosen."""
        progress(0, 0, _("Looking for scanners in the network…"))
        found = dict.fromkeys(self._addresses, '')
        if self._discover is not None:
            found = {**self._discover(progress), **dict.fromkeys(self._addresses, '')}
        out = []
        for done, (address, label) in enumerate(found.items()):
            progress(done, len(found), _("Asking {scanner} what it can do…").format(scanner=label or address))
            with contextlib.suppress(Unavailable):
                out.append(self._ask(address, label))
        return out

    def scan(self, device: str, options: ScanOptions, progress: Progress = quiet) -> Iterator[bytes]:
        """Each page as the device compresses it (JPEG). Raises `Unavailable`, `Cancelled`."""
        can = self._capabilities(device)
        self._ready(device, options)
        answer, _body = self._exchange('POST', f'{device}/ScanJobs', order(can, options), progress)
        if answer.status == 503 or answer.status == 409:
            raise self._what_is_wrong(device, options) or conditions.busy()
        job = answer.headers.get('Location', '')
        if answer.status not in (200, 201) or not job:
            raise _status_refusal(answer)
        # Some devices name themselves by a host that only they know: only the path counts.
        job = urljoin(device, urlsplit(urljoin(f'{device}/', job)).path).rstrip('/')
        done = False
        try:
            for number in range(1, MAX_PAGES + 1):
                page = self._next(device, job, options, number, progress)
                if page is None:
                    done = True
                    break
                yield page
                if not options.feeds:
                    break
        finally:
            if not done:
                with contextlib.suppress(ClaimDeskError):
                    self._exchange('DELETE', job, None)

    def _next(self, device: str, job: str, options: ScanOptions, number: int, progress: Progress) -> bytes | None:
        """The next page, or None at the end of the feeder; a device that is not ready is asked again."""
        said = _("Scanning page {page}…").format(page=number)
        deadline = time.monotonic() + self._page_seconds
        while True:
            progress(0, 0, said)
            answer, body = self._exchange('GET', f'{job}/NextDocument', None, progress, MAX_PAGE_BYTES)
            if answer.status == 200 and body:
                return body
            wrong = self._what_is_wrong(device, options, begun=number > 1)
            if wrong is not None:
                raise wrong
            if answer.status in (404, 410):
                if number == 1:
                    raise conditions.feeder_empty() if options.feeds else conditions.broke_off()
                return None
            if answer.status not in (200, 202, 409, 503):
                raise _status_refusal(answer)
            if time.monotonic() > deadline:
                raise conditions.no_answer()
            _wait(min(2.0, self._page_seconds / 20), progress, said)

    def _ready(self, device: str, options: ScanOptions) -> None:
        wrong = self._what_is_wrong(device, options)
        if wrong is not None:
            raise wrong

    def _what_is_wrong(self, device: str, options: ScanOptions, *, begun: bool = False) -> Unavailable | None:
        """What the device says about itself that keeps it from scanning, or None. An empty feeder ends a scan."""
        answer, body = self._exchange('GET', f'{device}/ScannerStatus', None)
        if answer.status != 200:
            return None
        state = ScannerState.read(body)
        return state.problem(feeds=options.feeds, begun=begun)

    def _ask(self, address: str, label: str) -> Device:
        can = self._capabilities(address)
        return replace(can.device(address), label=label or can.model or address)

    def _capabilities(self, address: str) -> Capabilities:
        answer, body = self._exchange('GET', f'{address}/ScannerCapabilities', None)
        if answer.status != 200:
            raise _status_refusal(answer)
        return Capabilities.read(body)

    def _exchange(
        self, method: str, url: str, body: bytes | None, progress: Progress = quiet, most: int = MAX_XML_BYTES
    ) -> tuple[HTTPResponse, bytes]:
        """One request and its whole answer; redirections are not followed. Raises `Unavailable`, `Cancelled`."""
        connection = _connection(url)
        try:
            headers = {'Content-Type': 'text/xml; charset=UTF-8'} if body is not None else {}
            connection.request(method, urlsplit(url).path, body, headers)
            _until_it_speaks(connection, self._page_seconds, progress)
            # Behind TLS the first byte that arrives need not be one of the answer.
            secure = isinstance(connection, HTTPSConnection)
            connection.sock.settimeout(max(PIECE_SECONDS, self._page_seconds) if secure else PIECE_SECONDS)
            answer = connection.getresponse()
            return answer, _whole(answer, most, progress)
        except TimeoutError as error:
            raise conditions.no_answer() from error
        except ConnectionRefusedError as error:
            raise conditions.not_connected(urlsplit(url).hostname or url) from error
        except (OSError, HTTPException, ValueError) as error:
            raise conditions.broke_off() from error
        finally:
            connection.close()


def service_address(typed: str) -> str:
    """The address of the eSCL service out of what a person typed: a host, host:port or a whole address.

    Raises `InvalidInput` for what is none.
    """
    text = typed.strip()
    text = (text if '://' in text else f'http://{text}').rstrip('/')
    try:
        parts = urlsplit(text)
        good = parts.scheme in ('http', 'https') and bool(parts.hostname) and not parts.username and not parts.query
        good = good and (parts.port is None or parts.port > 0) and not any(char.isspace() for char in text)
    except ValueError:
        good = False
    if not good:
        raise InvalidInput(
            _("This is no address of a scanner."), _("Type it as the device shows it, for example 192.168.1.20.")
        )
    return text if parts.path else text + ROOT


def _connection(url: str) -> HTTPConnection:
    parts = urlsplit(url)
    if parts.scheme == 'https':
        import ssl

        trusting = ssl.create_default_context()
        trusting.check_hostname = False
        trusting.verify_mode = ssl.CERT_NONE
        return HTTPSConnection(parts.hostname or '', parts.port, timeout=CONNECT_SECONDS, context=trusting)
    return HTTPConnection(parts.hostname or '', parts.port, timeout=CONNECT_SECONDS)


def _until_it_speaks(connection: HTTPConnection, seconds: float, progress: Progress) -> None:
    """Wait for the first byte of the answer: a device scans the sheet before it says anything."""
    deadline = time.monotonic() + seconds
    while not select.select([connection.sock], [], [], TICK)[0]:
        progress(0, 0)
        if time.monotonic() > deadline:
            raise TimeoutError


def _whole(answer: HTTPResponse, most: int, progress: Progress) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while piece := answer.read(PIECE_BYTES):
        pieces.append(piece)
        size += len(piece)
        if size > most:
            raise Unavailable(
                _("The scanner sends more than a page can be."), _("Scan with a lower resolution.")
            )
        progress(0, 0)
    return b''.join(pieces)


def _wait(seconds: float, progress: Progress, said: str) -> None:
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        progress(0, 0, said)
        time.sleep(min(TICK, left))


def _status_refusal(answer: Any) -> Unavailable:
    if answer.status in (401, 403):
        return conditions.locked()
    return conditions.refused(f'HTTP {answer.status} {answer.reason}')
