"""The same jobs without a screen: one command each, with clear errors and exit codes.

Exit codes: 0 all went well, 1 something could not be done (the sentence is on standard error), 2 wrong usage.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimdesk import __version__, case_command, files_command, language, read_command, scan_command
from claimdesk.errors import Cancelled, ClaimDeskError, InvalidInput
from claimdesk.language import LANGUAGES, _, ngettext

if TYPE_CHECKING:
    from claimdesk.app import Desk
    from claimdesk.services.context import Actor
    from claimdesk.settings import Settings

OpenDesk = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str] | None, open_desk: OpenDesk, run_demo: OpenDesk) -> int:
    """Run the command line; what needs Qt is handed in by the caller. Returns the exit code."""
    _speak_utf8()
    _choose_language(list(sys.argv[1:] if argv is None else argv))
    parser = _parser(open_desk, run_demo)
    args = parser.parse_args(argv)
    try:
        code: int = args.run(args)
        return code
    except ClaimDeskError as error:
        print(error, file=sys.stderr)
        return 1
    except (Cancelled, KeyboardInterrupt):
        print(_("Stopped."), file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, 'reconfigure'):
            stream.reconfigure(encoding='utf-8', errors='replace')


def _choose_language(argv: list[str]) -> None:
    # The language is needed before the arguments are parsed, for their help is spoken in it.
    wanted = ''
    for position, word in enumerate(argv):
        if word == '--language' and position + 1 < len(argv):
            wanted = argv[position + 1]
        elif word.startswith('--language='):
            wanted = word.partition('=')[2]
    if wanted not in LANGUAGES:
        from claimdesk.settings import Settings

        wanted = Settings.load().language
    language.use(wanted if wanted in LANGUAGES else language.DEFAULT)


def _parser(open_desk: OpenDesk, run_demo: OpenDesk) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog='claimdesk',
        description=_("ClaimDesk: the desktop program of a claims office. Without a command it opens the desk."),
    )
    parser.add_argument('--version', action='version', version=f'ClaimDesk {__version__}')
    parser.add_argument('--language', choices=tuple(LANGUAGES), help=_("the language to speak"))
    parser.add_argument(
        '--database', metavar='URL', help=_("the office's database, instead of the one in the settings")
    )
    parser.add_argument('--demo', action='store_true', help=_("open the desk on the demo office"))
    parser.add_argument('--self-test', action='store_true', help=_("check this installation and leave"))
    parser.set_defaults(run=lambda args: _self_test(args) if args.self_test else open_desk(args))
    commands = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"))

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
        made.set_defaults(run=run)
        return made

    demo = command('demo', run_demo, _("do the main job headless in a throw-away office and leave the results"))
    demo.add_argument('--out', required=True, type=Path, metavar='DIR', help=_("the folder for the results"))
    demo.add_argument('--invoice', type=Path, metavar='FILE', help=_("the invoice to read (default: a made-up one)"))

    read_command.add(command, _desk, _progress, _positive)
    scan_command.add(command)
    files_command.add(command, _desk, _progress)
    case_command.add(command, _desk, _progress)

    report = command('report', _report, _("write the monthly report"))
    report.add_argument('which', choices=('monthly',))
    report.add_argument('--month', required=True, type=_month, metavar='YYYY-MM')
    report.add_argument('--format', default='xlsx,pdf', metavar='xlsx,pdf', help=_("xlsx, pdf, or both"))
    report.add_argument('--out', required=True, type=Path, metavar='DIR', help=_("the folder for the results"))

    summary = command('summary', _summary, _("print a case's claim summary into a PDF"))
    summary.add_argument('case', metavar='CASE-NUMBER')
    summary.add_argument('--out', required=True, type=Path, metavar='FILE.pdf')

    database = command('db', _database, _("bring the database up to date, or check it"))
    database.add_argument('action', choices=('upgrade', 'check'))

    office = command('office', _office, _("fill an empty database with a made-up office"))
    office.add_argument('action', choices=('generate',))
    office.add_argument('--cases', required=True, type=_positive, metavar='N')

    due = command('due', _due, _("every clock of a case: start, pauses, due time, citation, arithmetic in words"))
    due.add_argument('case', metavar='CASE-NUMBER')
    due.add_argument('--json', action='store_true', help=_("print JSON"))

    risk = command('risk', _risk, _("the risk signals of a case and their reasons, and what the automatic rule said"))
    risk.add_argument('case', metavar='CASE-NUMBER')
    risk.add_argument('--json', action='store_true', help=_("print JSON"))

    remind = command('remind', _remind, _("send the reminders that are due, once or every few minutes"))
    remind.add_argument(
        '--every', type=_positive, metavar=_("MINUTES"), help=_("go on, with a round every so many minutes")
    )

    calculate = command(
        'calculate', _calculate, _("calculate a payment from the inputs in a file: every step, and what is payable")
    )
    calculate.add_argument('file', type=Path, metavar='FILE.json')
    calculate.add_argument('--json', action='store_true', help=_("print JSON"))

    verify = command('verify', _verify, _("check the signatures and the trail of a case; 1 where anything is broken"))
    verify.add_argument('case', metavar='CASE-NUMBER', nargs='?')
    verify.add_argument('--all', action='store_true', help=_("check the whole office"))
    verify.add_argument(
        '--checkpoint', type=Path, metavar='FILE', help=_("compare the trail with the checkpoints in this file as well")
    )
    verify.add_argument(
        '--add-checkpoint', type=Path, metavar='FILE', help=_("write one more checkpoint into this file if all is well")
    )
    verify.add_argument('--json', action='store_true', help=_("print JSON"))

    trail = command('trail', _trail, _("write the audit trail of a case, or of the office, to a file"))
    trail.add_argument('case', metavar='CASE-NUMBER', nargs='?', help=_("the case (default: what belongs to no case)"))
    trail.add_argument('--out', required=True, type=Path, metavar='FILE.xlsx|csv|jsonl')
    return parser


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(_("must be 1 or more"))
    return value


def _month(text: str) -> dt.date:
    try:
        return dt.datetime.strptime(text, '%Y-%m').date()
    except ValueError:
        raise argparse.ArgumentTypeError(_("must look like 2026-11")) from None


def settings_for(args: argparse.Namespace) -> Settings:
    """The workstation's settings, with the database of the command line in their place if it names one."""
    from claimdesk.settings import Settings

    settings = Settings.load()
    return replace(settings, database_url=args.database) if args.database else settings


@contextlib.contextmanager
def _desk(args: argparse.Namespace) -> Iterator[tuple[Desk, Actor]]:
    from claimdesk.app import connect
    from claimdesk.services.context import command_line_actor

    desk = connect(settings_for(args))
    try:
        yield desk, command_line_actor(desk.office.view().id)
    finally:
        desk.close()


def _progress(done: int, total: int, sentence: str = '') -> None:
    if sys.stderr.isatty():
        share = f'{100 * done // total:3d} %' if total else f'{done}'
        print(f'\r{share} {sentence}\x1b[K', end='' if done < total else '\n', file=sys.stderr, flush=True)


def _report(args: argparse.Namespace) -> int:
    formats = [word.strip() for word in args.format.split(',') if word.strip()]
    if not formats or set(formats) - {'xlsx', 'pdf'}:
        raise InvalidInput(_("A report is written as xlsx, pdf, or both."), _("Say for example --format xlsx,pdf."))
    with _desk(args) as (desk, actor):
        for path in desk.reporting.write_monthly(actor, args.month, formats, args.out, _progress):
            print(path)
    return 0


def _summary(args: argparse.Namespace) -> int:
    with _desk(args) as (desk, actor):
        desk.summaries.write(actor, desk.cases.find(actor, args.case), args.out, _progress)
        print(args.out)
    return 0


def _database(args: argparse.Namespace) -> int:
    from claimdesk.app import default_url
    from claimdesk.models.database import Database
    from claimdesk.models.schema import check, upgrade

    database = Database(settings_for(args).url_with_password() or default_url())
    try:
        if args.action == 'upgrade':
            if database.path is not None:
                database.path.parent.mkdir(parents=True, exist_ok=True)
            upgrade(database)
            print(_("The database is up to date."))
            return 0
        problems = check(database)
        for problem in problems:
            print(problem)
        if not problems:
            print(_("The database is in order."))
        return 1 if problems else 0
    finally:
        database.close()


def _office(args: argparse.Namespace) -> int:
    from claimdesk.app import connect
    from claimdesk.services.office_generator import generate

    desk = connect(settings_for(args))
    try:
        if desk.office.founded():
            raise InvalidInput(
                _("There is already an office in this database."),
                _("Name an empty one with --database, so that no real case is mixed with made-up ones."),
            )
        generate(desk.context, args.cases, progress=_progress)
        print(_("{count} cases are ready.").format(count=args.cases))
    finally:
        desk.close()
    return 0


def _due(args: argparse.Namespace) -> int:
    with _desk(args) as (desk, actor):
        clocks = desk.clocks.due_by_number(actor, args.case)
    if args.json:
        print(json.dumps([_plain(asdict(clock)) for clock in clocks], ensure_ascii=False, indent=1))
        return 0
    for clock in clocks:
        print(f'{clock.id:<5} {clock.name}  {clock.words}  ({clock.citation})')
        for sentence in clock.explanation:
            print(f'      {sentence}')
    return 0


def _risk(args: argparse.Namespace) -> int:
    from claimdesk.vocabulary import label

    with _desk(args) as (desk, actor):
        case_id = desk.cases.find(actor, args.case)
        found, checks = desk.risk.of_case(actor, case_id), desk.straight_through.of_case(actor, case_id)
    if args.json:
        told = {**asdict(found), 'automatic': [asdict(check) for check in checks]}
        print(json.dumps(_plain(told), ensure_ascii=False, indent=1))
        return 0
    print(_("{level}, {score} points").format(level=label(found.level), score=found.score))
    for signal in found.signals:
        print(f'  +{signal.weight:<3} {signal.name}: {signal.reason}')
    for condition in (condition for check in checks[:1] for condition in check.conditions):
        print(f'  {_("holds") if condition.holds else _("fails")}  {condition.name}: {condition.words}')
    return 0


def _remind(args: argparse.Namespace) -> int:
    with _desk(args) as (desk, _actor):
        while True:
            sent = desk.reminders.round(_progress)
            print(ngettext("{count} reminder was sent.", "{count} reminders were sent.", sent).format(count=sent))
            if args.every is None:
                return 0
            sys.stdout.flush()
            time.sleep(60 * args.every)
            desk.changes.poll()


def _calculate(args: argparse.Namespace) -> int:
    from claimdesk.amounts import money_text
    from claimdesk.services.calculation_file import calculate_file

    try:
        calculated = calculate_file(args.file)
    except InvalidInput as error:
        for field, sentence in error.fields.items():
            print(f'{field}: {sentence}', file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps(calculated.as_json(), ensure_ascii=False, indent=1))
        return 0
    for part, sheet in zip(calculated.request.parts, calculated.result.sheets, strict=True):
        print(part.title)
        for step in sheet.steps:
            amount = '' if step.amount is None else money_text(step.amount)
            print(f'{amount:>18}  {step.title}' + (f'  [{step.formula}]' if step.formula else ''))
    print(f'{money_text(calculated.result.payable):>18}  ' + _("Payable in all"))
    if calculated.result.advanced:
        print(f'{money_text(calculated.result.due):>18}  ' + _("Still due"))
    return 0


def _verify(args: argparse.Namespace) -> int:
    from claimdesk.services.findings import Health
    from claimdesk.vocabulary import label

    whole = args.all or args.checkpoint or args.add_checkpoint
    if bool(whole) == bool(args.case):
        raise InvalidInput(_("Name a case, or say --all for the whole office."))
    with _desk(args) as (desk, actor):
        if whole:
            findings = desk.verify.all(actor, args.checkpoint, _progress)
        else:
            findings = desk.verify.case(actor, args.case)
        broken = any(one.health is Health.BROKEN for one in findings)
        if args.add_checkpoint and not broken:
            desk.verify.add_checkpoint(actor, args.add_checkpoint)
    if args.json:
        print(json.dumps([asdict(one) for one in findings], ensure_ascii=False, indent=1))
    else:
        for one in findings:
            print(f'{label(one.health):<10} {one.subject}: {one.sentence}')
        if not findings:
            print(_("There is nothing to verify yet."))
    return 1 if broken else 0


def _trail(args: argparse.Namespace) -> int:
    with _desk(args) as (desk, actor):
        case_id = desk.cases.find(actor, args.case) if args.case else None
        desk.timeline.export(actor, args.out, case_id, _progress)
    print(args.out)
    return 0


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value.isoformat() if isinstance(value, dt.datetime) else value


def _self_test(args: argparse.Namespace) -> int:
    from claimdesk.self_test import run

    for sentence in run():
        print(sentence)
    print(_("ClaimDesk {version} is in order.").format(version=__version__))
    return 0


