"""Keeping the store of documents in order: moving files to their place, checking each, and the small pictures here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableWidgetItem

from claimdesk.language import _, ngettext
from claimdesk.rules.permissions import Permission
from claimdesk.services.files_move import Moved
from claimdesk.services.findings import Finding, Health
from claimdesk.services.storage import StorageView
from claimdesk.ui import dialogs, icons, text, theme
from claimdesk.ui.pages.settings_work_group import WorkGroup
from claimdesk.ui.widgets import Button, PlainLabel
from claimdesk.ui.widgets.small_table import small_table
from claimdesk.vocabulary import label

if TYPE_CHECKING:
    from claimdesk.ui.pages.settings_storage import StorageSection

_LOOKS = {
    Health.GOOD: ('circle-check', 'green'),
    Health.NOTE: ('info', 'slate'),
    Health.BROKEN: ('octagon-alert', 'red'),
}
MOST_SHOWN = 500


class MoveGroup(WorkGroup):
    """Former places with files in them, and the way to bring these here; not shown where there is none."""

    def __init__(self, section: StorageSection) -> None:
        super().__init__(section, _("Former places"))
        self._storage = section
        self._places = PlainLabel('', wrap=True, selectable=True)
        self.column.insertWidget(1, self._places)
        self.move_button = Button(_("Move the files to the present place"), self.move_files, icon='folder-open')
        self.move_button.setEnabled(section.may)
        self.offer(self.move_button)
        self.hide()

    def show_places(self, view: StorageView) -> None:
        """Show the places that files may still lie in."""
        self._places.setText('\n'.join(place.words() for place in view.former))
        self.setVisible(bool(view.former) or bool(self.answer.sentence))
        for widget in (self._places, self.move_button):
            widget.setVisible(bool(view.former))

    def move_files(self) -> None:
        """Move them; each old copy goes only once the new one is verified."""
        actor, mover = self.desk.signed_in, self.desk.files_move
        self.work(lambda progress: mover.move(actor, progress), self._moved, _("Moving documents"))

    def _moved(self, moved: Moved) -> None:
        words = ngettext("{n} file was moved, {size}.", "{n} files were moved, {size}.", moved.files)
        sentence = words.format(n=text.number(moved.files), size=text.size(moved.bytes))
        left = [f'{one.name}: {one.sentence}' for one in moved.left]
        if len(left) > 5:
            more = ngettext("and {n} more", "and {n} more", len(left) - 5).format(n=text.number(len(left) - 5))
            left = [*left[:5], more]
        self.answer.show_message(sentence, '\n'.join(left), 'warning' if left else 'success')
        self.section.opened()

    def enable(self, enabled: bool) -> None:
        super().enable(enabled and self._storage.may)


class CheckGroup(WorkGroup):
    """Whether every file is there and unchanged; what was never recorded goes when somebody says so."""

    def __init__(self, section: StorageSection) -> None:
        sentence = _("Every file is read and compared with its digest; that takes a while in a large office.")
        super().__init__(section, _("Check of the files"), sentence)
        self._may_sweep = section.may
        actor = self.desk.signed_in
        self.check_button = Button(_("Check all files"), self.check, icon='shield-check')
        self.sweep_button = Button(_("Remove what was never recorded…"), self.sweep, icon='trash-2')
        self.offer(self.check_button, self.sweep_button)
        self.table = small_table(
            _("What was found"), (_("State"), _("File"), _("What was found")), {0: 110, 1: 220}, stretched=(2,)
        )
        self.table.setWordWrap(True)
        self.table.hide()
        self.column.addWidget(self.table)
        self.sweep_button.hide()
        self.setVisible(actor.may(Permission.VIEW_AUDIT))

    def check(self) -> None:
        """Read and compare every file."""
        actor, checker = self.desk.signed_in, self.desk.files_check
        self.work(lambda progress: checker.check(actor, progress), self._checked, _("Checking files"))

    def _checked(self, found: list[Finding]) -> None:
        broken = sum(one.health is Health.BROKEN for one in found)
        left_over = sum(one.part == 'left_over' for one in found)
        good = next((one.sentence for one in found if one.health is Health.GOOD), '')
        if broken:
            words = ngettext("{n} file is missing or was changed.", "{n} files are missing or were changed.", broken)
            advice = _("Restore them from a backup, or scan these papers again.")
            self.answer.show_message(words.format(n=text.number(broken)), advice, 'error')
        else:
            self.answer.show_message(good, '', 'success')
        self._fill([one for one in found if one.health is not Health.GOOD])
        self.sweep_button.setVisible(bool(left_over) and self._may_sweep)

    def _fill(self, found: list[Finding]) -> None:
        shown = found[:MOST_SHOWN]
        self.table.setRowCount(len(shown))
        for row, one in enumerate(shown):
            icon, tone = _LOOKS[one.health]
            state = QTableWidgetItem(icons.icon(icon, tone), label(one.health))
            state.setData(Qt.ItemDataRole.UserRole, one)
            self.table.setItem(row, 0, state)
            for column, words in ((1, one.subject), (2, one.sentence)):
                item = QTableWidgetItem(words)
                item.setToolTip(words)
                self.table.setItem(row, column, item)
        self.table.setVisible(bool(shown))
        self.table.setMinimumHeight(min(10, len(shown) + 1) * theme.ROW_COMPACT + theme.SPACE_12)

    def sweep(self) -> None:
        """Remove what was never recorded and is older than a day, after asking once."""
        sure = dialogs.ask(
            self,
            _("Remove what was never recorded?"),
            _("No document needs these files, and they have lain there for more than a day. This cannot be undone."),
            _("Remove"),
            danger=True,
        )
        if not sure:
            return
        actor, checker = self.desk.signed_in, self.desk.files_check
        title = _("Removing what was never recorded")
        self.work(lambda progress: checker.sweep(actor, progress), self._swept, title)

    def _swept(self, count: int) -> None:
        words = ngettext("{n} file was removed.", "{n} files were removed.", count).format(n=text.number(count))
        self.answer.show_message(words, '', 'success')
        self.sweep_button.hide()
        self._fill([one for one in self._shown() if one.part != 'left_over'])

    def _shown(self) -> list[Finding]:
        rows = (self.table.item(row, 0) for row in range(self.table.rowCount()))
        return [item.data(Qt.ItemDataRole.UserRole) for item in rows if item is not None]


class PicturesGroup(WorkGroup):
    """The small pictures of pages that this computer keeps, so that a pile shows at once."""

    def __init__(self, section: StorageSection) -> None:
        super().__init__(section, _("Small pictures on this computer"))
        self._size = PlainLabel('', 'secondary', wrap=True)
        self.column.insertWidget(1, self._size)
        self.clear_button = Button(_("Throw them away"), self.clear, icon='trash-2')
        self.offer(self.clear_button)

    def opened(self) -> None:
        """Measure them."""
        pictures = self.desk.context.thumbnails
        self.page.run(lambda _progress: pictures.kept_bytes(), self._measured, self.failed, latest='pictures')

    def clear(self) -> None:
        """Throw them away; each is drawn anew when somebody looks at its page."""
        pictures = self.desk.context.thumbnails
        self.work(lambda _progress: pictures.clear(), lambda _nothing: self.opened(), _("Throwing pictures away"))

    def _measured(self, octets: int) -> None:
        words = _("They take {size}; the oldest go by themselves. Thrown away, they are drawn again when needed.")
        self._size.setText(words.format(size=text.size(octets)))
        self.clear_button.setEnabled(octets > 0)
