"""Opens the desk in a frame that is painted already: connects in a worker, then asks who sits down."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, cast

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from claimdesk import language
from claimdesk.errors import ClaimDeskError
from claimdesk.language import _
from claimdesk.progress import Progress
from claimdesk.settings import Settings
from claimdesk.ui import theme
from claimdesk.ui.frame import Frame, make_application, remember_colours
from claimdesk.ui.page import Shell
from claimdesk.ui.palette import Hit
from claimdesk.ui.tasks import Tasks
from claimdesk.ui.window import Window
from claimdesk.vocabulary import Line, label

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimdesk.app import Desk
    from claimdesk.services.accounts import Person
    from claimdesk.services.context import Actor
    from claimdesk.services.office import OfficeView
    from claimdesk.ui.faults import Faults
    from claimdesk.ui.widgets import Banner


BRING_IN_AFTER = 1500
"""Milliseconds from the entry until what the first page did not need is imported, in the background."""
REMIND_AFTER = 2500
"""Milliseconds from the entry until the first look for reminders."""
LINE_ICONS = {Line.MOTOR: 'car', Line.MEDICAL: 'heart-pulse', Line.PROPERTY: 'building-2'}


@dataclass
class Opened:
    """An office that is open, and what the sign-in shows."""

    desk: Desk
    office: OfficeView
    people: list[Person]


def open_desk(frame: Frame, database: str = '', *, demo: bool = False) -> int:
    """Show the desk in `frame` until it is closed; returns the exit code.

    The address `database` goes before the settings.
    """
    application = make_application()
    settings = Settings.load()
    start = Start(application, settings, database=database, demo=demo)
    frame.move_in(start.window)
    start.begin()
    code = application.exec()
    start.close()
    return code


def use_language(application: QApplication, code: str) -> None:
    """Speak `code` from now on: our own words and Qt's."""
    try:
        language.use(code)
    except FileNotFoundError:
        # A checkout whose catalogues are not compiled yet still opens, in English.
        language.use('en')
    QLocale.setDefault(QLocale('zh_CN' if code == 'zh_CN' else 'en_GB'))
    for old in application.findChildren(QTranslator):
        application.removeTranslator(old)
        old.deleteLater()
    translator = QTranslator(application)
    if translator.load(f'qtbase_{code}', QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(translator)


def dress(application: QApplication, choice: theme.Choice) -> None:
    """Wear a theme, and begin in its colours next time."""
    theme.apply(application, choice)
    colours = theme.tokens()
    remember_colours(colours.window, colours.surface, colours.border)


class Start(QObject):
    """The life of the desk: waiting, first run, sign-in, pages, sign-out."""

    def __init__(
        self,
        application: QApplication,
        settings: Settings,
        *,
        database: str = '',
        demo: bool = False,
        tasks: Tasks | None = None,
    ) -> None:
        super().__init__()
        self.application, self.settings = application, settings
        self._database, self._demo = database, demo
        self.desk: Desk | None = None
        self.faults: Faults | None = None
        self._opened: Opened | None = None
        # Puts back what stands in the window before an office is entered, after a switch of language or theme.
        self._show_again: Callable[[], object] = lambda: None
        self._feed: Any = None
        self._mailroom: Any = None
        self._reminding: Any = None
        use_language(application, settings.language)
        dress(application, settings.theme)
        self.tasks = tasks or Tasks()
        self.shell = Shell(self.tasks)
        self.window = Window(self.shell)
        self.window.wish = self.wish
        self.window.find_cases = self._find_cases

    def begin(self) -> None:
        """Open the office that is wanted, once the window has taken its place."""
        QTimer.singleShot(0, self._begin)

    def close(self) -> None:
        """Stop all work and give the database back."""
        self._stop_feed()
        self.tasks.close()
        if self.desk is not None:
            self.desk.close()
            self.desk = None

    def _begin(self) -> None:
        from claimdesk.ui.faults import Faults

        theme.ensure_chinese_font()
        self.faults = Faults(self)
        self.faults.install()
        self.tasks.fault = self.faults.report
        self._scheme = theme.SchemeWatcher(self.application, self._scheme_changed)
        if self._wanted_url() or self._demo:
            self._connect()
        else:
            self._first_run()

    def _wanted_url(self) -> str:
        return self._database or self.settings.database_url

    def _connect(self) -> None:
        self.tasks.run(self, self._open, self._ask_who, self._cannot_open, title=_("Opening the office"))

    def _open(self, progress: Progress) -> Opened:
        from claimdesk import app

        settings = self.settings
        if self._demo or self._database:
            settings = Settings(**{name: getattr(settings, name) for name in ('language', 'theme', 'files_folder')})
            settings.database_url = self._database or app.demo_url()
        desk = app.create_demo_office(settings, progress) if self._demo else app.connect(settings)
        return describe(desk)

    def _cannot_open(self, error: ClaimDeskError) -> None:
        from claimdesk.ui.widgets import Button, EmptyState

        self._show_again = partial(self._cannot_open, error)
        page = EmptyState('database', error.sentence, error.advice, _("Try again"), self._connect)
        if not self._demo:
            page.add_way(Button(_("Open another office…"), self._other_office, kind='link'))
        self.window.show_before(page)

    def _first_run(self) -> None:
        from claimdesk.ui.first_run import FirstRun, Ways

        ways = Ways(self._make_demo, self._found, _test, self._join)
        self._show_again = self._first_run
        page = FirstRun(self.tasks, ways)
        page.opened.connect(self._chosen)
        self._say_notice(page.banner)
        self.window.show_before(page)

    def _make_demo(self, progress: Progress) -> Opened:
        from claimdesk import app

        self.settings.database_url = app.demo_url()
        return describe(app.create_demo_office(self.settings, progress))

    def _found(self, office: str, name: str, login: str, password: str, progress: Progress) -> Opened:
        from claimdesk import app

        self.settings.database_url = app.default_url()
        return describe(app.create_office(self.settings, office, name, login, password, progress))

    def _join(self, url: str, password: str, _progress: Progress) -> Opened:
        from claimdesk import app

        self.settings.database_url = url
        self.settings.remember_password(password)
        return describe(app.connect(self.settings))

    def _chosen(self, opened: Opened) -> None:
        self.settings.save()
        self._ask_who(opened)

    def _ask_who(self, opened: Opened) -> None:
        from claimdesk.ui.signin import SignIn

        self._opened = opened
        self.desk = opened.desk
        self.window.status.set_office(opened.office.name, opened.office.server)
        page = SignIn(
            self.tasks, opened.office.name, opened.people, opened.desk.accounts.sign_in,
            opened.desk.accounts.sign_in_demo, other_office=None if self._demo else self._other_office,
        )  # fmt: skip
        self._show_again = partial(self._ask_who, opened)
        page.signed_in.connect(self._enter)
        self._say_notice(page.banner)
        self.window.show_before(page)
        gc.collect()
        gc.freeze()

    def _enter(self, actor: Actor) -> None:
        from claimdesk.ui.feed import Feed
        from claimdesk.ui.mailroom import Mailroom

        desk = self.desk
        if desk is None:
            return
        desk.actor = actor
        self._mailroom = Mailroom(desk, self.shell)
        self.window.enter(desk, roles_in_words(actor))
        self._mailroom.start()
        self._feed = Feed(desk, self.tasks, self)
        self._feed.changed.connect(self.window.rows_changed)
        self._feed.changed.connect(self._count_due)
        self._feed.changed.connect(self._mailroom.changed)
        self._feed.connection.connect(lambda answers: self.window.status.set_connected(answers))
        self.shell.refresh.connect(self._feed.look)
        self._feed.start()
        self._count_due()
        QTimer.singleShot(BRING_IN_AFTER, self, self._bring_in)
        QTimer.singleShot(REMIND_AFTER, self, self._remind)

    def _bring_in(self) -> None:
        desk = self.desk
        if desk is not None and desk.actor is not None:
            self.tasks.run(self, lambda _progress: desk.bring_in(), failed=lambda _error: None)

    def _remind(self) -> None:
        """Begin to look for reminders, once the first rows are there; or look again."""
        desk = self.desk
        if desk is None or desk.actor is None or self._feed is None:
            return
        if self._reminding is None:
            from claimdesk.ui.reminding import Reminding

            self._reminding = Reminding(desk, self.window)
            self._feed.changed.connect(self._reminding.changed)
        self._reminding.start()

    def _other_office(self) -> None:
        if self.desk is not None:
            self.desk.close()
            self.desk = self._opened = None
        self._first_run()

    def _say_notice(self, banner: Banner) -> None:
        """What went wrong with the settings file, where it is seen first."""
        if self.settings.notice:
            banner.show_message(self.settings.notice, kind='warning')

    def _sign_out(self) -> None:
        if not self.window.may_leave() or self._opened is None:
            return
        self._stop_feed()
        self.window.leave()
        self._opened.desk.actor = None
        self._ask_who(self._opened)

    def _stop_feed(self) -> None:
        if self._feed is not None:
            self._feed.stop()
            self._feed.deleteLater()
            self._feed = None
        if self._mailroom is not None:
            self._mailroom.stop()
            self._mailroom.deleteLater()
            self._mailroom = None
        if self._reminding is not None:
            self._reminding.stop()
            self._reminding.deleteLater()
            self._reminding = None

    def wish(self, what: str, value: str) -> None:
        """Do what the person's menu asks for: 'language', 'theme', 'password', 'reminders' or 'sign out'."""
        if what == 'language' and value != language.current():
            self.settings.language = cast(Literal['zh_CN', 'en'], value)
            use_language(self.application, value)
            self._rebuild()
        elif what == 'theme':
            self.settings.theme = choice = cast(theme.Choice, value)
            dress(self.application, choice)
            self._rebuild()
        elif what == 'password' and self.desk is not None:
            from claimdesk.ui.password import change_password

            change_password(self.window, self.shell, self.desk)
        elif what == 'reminders' and self.desk is not None:
            self._remind()
            self._reminding.open()
        elif what == 'sign out':
            self._sign_out()
        if what in ('language', 'theme'):
            if self.desk is not None:
                setattr(self.desk.settings, what, value)
            self.tasks.run(self.window, lambda _progress: self.settings.change(**{what: value}), failed=self._say)

    def _say(self, error: ClaimDeskError) -> None:
        self.shell.toast(f'{error.sentence} {error.advice}')

    def _scheme_changed(self) -> None:
        if self.settings.theme == 'system':
            before = theme.tokens().scheme
            dress(self.application, 'system')
            if theme.tokens().scheme != before:
                self._rebuild()

    def _rebuild(self) -> None:
        opened = self._opened
        if self.window.desk is None:
            self.window.rebuild()
            self._show_again()
            return
        self.window.rebuild(roles_in_words(self.window.desk.signed_in))
        self.window.top.tick_theme(self.settings.theme)
        if opened is not None:
            self.window.status.set_office(opened.office.name, opened.office.server)
        self._count_due()
        self._remind()

    def _count_due(self, *_ignored: object) -> None:
        """Fill the badges of the top bar, in the background."""
        desk = self.desk
        if desk is None or desk.actor is None:
            return
        actor, workbench = desk.actor, desk.workbench
        self.tasks.run(
            self, lambda _progress: workbench.due_counts(actor), self._show_due, lambda _error: None, latest='due'
        )

    def _show_due(self, counts: tuple[int, int]) -> None:
        overdue, today = counts
        if self.window.desk is not None:
            self.window.top.set_due(today, overdue)

    def _find_cases(self, words: str, _progress: Progress) -> list[Hit]:
        desk = self.desk
        if desk is None or desk.actor is None:
            return []
        group = _("Cases")
        found = [
            Hit(
                '  '.join(part for part in (row.number, row.insured_name, row.plate) if part),
                partial(self.shell.open_case.emit, row.id),
                ' · '.join(part for part in (label(row.stage), row.owner, row.due_words) if part),
                LINE_ICONS[row.line],
                group=group,
            )
            for row in desk.case_list.quick(desk.actor, words)
        ]
        if found:
            show_all = partial(self.shell.navigate_to.emit, 'cases', {'text': words})
            found.append(Hit(_("Show all cases with “{words}”").format(words=words), show_all, '', 'list', group=group))
        return found


def describe(desk: Desk) -> Opened:
    """What the sign-in needs to know of an open office."""
    return Opened(desk, desk.office.view(), desk.accounts.demo_people())


def roles_in_words(actor: Actor) -> str:
    """The roles of a person, for the tip at the name."""
    return _(", ").join(label(role) for role in sorted(actor.roles))


def _test(url: str) -> str:
    from claimdesk import app

    return app.test_server(url)


