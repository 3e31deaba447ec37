"""The only door for questions, messages and file choosers; and the frame of every dialog of the house."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from claimdesk.errors import Conflict, InvalidInput
from claimdesk.language import _
from claimdesk.ui import icons, theme
from claimdesk.ui.widgets import Banner, Button, PlainLabel, TextArea, separator


class Dialog(QDialog):
    """A dialog: title, a sentence, your content in `self.column`, buttons below with the main one on the right.

    `accept_if` is called before it closes with OK and may return a sentence that says why not (or raise
    `InvalidInput`, whose sentence shows in the banner). None keeps it open without a word: work in the background
    will `accept` it.
    """

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        sentence: str = '',
        action: str = '',
        *,
        cancel: str | None = None,
        kind: str = 'primary',
        icon: str = '',
        width: int = 460,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(width)
        self.accept_if: Callable[[], str | None] | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.banner = Banner(self)
        outer.addWidget(self.banner)
        body = QHBoxLayout()
        body.setContentsMargins(theme.SPACE_24, theme.SPACE_24, theme.SPACE_24, theme.SPACE_16)
        body.setSpacing(theme.SPACE_16)
        if icon:
            picture = PlainLabel()
            picture.setPixmap(icons.pixmap(icon, 'red' if kind == 'danger' else 'accent_text', icons.LARGE))
            body.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        self.column = QVBoxLayout()
        self.column.setSpacing(theme.SPACE_12)
        heading = PlainLabel(title, 'section', wrap=True)
        self.column.addWidget(heading)
        self.sentence = PlainLabel(sentence, '', wrap=True, selectable=True)
        # Shown by itself before it has a parent, a widget would flash up as a window of its own.
        if not sentence:
            self.sentence.hide()
        self.column.addWidget(self.sentence)
        body.addLayout(self.column, 1)
        outer.addLayout(body, 1)
        outer.addWidget(separator())
        self.buttons = QHBoxLayout()
        self.buttons.setContentsMargins(theme.SPACE_16, theme.SPACE_12, theme.SPACE_16, theme.SPACE_12)
        self.buttons.setSpacing(theme.SPACE_8)
        self.buttons.addStretch(1)
        self.cancel_button = Button(cancel or _("Cancel"), self.reject)
        if cancel == '':
            self.cancel_button.hide()
        self.ok_button = Button(action or _("OK"), self._try, kind=kind)
        self.ok_button.setDefault(kind != 'danger')
        self.cancel_button.setDefault(kind == 'danger')
        self.buttons.addWidget(self.cancel_button)
        self.buttons.addWidget(self.ok_button)
        outer.addLayout(self.buttons)

    def run(self) -> bool:
        """Show it and wait for the answer: True for the main button."""
        if not self.testAttribute(Qt.WidgetAttribute.WA_Resized):
            # The first size takes wrapped words for one line, which squeezes what stands below them.
            hint = self.sizeHint().expandedTo(self.minimumSize())
            self.resize(hint.width(), max(hint.height(), self.layout().totalHeightForWidth(hint.width())))
        return self.exec() == QDialog.DialogCode.Accepted

    def _try(self) -> None:
        try:
            problem = self.accept_if() if self.accept_if is not None else ''
        except InvalidInput as error:
            self.banner.show_error(error)
            return
        if problem:
            self.banner.show_message(problem, kind='error')
        elif problem is not None:
            self.accept()


def ask(
    parent: QWidget | None, title: str, sentence: str, action: str, *, cancel: str | None = None, danger: bool = False
) -> bool:
    """Ask once before something that cannot be undone; `action` is a verb, never Yes or OK."""
    picture = 'triangle-alert' if danger else 'circle-question-mark'
    return Dialog(
        parent, title, sentence, action, cancel=cancel, kind='danger' if danger else 'primary', icon=picture
    ).run()


def tell(parent: QWidget | None, title: str, sentence: str = '') -> None:
    """Say something that must be read before going on. Rare: use a banner or a toast."""
    Dialog(parent, title, sentence, _("Close"), cancel='', icon='info').run()


def ask_reason(
    parent: QWidget | None,
    title: str,
    sentence: str,
    action: str,
    *,
    label: str = '',
    danger: bool = False,
    suggestions: Sequence[str] = (),
) -> str | None:
    """Ask for a written reason; None if the handler thought better of it. A suggestion fills the field."""
    dialog = Dialog(parent, title, sentence, action, kind='danger' if danger else 'primary')
    dialog.column.addWidget(PlainLabel(label or _("Reason"), 'caption'))
    field = TextArea(lines=4)
    field.setAccessibleName(label or _("Reason"))
    dialog.column.addWidget(field)
    for words in suggestions:
        dialog.column.addWidget(Button(words, partial(field.set_value, words), kind='link'))

    def problem() -> str:
        return '' if field.value() else _("Please give a reason.")

    dialog.accept_if = problem
    field.setFocus()
    return field.value() if dialog.run() else None


def ask_text(
    parent: QWidget | None,
    title: str,
    sentence: str,
    action: str,
    *,
    label: str,
    value: str = '',
    check: Callable[[str], str] = lambda _typed: '',
) -> str | None:
    """Ask for one line, such as a name; `check` may say what is wrong with it. None if thought better of."""
    dialog = Dialog(parent, title, sentence, action)
    dialog.column.addWidget(PlainLabel(label, 'caption'))
    field = QLineEdit(value)
    field.setAccessibleName(label)
    field.selectAll()
    dialog.column.addWidget(field)
    dialog.accept_if = lambda: check(field.text())
    field.setFocus()
    return field.text().strip() if dialog.run() else None


def leave_unsaved(parent: QWidget | None, what: str) -> bool:
    """Ask before edits are thrown away."""
    return ask(
        parent,
        _("Throw away your edits?"),
        _("{what} has edits that are not saved.").format(what=what),
        _("Throw away"),
        cancel=_("Keep editing"),
        danger=True,
    )


def resolve(
    parent: QWidget | None,
    conflict: Conflict,
    labels: Mapping[str, str],
    show: Callable[[str, object], str] = lambda _name, value: '' if value is None else str(value),
) -> dict[str, object] | None:
    """Show mine and theirs field by field; the merged values by field, or None to go on editing.

    Only fields that both changed are asked; `show(name, value)` writes a value in words.
    """
    merged, asked = merge(conflict)
    if not asked:
        return merged
    dialog = Dialog(parent, conflict.sentence, conflict.advice, _("Take the marked values"), width=640)
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.SPACE_16)
    grid.setVerticalSpacing(theme.SPACE_8)
    for column, words in enumerate((_("Field"), _("My value"), _("Saved by somebody else"))):
        grid.addWidget(PlainLabel(words, 'caption'), 0, column)
    groups: dict[str, QButtonGroup] = {}
    for row, name in enumerate(asked, start=1):
        group = QButtonGroup(dialog)
        grid.addWidget(PlainLabel(labels.get(name, name), 'strong'), row, 0, Qt.AlignmentFlag.AlignTop)
        for column, values in ((1, conflict.mine), (2, conflict.theirs)):
            words = show(name, values.get(name)) or _("(empty)")
            button = QRadioButton(words.replace('&', '&&'))
            button.setAccessibleName(f'{labels.get(name, name)}: {words}')
            button.setChecked(column == 1)
            group.addButton(button, column)
            grid.addWidget(button, row, column)
        groups[name] = group
    dialog.column.addLayout(grid)
    if not dialog.run():
        return None
    for name, group in groups.items():
        merged[name] = (conflict.mine if group.checkedId() == 1 else conflict.theirs).get(name)
    return merged


def merge(conflict: Conflict) -> tuple[dict[str, object], list[str]]:
    """The values that need no question, and the names of the fields that both sides changed differently."""
    merged: dict[str, object] = {}
    asked: list[str] = []
    for name in {**conflict.theirs, **conflict.mine}:
        base = conflict.base.get(name)
        mine, theirs = conflict.mine.get(name, base), conflict.theirs.get(name, base)
        if mine in (theirs, base):
            merged[name] = theirs
        elif theirs == base:
            merged[name] = mine
        else:
            asked.append(name)
    return merged, asked


def open_files(parent: QWidget | None, title: str, kinds: str = '', *, several: bool = True) -> list[Path]:
    """Choose files to read; `kinds` is a Qt filter such as `Documents (*.pdf *.png)`."""
    folder = _last_folder('open')
    if several:
        names, _kind = QFileDialog.getOpenFileNames(parent, title, folder, kinds)
    else:
        name, _kind = QFileDialog.getOpenFileName(parent, title, folder, kinds)
        names = [name] if name else []
    if names:
        _keep_folder('open', Path(names[0]).parent)
    return [Path(name) for name in names]


def save_file(parent: QWidget | None, title: str, suggested: str, kinds: str = '', folder: str = '') -> Path | None:
    """Choose where to save, beginning with the name `suggested` in the folder used last (or `folder`)."""
    first = Path(folder or _last_folder('save')) / suggested
    name, _kind = QFileDialog.getSaveFileName(parent, title, str(first), kinds)
    if not name:
        return None
    path = Path(name)
    if not path.suffix and Path(suggested).suffix:
        path = path.with_suffix(Path(suggested).suffix)
    _keep_folder('save', path.parent)
    return path


def choose_folder(parent: QWidget | None, title: str, folder: str = '') -> Path | None:
    """Choose a folder."""
    name = QFileDialog.getExistingDirectory(parent, title, folder or _last_folder('open'))
    return Path(name) if name else None


def show_details(parent: QWidget | None, title: str, sentence: str, details: str, copy: Callable[[], object]) -> None:
    """A sentence with details that can be read and copied."""
    dialog = Dialog(parent, title, sentence, _("Close"), cancel='', icon='octagon-alert', kind='primary', width=560)
    box = QPlainTextEdit()
    box.setPlainText(details)
    box.setReadOnly(True)
    box.setAccessibleName(_("Details"))
    box.setMinimumHeight(160)
    dialog.column.addWidget(box)
    dialog.buttons.insertWidget(0, Button(_("Copy the details"), copy, icon='copy'))
    dialog.run()


def _last_folder(purpose: str) -> str:
    kept = str(QSettings().value(f'folders/{purpose}', '') or '')
    return kept if kept and Path(kept).is_dir() else str(Path.home())


def _keep_folder(purpose: str, folder: Path) -> None:
    QSettings().setValue(f'folders/{purpose}', str(folder))
