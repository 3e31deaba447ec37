"""What happens at a scanner, in the same words whichever way leads to it: each with what to do next."""

from __future__ import annotations

from claimdesk.errors import Unavailable
from claimdesk.language import _


def jammed() -> Unavailable:
    """A sheet is stuck."""
    return Unavailable(
        _("Paper is jammed in the feeder."), _("Take the jammed sheet out, put the rest in again and go on.")
    )


def several_at_once() -> Unavailable:
    """Two sheets went through together."""
    return Unavailable(
        _("The feeder drew in several sheets at once."),
        _("Fan the sheets, put those that are not scanned yet in again and go on."),
    )


def feeder_empty() -> Unavailable:
    """Nothing to draw in."""
    return Unavailable(
        _("The document feeder is empty."), _("Put the sheets in, printed side as marked, and scan again.")
    )


def cover_open() -> Unavailable:
    """A cover or hatch is open."""
    return Unavailable(_("The scanner's cover is open."), _("Close the cover and scan again."))


def no_feeder() -> Unavailable:
    """The device has only its glass."""
    return Unavailable(
        _("This scanner has no document feeder."), _("Lay the sheets on the glass, one after the other.")
    )


def busy() -> Unavailable:
    """Somebody else scans or prints."""
    return Unavailable(_("The scanner is busy."), _("Wait until the other job is done, then scan again."))


def no_answer() -> Unavailable:
    """It hangs."""
    return Unavailable(
        _("The scanner does not answer."), _("Switch it off and on, wait until it is ready, and scan again.")
    )


def broke_off() -> Unavailable:
    """The connection is gone in the middle."""
    return Unavailable(_("The connection to the scanner broke off."), _("Check cable and network, then scan again."))


def not_connected(name: str) -> Unavailable:
    """The device is not there (any more)."""
    return Unavailable(
        _("The scanner {name} is not connected.").format(name=name),
        _("Switch it on, check cable and network, and look for scanners again."),
    )


def not_allowed() -> Unavailable:
    """The operating system refuses this person the device."""
    return Unavailable(
        _("You may not use this scanner."),
        _("Ask the administrator of this computer to add you to the group “scanner”."),
    )


def locked() -> Unavailable:
    """The device asks for a sign-in or is locked at its panel."""
    return Unavailable(
        _("The scanner wants somebody to sign in or to confirm at its panel."),
        _("Look at its display, do what it asks, and scan again."),
    )


def out_of_memory() -> Unavailable:
    """The driver has no memory left."""
    return Unavailable(_("The scanner's driver ran out of memory."), _("Scan with a lower resolution."))


def crashed() -> Unavailable:
    """The driver is no more."""
    return Unavailable(
        _("The scanner's driver stopped unexpectedly."),
        _("Switch the scanner off and on and scan again, or let it save into a watched folder."),
    )


def refused(reason: object) -> Unavailable:
    """Something else, in the device's or driver's own words."""
    return Unavailable(
        _("The scanner refused: {reason}.").format(reason=str(reason).strip().rstrip('.')),
        _("Scan with other settings, or switch the scanner off and on."),
    )
