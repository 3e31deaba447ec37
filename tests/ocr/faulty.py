"""Work for worker processes that goes wrong in every way; what goes wrong is written in the source."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from claimdesk.errors import Unavailable, Unreadable
from claimdesk.ocr import EngineChoice, PageReading
from claimdesk.progress import Progress
from claimdesk.vocabulary import DocumentKind


def work(source: Path | bytes, choice: EngineChoice, progress: Progress, first: int) -> Iterator[PageReading]:
    """One page for each word of the source: `good` reads, the others fail as they are called."""
    assert isinstance(source, bytes)
    words = source.decode().split()
    for number, word in enumerate(words, start=1):
        if number < first:
            continue
        progress(number - 1, len(words), f'page {number}')
        if word == 'crash':
            os.kill(os.getpid(), signal.SIGSEGV)
        if word == 'hang':
            time.sleep(600)
        if word == 'bug':
            raise ZeroDivisionError
        if word == 'torn':
            raise Unreadable('The page is torn.', 'Scan again.')
        if word == 'missing':
            raise Unavailable('No engine.', 'Install one.')
        if word == 'eat':
            hoard = [bytes(64 * 1024 * 1024) for _number in range(1000)]
            assert hoard
        if word == 'slow':
            time.sleep(0.3)
        yield PageReading(number, DocumentKind.OTHER, text=f'{word} {choice} {os.getpid()}')
