"""What about a photo should be looked at: when and where it says it was taken, against what the case says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from claimdesk.language import N_, _
from claimdesk.vocabulary import Word

EARLY, LATE = dt.timedelta(minutes=10), dt.timedelta(days=30)
"""How far a camera's clock may be off, and how long after the loss a photo still shows it: the office's own (C)."""


class Flag(Word):
    """Something about a photo that a person should look at; none of them proves anything."""

    NO_TIME = 'no_time', N_("no time in the photo")
    NO_PLACE = 'no_place', N_("no place in the photo")
    BEFORE_LOSS = 'before_loss', N_("taken before the loss")
    LONG_AFTER = 'long_after', N_("taken long after the loss")
    IN_THE_FUTURE = 'in_the_future', N_("taken in the future")
    EDITED = 'edited', N_("saved by an editing program")
    SAVED_LATER = 'saved_later', N_("changed after it was taken")
    OTHER_CASE = 'other_case', N_("also in another case")


SERIOUS = frozenset({Flag.BEFORE_LOSS, Flag.IN_THE_FUTURE, Flag.EDITED, Flag.OTHER_CASE})


@dataclass(frozen=True, slots=True)
class PhotoClaim:
    """What a photo says about itself; times are aware, None where it is silent."""

    taken_at: dt.datetime | None
    saved_at: dt.datetime | None
    has_place: bool
    edited: bool


def flags_of(
    photo: PhotoClaim, loss_at: dt.datetime, now: dt.datetime, other_cases: Sequence[str] = ()
) -> tuple[Flag, ...]:
    """What should be looked at, the serious first."""
    found = []
    if other_cases:
        found.append(Flag.OTHER_CASE)
    if photo.edited:
        found.append(Flag.EDITED)
    if photo.taken_at is None:
        found.append(Flag.NO_TIME)
    elif photo.taken_at < loss_at - EARLY:
        found.append(Flag.BEFORE_LOSS)
    elif photo.taken_at > now + EARLY:
        found.append(Flag.IN_THE_FUTURE)
    elif photo.taken_at > loss_at + LATE:
        found.append(Flag.LONG_AFTER)
    if photo.saved_at is not None and photo.taken_at is not None and photo.saved_at > photo.taken_at + EARLY:
        found.append(Flag.SAVED_LATER)
    if not photo.has_place:
        found.append(Flag.NO_PLACE)
    return tuple(sorted(found, key=lambda flag: flag not in SERIOUS))


def place_words(latitude: float | None, longitude: float | None) -> str:
    """`31.29834°N 120.58532°E`, or ''."""
    if latitude is None or longitude is None:
        return ''
    north, east = _("N") if latitude >= 0 else _("S"), _("E") if longitude >= 0 else _("W")
    return f'{abs(latitude):.5f}°{north} {abs(longitude):.5f}°{east}'
