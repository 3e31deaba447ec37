"""`claimdesk scan`: which scanners answer, and pages into a folder, without a screen."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from claimdesk.errors import InvalidInput, NotFound
from claimdesk.language import _, ngettext
from claimdesk.whole_file import write_bytes

if TYPE_CHECKING:
    from claimdesk.scanning import Device, ScannerBackend, ScanOptions
    from claimdesk.scanning.remembered import Remembered

Command = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def add(command: Command) -> None:
    """Add the command to the program's."""
    made = command('scan', run, _("list the scanners that answer, or scan into a folder"))
    made.add_argument('--out', type=Path, metavar='DIR', help=_("the folder for the pages; without it they are listed"))
    made.add_argument('--scanner', default='', metavar='NAME', help=_("as listed (default: the one used last)"))
    made.add_argument('--profile', default='', metavar='NAME', help=_("a way to scan that this computer remembers"))


def run(args: argparse.Namespace) -> int:
    """What was asked for on the command line."""
    from claimdesk.scanning import local_scanners
    from claimdesk.scanning.remembered import Remembered
    from claimdesk.settings import Settings

    if args.out is None:
        return list_scanners(local_scanners())
    device = chosen(args.scanner, Settings.load().scanner)
    return scan_into(args.out, local_scanners(), device, options_of(args.profile, Remembered()))


def list_scanners(scanners: ScannerBackend) -> int:
    """Print each scanner that answers: its name for `--scanner`, and what a person calls it. 1 where none does."""
    devices = scanners.devices(_tell)
    for device in devices:
        print(f'{device.name}\t{device.label}\t{_offered(device)}')
    if not devices:
        print(_("No scanner answers."), file=sys.stderr)
    return 0 if devices else 1


def scan_into(folder: Path, scanners: ScannerBackend, device: str, options: ScanOptions) -> int:
    """Write each page into `folder` as soon as it is there, and print its path. Raises `Unavailable`."""
    count = 0
    for count, page in enumerate(scanners.scan(device, options, _tell), start=1):
        path = _free(folder, count, '.jpg' if page.startswith(b'\xff\xd8') else '.png')
        write_bytes(path, page)
        print(path, flush=True)
    print(ngettext("{n} page", "{n} pages", count).format(n=count), file=sys.stderr)
    return 0


def options_of(profile: str, remembered: Remembered) -> ScanOptions:
    """How to scan under that name, or the usual way for ''. Raises `NotFound`."""
    from claimdesk.scanning import PageSize, ScanOptions

    if not profile:
        return ScanOptions(size=PageSize.A4)
    known = {one.name: one.options for one in remembered.profiles()}
    if profile not in known:
        raise NotFound(
            _("This computer remembers no profile “{name}”.").format(name=profile),
            _("Known are: {names}.").format(names=_(", ").join(known) or '–'),
        )
    return known[profile]


def chosen(name: str, used_last: str) -> str:
    """The scanner to use. Raises `InvalidInput` where none is named and none was used before."""
    if not (name or used_last):
        raise InvalidInput(
            _("No scanner is named, and none was used on this computer before."),
            _("List them with “claimdesk scan”, then name one with --scanner."),
        )
    return name or used_last


def _offered(device: Device) -> str:
    return ' '.join([*device.sources, *(f'{dpi}dpi' for dpi in device.resolutions)])


def _free(folder: Path, number: int, suffix: str) -> Path:
    """A name in `folder` that no file has yet."""
    while (path := folder / f'page-{number:04}{suffix}').exists():
        number += 1
    return path


def _tell(done: int, total: int, sentence: str = '') -> None:
    if sentence and sys.stderr.isatty():
        print(f'\r{sentence:<60}', end='', file=sys.stderr)
