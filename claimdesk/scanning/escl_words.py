"""The XML of eSCL: what a device says that it can do and how it is, and the order to scan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from defusedxml import ElementTree

from claimdesk.errors import Unavailable
from claimdesk.scanning import conditions
from claimdesk.scanning.scanner import USUAL_RESOLUTIONS, Colour, Device, ScanOptions, Source, nearest

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

PER_INCH = 300
"""Lengths come in three-hundredths of an inch."""
MILLIMETRES = 25.4 / PER_INCH
PWG = 'http://www.pwg.org/schemas/2010/12/sm'
SCAN = 'http://schemas.hp.com/imaging/escl/2011/05/03'
_COLOURS = {Colour.COLOUR: 'RGB24', Colour.GREY: 'Grayscale8', Colour.BLACK: 'BlackAndWhite1'}
_PARTS = {Source.GLASS: 'PlatenInputCaps', Source.FEEDER: 'AdfSimplexInputCaps', Source.DUPLEX: 'AdfDuplexInputCaps'}
_ADF = {
    'ScannerAdfJam': conditions.jammed,
    'ScannerAdfMispick': conditions.jammed,
    'ScannerAdfMultipickDetected': conditions.several_at_once,
    'ScannerAdfHatchOpen': conditions.cover_open,
    'ScannerAdfInputTrayFailed': conditions.jammed,
    'ScannerAdfInputTrayOverloaded': conditions.several_at_once,
}


@dataclass(frozen=True, slots=True)
class Tray:
    """One place for sheets: the largest sheet in three-hundredths of an inch, its resolutions and colours."""

    widest: int = 0
    highest: int = 0
    resolutions: tuple[int, ...] = ()
    colours: tuple[Colour, ...] = ()


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a device can do."""

    model: str
    version: str = '2.0'
    trays: dict[Source, Tray] = field(default_factory=dict)

    @classmethod
    def read(cls, body: bytes) -> Capabilities:
        """Out of `ScannerCapabilities`. Raises `Unavailable` for what is none."""
        root = _parsed(body)
        if _local(root) != 'ScannerCapabilities':
            raise conditions.refused('no eSCL')
        shared = {one.get('name', ''): one for one in _all(root, 'SettingProfile') if one.get('name')}
        trays = {}
        for source, tag in _PARTS.items():
            part = next(iter(_all(root, tag)), None)
            if part is not None:
                trays[source] = _tray(part, shared)
        return cls(_text(root, 'MakeAndModel'), _text(root, 'Version') or '2.0', trays)

    def device(self, name: str) -> Device:
        """The same in our own words; what only one of the trays can do is offered, and met as nearly as possible."""
        trays = self.trays.values()
        return Device(
            name,
            self.model,
            tuple(source for source in Source if source in self.trays),
            tuple(sorted({dpi for tray in trays for dpi in tray.resolutions})),
            tuple(colour for colour in Colour if any(colour in tray.colours for tray in trays)),
            max((tray.widest for tray in trays), default=0) * MILLIMETRES or None,
        )


@dataclass(frozen=True, slots=True)
class ScannerState:
    """How a device is at this moment: its own word for it, and that for its feeder."""

    state: str
    feeder: str

    @classmethod
    def read(cls, body: bytes) -> ScannerState:
        """Out of `ScannerStatus`. Raises `Unavailable` for what is none."""
        root = _parsed(body)
        return cls(_text(root, 'State'), _text(root, 'AdfState'))

    def problem(self, *, feeds: bool, begun: bool) -> Unavailable | None:
        """What keeps it from scanning, or None; an empty feeder is no problem once sheets have come out of it."""
        if feeds and self.feeder in _ADF:
            return _ADF[self.feeder]()
        if feeds and self.feeder == 'ScannerAdfEmpty' and not begun:
            return conditions.feeder_empty()
        if self.state == 'Down':
            return conditions.no_answer()
        return None


def order(can: Capabilities, options: ScanOptions) -> bytes:
    """The `ScanSettings` that come nearest to `options`. Raises `Unavailable` without a feeder."""
    source = options.source
    if source is Source.DUPLEX and source not in can.trays:
        source = Source.FEEDER
    if source is not Source.GLASS and source not in can.trays:
        raise conditions.no_feeder()
    tray = can.trays.get(source) or next(iter(can.trays.values()), Tray())
    source = source if source in can.trays else next(iter(can.trays), Source.FEEDER)
    wide, high = _region(tray, options)
    dpi = nearest(tray.resolutions, options.resolution) or options.resolution
    colour = options.colour if options.colour in tray.colours or not tray.colours else tray.colours[0]
    duplex = '' if source is Source.GLASS else f'<scan:Duplex>{str(source is Source.DUPLEX).lower()}</scan:Duplex>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><scan:ScanSettings xmlns:pwg="{PWG}" xmlns:scan="{SCAN}">'
        f'<pwg:Version>{escape(can.version)}</pwg:Version><scan:Intent>Document</scan:Intent>'
        '<pwg:ScanRegions pwg:MustHonor="false"><pwg:ScanRegion>'
        '<pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>'
        f'<pwg:XOffset>0</pwg:XOffset><pwg:YOffset>0</pwg:YOffset>'
        f'<pwg:Width>{wide}</pwg:Width><pwg:Height>{high}</pwg:Height></pwg:ScanRegion></pwg:ScanRegions>'
        '<pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>'
        '<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt>'
        f'<pwg:InputSource>{"Platen" if source is Source.GLASS else "Feeder"}</pwg:InputSource>'
        f'<scan:XResolution>{dpi}</scan:XResolution><scan:YResolution>{dpi}</scan:YResolution>'
        f'<scan:ColorMode>{_COLOURS[colour]}</scan:ColorMode>{duplex}</scan:ScanSettings>'
    ).encode()


def _region(tray: Tray, options: ScanOptions) -> tuple[int, int]:
    """Width and height to scan: the sheet, at most what fits; A4 for a device that does not say."""
    most = tray.widest or round(210 / MILLIMETRES), tray.highest or round(297 / MILLIMETRES)
    sheet = options.size.millimetres
    if sheet is None:
        return most
    return min(most[0], round(sheet[0] / MILLIMETRES)), min(most[1], round(sheet[1] / MILLIMETRES))


def _tray(part: Element, shared: dict[str, Element]) -> Tray:
    profiles = [shared.get(one.get('ref', ''), one) for one in _all(part, 'SettingProfile')]
    named = {mode.text or '' for profile in profiles for mode in _all(profile, 'ColorMode')}
    return Tray(
        _number(_text(part, 'MaxWidth')),
        _number(_text(part, 'MaxHeight')),
        tuple(sorted({dpi for profile in profiles for dpi in _resolutions(profile)})),
        tuple(colour for colour, word in _COLOURS.items() if word in named and colour is not Colour.BLACK),
    )


def _resolutions(profile: Element) -> set[int]:
    listed = {
        _number(_text(one, 'XResolution')) for one in _all(profile, 'DiscreteResolution')
    } - {0}  # fmt: skip
    for area in _all(profile, 'XResolutionRange'):
        low, high = _number(_text(area, 'Min')), _number(_text(area, 'Max'))
        listed |= {dpi for dpi in USUAL_RESOLUTIONS if low <= dpi <= high}
    return listed


def _parsed(body: bytes) -> Element:
    try:
        root: Element = ElementTree.fromstring(body, forbid_dtd=True)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        # An encoding that does not exist is a LookupError.
        raise conditions.refused('XML') from error
    return root


def _local(element: Element) -> str:
    return str(element.tag).rpartition('}')[2]


def _all(root: Element, name: str) -> list[Element]:
    """Every element of that name, whatever prefix or namespace the maker chose."""
    return [element for element in root.iter() if _local(element) == name]


def _text(root: Element, name: str) -> str:
    return next(((one.text or '').strip() for one in _all(root, name)), '')


def _number(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 7 else 0
