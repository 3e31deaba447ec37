"""Choosing which papers go into the case file as one PDF, and writing it while work goes on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QTreeWidget, QTreeWidgetItem

from claimdesk.language import _, ngettext
from claimdesk.progress import Progress
from claimdesk.services.case_file_pdf import FilePart, Written
from claimdesk.ui import dialogs, theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.preview import open_with_system, preview_pdf
from claimdesk.ui.widgets import Button, PlainLabel
from claimdesk.vocabulary import label

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage

ID = Qt.ItemDataRole.UserRole
MOST_NAMED = 4


class FileDialog(Dialog):
    """Shows itself with `run`; then `documents` are those chosen, and `to_print` whether to show them first."""

    def __init__(self, page: CasePage, parts: Sequence[FilePart]) -> None:
        said = _("One PDF with a list of contents, bookmarks and searchable text. The originals stay as they are.")
        super().__init__(page.window(), _("Case file as PDF"), said, _("Save as PDF…"), width=620)
        self.to_print = False
        self.tree = QTreeWidget()
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
        self.tree.setCurrentItem(self.tree.topLevelItem(0))
        self._count = PlainLabel('', 'secondary')
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        row.addWidget(Button(_("All"), partial(self._tick_all, True)))
        row.addWidget(Button(_("None"), partial(self._tick_all, False)))
        row.addStretch(1)
        row.addWidget(self._count)
        self.column.addWidget(self.tree, 1)
        self.column.addLayout(row)
        self.print_button = Button(_("Show and print"), self._show, icon='printer')
        self.buttons.insertWidget(0, self.print_button)
        self.tree.itemChanged.connect(lambda _item, _column: self._offer())
        self._offer()
        self.tree.setFocus()

    @property
    def documents(self) -> frozenset[int]:
        """The ids of the documents that are ticked."""
        return frozenset(item.data(0, ID) for item in self._leaves() if item.checkState(0) is Qt.CheckState.Checked)

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
        for item in (top, *(top.child(place) for place in range(top.childCount()))):
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _leaves(self) -> list[QTreeWidgetItem]:
        tops = [self.tree.topLevelItem(place) for place in range(self.tree.topLevelItemCount())]
        return [top.child(place) for top in tops for place in range(top.childCount())]

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


def export_file(page: CasePage) -> None:
    """Ask which papers, and write or show them as one PDF."""
    actor, case_id, case_file = page.desk.signed_in, page.case_id, page.desk.case_file
    page.run(lambda _progress: case_file.parts(actor, case_id), partial(_ask, page), latest='case file')


def _ask(page: CasePage, parts: Sequence[FilePart]) -> None:
    if not parts:
        page.banner.show_message(_("There is no document in this case yet."), _("Add files or scan into it first."))
        return
    dialog = FileDialog(page, parts)
    if dialog.run():
        number = page.file.case.number if page.file is not None else ''
        name = '-'.join(filter(None, (_("Case file"), number))) + '.pdf'
        if dialog.to_print:
            _show(page, dialog.documents, name)
        else:
            _save(page, dialog.documents, name)
    dialog.deleteLater()


def _show(page: CasePage, documents: frozenset[int], name: str) -> None:
    actor, case_id, case_file = page.desk.signed_in, page.case_id, page.desk.case_file
    preview_pdf(page, _("Case file"), lambda progress: case_file.pdf(actor, case_id, documents, progress), name)


def _save(page: CasePage, documents: frozenset[int], name: str) -> None:
    folder = page.desk.settings.export_folder
    path = dialogs.save_file(page, _("Case file as PDF"), name, _("PDF documents (*.pdf)"), folder)
    if path is None:
        return
    actor, case_id, case_file = page.desk.signed_in, page.case_id, page.desk.case_file

    def work(progress: Progress) -> Written:
        return case_file.write(actor, case_id, path, documents, progress)

    page.run(work, partial(_saved, page, path), title=_("Writing {name}").format(name=path.name))


def _saved(page: CasePage, path: Path, written: Written) -> None:
    action = (_("Open the folder"), partial(open_with_system, path.parent))
    if not written.lost:
        sentence = _("Saved as {file}.").format(file=path.name)
        page.banner.show_message(sentence, _pages(written.pages), 'success', *action)
        return
    sentence = ngettext(
        "Saved as {file}; {count} page could not be taken over, a sheet with the reason stands in its place.",
        "Saved as {file}; {count} pages could not be taken over, sheets with the reasons stand in their place.",
        len(written.lost),
    ).format(file=path.name, count=len(written.lost))
    named = [
        _("{title}, page {page}").format(title=one.document, page=one.page) + f': {one.sentence}'
        for one in written.lost[:MOST_NAMED]
    ]
    page.banner.show_message(sentence, '\n'.join(named), 'warning', *action)


def _pages(count: int) -> str:
    return ngettext("{count} page", "{count} pages", count).format(count=count)
