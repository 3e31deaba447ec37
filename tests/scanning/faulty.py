"""Ways to scanners that go wrong in every way, in a process of their own; what goes wrong is the device's name."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from claimdesk.errors import Unavailable
from claimdesk.progress import Progress, quiet
from claimdesk.scanning import Device, ScanOptions


class Faulty:
    """`page page crash` gives two pages and crashes, and so on; `mark:PATH` writes our process id there."""

    def devices(self, progress: Progress = quiet) -> list[Device]:
        return [Device('page', f'Faulty {os.getpid()}')]

    def scan(self, device: str, options: ScanOptions, progress: Progress = quiet) -> Iterator[bytes]:
        for number, word in enumerate(device.split()):
            progress(number, 0, word)
            if word == 'page':
                yield f'page {number}'.encode()
            elif word == 'large':
                yield bytes(40 * 1024 * 1024)
            elif word == 'crash':
                os.kill(os.getpid(), signal.SIGSEGV)
            elif word == 'hang':
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                time.sleep(600)
            elif word == 'bug':
                raise ZeroDivisionError('division by zero')
            elif word == 'jam':
                raise Unavailable('The paper is jammed.', 'Open the scanner.')
            elif word == 'eat':
                assert [bytes(64 * 1024 * 1024) for _number in range(1000)]
            elif word == 'exit':
                os._exit(0)
            elif word.startswith('mark:'):
                Path(word[5:]).write_text(str(os.getpid()))
            elif word.startswith('park:'):
                yield from _parking(Path(word[5:]), progress)


def _parking(note: Path, progress: Progress) -> Iterator[bytes]:
    """Pages without end; when it is stopped politely the lamp is parked."""
    try:
        while True:
            progress(0, 0)
            yield b'page'
            time.sleep(0.02)
    finally:
        note.write_text('parked')
