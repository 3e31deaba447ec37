"""Where the program starts: the command line, or the desk when no command is given."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections.abc import Sequence

from claimdesk import cli


def main(argv: Sequence[str] | None = None) -> int:
    """Run ClaimDesk; returns the exit code."""
    # In a frozen program the reading worker starts this same executable again.
    multiprocessing.freeze_support()
    return cli.main(argv, open_desk=_open_desk, run_demo=_run_demo)


def _open_desk(args: argparse.Namespace) -> int:
    from claimdesk.ui.start import open_desk

    return open_desk(args.database or '', demo=args.demo)


def _run_demo(args: argparse.Namespace) -> int:
    from claimdesk.ui.demo import run_demo

    return run_demo(args.out, args.invoice)


if __name__ == '__main__':
    sys.exit(main())
