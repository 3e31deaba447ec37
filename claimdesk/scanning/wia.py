"""Scanners under Windows Image Acquisition, through comtypes; only ever used in a process of its own."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from PIL import Image

from claimdesk.errors import Unavailable
from claimdesk.language import _
from claimdesk.progress import Progress, quiet
from claimdesk.scanning import conditions
from claimdesk.scanning.scanner import MAX_PAGES, USUAL_RESOLUTIONS, Colour, Device, ScanOptions, Source, nearest

SCANNER = 1
PNG = '{B96B3CAF-0728-11D3-9D7B-0000F81EF32E}'
BMP = '{B96B3CAB-0728-11D3-9D7B-0000F81EF32E}'
"""The one format that every driver knows."""
NAME, CAPABILITIES, HANDLING, PAGES = 7, 3086, 3088, 3096
FEEDS, FLATBED, DUPLEX = 1, 2, 4
"""Bits of what a device can handle, and of what is wanted of it."""
INTENT, ACROSS, DOWN, LEFT, TOP, WIDE, HIGH = 6146, 6147, 6148, 6149, 6150, 6151, 6152
WIDEST, HIGHEST = 3074, 3075
"""The largest sheet in thousandths of an inch, of the device."""
_INTENTS = {Colour.COLOUR: 1, Colour.GREY: 2, Colour.BLACK: 4}
PAPER_EMPTY = 0x80210003
_REFUSALS: dict[int, Callable[[], Unavailable]] = {
    0x80210002: conditions.jammed,
    PAPER_EMPTY: conditions.feeder_empty,
    0x80210004: conditions.jammed,
    0x80210005: conditions.no_answer,
    0x80210006: conditions.busy,
    0x80210007: conditions.busy,
    0x80210008: conditions.locked,
    0x8021000A: conditions.broke_off,
    0x8021000D: conditions.busy,
    0x80210016: conditions.cover_open,
    0x80210020: conditions.several_at_once,
    0x80070005: conditions.not_allowed,
    0x8007000E: conditions.out_of_memory,
}


class WiaScanner:
    """The devices that Windows knows; `manager` stands in for `WIA.DeviceManager` where there is none."""

    def __init__(self, manager: Any = None) -> None:
        self._manager = manager if manager is not None else _device_manager()

    def devices(self, progress: Progress = quiet) -> list[Device]:
        """The scanners that Windows lists; one that is asleep may still be chosen."""
        progress(0, 0, _("Looking for scanners…"))
        return [self._device(info) for info in _each(self._manager.DeviceInfos) if info.Type == SCANNER]

    def scan(self, device: str, options: ScanOptions, progress: Progress = quiet) -> Iterator[bytes]:
        """Each page as PNG. Raises `Unavailable` and `Cancelled`."""
        scanner = self._connect(device)
        if options.feeds and not _get(scanner, CAPABILITIES, FEEDS) & FEEDS:
            raise conditions.no_feeder()
        handling = {Source.GLASS: FLATBED, Source.FEEDER: FEEDS, Source.DUPLEX: FEEDS | DUPLEX}[options.source]
        _set(scanner, HANDLING, handling)
        _set(scanner, PAGES, 1)
        item = scanner.Items.Item(1)
        self._arrange(scanner, item, options)
        for number in range(1, (MAX_PAGES if options.feeds else 1) + 1):
            progress(0, 0, _("Scanning page {page}…").format(page=number))
            page = _transfer(item, may_end=number > 1 and options.feeds)
            if page is None:
                return
            yield page

    def _device(self, info: Any) -> Device:
        name = str(_get(info, NAME, '') or info.DeviceID)
        handles, widest = FLATBED, None
        resolutions: tuple[int, ...] = USUAL_RESOLUTIONS
        with suppress(Unavailable):
            scanner = self._connect(str(info.DeviceID))
            handles = int(_get(scanner, CAPABILITIES, FLATBED))
            widest = int(_get(scanner, WIDEST, 0)) / 1000 * 25.4 or None
            resolutions = _resolutions(scanner.Items.Item(1)) or USUAL_RESOLUTIONS
        needed = {Source.GLASS: FLATBED, Source.FEEDER: FEEDS, Source.DUPLEX: FEEDS | DUPLEX}
        offered = tuple(source for source, bits in needed.items() if handles & bits == bits)
        return Device(str(info.DeviceID), name, offered, resolutions, tuple(Colour), widest)

    def _connect(self, device: str) -> Any:
        for info in _each(self._manager.DeviceInfos):
            if str(info.DeviceID) == device:
                try:
                    return info.Connect()
                except Exception as error:
                    raise _refusal(error) from error
        raise conditions.not_connected(device)

    def _arrange(self, scanner: Any, item: Any, options: ScanOptions) -> None:
        dpi = nearest(_resolutions(item) or USUAL_RESOLUTIONS, options.resolution) or options.resolution
        _set(item, INTENT, _INTENTS[options.colour])
        _set(item, ACROSS, dpi)
        _set(item, DOWN, dpi)
        sheet = options.size.millimetres
        if sheet is not None:
            most = [int(_get(scanner, number, 0)) / 1000 or 99.0 for number in (WIDEST, HIGHEST)]
            wide, high = (round(min(side / 25.4, end) * dpi) for side, end in zip(sheet, most, strict=True))
            for number, value in ((LEFT, 0), (TOP, 0), (WIDE, wide), (HIGH, high)):
                _set(item, number, value)


def _device_manager() -> Any:
    import comtypes.client

    return comtypes.client.CreateObject('WIA.DeviceManager')


def _each(collection: Any) -> Iterator[Any]:
    """The members of a COM collection, which are counted from 1."""
    for place in range(1, int(collection.Count) + 1):
        yield collection.Item(place)


def _property(thing: Any, number: int) -> Any:
    return next((one for one in _each(thing.Properties) if int(one.PropertyID) == number), None)


def _get(thing: Any, number: int, otherwise: Any) -> Any:
    found = _property(thing, number)
    return otherwise if found is None else found.Value


def _set(thing: Any, number: int, value: Any) -> None:
    """A driver that has no such property, or refuses the value, keeps its own."""
    found = _property(thing, number)
    if found is not None:
        with suppress(Exception):
            found.Value = value


def _resolutions(item: Any) -> tuple[int, ...]:
    """The resolutions that a device lists, or the usual ones inside its range."""
    found = _property(item, ACROSS)
    if found is None:
        return ()
    with suppress(Exception):  # a range has no list
        return tuple(sorted(int(value) for value in _each(found.SubTypeValues)))
    with suppress(Exception):
        return tuple(dpi for dpi in USUAL_RESOLUTIONS if int(found.SubTypeMin) <= dpi <= int(found.SubTypeMax))
    return ()


def _transfer(item: Any, *, may_end: bool) -> bytes | None:
    """The next page as PNG, or None at the end of the feeder."""
    for form in (PNG, BMP):
        try:
            return _as_png(_taken(item, form))
        except _Refused as refused:
            if may_end and refused.code == PAPER_EMPTY:
                return None
            if form == BMP or refused.code in _REFUSALS:
                raise _refusal(refused.reason) from refused.reason
    return None


class _Refused(Exception):
    """A driver said no; `reason` is the COM error, `code` its number."""

    def __init__(self, reason: Exception) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.code = _code(reason)


def _taken(item: Any, form: str) -> bytes:
    try:
        return bytes(item.Transfer(form).FileData.BinaryData)
    except Exception as error:
        raise _Refused(error) from error


def _as_png(content: bytes) -> bytes:
    """Many drivers give a bitmap whatever they are asked for."""
    if content.startswith(b'\x89PNG'):
        return content
    out = io.BytesIO()
    with Image.open(io.BytesIO(content), formats=('BMP', 'JPEG', 'TIFF')) as image:
        image.save(out, 'PNG', compress_level=1, dpi=image.info.get('dpi', (0, 0)))
    return out.getvalue()


def _code(error: Exception) -> int:
    """The result code of a COM error as Windows writes it, 0 for another kind of error."""
    return int(getattr(error, 'hresult', 0) or 0) & 0xFFFFFFFF


def _refusal(error: Exception) -> Unavailable:
    known = _REFUSALS.get(_code(error))
    return known() if known is not None else conditions.refused(getattr(error, 'text', '') or f'{_code(error):#x}')
