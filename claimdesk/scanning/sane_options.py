"""What SANE devices call their options, and which of their words come nearest to what is wanted."""

from __future__ import annotations

import re
from dataclasses import dataclass

from claimdesk.scanning import conditions
from claimdesk.scanning.scanner import USUAL_RESOLUTIONS, Colour, Device, ScanOptions, Source, nearest

_FEEDER = re.compile(r'feeder|\badf\b', re.IGNORECASE)
_DUPLEX = re.compile(r'duplex|both', re.IGNORECASE)
_MODES = {
    Colour.COLOUR: re.compile(r'colou?r', re.IGNORECASE),
    Colour.GREY: re.compile(r'gr[ae]y', re.IGNORECASE),
    Colour.BLACK: re.compile(r'lineart|black|binary|mono|halftone', re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What a device lets one choose, in its own words; empty where it has no such option."""

    sources: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    resolutions: tuple[int, ...] = ()
    area: tuple[float, float] | None = None
    """The largest sheet in millimetres, None where no size can be chosen."""
    sides: tuple[str, str, str] | None = None
    """An option of its own for the second side: its name, and its words for one side and for both."""

    def settings(self, options: ScanOptions) -> dict[str, str]:
        """Option names and values that come nearest to `options`. Raises `Unavailable` without a feeder."""
        found = {
            'source': self.source(options.source),
            'mode': self.mode(options.colour),
            'resolution': str(nearest(self.resolutions, options.resolution) or ''),
        }
        if self.sides is not None and options.feeds:
            name, one, both = self.sides
            found[name] = both if options.source is Source.DUPLEX else one
        return {name: value for name, value in found.items() if value}

    def sheet(self, options: ScanOptions) -> tuple[float, float] | None:
        """Millimetres across and down to scan, at most what the device can, or None to leave it as it is."""
        wanted = options.size.millimetres
        if wanted is None or self.area is None:
            return None
        return min(wanted[0], self.area[0]), min(wanted[1], self.area[1])

    def source(self, wanted: Source) -> str | None:
        """The source to ask for, or None when there is nothing to choose. Raises `Unavailable` without a feeder."""
        feeders = self._feeders()
        if wanted is Source.GLASS:
            return next((name for name in self.sources if name not in feeders), None)
        if self.sources and not feeders:
            raise conditions.no_feeder()
        both = [name for name in feeders if _DUPLEX.search(name)]
        single = [name for name in feeders if name not in both]
        return next(iter([*both, *single] if wanted is Source.DUPLEX else [*single, *both]), None)

    def mode(self, wanted: Colour) -> str | None:
        """The colour mode to ask for, or None to leave it as it is."""
        return next((name for name in self.modes if _MODES[wanted].search(name)), None)

    def device(self, name: str, label: str) -> Device:
        """The same in our own words."""
        feeders = self._feeders()
        sources = {
            Source.GLASS: len(feeders) < len(self.sources),
            Source.FEEDER: bool(feeders),
            Source.DUPLEX: bool(feeders) and (self.sides is not None or any(map(_DUPLEX.search, feeders))),
        }
        return Device(
            name,
            label,
            tuple(source for source, there in sources.items() if there),
            self.resolutions,
            tuple(colour for colour in Colour if self.mode(colour) is not None),
            self.area[0] if self.area is not None else None,
        )

    def _feeders(self) -> list[str]:
        return [name for name in self.sources if _FEEDER.search(name)]


def read_options(text: str) -> Choices:
    """The choices out of what `scanimage -A` prints, such as `--source Flatbed|ADF [Flatbed]`."""

    def listed(option: str) -> tuple[str, ...]:
        match = re.search(rf'^\s+-{option}[ =\[](.+?)(?: \[[^\]]*\])*\s*$', text, re.MULTILINE)
        if match is None or '[inactive]' in match[0]:
            return ()
        return tuple(name.strip() for name in match[1].split('|'))

    sides = next((name for name in ('adf-mode', 'duplex') if listed(f'-{name}')), '')
    words = listed(f'-{sides}') if sides else ()
    return Choices(
        listed('-source'),
        listed('-mode'),
        resolutions_of(listed('-resolution')),
        _area(listed('x'), listed('y')),
        sides_of(sides, words),
    )


def sides_of(name: str, words: tuple[str, ...]) -> tuple[str, str, str] | None:
    """How the option `name` says one side and both; a switch is said with yes and no."""
    both = next((word for word in words if _DUPLEX.search(word)), '')
    one = next((word for word in words if not _DUPLEX.search(word)), '')
    if both and one:
        return name, one, both
    return (name, 'no', 'yes') if words and 'yes' in words[0] else None


def resolutions_of(listed: tuple[str, ...]) -> tuple[int, ...]:
    """The resolutions named one by one, or the usual ones inside a range such as `50..1200dpi`."""
    if not listed:
        return ()
    area = re.match(r'(\d+)(?:\.\d+)?\.\.(\d+)', listed[0])
    if area:
        return tuple(dpi for dpi in USUAL_RESOLUTIONS if int(area[1]) <= dpi <= int(area[2]))
    return tuple(int(match[0]) for name in listed if (match := re.match(r'\d+', name)))


def _area(across: tuple[str, ...], down: tuple[str, ...]) -> tuple[float, float] | None:
    ends = [re.match(r'[\d.]+?\.\.([\d.]+)mm', one[0]) if one else None for one in (across, down)]
    wide, high = (float(end[1]) if end else 0.0 for end in ends)
    return (wide, high) if wide > 0 and high > 0 else None
