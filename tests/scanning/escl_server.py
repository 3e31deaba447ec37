"""A network scanner of our own: a real HTTP server that speaks eSCL, and misbehaves as it is told."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image

SPACES = (
    'xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm" xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03"'
)
PROFILE = """<scan:SettingProfiles><scan:SettingProfile>
<scan:ColorModes><scan:ColorMode>RGB24</scan:ColorMode><scan:ColorMode>Grayscale8</scan:ColorMode></scan:ColorModes>
<scan:DocumentFormats><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>
<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt></scan:DocumentFormats>
<scan:SupportedResolutions><scan:DiscreteResolutions>%s</scan:DiscreteResolutions></scan:SupportedResolutions>
<scan:ColorSpaces><scan:ColorSpace>sRGB</scan:ColorSpace></scan:ColorSpaces>
</scan:SettingProfile></scan:SettingProfiles>"""


def resolutions(*dots: int) -> str:
    return ''.join(
        f'<scan:DiscreteResolution><scan:XResolution>{dpi}</scan:XResolution>'
        f'<scan:YResolution>{dpi}</scan:YResolution></scan:DiscreteResolution>'
        for dpi in dots
    )


def caps(name: str, *dots: int) -> str:
    return (
        f'<scan:{name}><scan:MinWidth>16</scan:MinWidth><scan:MaxWidth>2550</scan:MaxWidth>'
        '<scan:MinHeight>16</scan:MinHeight><scan:MaxHeight>3508</scan:MaxHeight>'
        f'<scan:MaxScanRegions>1</scan:MaxScanRegions>{PROFILE % resolutions(*dots)}'
        '<scan:SupportedIntents><scan:Intent>Document</scan:Intent></scan:SupportedIntents>'
        f'<scan:MaxOpticalXResolution>600</scan:MaxOpticalXResolution>'
        f'<scan:MaxOpticalYResolution>600</scan:MaxOpticalYResolution></scan:{name}>'
    )


def page(number: int, wide: int, high: int, mode: str) -> bytes:
    """A page whose shade tells its number."""
    out = io.BytesIO()
    shade = 40 + 20 * number
    Image.new(mode, (max(wide, 1), max(high, 1)), shade if mode == 'L' else (shade, shade, shade)).save(out, 'JPEG')
    return out.getvalue()


@dataclass
class EsclDevice:
    """How the device is, and what it was asked for."""

    sheets: int = 3
    feeder: bool = True
    duplex: bool = True
    fault_after: int = -1
    """After so many pages the feeder says `fault`."""
    fault: str = 'ScannerAdfJam'
    busy_first: int = 0
    """So many times 503 before each page."""
    foreign_location: bool = False
    hang: bool = False
    page_bytes: int = 0
    """Pages of so many zero bytes in place of pictures."""
    capabilities: bytes | None = None
    orders: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    url: str = ''
    given: int = 0
    _refused: int = 0

    def describe(self) -> bytes:
        if self.capabilities is not None:
            return self.capabilities
        trays = f'<scan:Platen>{caps("PlatenInputCaps", 100, 200, 300, 600)}</scan:Platen>'
        if self.feeder:
            both = caps('AdfDuplexInputCaps', 100, 200, 300) if self.duplex else ''
            trays += (
                f'<scan:Adf>{caps("AdfSimplexInputCaps", 100, 200, 300)}{both}<scan:FeederCapacity>50'
                '</scan:FeederCapacity><scan:AdfOptions><scan:AdfOption>DetectPaperLoaded</scan:AdfOption>'
                '</scan:AdfOptions></scan:Adf>'
            )
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><scan:ScannerCapabilities {SPACES}>'
            '<pwg:Version>2.63</pwg:Version><pwg:MakeAndModel>ClaimDesk Test Scanner</pwg:MakeAndModel>'
            f'<pwg:SerialNumber>1</pwg:SerialNumber>{trays}</scan:ScannerCapabilities>'
        ).encode()

    def status(self) -> bytes:
        adf = 'ScannerAdfLoaded' if self.sheets_left else 'ScannerAdfEmpty'
        if 0 <= self.fault_after <= self.given:
            adf = self.fault
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><scan:ScannerStatus {SPACES}><pwg:Version>2.63</pwg:Version>'
            f'<pwg:State>Idle</pwg:State><scan:AdfState>{adf}</scan:AdfState></scan:ScannerStatus>'
        ).encode()

    @property
    def sheets_left(self) -> int:
        return self.sheets - self.given

    def next_page(self) -> tuple[int, bytes]:
        """Status and body for the next document."""
        order = self.orders[-1]
        if self._refused < self.busy_first:
            self._refused += 1
            return 503, b''
        self._refused = 0
        fed = 'Feeder' in order
        if fed and 0 <= self.fault_after <= self.given:
            return 409, b''
        if (fed and not self.sheets_left) or (not fed and self.given):
            return 404, b''
        self.given += 1
        if self.page_bytes:
            return 200, bytes(self.page_bytes)
        dpi = number_in(order, 'XResolution')
        size = [round(number_in(order, name) * dpi / 300) for name in ('Width', 'Height')]
        return 200, page(self.given, *size, 'L' if 'Grayscale8' in order else 'RGB')


def number_in(order: str, tag: str) -> int:
    match = re.search(rf'<(?:\w+:)?{tag}>(\d+)<', order)
    assert match is not None, order
    return int(match[1])


class Handler(BaseHTTPRequestHandler):
    """One request to the device of the server."""

    protocol_version = 'HTTP/1.1'
    server: DeviceServer

    def log_message(self, *_arguments: object) -> None:
        pass

    def do_GET(self) -> None:
        device = self.server.device
        device.requests.append(f'GET {self.path}')
        if self.path == '/eSCL/ScannerCapabilities':
            self.answer(200, device.describe(), 'text/xml')
        elif self.path == '/eSCL/ScannerStatus':
            self.answer(200, device.status(), 'text/xml')
        elif self.path.endswith('/NextDocument'):
            if device.hang:
                self.server.stopping.wait(30)
                return
            status, body = device.next_page()
            self.answer(status, body, 'image/jpeg')
        else:
            self.answer(404)

    def do_POST(self) -> None:
        device = self.server.device
        device.requests.append(f'POST {self.path}')
        device.orders.append(self.rfile.read(int(self.headers.get('Content-Length', 0))).decode())
        if 'Platen' in device.orders[-1]:
            device.given = 0
        host = 'http://printer.invalid:8080' if device.foreign_location else device.url.removesuffix('/eSCL')
        self.answer(201, location=f'{host}/eSCL/ScanJobs/{len(device.orders)}')

    def do_DELETE(self) -> None:
        self.server.device.deleted.append(self.path)
        self.answer(200)

    def answer(self, status: int, body: bytes = b'', kind: str = 'text/plain', location: str = '') -> None:
        self.send_response(status)
        if location:
            self.send_header('Location', location)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True


class DeviceServer(ThreadingHTTPServer):
    """The device on a port of its own; its threads end with it."""

    daemon_threads = False

    def __init__(self, device: EsclDevice) -> None:
        super().__init__(('127.0.0.1', 0), Handler)
        self.device = device
        self.stopping = threading.Event()


@contextmanager
def escl_server(device: EsclDevice) -> Iterator[EsclDevice]:
    """Serve `device` until the end."""
    server = DeviceServer(device)
    device.url = f'http://127.0.0.1:{server.server_port}/eSCL'
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield device
    finally:
        server.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()
