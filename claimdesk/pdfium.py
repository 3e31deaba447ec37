"""PDFium may be entered by one thread at a time: whoever calls it takes turns here."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_turn = threading.RLock()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold PDFium for this thread: open, use and close documents inside."""
    with _turn:
        yield
