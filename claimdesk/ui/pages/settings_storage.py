"""Where documents are kept: chosen and tried out by who manages the office; every desk enters the secret of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from claimdesk.errors import ClaimDeskError, InvalidInput
from claimdesk.language import _, ngettext
from claimdesk.progress import Progress
from claimdesk.rules.permissions import Permission
from claimdesk.rules.storage import BucketStyle, Place, PlaceKind, place_from
from claimdesk.services.storage import StorageView
from claimdesk.ui import text, theme
from claimdesk.ui.page import Page
from claimdesk.ui.pages.settings_section import FolderField, Section
from claimdesk.ui.pages.settings_storage_care import CheckGroup, MoveGroup, PicturesGroup
from claimdesk.ui.widgets import Banner, Button, Combo, FormGrid, KeyValue, PasswordEdit
from claimdesk.vocabulary import label

_LINES = ('endpoint', 'bucket', 'prefix', 'region', 'key_id')
_OF_S3 = (*_LINES, 'style', 'secret')


class StorageSection(Section):
    """The place for the documents of the office, and what keeps it in order."""

    def __init__(self, page: Page) -> None:
        sentence = _("The same on every desk of this office. A change moves nothing: what is kept already is found "
                     "where it is, until it is moved here.")  # fmt: skip
        super().__init__(page, _("Document storage"), sentence)
        self._view: StorageView | None = None
        self._kept: dict[str, Any] | None = None
        self.may = self.explain_refusal(Permission.MANAGE_OFFICE)
        self.facts = KeyValue(1)
        self.column.addWidget(self.facts)
        self.answer = Banner()
        self.moving = MoveGroup(self)
        self._place_group()
        self.checking = CheckGroup(self)
        self.pictures = PicturesGroup(self)
        self.column.addStretch(1)
        self._show_fields()

    def _place_group(self) -> None:
        self.group(_("Where they are kept"))
        self.column.addWidget(self.answer)
        form = self.form = FormGrid(2)
        self.kind, self.bucket_style = Combo(searchable=False), Combo(searchable=False)
        for kind in PlaceKind:
            self.kind.add(kind, label(kind))
        for style in BucketStyle:
            self.bucket_style.add(style, label(style))
        self.folder = FolderField(_("Beside the database"))
        self.lines = {name: QLineEdit() for name in _LINES}
        self.secret = PasswordEdit()
        form.add('kind', _("Documents are kept"), self.kind)
        everywhere = _("Every desk must reach it by this path. Empty: beside the database, for one computer.")
        example = _("For example https://minio.office:9000. With http:// nothing is encrypted on the way.")
        safe = _("Kept in this computer's key store, never in the office. Empty leaves it as it is.")
        form.add('folder', _("Folder"), self.folder, span=2, check=self.folder.problem, hint=everywhere)
        form.add('endpoint', _("Address of the store"), self.lines['endpoint'], span=2, hint=example)
        form.add('bucket', _("Bucket"), self.lines['bucket'])
        form.add('prefix', _("Names begin with"), self.lines['prefix'], hint=_("May stay empty, for example claims/."))
        form.add('region', _("Region"), self.lines['region'])
        form.add('style', _("The bucket's name stands"), self.bucket_style)
        form.add('key_id', _("Name of the key"), self.lines['key_id'])
        form.add('secret', _("Secret of the key"), self.secret, hint=safe)
        self.column.addWidget(form)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        self.test_button = Button(_("Test the connection"), self.test, icon='server')
        self.save_button = Button(_("Keep documents here from now on"), self.save, kind='primary', tip='Ctrl+S')
        self.secret_button = Button(_("Remember the secret on this computer"), self.remember, icon='key-round')
        for button in (self.test_button, self.save_button, self.secret_button):
            row.addWidget(button)
        row.addStretch(1)
        self.column.addLayout(row)
        for field in (self.kind, self.bucket_style, self.folder):
            field.setEnabled(self.may)
        for line in self.lines.values():
            line.setReadOnly(not self.may)
        self.kind.value_changed.connect(self._show_fields)
        self.folder.chosen.connect(lambda _folder: self._light())
        self.bucket_style.value_changed.connect(self._light)
        form.edited.connect(lambda _name: self._light())

    # What stands there

    def opened(self) -> None:
        actor, storage = self.desk.signed_in, self.desk.storage
        self.page.run(lambda _progress: storage.view(actor), self._show, self.failed, latest='storage')
        self.pictures.opened()

    def changed(self, kinds: set[str]) -> None:
        if 'office_setting' in kinds:
            self.opened()

    def _show(self, view: StorageView) -> None:
        untouched = self._view is None or not self.has_unsaved()
        self._view = view
        files = ngettext("{n} file, {size}", "{n} files, {size}", view.files)
        words = files.format(n=text.number(view.files), size=text.size(view.bytes))
        self.facts.set_pairs([(_("Kept now"), view.place.words()), (_("In all"), words)])
        if self._kept is not None:
            self._type(self._kept)
            self._kept = None
        elif untouched:
            self._fill(view.place)
        self.moving.show_places(view)
        self._light()

    def _fill(self, place: Place) -> None:
        self.kind.set_value(place.kind)
        self.bucket_style.set_value(place.style)
        self.folder.show_folder(place.folder)
        for name, line in self.lines.items():
            line.setText(str(getattr(place, name)))
        self.form.clear_errors()
        self._show_fields()

    def _show_fields(self) -> None:
        kind = self._kind()
        self.form.set_shown('folder', kind is PlaceKind.FOLDER)
        for name in _OF_S3:
            self.form.set_shown(name, kind is PlaceKind.S3)
        self.form.pack()
        self._light()

    def _light(self) -> None:
        place, typed = self.place(), bool(self.secret.text())
        present = self._view.place if self._view is not None else None
        s3 = place.kind is PlaceKind.S3
        self.test_button.setVisible(self.may)
        self.save_button.setVisible(self.may)
        self.save_button.setEnabled(present is not None and place != present)
        self.secret_button.setVisible(s3 and place == present)
        self.secret_button.setEnabled(typed)

    def place(self) -> Place:
        """What is entered."""
        kind = self._kind()
        if kind is PlaceKind.S3:
            typed = {name: line.text().strip() for name, line in self.lines.items()}
            return Place(kind, style=BucketStyle(self.bucket_style.value() or BucketStyle.AUTO), **typed)
        return Place(kind, folder=self.folder.line.text().strip() if kind is PlaceKind.FOLDER else '')

    def _kind(self) -> PlaceKind:
        return PlaceKind(self.kind.value() or PlaceKind.FOLDER)

    def has_unsaved(self) -> bool:
        return self.may and self._view is not None and self.place() != self._view.place

    def keep(self) -> Any:
        return self.place().as_json() if self.has_unsaved() else None

    def restore(self, kept: Any) -> None:
        self._kept = kept

    def _type(self, kept: dict[str, Any]) -> None:
        self._fill(place_from(kept))

    # What is done

    def test(self) -> None:
        """Try the place that is entered by writing, reading and removing a file."""
        actor, storage, place, secret = self.desk.signed_in, self.desk.storage, self.place(), self.secret.text()
        self._ask(lambda _progress: storage.try_out(actor, place, secret), self._tried, _("Trying the place…"))

    def _tried(self, seconds: float) -> None:
        self._asking(False)
        words = _("A file was written, read back and removed in {seconds:.1f} s.").format(seconds=seconds)
        self.answer.show_message(_("The place works."), words, 'success')

    def save(self) -> None:
        """Keep documents there from now on."""
        if not self.save_button.isEnabled() or not self.save_button.isVisible() or self._view is None:
            return
        actor, desk, place, secret = self.desk.signed_in, self.desk, self.place(), self.secret.text()
        version = self._view.version

        def work(_progress: Progress) -> tuple[StorageView, bool]:
            view = desk.storage.change(actor, place, version, secret)
            return view, not secret or desk.settings.remember_secret(place.account, secret)

        self._ask(work, self._saved, _("Trying the place…"))

    def _saved(self, answer: tuple[StorageView, bool]) -> None:
        view, remembered = answer
        self._asking(False)
        self.secret.clear()
        self._view = view
        self._show(view)
        self.answer.show_message(_("Documents are kept here from now on."), self._no_key_store(remembered), 'success')
        self.shell.status.emit(view.place.words())

    def remember(self) -> None:
        """Try the secret and keep it on this computer."""
        if self._view is None:
            return
        actor, desk, secret, place = self.desk.signed_in, self.desk, self.secret.text(), self._view.place

        def work(_progress: Progress) -> bool:
            desk.storage.know(actor, secret)
            return desk.settings.remember_secret(place.account, secret)

        self._ask(work, self._remembered, _("Trying the place…"))

    def _remembered(self, kept: bool) -> None:
        self._asking(False)
        self.secret.clear()
        self._light()
        self.answer.show_message(_("This computer knows the secret now."), self._no_key_store(kept), 'success')

    @staticmethod
    def _no_key_store(kept: bool) -> str:
        return '' if kept else _("It has no key store: the secret is forgotten when ClaimDesk closes.")

    def _ask(self, work: Callable[[Progress], Any], done: Callable[[Any], object], title: str) -> None:
        self.answer.clear()
        self.form.clear_errors()
        self._asking(True)
        self.page.run(work, done, self._refused, latest='storage_asked', title=title)

    def _refused(self, error: ClaimDeskError) -> None:
        self._asking(False)
        if isinstance(error, InvalidInput) and error.fields:
            self.form.show_errors(error.fields)
        self.answer.show_error(error)

    def _asking(self, asking: bool) -> None:
        for button in (self.test_button, self.save_button, self.secret_button):
            button.setEnabled(not asking)
        if not asking:
            self._light()
