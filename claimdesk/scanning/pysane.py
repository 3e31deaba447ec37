"""Scanners under SANE through python-sane, the optional extra `scan`; only ever used in a process of its own."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from claimdesk.errors import Unavailable
from claimdesk.language import _
from claimdesk.progress import Progress, quiet
from claimdesk.scanning import conditions
from claimdesk.scanning.sane_options import Choices, resolutions_of, sides_of
from claimdesk.scanning.scanner import MAX_PAGES, Device, ScanOptions

_STATUS: tuple[tuple[str, Callable[[], Unavailable]], ...] = (
    ('jammed', conditions.jammed),
    ('out of documents', conditions.feeder_empty),
    ('cover', conditions.cover_open),
    ('busy', conditions.busy),
    ('i/o', conditions.broke_off),
    ('out of memory', conditions.out_of_memory),
    ('denied', conditions.not_allowed),
)
"""How SANE begins or spells its statuses, in the order that they are looked for."""


class PythonSane:
    """The devices of the SANE installation, driven in this process."""

    def __init__(self) -> None:
        import sane
        from _sane import error

        self._sane, self._error = sane, error
        sane.init()

    def devices(self, progress: Progress = quiet) -> list[Device]:
        """The scanners that answer now; one that cannot be opened may still be chosen."""
        progress(0, 0, _("Looking for scanners…"))
        found = []
        listed = self._sane.get_devices()
        for done, (name, vendor, model, _kind) in enumerate(listed):
            label = f'{vendor} {model}'.strip().replace('_', ' ')
            progress(done, len(listed), _("Asking {scanner} what it can do…").format(scanner=label))
            choices = Choices()
            with suppress(Unavailable):
                device = self._open(name)
                choices = choices_of(device.opt)
                device.close()
            found.append(choices.device(name, label))
        return found

    def scan(self, device: str, options: ScanOptions, progress: Progress = quiet) -> Iterator[bytes]:
        """Each page as PNG. Raises `Unavailable` and `Cancelled`."""
        scanner = self._open(device)
        try:
            self._set(scanner, choices_of(scanner.opt), options)
            for number in range(1, (MAX_PAGES if options.feeds else 1) + 1):
                page = self._page(scanner, number, options, progress)
                if page is None:
                    break
                yield page
        finally:
            scanner.cancel()
            scanner.close()

    def _open(self, name: str) -> Any:
        try:
            return self._sane.open(name)
        except self._error as error:
            refusal = refusal_of(str(error))
            raise conditions.not_connected(name) if refusal is None else refusal from error

    def _set(self, scanner: Any, choices: Choices, options: ScanOptions) -> None:
        for name, value in choices.settings(options).items():
            with suppress(AttributeError):
                setattr(scanner, name.replace('-', '_'), _typed(scanner.opt[name.replace('-', '_')], value))
        sheet = choices.sheet(options)
        if sheet is not None:
            scanner.tl_x = scanner.tl_y = 0.0
            scanner.br_x, scanner.br_y = sheet

    def _page(self, scanner: Any, number: int, options: ScanOptions, progress: Progress) -> bytes | None:
        """The next page, or None once the feeder that gave the ones before is empty."""
        said = _("Scanning page {page}…").format(page=number)
        progress(0, 0, said)
        try:
            scanner.start()
            # Cancelled between two sheets a feeder would throw out those that are left; `scan` cancels in the end.
            image = scanner.snap(no_cancel=True, progress=lambda done, total: progress(done, max(total, 0), said))
        except self._error as error:
            if number > 1 and options.feeds and 'out of documents' in str(error).lower():
                return None
            raise refusal_of(str(error)) or conditions.refused(error) from error
        out = io.BytesIO()
        image.save(out, 'PNG', compress_level=1, dpi=(scanner_dpi(scanner),) * 2)
        return out.getvalue()


def scanner_dpi(scanner: Any) -> float:
    """The resolution that the device took."""
    with suppress(AttributeError, ValueError, TypeError):
        return float(scanner.resolution)
    return 0.0


def choices_of(options: dict[str, Any]) -> Choices:
    """The choices out of the options of a device."""

    def listed(name: str) -> tuple[str, ...]:
        option = options.get(name)
        if option is None or not option.is_active():
            return ()
        if isinstance(option.constraint, tuple):
            return (f'{option.constraint[0]}..{option.constraint[1]}',)
        return tuple(str(value) for value in option.constraint or ())

    ends = [options[name].constraint if name in options else None for name in ('br_x', 'br_y')]
    wide, high = (float(end[1]) if isinstance(end, tuple) else 0.0 for end in ends)
    sides = next((name for name in ('adf_mode', 'duplex') if name in options and options[name].is_active()), '')
    words = listed(sides) or (('yes',) if sides else ())
    return Choices(
        listed('source'),
        listed('mode'),
        resolutions_of(listed('resolution')),
        (wide, high) if wide > 0 and high > 0 else None,
        sides_of(sides.replace('_', '-'), words),
    )


def refusal_of(said: str) -> Unavailable | None:
    """Our sentence for what SANE said, or None for what we have none for."""
    low = said.lower()
    return next((refusal() for mark, refusal in _STATUS if mark in low), None)


def _typed(option: Any, value: str) -> Any:
    """`value` as the option wants it: a switch, a number or a word."""
    if option.type == 0:
        return value == 'yes'
    return float(value) if option.type in (1, 2) else value
