"""Scanning: the devices that answer, how to scan, and the pages as they come."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QKeySequence, QPainter, QPixmap, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListWidget, QListWidgetItem, QWidget

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _, ngettext
from claimdesk.progress import Progress
from claimdesk.scanning import Device
from claimdesk.ui import dialogs, theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.pages.inbox.scan_form import ScanForm
from claimdesk.ui.pages.inbox.scan_memory import ScanMemory
from claimdesk.ui.tasks import Ticket
from claimdesk.ui.widgets import Button, PlainLabel

if TYPE_CHECKING:
    from claimdesk.ui.page import Page
    from claimdesk.ui.pages.inbox.kept_scans import KeptScan

THUMB = QSize(104, 140)


class ScanDialog(Dialog):
    """Shows itself with `run`; `scanned` are then the pages to take in.

    Each page is written into `kept` as soon as it comes from the scanner; whoever takes the pages in forgets that.
    """

    def __init__(self, page: Page, kept: KeptScan, case_id: int | None, parent: QWidget | None = None) -> None:
        super().__init__(parent or page, _("Scan"), '', _("Take in"), width=760)
        self.page = page
        self._safe, self._case_id, self._begun = kept, case_id, page.desk.context.now()
        self._kept = QSettings()
        self._pages: list[tuple[str, bytes]] = []
        self._arriving: deque[tuple[str, bytes, QImage]] = deque()
        self._looking: Ticket | None = None
        self._scanning: Ticket | None = None
        self.form = ScanForm()
        self.memory = ScanMemory(self)
        self._build()
        self.accept_if = self._finish
        self._offer_last()
        self._tell()
        self.find_devices()

    def _build(self) -> None:
        self.column.addWidget(self.form)
        self.again_button = Button(_("Look for scanners again"), self.find_devices, kind='link')
        links = QHBoxLayout()
        links.setSpacing(theme.SPACE_12)
        for link in (self.again_button, *self.memory.links()):
            link.setProperty('flush', True)
            links.addWidget(link)
        links.addStretch(1)
        self.column.addLayout(links)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        self.scan_button = Button(_("Scan"), self.scan, icon='scan-line')
        self.stop_button = Button(_("Stop"), self.stop, kind='quiet')
        self.state = PlainLabel('', 'secondary', wrap=True)
        row.addWidget(self.scan_button)
        row.addWidget(self.stop_button)
        row.addWidget(self.state, 1)
        self.column.addLayout(row)
        self.shown = QListWidget()
        self.shown.setViewMode(QListWidget.ViewMode.IconMode)
        self.shown.setFlow(QListWidget.Flow.LeftToRight)
        self.shown.setWrapping(False)
        self.shown.setMovement(QListWidget.Movement.Static)
        self.shown.setIconSize(THUMB)
        self.shown.setFixedHeight(THUMB.height() + 48)
        self.shown.setProperty('framed', 'true')
        self.shown.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.shown.setAccessibleName(_("Scanned pages"))
        self._empty = PlainLabel(_("Pages show here as they are scanned."), 'secondary')
        inside = QHBoxLayout(self.shown.viewport())
        inside.addWidget(self._empty, 0, Qt.AlignmentFlag.AlignCenter)
        self.column.addWidget(self.shown)
        self.drop_button = Button(_("Remove the marked pages (Delete)"), self.drop_marked, kind='link')
        self.drop_button.setProperty('flush', True)
        self.column.addWidget(self.drop_button, 0, Qt.AlignmentFlag.AlignLeft)
        QShortcut(QKeySequence.StandardKey.Delete, self.shown, self.drop_marked)
        self.shown.itemSelectionChanged.connect(self._tell)
        self.form.device_chosen.connect(self._tell)
        self.form.profile_chosen.connect(self._tell)

    # Devices

    def _offer_last(self) -> None:
        """The scanner used last can be used at once, while the others are looked for."""
        name, label = self.page.desk.settings.scanner, str(self._kept.value('scan/label', ''))
        if name and label:
            self.form.device.add(Device(name, label), label)
            self.form.device.setCurrentIndex(0)

    def find_devices(self) -> None:
        """Ask which scanners answer, in the background."""
        self.banner.clear()
        self.form.device.setPlaceholderText(_("Looking for scanners…"))
        desk = self.page.desk
        ticket = self.page.run(
            lambda progress: desk.scanner().devices(progress), self._found, self._no_devices, latest='scanners'
        )
        self._looking = ticket if ticket.running else None
        self._tell()

    def _found(self, devices: list[Device]) -> None:
        self._looking = None
        wanted = self._name() or self.page.desk.settings.scanner
        self.form.device.clear()
        for device in devices:
            self.form.device.add(device, device.label)
        names = [device.name for device in devices]
        if devices:
            self.form.device.setCurrentIndex(names.index(wanted) if wanted in names else 0)
            if not self.page.desk.settings.scanner or wanted in names:
                self.banner.clear()
            else:
                self.banner.show_message(
                    _("The scanner used last does not answer; another one is chosen."),
                    _("Switch it on, check its cable or network, then look again."), 'notice',
                )  # fmt: skip
        else:
            self.form.device.setPlaceholderText(_("No scanner found"))
            self.banner.show_message(
                _("No scanner answers."), _("Switch it on, check its cable or network, then look again."), 'notice'
            )
        self._tell()
        self.scan_button.setFocus()

    def add_device(self, device: Device) -> None:
        """Offer and choose a device that somebody named."""
        combo = self.form.device
        for row in range(combo.count()):
            if combo.itemData(row).name == device.name:
                combo.removeItem(row)
                break
        combo.add(device, device.label)
        combo.set_value(device)
        self.banner.clear()
        self._tell()
        self.scan_button.setFocus()

    def _no_devices(self, error: ClaimDeskError) -> None:
        self._looking = None
        self.form.device.setPlaceholderText(_("No scanner found"))
        self.banner.show_error(error)
        self._tell()

    def _name(self) -> str:
        device = self.form.device.value()
        return device.name if device is not None else ''

    # Scanning

    def scan(self) -> None:
        """Scan with these options; pages show as they come."""
        device, options = self.form.device.value(), self.form.options
        if device is None or self._scanning is not None:
            return
        if self._looking is not None:  # two at one device would be in each other's way
            ticket, self._looking = self._looking, None
            ticket.cancel()
        self._remember(device)
        self.banner.clear()
        desk, arriving, ratio = self.page.desk, self._arriving, theme.pixel_ratio()
        safe, case_id, begun, as_one = self._safe, self._case_id, self._begun, self.form.as_one

        def work(progress: Progress) -> int:
            count = 0
            safe.begin(case_id, begun, as_one=as_one)
            for picture in desk.scanner().scan(device.name, options, progress):
                arriving.append((safe.keep(picture), picture, _small(picture, ratio)))
                count += 1
                progress(count, 0, '')
            return count

        self.state.setText(_("Scanning…"))
        ticket = self.page.run(
            work, self._scanned, self._scan_failed, lambda _done, _total, _words: self._take_arrived(),
            title=_("Scanning"),
        )  # fmt: skip
        self._scanning = ticket if ticket.running else None
        self._tell()

    def stop(self) -> None:
        """Stop scanning; the pages that came stay."""
        if self._scanning is not None:
            ticket, self._scanning = self._scanning, None
            ticket.cancel()
        self._take_arrived()
        self._tell()
        self.scan_button.setFocus()

    def _scanned(self, _count: int) -> None:
        self._scanning = None
        self._take_arrived()
        self._tell()
        self.ok_button.setFocus()

    def _scan_failed(self, error: ClaimDeskError) -> None:
        self._scanning = None
        self._take_arrived()
        self.banner.show_error(error)
        self._tell()
        self.scan_button.setFocus()

    def _take_arrived(self) -> None:
        while self._arriving:
            name, picture, image = self._arriving.popleft()
            self._pages.append((name, picture))
            item = QListWidgetItem(str(len(self._pages)))
            shown = QPixmap.fromImage(image)
            painter = QPainter(shown)
            painter.setPen(theme.colour('border_strong'))
            painter.drawRect(shown.rect().adjusted(0, 0, -1, -1))
            painter.end()
            shown.setDevicePixelRatio(theme.pixel_ratio())
            item.setIcon(QIcon(shown))
            self.shown.addItem(item)
            self.shown.scrollToItem(item)
        self._tell()

    def show_kept(self, pages: Sequence[tuple[str, bytes]]) -> None:
        """Show pages that were scanned before and never taken in."""
        ratio = theme.pixel_ratio()
        self._arriving.extend((name, picture, _small(picture, ratio)) for name, picture in pages)
        self._take_arrived()
        self.ok_button.setFocus()

    def drop_marked(self) -> None:
        """Throw the marked pages away."""
        for row in sorted((self.shown.row(item) for item in self.shown.selectedItems()), reverse=True):
            self.shown.takeItem(row)
            self._safe.drop([self._pages.pop(row)[0]])
        for row in range(self.shown.count()):
            self.shown.item(row).setText(str(row + 1))
        self._tell()

    def _tell(self) -> None:
        busy = self._scanning is not None
        count = len(self._pages)
        self.scan_button.setEnabled(not busy and self.form.device.value() is not None)
        self.scan_button.set_text(_("Scan more") if count else _("Scan"))
        self.stop_button.setVisible(busy)
        self._empty.setVisible(not count)
        self.form.setEnabled(not busy)
        self.again_button.setVisible(not busy and self._looking is None)
        self.memory.tell(busy)
        self.ok_button.setEnabled(not busy and count > 0)
        self.ok_button.set_text(
            ngettext("Take in {n} page", "Take in {n} pages", count).format(n=count) if count else _("Take in")
        )
        self.drop_button.setVisible(bool(self.shown.selectedItems()))
        if busy:
            so_far = ngettext("Scanning, {n} page so far…", "Scanning, {n} pages so far…", count)
            self.state.setText(so_far.format(n=count))
        elif count:
            self.state.setText(ngettext("{n} page", "{n} pages", count).format(n=count))
        elif self._looking is not None and self.form.device.value() is not None:
            self.state.setText(_("Looking for other scanners…"))
        else:
            self.state.setText('')

    # Done

    @property
    def scanned(self) -> list[bytes]:
        """The pages to take in, as picture files."""
        return [picture for _name, picture in self._pages]

    @property
    def as_one(self) -> bool:
        """Whether they are one document."""
        return self.form.as_one

    def _finish(self) -> str:
        self.form.keep()
        return ''

    def reject(self) -> None:
        """Ask before scanned pages are thrown away: the paper may be back in its folder."""
        self._take_arrived()
        count = len(self._pages)
        if count and not dialogs.ask(
            self,
            ngettext("Throw away {n} scanned page?", "Throw away {n} scanned pages?", count).format(n=count),
            _("They are not taken in yet."),
            _("Throw away"),
            danger=True,
        ):
            return
        self._safe.forget()
        super().reject()

    def done(self, code: int) -> None:
        """Closing stops the device."""
        for ticket in (self._scanning, self._looking):
            if ticket is not None:
                ticket.cancel()
        super().done(code)

    def _remember(self, device: Device) -> None:
        self.form.keep()
        self._kept.setValue('scan/label', device.label)
        settings, name = self.page.desk.settings, device.name
        if settings.scanner != name:
            self.page.run(lambda _progress: settings.change(scanner=name), failed=lambda _error: None)


def _small(picture: bytes, ratio: float) -> QImage:
    """The picture as large as the strip shows it; made where the page is scanned, not where people wait."""
    return QImage.fromData(picture).scaled(
        THUMB * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
