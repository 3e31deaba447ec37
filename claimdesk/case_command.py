"""`claimdesk case export-file`: the papers of a case as one PDF, without a screen."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from claimdesk.language import _, ngettext

if TYPE_CHECKING:
    from claimdesk.app import Desk
    from claimdesk.progress import Progress
    from claimdesk.services.context import Actor

Command = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]
OpenedDesk = Callable[[argparse.Namespace], AbstractContextManager[tuple['Desk', 'Actor']]]


def add(command: Command, opened: OpenedDesk, progress: Progress) -> None:
    """Add the command to the program's; `opened` gives the desk that the arguments name."""
    made = command(
        'case', lambda args: run(args, opened, progress), _("write the papers of a case into one searchable PDF")
    )
    made.add_argument('what', choices=('export-file',))
    made.add_argument('case', metavar='CASE-NUMBER')
    made.add_argument('--out', required=True, type=Path, metavar='FILE.pdf')
    made.add_argument('--marks', action='store_true', help=_("show highlights, frames and notes"))
    made.add_argument('--blackout', action='store_true', help=_("black out what is marked so, for good"))


def run(args: argparse.Namespace, opened: OpenedDesk, progress: Progress) -> int:
    """What was asked for on the command line; 1 where a page could not be taken over."""
    from claimdesk.services.case_file_pdf import Choice

    with opened(args) as (desk, actor):
        case_id = desk.cases.find(actor, args.case)
        choice = Choice(None, args.marks, args.blackout)
        written = desk.case_file.write(actor, case_id, args.out, choice, progress)
    pages = ngettext("{count} page", "{count} pages", written.pages).format(count=written.pages)
    print(f'{args.out}  {pages}')
    for lost in written.lost:
        title = _("{title}, page {page}").format(title=lost.document, page=lost.page)
        print(f'{title}: {lost.sentence}', file=sys.stderr)
    for title, page in written.still_told:
        words = _("{title}, page {page}").format(title=title, page=page)
        print(_("What is blacked out can still be read here: {places}.").format(places=words), file=sys.stderr)
    return 1 if written.lost else 0
