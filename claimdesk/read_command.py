"""`claimdesk read`: files read without an office, or (`--learned`) the papers that people of the office corrected;
`claimdesk learned`: what their corrections taught the reader."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimdesk.errors import InvalidInput
from claimdesk.forms import label_of
from claimdesk.language import _, ngettext

if TYPE_CHECKING:
    from claimdesk.app import Desk
    from claimdesk.progress import Progress
    from claimdesk.services.context import Actor
    from claimdesk.services.corrections import Difference, Score
    from claimdesk.services.learned import LearnedView

Command = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]
OpenedDesk = Callable[[argparse.Namespace], AbstractContextManager[tuple['Desk', 'Actor']]]
_WIDTHS = (26, 9, 9, 9, 9, 9, 9)


def add(command: Command, opened: OpenedDesk, progress: Progress, positive: Callable[[str], int]) -> None:
    """Add both commands to the program's; `opened` gives the desk that the arguments name."""
    words = _("read documents; one line of JSON for each file")
    made = command('read', lambda args: read(args, opened, progress, made), words)
    made.add_argument('files', nargs='*', type=Path, metavar='FILE')
    made.add_argument('--json', action='store_true', help=_("print JSON (the default when not at a terminal)"))
    made.add_argument('--engine', choices=('auto', 'rapid', 'tesseract'), default='auto', help=_("the reading engine"))
    made.add_argument('--jobs', type=positive, default=1, metavar='N', help=_("how many files to read at once"))
    scored = _("read again what people of the office corrected, and score it; 1 where anything sure is wrong")
    made.add_argument('--learned', action='store_true', help=scored)
    made.add_argument('--all', action='store_true', help=_("with --learned: every confirmed paper, corrected or not"))

    words = _("what corrections taught the reader about the papers of an issuer")
    known = command('learned', lambda args: learned(args, opened), words)
    known.add_argument('what', choices=('list', 'forget'))
    known.add_argument('issuer', nargs='?', metavar='ISSUER', help=_("forget: the name of the issuer as it is listed"))
    known.add_argument('--all', action='store_true', help=_("forget everything"))
    known.add_argument('--json', action='store_true', help=_("print JSON"))


def read(args: argparse.Namespace, opened: OpenedDesk, progress: Progress, parser: argparse.ArgumentParser) -> int:
    """Read the files, or the corrected papers of the office."""
    if args.learned == bool(args.files):
        parser.error(_("Name files to read, or say --learned for the papers of the office."))
    if args.learned:
        with opened(args) as (desk, actor):
            score = desk.corrections.score(actor, desk.readings.again, progress, everything=args.all)
        print(json.dumps(_score_as_json(score), ensure_ascii=False, indent=1) if args.json else _score_in_words(score))
        return 1 if score.sure_but_wrong else 0
    from claimdesk.services.reading import read_files

    plain = sys.stdout.isatty() and not args.json
    failed = False
    for result in read_files(args.files, engine=args.engine, jobs=args.jobs):
        failed = failed or result['error'] is not None
        print(_reading_in_words(result) if plain else json.dumps(result, ensure_ascii=False), flush=True)
    return 1 if failed else 0


def learned(args: argparse.Namespace, opened: OpenedDesk) -> int:
    """List what was learned, or forget it."""
    from claimdesk.vocabulary import Role

    with opened(args) as (desk, actor):
        places = desk.learned.places(actor)
        if args.what == 'list':
            _print_places(args, places)
            return 0
        chosen = [one for one in places if args.all or one.issuer == args.issuer]
        if not chosen:
            raise InvalidInput(
                _("Nothing was learned about such an issuer."), _("Look with: claimdesk learned list. Or say --all.")
            )
        # Whoever starts it has the office's database in hand already.
        manager = replace(actor, roles=frozenset({Role.ADMINISTRATOR}))
        gone = desk.learned.forget(manager, [id_ for one in chosen for id_ in one.ids])
    print(ngettext("{n} lesson is forgotten.", "{n} lessons are forgotten.", gone).format(n=gone))
    return 0


def _print_places(args: argparse.Namespace, places: list[LearnedView]) -> None:
    from claimdesk.vocabulary import label

    if args.json:
        told = [{**asdict(one), 'last': one.last.isoformat()} for one in places]
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for one in places:
        papers = ngettext("{n} paper", "{n} papers", one.papers).format(n=one.papers)
        print(f'{one.issuer}\t{label(one.kind)}\t{one.field_label}\t{one.label or _("by its place")}\t{papers}')
    if not places:
        print(_("Nothing was learned yet."))


def _reading_in_words(result: dict[str, Any]) -> str:
    lines = [str(result['file'])]
    if result['error']:
        lines.append(f'  {result["error"]}')
    for page in result['pages']:
        lines.append(f'  {page["page"]}: {page["kind"]} ({page["seconds"]:.2f} s)')
        for name, field in page['fields'].items():
            lines.append(f'    {name:<16} {field["confidence"]:.2f} {field["source"]:<10} {field["value"]}')
    return '\n'.join(lines)


def _score_as_json(score: Score) -> dict[str, Any]:
    return {
        'kinds': [asdict(one) for one in score.kinds],
        'sure_but_wrong': [asdict(one) for one in score.sure_but_wrong],
        'worse': [asdict(one) for one in score.worse],
        'wrong': [asdict(one) for one in score.wrong],
        'skipped': [asdict(one) for one in score.skipped],
    }


def _score_in_words(score: Score) -> str:
    from claimdesk.vocabulary import label

    if not score.kinds and not score.skipped:
        return _("Nobody has corrected a reading yet.")
    heads = ('', _("papers"), _("fields"), _("then"), _("now"), _("sure"), _("wrong"))
    lines = [_columns(heads)] if score.kinds else []
    for one in score.kinds:
        counts = (one.documents, one.fields, one.right_before, one.right, one.sure, one.sure_but_wrong)
        lines.append(_columns((label(one.kind), *(f'{count:,}' for count in counts))))
    if score.kinds:
        lines.append(_("then, now: fields as confirmed when first read, and today; wrong: sure and not as confirmed"))
    lines += _listed(_("Sure but wrong:"), score.sure_but_wrong)
    lines += _listed(_("Right before, not any more:"), score.worse)
    lines += [_("Left out: {title}. {why}").format(title=one.title, why=one.sentence) for one in score.skipped]
    return '\n'.join(lines)


def _listed(head: str, differences: list[Difference]) -> Iterable[str]:
    if differences:
        yield head
    for one in differences:
        name = label_of(one.field, one.kind)
        words = _("{field}: “{read}”, confirmed “{confirmed}”")
        told = words.format(field=name, read=one.read, confirmed=one.confirmed)
        yield f'  {one.case_number} · {one.title} · {told}'


def _columns(cells: Iterable[str]) -> str:
    first, *others = cells
    # A Chinese character is two columns wide.
    wide = sum(2 if ord(char) > 0x2E7F else 1 for char in first)
    return first + ' ' * max(1, _WIDTHS[0] - wide) + ''.join(
        ' ' * max(1, width - sum(2 if ord(char) > 0x2E7F else 1 for char in cell)) + cell
        for cell, width in zip(others, _WIDTHS[1:], strict=True)
    )
