"""This computer: language and looks, scanner and folders, and which office it opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from claimdesk.errors import ClaimDeskError
from claimdesk.language import LANGUAGES, N_, _
from claimdesk.progress import Progress
from claimdesk.scanning import Device
from claimdesk.settings import Settings, with_password, without_password
from claimdesk.ui import theme
from claimdesk.ui.page import Page
from claimdesk.ui.pages.settings_section import FolderField, Section
from claimdesk.ui.widgets import Banner, Button, Combo, FormGrid, NumberEdit, PasswordEdit, PlainLabel

THEMES = (('system', N_("Like the system")), ('light', N_("Light")), ('dark', N_("Dark")))


class WorkstationSection(Section):
    """Each choice is kept as it is made, with a way back; only the office waits for a button."""

    def __init__(self, page: Page) -> None:
        super().__init__(page, _("This computer"), _("Kept on this computer only; other desks have their own."))
        settings = self.desk.settings
        self.group(_("Looks"))
        looks = FormGrid(2)
        self.language, self.theme = Combo(searchable=False), Combo(searchable=False)
        for code, words in LANGUAGES.items():
            self.language.add(code, words)
        for choice, words in THEMES:
            self.theme.add(choice, _(words))
        looks.add('language', _("Language"), self.language)
        looks.add('theme', _("Appearance"), self.theme)
        self.column.addWidget(looks)
        self.group(_("Paper"))
        paper, self.watching = FormGrid(2), FormGrid(1)
        self.scanner = Combo(searchable=False, placeholder=_("None"))
        self.jobs = NumberEdit(1, 8)
        self.watch = FolderField(_("Nothing is watched"))
        paper.add('scanner', _("Scanner"), self.scanner)
        paper.add('jobs', _("Pages read at the same time"), self.jobs,
                  hint=_("More is faster and needs more memory. Takes effect at the next start."))  # fmt: skip
        self.find_button = Button(_("Look for scanners"), self._find_scanners, kind='link', icon='scan-line')
        self.find_button.setProperty('flush', True)
        taken = _("Paper that appears here, for example from a copier, is taken in by itself.")
        self.watching.add('watch', _("Watched folder"), self.watch, check=self.watch.problem, hint=taken)
        self.after = Combo(searchable=False)
        self.after.add('move', _("Move it to the sub-folder “done”"))
        self.after.add('leave', _("Leave it there and remember it"))
        self.watching.add('after', _("A file that was taken in"), self.after)
        self.column.addWidget(paper)
        self.column.addWidget(self.find_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self.watching)
        self.group(_("Files"))
        files = self.files = FormGrid(1)
        self.export = FolderField(_("The folder used last"))
        files.add('export', _("Folder for exports and reports"), self.export, check=self.export.problem)
        self.column.addWidget(files)
        self._office_group()
        self.column.addStretch(1)
        self._show(settings)
        self._connect()

    def _office_group(self) -> None:
        self.group(_("Office"))
        self._now = PlainLabel('', 'secondary', wrap=True, selectable=True)
        self.column.addWidget(self._now)
        self.answer = Banner()
        self.column.addWidget(self.answer)
        self.office = FormGrid(2)
        self.address, self.password = QLineEdit(), PasswordEdit()
        example = _("For example postgresql://name@server:5432/claimdesk, or sqlite:///C:/claims/office.db.")
        safe = _("Kept in the system's key store, never in a file. Empty leaves it as it is.")
        self.office.add('address', _("Address of the database"), self.address, span=2, hint=example,
                        check=self._address_problem)  # fmt: skip
        self.office.add('password', _("Password of the database"), self.password, hint=safe)
        self.column.addWidget(self.office)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        self.test_button = Button(_("Test the connection"), self._test, icon='server')
        self.office_button = Button(_("Open this office from now on"), self._change_office, kind='primary')
        row.addWidget(self.test_button)
        row.addWidget(self.office_button)
        row.addStretch(1)
        self.column.addLayout(row)

    def _connect(self) -> None:
        self.language.value_changed.connect(lambda: self.shell.language_chosen.emit(self.language.value()))
        self.theme.value_changed.connect(lambda: self.shell.theme_chosen.emit(self.theme.value()))
        self.scanner.value_changed.connect(lambda: self._keep('scanner', self.scanner.value() or '', _("Scanner")))
        self.after.value_changed.connect(
            lambda: self._keep('watch_after', self.after.value(), _("A file that was taken in"))
        )
        self.jobs.editingFinished.connect(
            lambda: self._keep('ocr_jobs', self.jobs.value(), _("Pages read at the same time"))
        )
        for name, field, words in (
            ('watch_folder', self.watch, _("Watched folder")),
            ('export_folder', self.export, _("Folder for exports and reports")),
        ):
            field.chosen.connect(lambda folder, name=name, words=words: self._keep(name, folder, words))

    def _show(self, settings: Settings) -> None:
        for field in (self.language, self.theme, self.scanner, self.jobs, self.after):
            field.blockSignals(True)
        self.language.set_value(settings.language)
        self.theme.set_value(settings.theme)
        self._offer_scanner(settings.scanner)
        self.jobs.setValue(settings.ocr_jobs)
        self.after.set_value(settings.watch_after)
        for field in (self.language, self.theme, self.scanner, self.jobs, self.after):
            field.blockSignals(False)
        self.watch.show_folder(settings.watch_folder)
        self.export.show_folder(settings.export_folder)
        address = without_password(settings.database_url)
        self._now.setText(_("Open now: {address}").format(address=address))
        self.address.setText(address)

    # Choices that are kept at once

    def _keep(self, name: str, value: object, words: str) -> None:
        settings = self.desk.settings
        before = getattr(settings, name)
        if value == before:
            return

        def work(_progress: Progress) -> None:
            settings.change(**{name: value})

        self.page.run(work, lambda _nothing: self._kept(name, before, words), self.failed, latest=name)

    def _kept(self, name: str, before: object, words: str) -> None:
        self.said(_("{option} is changed.").format(option=words), lambda: self._put_back(name, before, words))

    def _put_back(self, name: str, before: object, words: str) -> None:
        settings = self.desk.settings

        def work(_progress: Progress) -> None:
            settings.change(**{name: before})

        self.page.run(work, lambda _nothing: self._was_put_back(words), self.failed, latest=name)

    def _was_put_back(self, words: str) -> None:
        self._show(self.desk.settings)
        self.said(_("{option} is as before.").format(option=words))

    # Scanners

    def _find_scanners(self) -> None:
        self.find_button.setEnabled(False)
        self.find_button.set_text(_("Looking for scanners…"))
        scanner = self.desk.scanner
        self.page.run(lambda progress: scanner().devices(progress), self._found, self._none_found, latest='scanners')

    def _found(self, devices: list[Device]) -> None:
        self._looked()
        chosen = self.scanner.value()
        self.scanner.blockSignals(True)
        self.scanner.clear()
        for device in devices:
            self.scanner.add(device.name, device.label)
        self.scanner.set_value(chosen)
        self.scanner.blockSignals(False)
        if not devices:
            self.page.banner.show_message(
                _("No scanner answers."), _("Switch it on, check its cable or network, and look again."), 'warning'
            )
        elif chosen is None or self.scanner.value() is None:
            self.scanner.setFocus()
            self.scanner.showPopup()

    def _none_found(self, error: ClaimDeskError) -> None:
        self._looked()
        self.failed(error)

    def _looked(self) -> None:
        self.find_button.setEnabled(True)
        self.find_button.set_text(_("Look for scanners"))

    def _offer_scanner(self, name: str) -> None:
        if name and all(self.scanner.itemData(row) != name for row in range(self.scanner.count())):
            self.scanner.add(name, name)
        self.scanner.set_value(name)

    # The office

    def _address_problem(self) -> str:
        typed = self.address.text().strip()
        good = typed.startswith(('sqlite:///', 'postgresql://'))
        return '' if good else _("An address begins with sqlite:/// or postgresql://.")

    def _wanted(self) -> Settings:
        address, password = self.address.text().strip(), self.password.text()
        return Settings(database_url=with_password(address, password) if password else address)

    def _test(self) -> None:
        if not self.office.check():
            return
        from claimdesk import app

        url = self._wanted().url_with_password()
        self._ask(lambda _progress: app.test_server(url), self._answered)

    def _answered(self, words: str) -> None:
        self._asking(False)
        self.answer.show_message(_("The database answers."), words, 'success')

    def _change_office(self) -> None:
        if not self.office.check():
            return
        from claimdesk import app

        wanted, password, settings = self._wanted(), self.password.text(), self.desk.settings
        address = without_password(self.address.text().strip())

        def work(_progress: Progress) -> bool:
            app.test_server(wanted.url_with_password())
            kept = True
            if password:
                kept = Settings(database_url=address).remember_password(password)
            settings.change_file(database_url=address)
            return kept

        self._ask(work, self._office_changed)

    def _office_changed(self, password_kept: bool) -> None:
        self._asking(False)
        self.password.clear()
        advice = _("Sign in there after the next start. This desk stays in the present office until then.")
        if not password_kept:
            advice += ' ' + _("This computer has no key store, so the password will be asked for.")
        self.answer.show_message(_("From the next start this computer opens the other office."), advice, 'success')

    def _ask(self, work: Callable[[Progress], Any], done: Callable[[Any], object]) -> None:
        self.answer.clear()
        self._asking(True)
        self.page.run(work, done, self._no_answer, latest='server', title=_("Asking the database…"))

    def _no_answer(self, error: ClaimDeskError) -> None:
        self._asking(False)
        self.answer.show_error(error)

    def _asking(self, asking: bool) -> None:
        self.test_button.setEnabled(not asking)
        self.office_button.setEnabled(not asking)
