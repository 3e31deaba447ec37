"""The form of the scan dialog: device, profile, and how to scan."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QWidget

from claimdesk.language import N_, _
from claimdesk.scanning import Colour, Device, PageSize, ScanOptions, Source
from claimdesk.scanning.remembered import Profile
from claimdesk.ui.widgets import Combo, FormGrid

RESOLUTIONS = (150, 200, 300, 400, 600)
LEAST_DPI, MOST_DPI = 75, 600
ONE, EACH = 'one', 'each'
SOURCES = {
    Source.GLASS: N_("One page from the glass"),
    Source.FEEDER: N_("Every sheet in the feeder"),
    Source.DUPLEX: N_("Feeder, both sides"),
}
COLOURS = {Colour.COLOUR: N_("Colour"), Colour.GREY: N_("Grey"), Colour.BLACK: N_("Black and white")}
SIZES = {
    PageSize.A4: 'A4',
    PageSize.A5: 'A5',
    PageSize.B5: 'B5',
    PageSize.INVOICE: N_("VAT invoice"),
    PageSize.LETTER: 'Letter',
    PageSize.A3: 'A3',
    PageSize.WHOLE: N_("Whole area"),
}
USUAL = ScanOptions(200, Colour.COLOUR, Source.GLASS, PageSize.A4)


class ScanForm(FormGrid):
    """What is chosen: `options`, `as_one`. A device narrows what is offered; what was wanted comes back with the next.

    `device_chosen` when another device is chosen, `profile_left` when a choice no longer is that of the profile.
    """

    device_chosen = Signal()
    profile_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(3, parent)
        self._kept = QSettings()
        self._profiles: tuple[Profile, ...] = ()
        self._busy = False
        self.device = Combo(searchable=False, placeholder=_("Looking for scanners…"))
        self.profile = Combo(searchable=False, placeholder=_("None"))
        self.source, self.resolution, self.colour = (Combo(searchable=False) for _number in range(3))
        self.paper, self.bundle = Combo(searchable=False), Combo(searchable=False)
        self.bundle.add(EACH, _("Each page is a document"))
        self.bundle.add(ONE, _("All pages are one document"))
        self.add('device', _("Scanner"), self.device, span=2)
        self.add('profile', _("Profile"), self.profile)
        self.add('source', _("Take from"), self.source)
        self.add('paper', _("Paper size"), self.paper)
        self.add('colour', _("Colour mode"), self.colour)
        self.add('resolution', _("Resolution"), self.resolution)
        self.add('bundle', _("Documents"), self.bundle, span=2)
        self._wanted = self._remembered()
        self._offer(None)
        self.bundle.set_value(str(self._kept.value('scan/bundle', EACH)))
        self.device.value_changed.connect(self._device_changed)
        self.profile.value_changed.connect(self._profile_changed)
        for field in (self.source, self.paper, self.colour, self.resolution, self.bundle):
            field.value_changed.connect(self._changed)

    @property
    def options(self) -> ScanOptions:
        """How to scan, as the form shows it."""
        return ScanOptions(
            int(self.resolution.value() or USUAL.resolution), Colour(self.colour.value() or USUAL.colour),
            Source(self.source.value() or USUAL.source), PageSize(self.paper.value() or USUAL.size),
        )  # fmt: skip

    @property
    def as_one(self) -> bool:
        """Whether all pages are one document."""
        return bool(self.bundle.value() == ONE)

    def show_profiles(self, profiles: tuple[Profile, ...], chosen: str = '') -> None:
        """Offer these profiles, the one of that name chosen without applying it anew."""
        self._profiles = profiles
        with self._quietly():
            self.profile.clear()
            for profile in profiles:
                self.profile.add(profile.name, profile.name)
            self.profile.set_value(chosen or None)
        self.profile.setEnabled(bool(profiles))

    def keep(self) -> None:
        """Remember what is chosen on this computer."""
        options = self.options
        for name, value in (
            ('resolution', options.resolution), ('colour', options.colour.value), ('source', options.source.value),
            ('size', options.size.value), ('bundle', self.bundle.value()),
        ):  # fmt: skip
            self._kept.setValue(f'scan/{name}', value)

    def _remembered(self) -> ScanOptions:
        kept = {name: str(self._kept.value(f'scan/{name}', '')) for name in ('resolution', 'colour', 'source', 'size')}
        try:
            return ScanOptions(
                int(kept['resolution'] or USUAL.resolution), Colour(kept['colour'] or USUAL.colour),
                Source(kept['source'] or USUAL.source), PageSize(kept['size'] or USUAL.size),
            )  # fmt: skip
        except ValueError:
            return USUAL

    def _device_changed(self) -> None:
        self._offer(self.device.value())
        self.device_chosen.emit()

    def _profile_changed(self) -> None:
        profile = next((one for one in self._profiles if one.name == self.profile.value()), None)
        if not self._busy and profile is not None:
            self._wanted = profile.options
            self._offer(self.device.value())
            with self._quietly():
                self.bundle.set_value(ONE if profile.as_one else EACH)
            self.profile_chosen.emit()
        elif not self._busy:
            self.profile_chosen.emit()

    def _changed(self) -> None:
        if not self._busy:
            self._wanted = self.options
            self.profile.set_value(None)

    def _offer(self, device: Device | None) -> None:
        """Offer what the device can, nearest to what is wanted."""
        device = device or Device('', '')
        wanted = self._wanted
        sources = device.sources or tuple(Source)
        colours = device.colours or tuple(Colour)
        resolutions = device.resolutions or RESOLUTIONS
        sensible = [dpi for dpi in resolutions if LEAST_DPI <= dpi <= MOST_DPI] or list(resolutions)
        with self._quietly():
            for combo in (self.source, self.colour, self.paper, self.resolution):
                combo.clear()
            for source in sources:
                self.source.add(source, _(SOURCES[source]))
            for colour in colours:
                self.colour.add(colour, _(COLOURS[colour]))
            for size, words in SIZES.items():
                if device.fits(size):
                    self.paper.add(size, _(words))
            for dpi in sensible:
                self.resolution.add(dpi, _("{n} dpi").format(n=dpi))
            fallback = Source.FEEDER if wanted.source is Source.DUPLEX and Source.FEEDER in sources else sources[0]
            self.source.set_value(wanted.source if wanted.source in sources else fallback)
            self.colour.set_value(wanted.colour if wanted.colour in colours else colours[0])
            self.paper.set_value(wanted.size if device.fits(wanted.size) else PageSize.WHOLE)
            self.resolution.set_value(min(sensible, key=lambda dpi: (abs(dpi - wanted.resolution), -dpi)))

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """The form changes by itself, not by hand."""
        before, self._busy = self._busy, True
        try:
            yield
        finally:
            self._busy = before
