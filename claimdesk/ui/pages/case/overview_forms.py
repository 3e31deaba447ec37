"""The forms of the overview: accident and reporter, and the fields that only one line of business has."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from claimdesk.identifiers import normalise_plate, phone_ok, plate_ok
from claimdesk.language import N_, _
from claimdesk.services.cases import CasePage as CaseView
from claimdesk.ui.pages.case.edit_form import EditForm
from claimdesk.ui.widgets import Combo, DateEdit, MoneyEdit, TextArea, required
from claimdesk.vocabulary import Liability, Line, Word, label

ACCIDENT = (
    'cause', 'liability', 'place', 'reporter_name', 'reporter_phone', 'police_number', 'injury', 'description',
)  # fmt: skip
_DETAILS: dict[Line, tuple[tuple[str, str, str], ...]] = {
    Line.MOTOR: (
        ('driver_name', N_("Driver"), 'text'),
        ('driver_licence', N_("Driving licence number"), 'code'),
        ('vehicle_model', N_("Vehicle"), 'text'),
        ('vehicle_owner', N_("Owner of the vehicle"), 'text'),
        ('engine_number', N_("Engine number"), 'code'),
        ('other_plate', N_("Other vehicle's plate"), 'plate'),
        ('drivable', N_("Vehicle can be driven"), 'yes or no'),
        ('garage', N_("Garage"), 'text'),
    ),
    Line.MEDICAL: (
        ('patient_name', N_("Patient"), 'text'),
        ('hospital', N_("Hospital"), 'text'),
        ('diagnosis', N_("Diagnosis"), 'wide'),
        ('admitted_on', N_("Admitted"), 'day'),
        ('discharged_on', N_("Discharged"), 'day'),
        ('social_insurance_used', N_("Treated under social insurance"), 'tick'),
    ),
    Line.PROPERTY: (
        ('premises', N_("Damaged premises"), 'wide'),
        ('occupancy', N_("Use of the premises"), 'text'),
        ('value_at_loss', N_("Value at the time of the loss"), 'money'),
        ('fire_brigade_number', N_("Fire brigade certificate number"), 'text'),
    ),
}


def accident_form() -> EditForm:
    """Cause, place, reporter and the rest of what happened."""
    form = EditForm('accident')
    cause, place, reporter, phone = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
    for field, most in ((cause, 80), (place, 200), (reporter, 60), (phone, 24)):
        field.setMaxLength(most)
    police = QLineEdit()
    police.setMaxLength(60)
    form.add('cause', _("Cause"), cause, required=True, check=required(cause.text))
    form.add('liability', _("Share of fault"), choice_of(Liability))
    form.add('place', _("Place"), place, span=2, required=True, check=required(place.text))
    form.add('reporter_name', _("Who reports"), reporter, required=True, check=required(reporter.text))
    form.add(
        'reporter_phone',
        _("Phone"),
        phone,
        required=True,
        check=lambda: '' if phone_ok(phone.text()) else _("This is not a phone number."),
    )
    form.add('police_number', _("Police report number"), police)
    form.add('injury', _("Injury"), QCheckBox(_("Somebody was injured")))
    form.add('description', _("What the caller says"), TextArea(lines=4), span=2)
    return form


def details_form(line: Line) -> EditForm:
    """The fields of `line`."""
    form = EditForm(line.value)
    for name, words, kind in _DETAILS[line]:
        field = _field(kind, _(words))
        check = getattr(field, 'problem', None)
        if kind == 'plate':
            check = _plate_check(field)
        form.add(name, _(words), field, span=2 if kind == 'wide' else 1, check=check)
    return form


def details_of(case: CaseView) -> dict[str, Any]:
    """The saved values of the line's own fields."""
    return {name: case.details[name] for name, _words, _kind in _DETAILS[case.line]}


def choice_of(words: type[Word]) -> Combo:
    """A choice among all members of an enum."""
    field = Combo(searchable=False)
    for word in words:
        field.add(word, label(word))
    return field


def _field(kind: str, words: str) -> QWidget:
    if kind == 'day':
        return DateEdit()
    if kind == 'money':
        return MoneyEdit()
    if kind == 'tick':
        return QCheckBox(_("Yes"))
    if kind == 'yes or no':
        field = Combo(searchable=False)
        for value, said in ((None, _("Not known")), (True, _("Yes")), (False, _("No"))):
            field.add(value, said)
        return field
    line = QLineEdit()
    line.setMaxLength({'wide': 200, 'plate': 12, 'code': 24}.get(kind, 60))
    return line


def _plate_check(field: Any) -> Any:
    def check() -> str:
        plate = normalise_plate(field.text())
        return '' if not plate or plate_ok(plate) else _("This is not a licence plate.")

    return check
