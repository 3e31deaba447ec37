"""The dialog in which a sketch is drawn: the place, marks to put on it, a pencil, and a note below."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from claimdesk.language import _
from claimdesk.sketch import Mark, Sketch, Template
from claimdesk.ui import theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.pages.case.overview_forms import choice_of
from claimdesk.ui.pages.case.sketch_canvas import TURN, SketchCanvas
from claimdesk.ui.widgets import Button, PlainLabel
from claimdesk.vocabulary import label

LONGEST_NOTE = 400


class SketchDialog(Dialog):
    """What is drawn is in `sketch()`."""

    def __init__(self, parent: QWidget, sketch: Sketch) -> None:
        super().__init__(
            parent,
            _("Sketch"),
            _("Choose a mark and click where it was; drag to move it. Arrows move the chosen mark, [ and ] turn it,"
              " Del removes it."),
            _("Save the sketch"),
            width=960,
        )  # fmt: skip
        self.canvas = SketchCanvas()
        self.canvas.setMinimumSize(560, 350)
        self.note = QLineEdit(sketch.note)
        self.note.setMaxLength(LONGEST_NOTE)
        self.note.setPlaceholderText(_("What the sketch shows"))
        self.note.setAccessibleName(_("What the sketch shows"))
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_16)
        left = QVBoxLayout()
        left.setSpacing(theme.SPACE_8)
        left.addWidget(self.canvas, 1)
        left.addWidget(self.note)
        row.addLayout(left, 1)
        row.addLayout(self._tools())
        self.column.addLayout(row, 1)
        self.canvas.changed.connect(self._changed)
        self.canvas.begin_with(sketch or Sketch(Template.CROSSROAD))
        self.place.set_value(self.canvas.sketch.template)
        self.place.value_changed.connect(self._place_chosen)
        self.ok_button.setAutoDefault(False)
        self.canvas.setFocus()

    def _tools(self) -> QVBoxLayout:
        tools = QVBoxLayout()
        tools.setSpacing(theme.SPACE_4)
        self.place = choice_of(Template)
        self.place.setAccessibleName(_("Setting"))
        tools.addWidget(PlainLabel(_("Setting"), 'caption'))
        tools.addWidget(self.place)
        tools.addWidget(PlainLabel(_("Marks"), 'caption'))
        self.marks: dict[Mark | None, Button] = {}
        for mark in Mark:
            self.marks[mark] = Button(label(mark), partial(self.choose, mark), kind='quiet')
        self.marks[None] = Button(_("Pencil"), partial(self.choose, None), kind='quiet', icon='pencil')
        grid = QGridLayout()
        grid.setSpacing(theme.SPACE_4)
        for place, button in enumerate(self.marks.values()):
            button.setCheckable(True)
            grid.addWidget(button, place // 2, place % 2)
        tools.addLayout(grid)
        self.undo_button = Button(_("Undo"), self.canvas.undo, icon='undo-2')
        self.undo_button.setShortcut(QKeySequence(QKeySequence.StandardKey.Undo))
        self.redo_button = Button(_("Redo"), self.canvas.redo, icon='rotate-cw')
        self.redo_button.setShortcut(QKeySequence(QKeySequence.StandardKey.Redo))
        self.left_button = Button(_("Turn left"), lambda: self.canvas.turn(-TURN), icon='rotate-ccw', tip='[')
        self.right_button = Button(_("Turn right"), lambda: self.canvas.turn(TURN), icon='rotate-cw', tip=']')
        self.remove_button = Button(_("Remove"), self.canvas.remove, icon='trash-2', tip=_("Del"))
        second = QGridLayout()
        second.setSpacing(theme.SPACE_4)
        for place, button in enumerate(
            (self.left_button, self.right_button, self.undo_button, self.redo_button, self.remove_button)
        ):
            second.addWidget(button, place // 2, place % 2)
        tools.addSpacing(theme.SPACE_8)
        tools.addLayout(second)
        tools.addStretch(1)
        self.choose(Mark.OWN_CAR)
        return tools

    def choose(self, mark: Mark | None) -> None:
        """Put this mark with the next click; None draws lines. With the keyboard, Enter on it puts it in the middle."""
        self.canvas.tool = mark
        for one, button in self.marks.items():
            button.setChecked(one is mark)
        if mark is not None and self.marks[mark].hasFocus():
            self.canvas.put_mark(mark)
            self.canvas.setFocus()

    def _place_chosen(self) -> None:
        self.canvas.choose_place(Template(self.place.value() or Template.EMPTY))

    def _changed(self) -> None:
        self.undo_button.setEnabled(self.canvas.can_undo)
        self.redo_button.setEnabled(self.canvas.can_redo)
        if self.place.value() != self.canvas.sketch.template:
            self.place.blockSignals(True)
            self.place.set_value(self.canvas.sketch.template)
            self.place.blockSignals(False)

    def sketch(self) -> Sketch:
        """The sketch as it is drawn."""
        return replace(self.canvas.sketch, note=self.note.text().strip())
