"""What the scan dialog keeps on this computer: profiles, and network scanners whose address somebody typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from claimdesk.errors import ClaimDeskError, InvalidInput
from claimdesk.language import _
from claimdesk.scanning import Device, add_network_scanner, service_address
from claimdesk.scanning.remembered import Profile, Remembered
from claimdesk.ui import dialogs
from claimdesk.ui.widgets import Button

if TYPE_CHECKING:
    from claimdesk.progress import Progress
    from claimdesk.ui.pages.inbox.scan_dialog import ScanDialog


class ScanMemory(QObject):
    """The links under the form of `dialog`, and what they do."""

    def __init__(self, dialog: ScanDialog) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        self._kept = Remembered()
        self._asking = False
        self.address_button = Button(_("Add by its address…"), self.add_address, kind='link')
        self.save_button = Button(_("Save as profile…"), self.save_profile, kind='link')
        self.remove_button = Button(_("Remove profile"), self.remove_profile, kind='link')
        dialog.form.show_profiles(self._kept.profiles())

    def links(self) -> tuple[Button, ...]:
        """The links, in their order."""
        return self.address_button, self.save_button, self.remove_button

    def tell(self, busy: bool) -> None:
        """Show what can be done now."""
        chosen = self._dialog.form.profile.value() is not None
        self.address_button.setEnabled(not busy and not self._asking)
        self.address_button.set_text(_("Asking the scanner…") if self._asking else _("Add by its address…"))
        self.save_button.setVisible(not busy and not chosen)
        self.remove_button.setVisible(not busy and chosen)

    def add_address(self) -> None:
        """Ask for the address of a network scanner, and offer it if it answers."""
        typed = dialogs.ask_text(
            self._dialog, _("Add a network scanner"),
            _("Its address is on its display or in its settings, under network or AirPrint."), _("Add"),
            label=_("Address, for example 192.168.1.20"), check=_address_problem,
        )  # fmt: skip
        if not typed:
            return
        kept = self._kept

        def work(progress: Progress) -> Device:
            return add_network_scanner(typed, kept, progress)

        self._asking = True
        self._dialog.page.run(work, self._added, self._not_added, latest='address')
        self.tell(False)

    def _added(self, device: Device) -> None:
        self._asking = False
        self._dialog.add_device(device)

    def _not_added(self, error: ClaimDeskError) -> None:
        self._asking = False
        self.tell(False)
        self._dialog.banner.show_error(error)

    def save_profile(self) -> None:
        """Ask for a name and keep what is chosen under it; the same name again replaces it."""
        name = dialogs.ask_text(
            self._dialog, _("Save as profile"), _("Source, paper, colour and resolution are kept under this name."),
            _("Save"), label=_("Name"), check=lambda typed: '' if typed.strip() else _("Type a name."),
        )  # fmt: skip
        if not name:
            return
        form, kept = self._dialog.form, self._kept
        profile = Profile(name, form.options, form.as_one)
        self._change(lambda: kept.keep_profile(profile), ' '.join(name.split()))

    def remove_profile(self) -> None:
        """Ask once and forget the chosen profile; the options stay as they are."""
        name, kept = self._dialog.form.profile.value(), self._kept
        if name and dialogs.ask(
            self._dialog, _("Remove the profile “{name}”?").format(name=name), '', _("Remove"), danger=True
        ):
            self._change(lambda: kept.forget_profile(name), '')

    def _change(self, work: Callable[[], object], chosen: str) -> None:
        kept = self._kept

        def both(_progress: Progress) -> tuple[Profile, ...]:
            work()
            return kept.profiles()

        def shown(profiles: tuple[Profile, ...]) -> None:
            self._dialog.form.show_profiles(profiles, chosen)
            self._dialog.banner.clear()
            self.tell(False)

        self._dialog.page.run(both, shown, self._dialog.banner.show_error, latest='profiles')


def _address_problem(typed: str) -> str:
    try:
        service_address(typed)
    except InvalidInput as error:
        return str(error)
    return ''
