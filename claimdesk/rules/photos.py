"""What about a photo should be looked at: when and where it was taken, how it was saved, what can be seen on it.

A photo never decides anything. What cannot be told for sure is said to be unsure.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from claimdesk.language import N_, _
from claimdesk.rules.paper_names import Likeness, nearest_plate
from claimdesk.vocabulary import Word

EARLY, LATE = dt.timedelta(minutes=10), dt.timedelta(days=30)
"""How far a camera's clock may be off, and how long after the loss a photo still shows it: the office's own (C)."""
BLURRED_BELOW, DARK_PERCENT, BRIGHT_PERCENT = 25, 60, 50
"""Below which sharpness nothing can be made out, and from which part of the photo on it is too dark or too bright (C).

Measured on made-up photos: sharp ones have 200 and more, those with a plate that can just be read have 50.
"""
FAR_METRES = 5_000
"""So far from the other photos of its case is far (C)."""
SURE_PLATE = 0.9
UNKNOWN_PROVINCE = '?'
EARTH_METRES = 6_371_000


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
    LOOKS_LIKE = 'looks_like', N_("looks like a photo in another case")
    OTHER_PLATE = 'other_plate', N_("another vehicle's plate")
    UNSURE_PLATE = 'unsure_plate', N_("plate read unsurely")
    FAR_AWAY = 'far_away', N_("taken far from the others")
    BLURRED = 'blurred', N_("out of focus")
    TOO_DARK = 'too_dark', N_("too dark")
    TOO_BRIGHT = 'too_bright', N_("too bright")
    MADE = 'made', N_("says a program has made it")


SERIOUS = frozenset({
    Flag.BEFORE_LOSS, Flag.IN_THE_FUTURE, Flag.EDITED, Flag.OTHER_CASE, Flag.LOOKS_LIKE, Flag.OTHER_PLATE, Flag.MADE,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlateRead:
    """A plate as it was read on a photo; it begins with '?' where its province was not read."""

    text: str
    confidence: float

    @property
    def sure(self) -> bool:
        """Whether its text can be relied on."""
        return self.confidence >= SURE_PLATE and not self.text.startswith(UNKNOWN_PROVINCE)


@dataclass(frozen=True, slots=True)
class Measures:
    """What was measured: sharpness, percent of the photo that is all dark and all bright, the plates."""

    sharpness: int
    dark: int
    bright: int
    plates: tuple[PlateRead, ...] = ()


class PlateMatch(Word):
    """What the plates on a photo say of the vehicles of the case."""

    NONE = 'none', N_("no plate")
    SAME = 'same', N_("a vehicle of the case")
    UNSURE = 'unsure', N_("unsure")
    OTHER = 'other', N_("another vehicle")


@dataclass(frozen=True, slots=True)
class PhotoClaim:
    """What a photo says about itself and what was measured on it; times are aware, None where it is silent.

    `metres` is how far it was taken from the middle of the other photos, `measures` None while nobody has measured.
    """

    taken_at: dt.datetime | None
    saved_at: dt.datetime | None
    has_place: bool
    edited: bool
    made: bool = False
    metres: float | None = None
    measures: Measures | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the office knows about the photo's case: the vehicles, and the other cases that have it or one like it."""

    loss_at: dt.datetime
    now: dt.datetime
    vehicles: tuple[str, ...] = ()
    other_cases: Sequence[str] = field(default=())
    like_cases: Sequence[str] = field(default=())


def flags_of(photo: PhotoClaim, known: Known) -> tuple[Flag, ...]:
    """What should be looked at, the serious first."""
    found = [*_times(photo, known), *_origin(photo, known), *_seen(photo.measures, known.vehicles)]
    return tuple(sorted(found, key=lambda flag: flag not in SERIOUS))


def match_plates(plates: Sequence[PlateRead], vehicles: Sequence[str]) -> tuple[PlateMatch, str]:
    """What the plates on a photo say of the vehicles of the case, and the plate that says it.

    A plate of the case on the photo is enough, whatever else drives by; one that is read unsurely accuses nobody.
    """
    if not plates or not vehicles:
        return PlateMatch.NONE, ''
    near = [(nearest_plate(plate.text, vehicles), plate) for plate in plates]
    for (how, vehicle), _plate in near:
        if how is Likeness.SAME:
            return PlateMatch.SAME, vehicle
    clear = [plate for (how, _vehicle), plate in near if how is Likeness.OTHER and plate.sure]
    if clear and len(clear) == len(plates):
        return PlateMatch.OTHER, clear[0].text
    return PlateMatch.UNSURE, next(plate.text for plate in plates if plate not in clear)


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The way between two places (latitude and longitude in degrees) as the crow flies."""
    north, east = math.radians(one[0]), math.radians(one[1])
    north_2, east_2 = math.radians(other[0]), math.radians(other[1])
    half = math.sin((north_2 - north) / 2) ** 2
    half += math.cos(north) * math.cos(north_2) * math.sin((east_2 - east) / 2) ** 2
    return 2 * EARTH_METRES * math.asin(math.sqrt(min(1.0, half)))


def far_from_others(place: tuple[float, float] | None, others: Sequence[tuple[float, float]]) -> float | None:
    """How far a photo was taken from where most of the others were, in metres; None with fewer than two others."""
    if place is None or len(others) < 2:
        return None
    distances = sorted(metres_between(place, other) for other in others)
    return distances[len(distances) // 2]


def _times(photo: PhotoClaim, known: Known) -> list[Flag]:
    found = []
    if photo.taken_at is None:
        found.append(Flag.NO_TIME)
    elif photo.taken_at < known.loss_at - EARLY:
        found.append(Flag.BEFORE_LOSS)
    elif photo.taken_at > known.now + EARLY:
        found.append(Flag.IN_THE_FUTURE)
    elif photo.taken_at > known.loss_at + LATE:
        found.append(Flag.LONG_AFTER)
    if photo.saved_at is not None and photo.taken_at is not None and photo.saved_at > photo.taken_at + EARLY:
        found.append(Flag.SAVED_LATER)
    return found


def _origin(photo: PhotoClaim, known: Known) -> list[Flag]:
    found = []
    if known.other_cases:
        found.append(Flag.OTHER_CASE)
    if known.like_cases:
        found.append(Flag.LOOKS_LIKE)
    if photo.made:
        found.append(Flag.MADE)
    if photo.edited:
        found.append(Flag.EDITED)
    if not photo.has_place:
        found.append(Flag.NO_PLACE)
    elif photo.metres is not None and photo.metres > FAR_METRES:
        found.append(Flag.FAR_AWAY)
    return found


def _seen(measures: Measures | None, vehicles: Sequence[str]) -> list[Flag]:
    if measures is None:
        return []
    found = []
    match, _plate = match_plates(measures.plates, vehicles)
    if match is PlateMatch.OTHER:
        found.append(Flag.OTHER_PLATE)
    elif match is PlateMatch.UNSURE:
        found.append(Flag.UNSURE_PLATE)
    if measures.dark >= DARK_PERCENT:
        found.append(Flag.TOO_DARK)
    elif measures.bright >= BRIGHT_PERCENT:
        found.append(Flag.TOO_BRIGHT)
    elif measures.sharpness < BLURRED_BELOW:
        # In the dark nothing is sharp.
        found.append(Flag.BLURRED)
    return found


def place_words(latitude: float | None, longitude: float | None) -> str:
    """`31.29834°N 120.58532°E`, or ''."""
    if latitude is None or longitude is None:
        return ''
    north, east = _("N") if latitude >= 0 else _("S"), _("E") if longitude >= 0 else _("W")
    return f'{abs(latitude):.5f}°{north} {abs(longitude):.5f}°{east}'
