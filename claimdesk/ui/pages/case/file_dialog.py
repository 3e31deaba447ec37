"""Choosing which papers go into the case file as one PDF, and writing it while work goes on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QTreeWidget, QTreeWidgetItem, QWidget

from claimdesk.language import _, ngettext
from claimdesk.progress import Progress
from claimdesk.services.case_file_pdf import Choice, FilePart, Written
from claimdesk.services.page_marks import Mark
from claimdesk.ui import dialogs, theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.preview import open_with_system, preview_pdf
from claimdesk.ui.widgets import Button, PlainLabel
from claimdesk.ui.widgets.banner import Kind
from claimdesk.vocabulary import MarkKind, label

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.file_window import FileWindow
    from claimdesk.ui.pages.case.page import CasePage

    Over: TypeAlias = CasePage | FileWindow

ID = Qt.ItemDataRole.UserRole
MOST_NAMED = 4


class FileDialog(Dialog):
    """Shows itself with `run`; then `choice` is what goes in, and `to_print` whether to show it first."""

    def __init__(self, over: QWidget, parts: Sequence[FilePart], marks: Sequence[Mark]) -> None:
        said = _("One PDF with a list of contents, bookmarks and searchable text. The originals stay as they are.")
        super().__init__(over.window(), _("Case file as PDF"), said, _("Save as PDF…"), width=620)
        self.to_print = False
        self.tree = QTreeWidget()
        self.tree.setProperty('framed', True)
        self.tree.setColumnCount(2)
        self.tree.setHeaderHidden(True)
        self.tree.setRootIsDecorated(True)
        self.tree.setAccessibleName(_("Documents"))
        self.tree.setMinimumHeight(320)
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, self.tree.header().ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(1, self.tree.header().ResizeMode.ResizeToContents)
        for part in parts:
            self._add(part)
        self.tree.expandAll()
        self.tree.setCurrentItem(self._tops()[0])
        self._count = PlainLabel('', 'secondary')
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        row.addWidget(Button(_("All"), partial(self._tick_all, True)))
        row.addWidget(Button(_("None"), partial(self._tick_all, False)))
        row.addStretch(1)
        row.addWidget(self._count)
        self.column.addWidget(self.tree, 1)
        self.column.addLayout(row)
        self._add_copies(marks)
        self.print_button = Button(_("Show and print"), self._show, icon='printer')
        self.buttons.insertWidget(0, self.print_button)
        self.tree.itemChanged.connect(lambda _item, _column: self._offer())
        self._offer()
        self.tree.setFocus()

    @property
    def choice(self) -> Choice:
        """What is ticked."""
        ticked = (item.data(0, ID) for item in self._leaves() if item.checkState(0) is Qt.CheckState.Checked)
        return Choice(frozenset(ticked), self.marks.isChecked(), self.blackout.isChecked())

    def _add_copies(self, marks: Sequence[Mark]) -> None:
        """What becomes of marks; what shall be black is black unless somebody says otherwise."""
        black = {(mark.sha256, mark.page_index) for mark in marks if mark.kind is MarkKind.BLACKOUT}
        others = sum(mark.kind is not MarkKind.BLACKOUT for mark in marks)
        words = ngettext(
            "Black out for good what is marked so ({count} page)",
            "Black out for good what is marked so ({count} pages)",
            len(black),
        )
        self.blackout = QCheckBox(words.format(count=len(black)))
        self.blackout.setChecked(bool(black))
        words = ngettext(
            "Show the {count} highlight, frame or note", "Show the {count} highlights, frames and notes", others
        )
        self.marks = QCheckBox(words.format(count=others))
        for box, count in ((self.blackout, len(black)), (self.marks, others)):
            box.setVisible(count > 0)
            self.column.addWidget(box)

    def _add(self, part: FilePart) -> None:
        top = QTreeWidgetItem(self.tree, [part.title, _pages(part.pages)])
        top.setFlags(top.flags() | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsAutoTristate)
        top.setFont(0, theme.font(theme.BODY, strong=True))
        for document in part.documents:
            words = [document.title, f'{label(document.kind)} · {_pages(len(document.pages))}']
            item = QTreeWidgetItem(top, words)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setData(0, ID, document.id)
            item.setData(1, ID, len(document.pages))
            item.setCheckState(0, Qt.CheckState.Checked)
        for item in (top, *_children(top)):
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _tops(self) -> list[QTreeWidgetItem]:
        tops = (self.tree.topLevelItem(place) for place in range(self.tree.topLevelItemCount()))
        return [top for top in tops if top is not None]

    def _leaves(self) -> list[QTreeWidgetItem]:
        return [item for top in self._tops() for item in _children(top)]

    def _tick_all(self, ticked: bool) -> None:
        for item in self._leaves():
            item.setCheckState(0, Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)

    def _offer(self) -> None:
        ticked = [item for item in self._leaves() if item.checkState(0) is Qt.CheckState.Checked]
        self._count.setText(
            ngettext("{count} document, {pages}", "{count} documents, {pages}", len(ticked)).format(
                count=len(ticked), pages=_pages(sum(item.data(1, ID) for item in ticked))
            )
        )
        self.ok_button.setEnabled(bool(ticked))
        self.print_button.setEnabled(bool(ticked))

    def _show(self) -> None:
        self.to_print = True
        self.accept()


def _children(top: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    children = (top.child(place) for place in range(top.childCount()))
    return [child for child in children if child is not None]


def export_file(page: CasePage, over: FileWindow | None = None) -> None:
    """Ask which papers, over the page or a window of it, and write or show them as one PDF."""
    actor, case_id, case_file, marks = page.desk.signed_in, page.case_id, page.desk.case_file, page.desk.page_marks
    page.run(
        lambda _progress: (case_file.parts(actor, case_id), marks.of_case(actor, case_id)),
        lambda read: _ask(page, over or page, *read),
        latest='case file',
    )


def _ask(page: CasePage, over: Over, parts: Sequence[FilePart], marks: Sequence[Mark]) -> None:
    if not parts:
        over.banner.show_message(_("There is no document in this case yet."), _("Add files or scan into it first."))
        return
    dialog = FileDialog(over, parts, marks)
    if dialog.run():
        number = page.file.case.number if page.file is not None else ''
        name = '-'.join(filter(None, (_("Case file"), number))) + '.pdf'
        if dialog.to_print:
            _show(page, dialog.choice, name)
        else:
            _save(page, over, dialog.choice, name)
    dialog.deleteLater()


def _show(page: CasePage, choice: Choice, name: str) -> None:
    actor, case_id, case_file = page.desk.signed_in, page.case_id, page.desk.case_file
    preview_pdf(page, _("Case file"), lambda progress: case_file.pdf(actor, case_id, choice, progress), name)


def _save(page: CasePage, over: Over, choice: Choice, name: str) -> None:
    folder = page.desk.settings.export_folder
    path = dialogs.save_file(over, _("Case file as PDF"), name, _("PDF documents (*.pdf)"), folder)
    if path is None:
        return
    actor, case_id, case_file = page.desk.signed_in, page.case_id, page.desk.case_file

    def work(progress: Progress) -> Written:
        return case_file.write(actor, case_id, path, choice, progress)

    page.run(
        work, partial(_saved, over, path), over.banner.show_error, title=_("Writing {name}").format(name=path.name)
    )


def _saved(over: Over, path: Path, written: Written) -> None:
    action = (_("Open the folder"), partial(open_with_system, path.parent))
    told = [_("{title}, page {page}").format(title=title, page=page) for title, page in written.still_told]
    warning = ''
    if told:
        named = _(", ").join(told[:MOST_NAMED]) + (' …' if len(told) > MOST_NAMED else '')
        warning = _("What is blacked out can still be read here: {places}. Black it out there too.").format(
            places=named
        )
    if not written.lost:
        sentence = _("Saved as {file}.").format(file=path.name)
        kind: Kind = 'warning' if warning else 'success'
        over.banner.show_message(sentence, '\n'.join(filter(None, (_came(written), warning))), kind, *action)
        return
    sentence = ngettext(
        "Saved as {file}; {count} page could not be taken over, a sheet with the reason stands in its place.",
        "Saved as {file}; {count} pages could not be taken over, sheets with the reasons stand in their place.",
        len(written.lost),
    ).format(file=path.name, count=len(written.lost))
    lines = [
        _("{title}, page {page}").format(title=one.document, page=one.page) + f': {one.sentence}'
        for one in written.lost[:MOST_NAMED]
    ]
    over.banner.show_message(sentence, '\n'.join(filter(None, (*lines, warning))), 'warning', *action)


def _came(written: Written) -> str:
    said = _pages(written.pages)
    if written.blacked_out:
        words = ngettext(
            "something is blacked out on {count} of them", "something is blacked out on {count} of them",
            written.blacked_out,
        )  # fmt: skip
        said += _(", ") + words.format(count=written.blacked_out)
    return said


def _pages(count: int) -> str:
    return ngettext("{count} page", "{count} pages", count).format(count=count)
