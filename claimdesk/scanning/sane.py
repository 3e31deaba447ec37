"""Scanners under SANE, through the program `scanimage` in a process of its own: drivers hang and crash."""

from __future__ import annotations

import os
import re
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from claimdesk.errors import Unavailable
from claimdesk.language import _
from claimdesk.progress import Progress, quiet
from claimdesk.scanning import conditions
from claimdesk.scanning.sane_options import Choices, read_options
from claimdesk.scanning.scanner import MAX_PAGES, Device, ScanOptions

LIST_SECONDS = 40.0
"""Looking for scanners on the network takes its time."""
OPTIONS_SECONDS = 20.0
PAGE_SECONDS = 180.0
"""No sheet takes longer, lamp warm-up included."""
END_SECONDS = 10.0
"""How long a driver may take to let go of the scanner once all is said."""
TICK = 0.1
_PERCENT = re.compile(rb'Progress: ([\d.]+)%')
NO_DOCUMENTS = 7


class SaneScanner:
    """`scanimage` lists and scans; `environment` is added to that of the desk."""

    def __init__(
        self,
        program: str = 'scanimage',
        *,
        environment: dict[str, str] | None = None,
        page_seconds: float = PAGE_SECONDS,
    ) -> None:
        self._program = program
        self._environment = environment or {}
        self._page_seconds = page_seconds
        self._choices: dict[str, Choices] = {}

    def devices(self, progress: Progress = quiet) -> list[Device]:
        """The scanners that answer now; none is no error. Raises `Unavailable`, `Cancelled`."""
        progress(0, 0, _("Looking for scanners…"))
        child = self._start(['-f', '%d\t%v %m%n'])
        lines = self._text(child, LIST_SECONDS, progress).splitlines()
        listed = [line.split('\t', 1) for line in lines if '\t' in line]
        found = []
        for done, (name, label) in enumerate(listed):
            progress(done, len(listed), _("Asking {scanner} what it can do…").format(scanner=label))
            try:
                choices = self._ask(name, progress)
            except Unavailable:
                choices = Choices()  # asleep or busy: it may still be chosen
            found.append(choices.device(name, label.strip().replace('_', ' ')))
        return found

    def scan(self, device: str, options: ScanOptions, progress: Progress = quiet) -> Iterator[bytes]:
        """Each page as PNG, as soon as it is there: every sheet of the feeder, or the one on the glass.

        Leaving the iterator early stops the scanner. Raises `Unavailable` (jam, open cover, empty feeder, no answer)
        and `Cancelled`.
        """
        choices = self._choices.get(device) or self._ask(device, progress)
        arguments = ['-d', device, '--format=png', '--progress']
        for name, value in choices.settings(options).items():
            arguments.append(f'--{name}={value}')
        sheet = choices.sheet(options)
        if sheet is not None:
            arguments += ['-l', '0', '-t', '0', '-x', f'{sheet[0]:g}', '-y', f'{sheet[1]:g}']
        with tempfile.TemporaryDirectory(prefix='claimdesk-scan-') as folder:
            count = MAX_PAGES if options.feeds else 1
            arguments += [f'--batch={folder}/%d.png', '--batch-print', f'--batch-count={count}']
            child = self._start(arguments)
            try:
                yield from self._pages(child, device, options, progress)
            finally:
                child.stop()

    def _pages(self, child: _Child, device: str, options: ScanOptions, progress: Progress) -> Iterator[bytes]:
        pages, deadline, so_far = 0, time.monotonic() + self._page_seconds, b''
        for output, error in child.listen():
            if output or _PERCENT.search(error):
                deadline = time.monotonic() + self._page_seconds
            so_far += output
            *lines, so_far = so_far.split(b'\n')
            for line in lines:
                page = Path(os.fsdecode(line.strip()))
                if page.is_file():
                    content = page.read_bytes()
                    page.unlink()
                    pages += 1
                    yield content
            percent = _PERCENT.findall(error)
            done = min(100, int(float(percent[-1]))) if percent else 0
            progress(done, 100 if percent else 0, _("Scanning page {page}…").format(page=pages + 1))
            if time.monotonic() > deadline:
                raise conditions.no_answer()
        if child.code and not (pages and options.feeds and child.code == NO_DOCUMENTS):
            raise _refusal(child.code, child.error, device)
        if not pages:
            raise _refusal(NO_DOCUMENTS if options.feeds else 1, child.error, device)

    def _ask(self, device: str, progress: Progress) -> Choices:
        child = self._start(['-d', device, '-A'])
        text = self._text(child, OPTIONS_SECONDS, progress)
        if child.code:
            raise _refusal(child.code, child.error, device)
        self._choices[device] = choices = read_options(text)
        return choices

    def _text(self, child: _Child, seconds: float, progress: Progress) -> str:
        """All that `child` prints within the time."""
        deadline, printed = time.monotonic() + seconds, b''
        try:
            for output, _error in child.listen():
                printed += output
                progress(0, 0)
                if time.monotonic() > deadline:
                    raise conditions.no_answer()
        finally:
            child.stop()
        return printed.decode('utf-8', 'replace')

    def _start(self, arguments: Sequence[str]) -> _Child:
        program = shutil.which(self._program)
        if program is None:
            raise Unavailable(
                _("The program scanimage, through which ClaimDesk scans, is not installed."),
                _("Install the package sane-utils, or let the scanner save into a watched folder."),
            )
        return _Child([program, *arguments], {**os.environ, 'LC_ALL': 'C.UTF-8', **self._environment})


class _Child:
    """One run of the program, with what it has said on its error output so far."""

    def __init__(self, command: Sequence[str], environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            start_new_session=True,
        )
        self.error = ''

    @property
    def code(self) -> int:
        """How it ended: 0, a SANE status, or the negative number of the signal that killed it."""
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(END_SECONDS)
        self.stop()
        return self._process.wait()

    def listen(self) -> Iterator[tuple[bytes, bytes]]:
        """What is printed and what is complained, piece by piece; empty pieces while it says nothing."""
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        with selectors.DefaultSelector() as selector:
            for stream in (self._process.stdout, self._process.stderr):
                os.set_blocking(stream.fileno(), False)
                selector.register(stream, selectors.EVENT_READ)
            while selector.get_map():
                output = error = b''
                for key, _events in selector.select(TICK):
                    piece = os.read(key.fd, 65536)
                    if not piece:
                        selector.unregister(key.fileobj)
                    elif key.fileobj is self._process.stdout:
                        output += piece
                    else:
                        error += piece
                self.error = (self.error + error.decode('utf-8', 'replace'))[-4000:]
                yield output, error

    def stop(self) -> None:
        """End it if it still runs: politely first, so that the driver parks the lamp."""
        for order, patience in ((signal.SIGTERM, 3.0), (signal.SIGKILL, 3.0)):
            if self._process.poll() is not None:
                break
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, order)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(patience)
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()


def _refusal(code: int, said: str, device: str) -> Unavailable:
    """The sentence for the SANE status that `scanimage` ended with."""
    known = {
        3: conditions.busy,
        6: conditions.jammed,
        7: conditions.feeder_empty,
        8: conditions.cover_open,
        9: conditions.broke_off,
        10: conditions.out_of_memory,
        11: conditions.not_allowed,
    }
    if code in known:
        return known[code]()
    if code < 0 or code >= 128:
        return conditions.crashed()
    if 'open of device' in said or 'no SANE devices found' in said:
        return conditions.not_connected(device)
    return conditions.refused(said.strip().rpartition('\n')[2].removeprefix('scanimage: ') or code)
