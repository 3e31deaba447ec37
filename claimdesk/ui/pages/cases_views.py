"""The bar of views above the case list: a chip for each, with its count; own views can be kept, named and ordered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QMenu, QWidget

from claimdesk.language import _
from claimdesk.services.case_list import CaseQuery
from claimdesk.services.saved_views import ViewItem
from claimdesk.ui import icons
from claimdesk.ui.widgets import Button, Chip, set_tip
from claimdesk.ui.widgets.flow import FlowLayout

_NOTHING = CaseQuery()


def same(one: CaseQuery, other: CaseQuery) -> bool:
    """Whether two queries show the same cases, in whatever order."""
    return replace(one, sort=_NOTHING.sort, descending=False) == replace(other, sort=_NOTHING.sort, descending=False)


class ViewChip(Chip):
    """A view. The menu key, a right click or Alt+Down opens what can be done with one's own."""

    menu_wanted = Signal()
    moved = Signal(int)

    def __init__(self, view: ViewItem, count: int | None, parent: QWidget) -> None:
        super().__init__(view.name, count, parent)
        self.view = view
        if view.id is not None:
            self.setIcon(icons.icon('bookmark', 'secondary'))
            set_tip(self, _("Right click to rename, move or remove this view"))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.view.id is not None:
            self.menu_wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and shifted and self.view.id is not None:
            self.moved.emit(-1 if event.key() == Qt.Key.Key_Left else 1)
        elif event.key() == Qt.Key.Key_Delete and self.view.id is not None:
            self.menu_wanted.emit()
        else:
            super().keyPressEvent(event)


class ViewsBar(QWidget):
    """`chosen` hands out a view; the others say what is wanted with the person's own views."""

    chosen = Signal(object)
    save_wanted = Signal()
    rename_wanted = Signal(object)
    update_wanted = Signal(object)
    remove_wanted = Signal(object)
    order_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: list[ViewChip] = []
        self._counts: dict[tuple[int | None, str], int] = {}
        self._row = FlowLayout(self)
        self.save = Button(_("Save as a view"), self.save_wanted.emit, kind='link', icon='bookmark-plus', key='Ctrl+S')
        self.save.hide()
        self._row.addWidget(self.save)

    @property
    def views(self) -> list[ViewItem]:
        """The views that are offered."""
        return [chip.view for chip in self._chips]

    @property
    def chips(self) -> list[ViewChip]:
        """The chips, in their order."""
        return list(self._chips)

    def show_views(self, views: Sequence[ViewItem]) -> None:
        """Offer these views; counts that are known stay."""
        for chip in self._chips:
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = []
        for at, view in enumerate(views):
            chip = ViewChip(view, self._counts.get(_key(view)), self)
            chip.clicked.connect(lambda _checked=False, view=view: self.chosen.emit(view))
            chip.menu_wanted.connect(lambda chip=chip: self._menu(chip))
            chip.moved.connect(lambda step, view=view: self.move_view(view, step))
            self._row.insert(at, chip)
            chip.show()
            self._chips.append(chip)

    def show_counts(self, views: Sequence[ViewItem], counts: Sequence[int]) -> None:
        """How many cases these views hold now."""
        self._counts.update({_key(view): count for view, count in zip(views, counts, strict=True)})
        for chip in self._chips:
            chip.set_count(self._counts.get(_key(chip.view)))
        self._row.invalidate()

    def light(self, query: CaseQuery) -> ViewItem | None:
        """Mark the view that shows just this, and offer to save it if none does. Returns that view."""
        lit = next((chip for chip in self._chips if same(chip.view.query, query)), None)
        for chip in self._chips:
            chip.setChecked(chip is lit)
        self.save.setVisible(lit is None and bool(self._chips))
        return lit.view if lit is not None else None

    def move_view(self, view: ViewItem, step: int) -> None:
        """Ask for an order with this own view one place further left (-1) or right (1)."""
        own = [chip.view for chip in self._chips if chip.view.id is not None]
        at = own.index(view)
        if 0 <= at + step < len(own):
            own.insert(at + step, own.pop(at))
            self.order_wanted.emit([item.id for item in own])

    def _menu(self, chip: ViewChip) -> None:
        view, menu = chip.view, QMenu(self)
        own = [other.view for other in self._chips if other.view.id is not None]
        menu.addAction(icons.icon('pencil'), _("Rename…"), lambda: self.rename_wanted.emit(view))
        update = menu.addAction(
            icons.icon('save'), _("Keep the filters of now in it"), lambda: self.update_wanted.emit(view)
        )
        update.setEnabled(not chip.isChecked())
        left = menu.addAction(
            icons.icon('chevron-left'), _("Move left (Shift+Left)"), lambda: self.move_view(view, -1)
        )
        left.setEnabled(own.index(view) > 0)
        right = menu.addAction(
            icons.icon('chevron-right'), _("Move right (Shift+Right)"), lambda: self.move_view(view, 1)
        )
        right.setEnabled(own.index(view) < len(own) - 1)
        menu.addSeparator()
        menu.addAction(icons.icon('trash-2'), _("Remove"), lambda: self.remove_wanted.emit(view))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(chip.mapToGlobal(QPoint(0, chip.height() + 4)))


def _key(view: ViewItem) -> tuple[int | None, str]:
    return view.id, view.key
