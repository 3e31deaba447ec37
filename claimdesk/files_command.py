"""`claimdesk files`: where documents are kept, whether each is there and unchanged, and moving them elsewhere."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, replace
from getpass import getpass
from typing import TYPE_CHECKING, Any

from claimdesk.errors import InvalidInput
from claimdesk.language import _, ngettext
from claimdesk.rules.storage import BucketStyle, Place, PlaceKind

if TYPE_CHECKING:
    from claimdesk.app import Desk
    from claimdesk.progress import Progress
    from claimdesk.services.context import Actor
    from claimdesk.services.storage import StorageView

Command = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]
OpenedDesk = Callable[[argparse.Namespace], AbstractContextManager[tuple['Desk', 'Actor']]]


def add(command: Command, opened: OpenedDesk, progress: Progress) -> None:
    """Add the command to the program's; `opened` gives the desk that the arguments name."""
    words = _("check or move the files that the office keeps")
    made = command('files', lambda args: run(args, opened, progress), words)
    made.add_argument(
        'what',
        choices=('where', 'check', 'move', 'looks'),
        help=_("where they are; what is missing, changed or orphaned (1 where any is broken); or bring them elsewhere;"
               " or note what pages look like that were read before, so that the same page is found again"),
    )
    made.add_argument('--json', action='store_true', help=_("print JSON"))
    made.add_argument(
        '--remove-orphans', action='store_true', help=_("check: remove what was never recorded and is older than a day")
    )
    to = made.add_argument_group(_("move"), _("Without --to, what an earlier move left behind is moved."))
    places = _("database, folder (beside the database), a path, or s3://bucket/prefix/")
    to.add_argument('--to', metavar='PLACE', help=places)
    to.add_argument('--endpoint', default='', metavar='URL', help=_("the address of the S3-compatible store"))
    to.add_argument('--region', default='us-east-1', help=_("its region (default: us-east-1)"))
    to.add_argument('--key-id', default='', metavar='KEY', help=_("the name of the key; its secret is asked for"))
    to.add_argument('--bucket-style', choices=[one.value for one in BucketStyle], default=BucketStyle.AUTO.value,
                    help=_("where the bucket stands in addresses"))  # fmt: skip


def run(args: argparse.Namespace, opened: OpenedDesk, progress: Progress) -> int:
    """What was asked for on the command line."""
    from claimdesk.vocabulary import Role

    with opened(args) as (desk, actor):
        # Whoever starts it has the office's database and files in hand already.
        manager = replace(actor, roles=frozenset({Role.ADMINISTRATOR}))
        if args.what == 'move':
            return _move(args, desk, manager, progress)
        if args.what == 'looks':
            return _looks(args, desk, manager, progress)
        if args.what == 'where':
            return _where(args, desk.storage.view(actor))
        return _check(args, desk, actor, manager, progress)


def _looks(args: argparse.Namespace, desk: Desk, manager: Actor, progress: Progress) -> int:
    done = desk.page_looks.fill(manager, progress)
    if args.json:
        print(json.dumps({'pages': done}))
    else:
        print(ngettext("{n} page compared", "{n} pages compared", done).format(n=f'{done:,}'))
    return 0


def _where(args: argparse.Namespace, view: StorageView) -> int:
    if args.json:
        places = {'place': view.place.as_json(), 'former': [one.as_json() for one in view.former]}
        print(json.dumps({**places, 'files': view.files, 'bytes': view.bytes}, ensure_ascii=False, indent=1))
        return 0
    count = ngettext("{n} file, {size}", "{n} files, {size}", view.files)
    print(view.place.words() + ': ' + count.format(n=f'{view.files:,}', size=_size(view.bytes)))
    for former in view.former:
        print(_("Some may still lie here: {place}").format(place=former.words()))
    return 0


def _check(args: argparse.Namespace, desk: Desk, actor: Actor, manager: Actor, progress: Progress) -> int:
    from claimdesk.services.findings import Health
    from claimdesk.vocabulary import label

    findings = desk.files_check.check(actor, progress)
    swept = desk.files_check.sweep(manager, progress) if args.remove_orphans else None
    if args.json:
        told: Any = [asdict(one) for one in findings]
        print(json.dumps(told if swept is None else {'findings': told, 'removed': swept}, ensure_ascii=False, indent=1))
    else:
        for one in findings:
            print(f'{label(one.health):<10} {one.subject}: {one.sentence}')
        if swept is not None:
            print(ngettext("{n} file was removed.", "{n} files were removed.", swept).format(n=swept))
    return 1 if any(one.health is Health.BROKEN for one in findings) else 0


def _move(args: argparse.Namespace, desk: Desk, manager: Actor, progress: Progress) -> int:
    if args.to:
        place = _place(args)
        secret = _secret(desk, place)
        view = desk.storage.view(manager)
        if place != view.place:
            desk.storage.change(manager, place, view.version, secret)
        if secret and not desk.settings.remember_secret(place.account, secret):
            print(_("This computer has no key store; set CLAIMDESK_FILES_SECRET for its desks."), file=sys.stderr)
    moved = desk.files_move.move(manager, progress)
    if args.json:
        print(json.dumps(asdict(moved), ensure_ascii=False, indent=1))
    else:
        words = ngettext("{n} file was moved, {size}.", "{n} files were moved, {size}.", moved.files)
        print(words.format(n=f'{moved.files:,}', size=_size(moved.bytes)))
        for one in moved.left:
            print(f'{one.name} ({one.sha256[:12]}): {one.sentence}')
    return 1 if moved.left else 0


def _place(args: argparse.Namespace) -> Place:
    to: str = args.to
    if to == PlaceKind.DATABASE.value:
        return Place(PlaceKind.DATABASE)
    if to == PlaceKind.FOLDER.value:
        return Place(PlaceKind.FOLDER)
    if not to.startswith('s3://'):
        return Place(PlaceKind.FOLDER, folder=to)
    bucket, _slash, prefix = to.removeprefix('s3://').partition('/')
    if not args.endpoint:
        raise InvalidInput(_("The address of the store is missing."), _("Name it with --endpoint."))
    return Place(
        PlaceKind.S3,
        endpoint=args.endpoint,
        bucket=bucket,
        prefix=f'{prefix.rstrip("/")}/' if prefix else '',
        region=args.region,
        style=BucketStyle(args.bucket_style),
        key_id=args.key_id,
    )


def _secret(desk: Desk, place: Place) -> str:
    """The secret that was typed; '' where none is needed, or this computer knows it."""
    if place.kind is not PlaceKind.S3 or desk.settings.secret(place.account):
        return ''
    if not sys.stdin.isatty():
        return ''
    return getpass(_("Secret of the key {key}: ").format(key=place.key_id))


def _size(count: int) -> str:
    return f'{count / 1024**2:,.1f} MB' if count < 1024**3 else f'{count / 1024**3:,.1f} GB'
