"""`claimdesk files check`: whether every kept file is there and unchanged, without a screen."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import TYPE_CHECKING

from claimdesk.language import _

if TYPE_CHECKING:
    from claimdesk.app import Desk
    from claimdesk.progress import Progress
    from claimdesk.services.context import Actor

Command = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]
OpenedDesk = Callable[[argparse.Namespace], AbstractContextManager[tuple['Desk', 'Actor']]]


def add(command: Command, opened: OpenedDesk, progress: Progress) -> None:
    """Add the command to the program's; `opened` gives the desk that the arguments name."""
    made = command('files', lambda args: run(args, opened, progress), _("check the files that the office keeps"))
    made.add_argument(
        'what', choices=('check',), help=_("find missing, changed and orphaned files; 1 where any is broken")
    )
    made.add_argument('--json', action='store_true', help=_("print JSON"))


def run(args: argparse.Namespace, opened: OpenedDesk, progress: Progress) -> int:
    """What was asked for on the command line."""
    from claimdesk.services.findings import Health
    from claimdesk.vocabulary import label

    with opened(args) as (desk, actor):
        findings = desk.files_check.check(actor, progress)
    if args.json:
        print(json.dumps([asdict(one) for one in findings], ensure_ascii=False, indent=1))
    else:
        for one in findings:
            print(f'{label(one.health):<10} {one.subject}: {one.sentence}')
    return 1 if any(one.health is Health.BROKEN for one in findings) else 0
