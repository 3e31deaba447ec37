"""What a paper says otherwise than its case: names, vehicles, dates, hospital, items, amounts; each one line in words.

A finding decides nothing: it says where a person should look. A person who has looked says why it is all right.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from claimdesk.forms import label_of
from claimdesk.language import N_, _
from claimdesk.rules.paper_rules import CheckRules, HospitalList
from claimdesk.vocabulary import DocumentKind, Line, Word


class Severity(Word):
    """How much a finding weighs."""

    WARNING = 'warning', N_("Warning")
    NOTE = 'note', N_("Note")


LINES = 'items'
"""The place of a finding about the lines of a list; 'items.2' is the third line."""
PAGE = ''
"""The place of a finding about what stands somewhere on the page."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as confirmed, or as read. `unsure` are fields that nobody has confirmed and the reader is not sure of.

    `items` are the names of its lines, `text` everything that was read on it.
    """

    kind: DocumentKind
    values: Mapping[str, str]
    items: tuple[str, ...] = ()
    text: str = ''
    unsure: frozenset[str] = field(default_factory=frozenset)

    def value(self, name: str) -> str:
        """What a field says; '' where it is not there."""
        return self.values.get(name, '').strip()

    def day(self, name: str) -> dt.date | None:
        """The day that a field says, or None."""
        try:
            return dt.date.fromisoformat(self.value(name)[:10])
        except ValueError:
            return None

    def money(self, name: str) -> Decimal | None:
        """The amount that a field says, in yuan, or None."""
        try:
            return Decimal(self.value(name).replace(',', '').lstrip('¥￥'))
        except InvalidOperation:
            return None


@dataclass(frozen=True, slots=True)
class Claim:
    """The case as papers are compared with it; what it does not know is empty or None, and lets nothing be said.

    `people` are all who are named in it, `injured` those whose treatment it pays, `plates` its vehicles with the
    insured one first. `policy_until` is the first day without cover. `damaged_parts`, `old_damage`, `impact` are the
    survey's words; `injury` is all that is known of the injury. Money in yuan.
    """

    line: Line
    insured: str
    loss_on: dt.date
    policy_from: dt.date
    policy_until: dt.date
    holder: str = ''
    people: tuple[str, ...] = ()
    injured: tuple[str, ...] = ()
    driver: str = ''
    driver_licence: str = ''
    id_numbers: Mapping[str, str] = field(default_factory=dict)
    born: Mapping[str, dt.date] = field(default_factory=dict)
    plates: tuple[str, ...] = ()
    vin: str = ''
    engine_number: str = ''
    hospital: str = ''
    admitted_on: dt.date | None = None
    discharged_on: dt.date | None = None
    injury: str = ''
    impact: str = ''
    damaged_parts: tuple[str, ...] = ()
    old_damage: str = ''
    estimate: Decimal | None = None
    assessed_repair: Decimal | None = None
    assessed_medical: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Office:
    """What the office decided about such checks, on the day of the case."""

    rules: CheckRules
    hospitals: HospitalList = field(default_factory=HospitalList)


@dataclass(frozen=True, slots=True)
class PaperFinding:
    """One thing that a paper says otherwise. `place` is the field, 'items.n' or ''; `facts` make up its sentence."""

    code: str
    severity: Severity
    place: str
    facts: Mapping[str, Any]
    unsure: bool = False

    @property
    def mark(self) -> str:
        """What tells whether it still says what a person looked at."""
        said = [self.code, self.place.partition('.')[0], dict(self.facts)]
        plain = json.dumps(said, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(plain.encode()).hexdigest()[:16]


Found = Iterator[PaperFinding]


def warn(code: str, place: str, **facts: Any) -> PaperFinding:
    """A finding that somebody should look into."""
    return PaperFinding(code, Severity.WARNING, place, facts)


def note(code: str, place: str, **facts: Any) -> PaperFinding:
    """A finding that somebody should know of."""
    return PaperFinding(code, Severity.NOTE, place, facts)


def sentence(code: str, facts: Mapping[str, Any]) -> str:
    """What a finding says, in the language in use."""
    words = {name: _spoken(name, value) for name, value in facts.items()}
    return _(SENTENCES[code]).format(**words) if code in SENTENCES else code


def title(code: str) -> str:
    """What a finding is about, in two or three words."""
    return _(next((name for name, codes in SUBJECTS if code in codes), N_("Paper")))


def _spoken(name: str, value: Any) -> str:
    if name == 'field':
        return label_of(str(value))
    if isinstance(value, list | tuple):
        return _(", ").join(map(str, value))
    return str(value)


SENTENCES: Mapping[str, str] = {
    'patient': N_("The patient is {name}; the case pays for {expected}."),
    'patient_near': N_("The patient reads {name}, the case has {expected}: one character differs."),
    'patient_unnamed': N_("The patient is {name}, whom the case does not name."),
    'person': N_("The card is {name}'s, whom the case does not name."),
    'person_near': N_("The card reads {name}, the case has {expected}: one character differs."),
    'id_number': N_("{name} has the number {number} on the card, {expected} in the case."),
    'birth_date': N_("{name} was born on {day} by the card, on {expected} by the case."),
    'driver': N_("The licence is {name}'s; the driver of the case is {expected}."),
    'driver_near': N_("The licence reads {name}, the driver of the case is {expected}: one character differs."),
    'owner': N_("The vehicle belongs to {name}; the insured is {expected}."),
    'buyer': N_("Made out to {name}; accepted are {expected}."),
    'buyer_near': N_("Made out to {name}, the case has {expected}: one character differs."),
    'plate': N_("The paper is about {plate}; the case has {expected}."),
    'plate_near': N_("The plate reads {plate}, the case has {expected}: it may be misread."),
    'plate_on_page': N_("The paper names {plate}, not {expected}."),
    'vin': N_("The vehicle identification number is {number}, that of the policy {expected}."),
    'engine_number': N_("The engine number is {number}, that of the case {expected}."),
    'before_loss': N_("{field}: {day} lies before the loss on {loss}."),
    'outside_policy': N_("{field}: {day} lies outside the cover from {since} to {until}."),
    'stay_reversed': N_("Discharge on {day} lies before admission on {admitted}."),
    'stay_differs': N_("{field}: the paper says {day}, the case {expected}."),
    'licence_expired': N_("The driving licence had run out on {day}; the loss was on {loss}."),
    'licence_too_new': N_("The driving licence holds from {day}; the loss was on {loss}."),
    'registered_later': N_("The vehicle was registered on {day}, after the loss on {loss}."),
    'inspection_expired': N_("The vehicle's inspection had run out at the end of {month}; the loss was on {loss}."),
    'hospital_unlisted': N_("{name} is not on the office's list of hospitals."),
    'hospital_not_designated': N_("{name} is on the office's list as not designated."),
    'hospital_level': N_("{name} is {level}; the office asks for {least} or higher."),
    'hospital_differs': N_("The paper is from {name}, the case names {expected}."),
    'item_words': N_("“{item}” points away from the loss ({rule}: {word})."),
    'item_words_unknown': N_("“{item}” may lie outside the injury ({rule}: {word}); the injury is not known yet."),
    'item_outside': N_("“{item}” lies outside the damage that the survey found ({damage})."),
    'item_old': N_("“{item}” is damage from before, says the survey."),
    'over_estimate': N_("{total} yuan is more than the reserve of {limit} yuan."),
    'over_assessed': N_("{total} yuan is more than the assessed loss of {limit} yuan."),
}  # fmt: skip
SUBJECTS: Sequence[tuple[str, frozenset[str]]] = (
    (N_("Name"), frozenset({
        'patient', 'patient_near', 'patient_unnamed', 'person', 'person_near', 'id_number', 'driver', 'driver_near',
        'birth_date', 'owner',
    })),
    (N_("Buyer"), frozenset({'buyer', 'buyer_near'})),
    (N_("Vehicle"), frozenset({
        'plate', 'plate_near', 'plate_on_page', 'vin', 'engine_number', 'registered_later', 'inspection_expired',
    })),
    (N_("Licence"), frozenset({'licence_expired', 'licence_too_new'})),
    (N_("Date"), frozenset({'before_loss', 'outside_policy', 'stay_reversed', 'stay_differs'})),
    (N_("Hospital"), frozenset({'hospital_unlisted', 'hospital_not_designated', 'hospital_level', 'hospital_differs'})),
    (N_("Item"), frozenset({'item_words', 'item_words_unknown', 'item_outside', 'item_old'})),
    (N_("Amount"), frozenset({'over_estimate', 'over_assessed'})),
)  # fmt: skip
