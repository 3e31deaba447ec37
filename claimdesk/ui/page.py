"""What a page is: its contract with the window that frames it, and the banner and tasks that it gets for nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError
from claimdesk.progress import Progress
from claimdesk.ui.widgets.banner import Banner

if TYPE_CHECKING:
    from claimdesk.app import Desk
    from claimdesk.ui.tasks import Tasks, Ticket

T = TypeVar('T')


@dataclass(frozen=True)
class Command:
    """Something to do, as the command palette offers it."""

    title: str
    do: Callable[[], object]
    icon: str = 'arrow-right'
    key: str = ''


class Shell(QObject):
    """How pages speak to the window without knowing it.

    Emit `open_case(case_id)` to open a case as a tab, `navigate(name)` to go to a page of the rail, and
    `navigate_to(name, arguments)` to go there and hand `arguments` to its `arrive`. `status(sentence)` says what was
    saved in the status bar; `badge(name, count)` shows what waits beside a rail entry.
    """

    open_case = Signal(int)
    open_case_at = Signal(int, str)
    navigate = Signal(str)
    navigate_to = Signal(str, object)
    status = Signal(str)
    badge = Signal(str, int)
    refresh = Signal()
    toasted = Signal(str, object)
    language_chosen = Signal(str)
    theme_chosen = Signal(str)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tasks = tasks

    def toast(self, sentence: str, undo: Callable[[], object] | None = None) -> None:
        """Say for a few seconds that something is done, with an Undo button if it can be undone."""
        self.toasted.emit(sentence, undo)


class Page(QWidget):
    """One page of the desk. Build the screen in `__init__` into `self.body`; never read the database there.

    The window calls `opened` each time the page comes to the front, `changed` when rows changed (here or on another
    desk), `arrive` with what another page sent, `keep`/`restore` around a switch of language or theme (the page is
    built anew), and asks `has_unsaved` before it throws the page away. A page that edits must `keep` its edits.
    """

    title_changed = Signal()

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.shell = shell
        self.icon = 'file-text'
        self._title = ''
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty('surface', 'page')
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.banner = Banner(self)
        column.addWidget(self.banner)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        column.addLayout(self.body, 1)

    @property
    def title(self) -> str:
        """What the tab and the window title say."""
        return self._title

    @title.setter
    def title(self, words: str) -> None:
        if words != self._title:
            self._title = words
            self.setAccessibleName(words)
            self.title_changed.emit()

    def opened(self) -> None:
        """The page came to the front."""

    def arrive(self, arguments: Any) -> None:
        """Another page sent the handler here with `arguments` (for example a filter)."""

    def changed(self, kinds: set[str], ids: set[int]) -> None:
        """Rows changed: `kinds` are table names, `ids` the ids of the cases they belong to."""

    def has_unsaved(self) -> bool:
        """Whether closing the page now would lose what was typed."""
        return False

    def keep(self) -> Any:
        """What `restore` needs to show the page again as it is now, edits included; None if nothing."""
        return None

    def restore(self, kept: Any) -> None:
        """Show again what `keep` returned from the page that this one replaces."""

    def commands(self) -> list[Command]:
        """What the command palette offers while this page is in front."""
        return []

    def closing(self) -> None:
        """The page is about to be thrown away: stop its work. Extend it where more must be let go."""
        self.shell.tasks.cancel_all(self)

    def refresh(self) -> None:
        """F5: read everything again."""
        self.opened()

    def run(
        self,
        work: Callable[[Progress], T],
        done: Callable[[T], object] | None = None,
        failed: Callable[[ClaimDeskError], object] | None = None,
        progress: Callable[[int, int, str], object] | None = None,
        *,
        latest: str | None = None,
        title: str = '',
    ) -> Ticket:
        """`Tasks.run` for this page: errors that nobody takes show in its banner."""
        return self.shell.tasks.run(self, work, done, failed, progress, latest=latest, title=title)

    def show_error(self, error: ClaimDeskError) -> None:
        """Say in the banner what went wrong and what to do next."""
        self.banner.show_error(error)

    def add_key(self, keys: str | QKeySequence.StandardKey, do: Callable[[], object], title: str = '') -> QAction:
        """Let `keys` do something while this page has the focus; `title` names it in the list of keys (F1)."""
        action = QAction(title, self)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _checked=False: do())
        self.addAction(action)
        return action
