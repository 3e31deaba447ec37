"""Scanners of this workstation."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from claimdesk.errors import Unavailable
from claimdesk.language import _
from claimdesk.progress import Progress, quiet


@dataclass(frozen=True, slots=True)
class Device:
    """A scanner: `name` is what the driver calls it, `label` what a person reads; `sources` such as 'Flatbed'."""

    name: str
    label: str
    sources: tuple[str, ...] = ()
    resolutions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """How to scan: resolution in dpi; `feeder` takes every sheet of the document feeder, else one from the glass."""

    resolution: int = 200
    colour: bool = True
    feeder: bool = False


class Scanner(Protocol):
    """The way to scanners; every call may take seconds and may raise `Unavailable` or `Cancelled`."""

    def devices(self, progress: Progress = quiet) -> list[Device]:
        """The scanners that answer now."""

    def scan(self, device: str, options: ScanOptions, progress: Progress = quiet) -> Iterator[bytes]:
        """Each page as PNG, as soon as it is there."""


def local_scanner() -> Scanner:
    """The scanners of this workstation: SANE on Linux; on Windows one that says what to do instead."""
    if sys.platform == 'win32':
        return NoScanner()
    from claimdesk.scanning.sane import SaneScanner

    return SaneScanner()


class NoScanner:
    """Stands where this version drives no scanner: every call says so, and names the watched folder."""

    def devices(self, progress: Progress = quiet) -> list[Device]:
        """Raises `Unavailable`."""
        raise self._refusal()

    def scan(self, device: str, options: ScanOptions, progress: Progress = quiet) -> Iterator[bytes]:
        """Raises `Unavailable`."""
        raise self._refusal()

    def _refusal(self) -> Unavailable:
        return Unavailable(
            _("This version of ClaimDesk drives scanners on Linux only."),
            _("Let the scanner save into a folder and choose it as the watched folder in the settings."),
        )
