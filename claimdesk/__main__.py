"""Where the program starts: the command line, or the desk when no command is given."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from claimdesk.ui.frame import Frame

PROBE = '--probe-lock'
"""How a frozen program starts itself to try the locks of a folder: it has no Python beside it to do so."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run ClaimDesk; returns the exit code."""
    if getattr(sys, 'frozen', False):
        # The reading worker of a frozen program starts this same executable again.
        import multiprocessing

        multiprocessing.freeze_support()
    words = sys.argv[1:] if argv is None else argv
    if argv is None and words[:1] == [PROBE] and len(words) == 2:
        return _probe_lock(words[1])
    frame = _painted_frame() if _wants_desk(words) else None
    # Imported under the eyes of somebody who sees the window already.
    from claimdesk import cli

    return cli.main(argv, open_desk=partial(_open_desk, frame), run_demo=_run_demo)


def _wants_desk(words: Sequence[str]) -> bool:
    """Whether this is plainly the desk, so that its window may be shown before the words are understood."""
    rest = iter(words)
    for word in rest:
        if word == '--database' and next(rest, None):
            continue
        if word != '--demo' and not word.startswith('--database='):
            return False
    return True


def _painted_frame() -> Frame:
    from claimdesk.ui.frame import Frame, make_application

    make_application()
    frame = Frame()
    frame.show_painted()
    return frame


def _probe_lock(path: str) -> int:
    from claimdesk.models.lock_probe import try_lock

    return try_lock(path)


def _open_desk(frame: Frame | None, args: argparse.Namespace) -> int:
    from claimdesk.ui.start import open_desk

    return open_desk(frame or _painted_frame(), args.database or '', demo=args.demo)


def _run_demo(args: argparse.Namespace) -> int:
    from claimdesk.ui.demo import run_demo

    return run_demo(args.out, args.invoice)


if __name__ == '__main__':
    sys.exit(main())
