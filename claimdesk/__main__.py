"""Where the program starts: the command line, or the desk when no command is given."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections.abc import Sequence

from claimdesk import cli

PROBE = '--probe-lock'
"""How a frozen program starts itself to try the locks of a folder: it has no Python beside it to do so."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run ClaimDesk; returns the exit code."""
    # In a frozen program the reading worker starts this same executable again.
    multiprocessing.freeze_support()
    if argv is None and sys.argv[1:2] == [PROBE] and len(sys.argv) == 3:
        return _probe_lock(sys.argv[2])
    return cli.main(argv, open_desk=_open_desk, run_demo=_run_demo)


def _probe_lock(path: str) -> int:
    from claimdesk.models.lock_probe import try_lock

    return try_lock(path)


def _open_desk(args: argparse.Namespace) -> int:
    from claimdesk.ui.start import open_desk

    return open_desk(args.database or '', demo=args.demo)


def _run_demo(args: argparse.Namespace) -> int:
    from claimdesk.ui.demo import run_demo

    return run_demo(args.out, args.invoice)


if __name__ == '__main__':
    sys.exit(main())
