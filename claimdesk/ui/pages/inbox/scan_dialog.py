"""Scanning: the devices that answer, how to scan, and the pages as they come."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListWidget, QListWidgetItem, QWidget

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _, ngettext
from claimdesk.progress import Progress
from claimdesk.ui import theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.tasks import Ticket
from claimdesk.ui.widgets import Button, Combo, FormGrid, PlainLabel

if TYPE_CHECKING:
    from claimdesk.scanning import Device
    from claimdesk.ui.page import Page

RESOLUTIONS = (150, 200, 300, 400, 600)
USUAL = 200
THUMB = QSize(104, 140)
ONE, EACH = 'one', 'each'


class ScanDialog(Dialog):
    """Shows itself with `run`; `scanned` are then the pages to take in."""

    def __init__(self, page: Page, parent: QWidget | None = None) -> None:
        super().__init__(parent or page, _("Scan"), '', _("Take in"), width=720)
        self._page = page
        self._kept = QSettings()
        self._pages: list[bytes] = []
        self._arriving: deque[bytes] = deque()
        self._looking: Ticket | None = None
        self._scanning: Ticket | None = None
        self._build()
        self.accept_if = self._finish
        self._tell()
        self.find_devices()

    def _build(self) -> None:
        form = FormGrid(3)
        self.device = Combo(searchable=False, placeholder=_("Looking for scanners…"))
        self.source = Combo(searchable=False)
        self.source.add(False, _("One page from the glass"))
        self.source.add(True, _("Every sheet in the feeder"))
        self.resolution = Combo(searchable=False)
        self.colour = Combo(searchable=False)
        self.colour.add(True, _("Colour"))
        self.colour.add(False, _("Grey"))
        self.bundle = Combo(searchable=False)
        self.bundle.add(EACH, _("Each page is a document"))
        self.bundle.add(ONE, _("All pages are one document"))
        form.add('device', _("Scanner"), self.device, span=2)
        form.add('source', _("Take from"), self.source)
        form.add('resolution', _("Resolution"), self.resolution)
        form.add('colour', _("Colour mode"), self.colour)
        form.add('bundle', _("Documents"), self.bundle)
        self._offer_resolutions(RESOLUTIONS)
        self.source.set_value(self._remembered('feeder', False))
        self.colour.set_value(self._remembered('colour', True))
        self.bundle.set_value(str(self._kept.value('scan/bundle', EACH)))
        self.column.addWidget(form)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        self.scan_button = Button(_("Scan"), self.scan, icon='scan-line')
        self.stop_button = Button(_("Stop"), self.stop, kind='quiet')
        self.again_button = Button(_("Look for scanners again"), self.find_devices, kind='link')
        self.state = PlainLabel('', 'secondary', wrap=True)
        row.addWidget(self.scan_button)
        row.addWidget(self.stop_button)
        row.addWidget(self.state, 1)
        row.addWidget(self.again_button)
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
        self.column.addWidget(self.shown)
        self.drop_button = Button(_("Remove the marked pages"), self.drop_marked, kind='link')
        self.column.addWidget(self.drop_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.shown.itemSelectionChanged.connect(self._tell)
        self.device.value_changed.connect(self._device_chosen)

    # Devices

    def find_devices(self) -> None:
        """Ask which scanners answer, in the background."""
        self.banner.clear()
        self.device.clear()
        self.device.setPlaceholderText(_("Looking for scanners…"))
        desk = self._page.desk
        self._looking = self._page.run(
            lambda progress: desk.scanner().devices(progress), self._found, self._no_devices, latest='scanners'
        )
        self._tell()

    def _found(self, devices: list[Device]) -> None:
        self._looking = None
        for device in devices:
            self.device.add(device, device.label)
        names = [device.name for device in devices]
        wanted = self._page.desk.settings.scanner
        if devices:
            self.device.setCurrentIndex(names.index(wanted) if wanted in names else 0)
        else:
            self.device.setPlaceholderText(_("No scanner found"))
            self.banner.show_message(
                _("No scanner answers."), _("Switch it on, check its cable or network, then look again."), 'notice'
            )
        self._tell()
        self.scan_button.setFocus()

    def _no_devices(self, error: ClaimDeskError) -> None:
        self._looking = None
        self.device.setPlaceholderText(_("No scanner found"))
        self.banner.show_error(error)
        self._tell()

    def _device_chosen(self) -> None:
        device = self.device.value()
        self._offer_resolutions(device.resolutions if device is not None and device.resolutions else RESOLUTIONS)
        self._tell()

    def _offer_resolutions(self, resolutions: tuple[int, ...]) -> None:
        wanted = int(str(self._kept.value('scan/resolution', USUAL)))
        sensible = [one for one in resolutions if 75 <= one <= 600] or list(resolutions)
        self.resolution.clear()
        for one in sensible:
            self.resolution.add(one, _("{n} dpi").format(n=one))
        self.resolution.set_value(min(sensible, key=lambda one: abs(one - wanted)))

    # Scanning

    def scan(self) -> None:
        """Scan with these options; pages show as they come."""
        from claimdesk.scanning import ScanOptions

        device = self.device.value()
        if device is None or self._scanning is not None:
            return
        options = ScanOptions(int(self.resolution.value()), bool(self.colour.value()), bool(self.source.value()))
        self._remember(device.name, options)
        self.banner.clear()
        desk, arriving = self._page.desk, self._arriving

        def work(progress: Progress) -> int:
            count = 0
            for picture in desk.scanner().scan(device.name, options, progress):
                arriving.append(picture)
                count += 1
                progress(count, 0, '')
            return count

        self.state.setText(_("Scanning…"))
        ticket = self._page.run(
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

    def _take_arrived(self) -> None:
        while self._arriving:
            picture = self._arriving.popleft()
            self._pages.append(picture)
            item = QListWidgetItem(str(len(self._pages)))
            ratio = theme.pixel_ratio()
            image = QImage.fromData(picture).scaled(
                THUMB * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            shown = QPixmap.fromImage(image)
            painter = QPainter(shown)
            painter.setPen(theme.colour('border_strong'))
            painter.drawRect(shown.rect().adjusted(0, 0, -1, -1))
            painter.end()
            shown.setDevicePixelRatio(ratio)
            item.setIcon(QIcon(shown))
            self.shown.addItem(item)
            self.shown.scrollToItem(item)
        self._tell()

    def drop_marked(self) -> None:
        """Throw the marked pages away."""
        for row in sorted((self.shown.row(item) for item in self.shown.selectedItems()), reverse=True):
            self.shown.takeItem(row)
            del self._pages[row]
        for row in range(self.shown.count()):
            self.shown.item(row).setText(str(row + 1))
        self._tell()

    def _tell(self) -> None:
        busy = self._scanning is not None
        count = len(self._pages)
        self.scan_button.setEnabled(not busy and self.device.value() is not None)
        self.scan_button.set_text(_("Scan more") if count else _("Scan"))
        self.stop_button.setVisible(busy)
        self.again_button.setVisible(not busy and self._looking is None)
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
        else:
            self.state.setText('')

    # Done

    @property
    def scanned(self) -> list[bytes]:
        """The pages to take in, as PNG."""
        return list(self._pages)

    @property
    def as_one(self) -> bool:
        """Whether they are one document."""
        return bool(self.bundle.value() == ONE)

    def _finish(self) -> str:
        self._kept.setValue('scan/bundle', self.bundle.value())
        return ''

    def done(self, code: int) -> None:
        """Closing stops the device."""
        for ticket in (self._scanning, self._looking):
            if ticket is not None:
                ticket.cancel()
        super().done(code)

    def _remember(self, name: str, options: Any) -> None:
        self._kept.setValue('scan/resolution', options.resolution)
        self._kept.setValue('scan/colour', options.colour)
        self._kept.setValue('scan/feeder', options.feeder)
        settings = self._page.desk.settings
        if settings.scanner != name:
            self._page.run(lambda _progress: settings.change(scanner=name), failed=lambda _error: None)

    def _remembered(self, name: str, default: bool) -> bool:
        return str(self._kept.value(f'scan/{name}', default)).lower() == 'true'
