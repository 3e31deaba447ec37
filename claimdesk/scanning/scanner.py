"""What a scanner is to ClaimDesk, whichever way leads to it: devices, how to scan, and pages as they come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from claimdesk.progress import Progress, quiet

USUAL_RESOLUTIONS = (100, 150, 200, 300, 400, 600)
MAX_PAGES = 500
"""Some feeders never say that they are empty."""


class Source(StrEnum):
    """Where the sheets lie."""

    GLASS = 'glass'
    FEEDER = 'feeder'
    DUPLEX = 'duplex'
    """The feeder, both sides of each sheet."""


class Colour(StrEnum):
    """How many tones a page keeps."""

    COLOUR = 'colour'
    GREY = 'grey'
    BLACK = 'black'
    """Black and white, without tones between."""


class PageSize(StrEnum):
    """The size of the sheets; `WHOLE` leaves it to the device."""

    WHOLE = 'whole'
    A3 = 'a3'
    A4 = 'a4'
    A5 = 'a5'
    B5 = 'b5'
    LETTER = 'letter'
    INVOICE = 'invoice'
    """The printed VAT invoice, put in with its short side ahead."""

    @property
    def millimetres(self) -> tuple[float, float] | None:
        """Width and height of the sheet as it lies, or None for `WHOLE`."""
        return _MILLIMETRES.get(self)


_MILLIMETRES = {
    PageSize.A3: (297.0, 420.0),
    PageSize.A4: (210.0, 297.0),
    PageSize.A5: (148.0, 210.0),
    PageSize.B5: (182.0, 257.0),
    PageSize.LETTER: (215.9, 279.4),
    PageSize.INVOICE: (140.0, 241.0),
}


@dataclass(frozen=True, slots=True)
class Device:
    """A scanner: `name` finds it again, `label` is what a person reads; what it offers is empty where unknown."""

    name: str
    label: str
    sources: tuple[Source, ...] = ()
    resolutions: tuple[int, ...] = ()
    colours: tuple[Colour, ...] = ()
    widest: float | None = None
    """Millimetres across the largest sheet that fits, None where unknown."""

    def fits(self, size: PageSize) -> bool:
        """Whether sheets of this size fit; two millimetres are nothing to a tray."""
        return self.widest is None or size.millimetres is None or size.millimetres[0] <= self.widest + 2


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """How to scan. What a device cannot do is met as nearly as it can; a missing feeder is refused."""

    resolution: int = 200
    colour: Colour = Colour.COLOUR
    source: Source = Source.GLASS
    size: PageSize = PageSize.WHOLE

    @property
    def feeds(self) -> bool:
        """Whether every sheet of the feeder is wanted, not one from the glass."""
        return self.source is not Source.GLASS


class ScannerBackend(Protocol):
    """One way to scanners; every call may take seconds and may raise `Unavailable` or `Cancelled`."""

    def devices(self, progress: Progress = quiet) -> list[Device]:
        """The scanners that answer now; none is no error."""

    def scan(self, device: str, options: ScanOptions, progress: Progress = quiet) -> Iterator[bytes]:
        """Each page as a picture file, as soon as it is there; leaving the iterator early stops the device."""


def nearest(offered: tuple[int, ...], wanted: int) -> int | None:
    """The resolution nearest to the wanted one, the finer of two equally near; None where there is no choice."""
    return min(offered, key=lambda dpi: (abs(dpi - wanted), -dpi), default=None)
