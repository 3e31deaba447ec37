"""What stands on which kind of paper: its fields in the order of the form, each with its type and its label.

Reader, bench, command line and services take the fields of a kind from here; `docs/reading.md` tells how to add one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from claimdesk.language import N_, _
from claimdesk.vocabulary import DocumentKind


class FieldType(StrEnum):
    """How a value is written down, read again, and compared."""

    TEXT = 'text'
    NAME = 'name'
    DIGITS = 'digits'
    CODE = 'code'
    DATE = 'date'
    MOMENT = 'moment'
    MONEY = 'money'
    CAPITAL = 'capital'
    TAX_NUMBER = 'tax_number'


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form; `label_source` is its English label."""

    name: str
    type: FieldType
    label_source: str


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a kind of paper, those that it may lack among them, and the cells of its lines (none: no lines).

    A paper with `needed` fields is counted and kept like an invoice, once in the whole office, and not without them;
    `as_invoice` (field → that of an invoice) says which of its fields an invoice calls otherwise.
    """

    fields: tuple[Field, ...]
    optional: frozenset[str] = field(default_factory=frozenset)
    cells: tuple[str, ...] = ()
    as_invoice: Mapping[str, str] = field(default_factory=dict)
    needed: frozenset[str] = field(default_factory=frozenset)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields in order."""
        return tuple(field.name for field in self.fields)

    def type_of(self, name: str) -> FieldType:
        """The type of a field; text where the form has no such field."""
        return next((field.type for field in self.fields if field.name == name), FieldType.TEXT)


_T = FieldType
_INVOICE_CELLS = ('name', 'specification', 'unit', 'quantity', 'unit_price', 'amount', 'tax_rate', 'tax')
_MEDICAL_CELLS = ('name', 'specification', 'unit', 'quantity', 'unit_price', 'amount', 'medical_class')
_NUMBER = (
    Field('receipt_code', _T.DIGITS, N_('Receipt code')),
    Field('receipt_number', _T.CODE, N_('Receipt number')),
    Field('check_code', _T.CODE, N_('Check code')),
    Field('issue_date', _T.DATE, N_('Date of issue')),
)
_PATIENT = (
    Field('patient_name', _T.NAME, N_('Patient')),
    Field('hospital_name', _T.NAME, N_('Hospital')),
)
_STAY = (
    Field('inpatient_number', _T.CODE, N_('Inpatient number')),
    Field('admission_date', _T.DATE, N_('Admission')),
    Field('discharge_date', _T.DATE, N_('Discharge')),
)
_MEDICAL_SUMS = (
    Field('total', _T.MONEY, N_('Total')),
    Field('total_capital', _T.CAPITAL, N_('Total in words')),
    Field('insurance_fund_paid', _T.MONEY, N_('Insurance fund')),
    Field('other_paid', _T.MONEY, N_('Other payers')),
    Field('account_paid', _T.MONEY, N_('Personal account')),
    Field('cash_paid', _T.MONEY, N_('Cash paid')),
    Field('self_paid', _T.MONEY, N_('Self-paid')),
    Field('own_expense', _T.MONEY, N_('Not covered')),
    Field('serial_number', _T.CODE, N_('Serial number')),
)
_AS_INVOICE = {
    'receipt_code': 'invoice_code',
    'receipt_number': 'invoice_number',
    'patient_name': 'buyer_name',
    'hospital_name': 'seller_name',
}
_COUNTED = frozenset({'receipt_number', 'issue_date', 'total'})
_SELDOM = frozenset({'receipt_code', 'check_code', 'serial_number'})

_HOLDER = (
    Field('name', _T.NAME, N_('Full name')),
    Field('sex', _T.TEXT, N_('Sex')),
    Field('birth_date', _T.DATE, N_('Date of birth')),
    Field('address', _T.TEXT, N_('Address')),
    Field('id_number', _T.CODE, N_('Identity number')),
)
_VALID = (
    Field('valid_from', _T.DATE, N_('Valid from')),
    Field('valid_until', _T.TEXT, N_('Valid until')),
)

INVOICE = Form(
    (
        Field('invoice_code', _T.DIGITS, N_('Invoice code')),
        Field('invoice_number', _T.DIGITS, N_('Invoice number')),
        Field('issue_date', _T.DATE, N_('Date of issue')),
        Field('check_code', _T.CODE, N_('Check code')),
        Field('buyer_name', _T.NAME, N_('Buyer')),
        Field('buyer_tax_id', _T.TAX_NUMBER, N_('Buyer tax number')),
        Field('seller_name', _T.NAME, N_('Seller')),
        Field('seller_tax_id', _T.TAX_NUMBER, N_('Seller tax number')),
        Field('amount', _T.MONEY, N_('Amount without tax')),
        Field('tax', _T.MONEY, N_('Tax')),
        Field('total', _T.MONEY, N_('Total with tax')),
        Field('total_capital', _T.CAPITAL, N_('Total in words')),
        Field('reversed_invoice', _T.CODE, N_('Takes back invoice')),
    ),
    frozenset({'reversed_invoice'}),
    _INVOICE_CELLS,
)
_WITHOUT_CHECK_CODE = Form(INVOICE.fields, INVOICE.optional | {'check_code'}, _INVOICE_CELLS)
_DIGITAL = Form(INVOICE.fields, INVOICE.optional | {'check_code', 'invoice_code'}, _INVOICE_CELLS)

FORMS: Mapping[DocumentKind, Form] = {
    DocumentKind.VAT_SPECIAL: _WITHOUT_CHECK_CODE,
    DocumentKind.VAT_NORMAL: INVOICE,
    DocumentKind.VAT_ELECTRONIC: INVOICE,
    DocumentKind.DIGITAL_SPECIAL: _DIGITAL,
    DocumentKind.DIGITAL_NORMAL: _DIGITAL,
    DocumentKind.MEDICAL_OUTPATIENT: Form(
        (
            *_NUMBER, *_PATIENT,
            Field('visit_date', _T.DATE, N_('Date of visit')),
            Field('outpatient_number', _T.CODE, N_('Outpatient number')),
            *_MEDICAL_SUMS,
        ),
        _SELDOM | {'visit_date', 'outpatient_number', 'other_paid'},
        _MEDICAL_CELLS,
        _AS_INVOICE,
        _COUNTED,
    ),
    DocumentKind.MEDICAL_INPATIENT: Form(
        (*_NUMBER, *_PATIENT, *_STAY, *_MEDICAL_SUMS), _SELDOM, _MEDICAL_CELLS, _AS_INVOICE, _COUNTED
    ),
    DocumentKind.MEDICAL_LIST: Form(
        (*_PATIENT, *_STAY, Field('issue_date', _T.DATE, N_('Date of issue')), Field('total', _T.MONEY, N_('Total'))),
        frozenset({'inpatient_number', 'admission_date', 'discharge_date', 'issue_date'}),
        _MEDICAL_CELLS,
    ),
    DocumentKind.TRAIN_TICKET: Form(
        (
            Field('ticket_number', _T.CODE, N_('Ticket number')),
            Field('from_station', _T.NAME, N_('From station')),
            Field('to_station', _T.NAME, N_('To station')),
            Field('train_number', _T.CODE, N_('Train')),
            Field('departure', _T.MOMENT, N_('Departure')),
            Field('total', _T.MONEY, N_('Fare')),
        ),
        as_invoice={'ticket_number': 'invoice_number', 'departure': 'issue_date'},
        needed=frozenset({'ticket_number', 'total'}),
    ),
    DocumentKind.TAXI_RECEIPT: Form(
        (
            Field('invoice_code', _T.DIGITS, N_('Invoice code')),
            Field('invoice_number', _T.DIGITS, N_('Invoice number')),
            Field('issue_date', _T.DATE, N_('Date of issue')),
            Field('boarding_time', _T.TEXT, N_('Picked up')),
            Field('alighting_time', _T.TEXT, N_('Set down')),
            Field('plate', _T.TEXT, N_('Plate')),
            Field('total', _T.MONEY, N_('Fare')),
        ),
        frozenset({'boarding_time', 'alighting_time', 'plate'}),
        needed=frozenset({'invoice_number', 'total'}),
    ),
    DocumentKind.ID_CARD: Form(
        (*_HOLDER[:2], Field('ethnicity', _T.TEXT, N_('Ethnic group')), *_HOLDER[2:], *_VALID,
         Field('authority', _T.NAME, N_('Issued by'))),
        frozenset({'valid_from', 'valid_until', 'authority'}),
    ),
    DocumentKind.DRIVING_LICENCE: Form(
        (
            *_HOLDER,
            Field('first_issue_date', _T.DATE, N_('First issued')),
            Field('licence_class', _T.CODE, N_('Licence class')),
            *_VALID,
            Field('nationality', _T.TEXT, N_('Nationality')),
        ),
        frozenset({'nationality'}),
    ),
    DocumentKind.VEHICLE_LICENCE: Form(
        (
            Field('plate', _T.TEXT, N_('Plate')),
            Field('vehicle_type', _T.TEXT, N_('Vehicle type')),
            Field('owner', _T.NAME, N_('Owner')),
            Field('address', _T.TEXT, N_('Address')),
            Field('use_character', _T.TEXT, N_('Use')),
            Field('model', _T.TEXT, N_('Make and model')),
            Field('vin', _T.CODE, N_('Vehicle identification number')),
            Field('engine_number', _T.CODE, N_('Engine number')),
            Field('register_date', _T.DATE, N_('Registration date')),
            Field('issue_date', _T.DATE, N_('Date of issue')),
        )
    ),
    DocumentKind.BANK_CARD: Form(
        (
            Field('card_number', _T.DIGITS, N_('Card number')),
            Field('bank_name', _T.NAME, N_('Bank')),
            Field('valid_until', _T.TEXT, N_('Valid until')),
        ),
        frozenset({'valid_until'}),
    ),
    DocumentKind.REPAIR_ESTIMATE: Form(
        (
            Field('seller_name', _T.NAME, N_('Repair shop')),
            Field('issue_date', _T.DATE, N_('Date of issue')),
            Field('plate', _T.TEXT, N_('Plate')),
            Field('vin', _T.CODE, N_('Vehicle identification number')),
            Field('total', _T.MONEY, N_('Total')),
        ),
        frozenset({'seller_name', 'issue_date', 'plate', 'vin'}),
        ('name', 'quantity', 'unit_price', 'amount'),
    ),
    DocumentKind.RECEIPT: Form(
        (
            Field('seller_name', _T.NAME, N_('Seller')),
            Field('issue_date', _T.DATE, N_('Date of issue')),
            Field('total', _T.MONEY, N_('Total')),
        ),
        needed=frozenset({'total'}),
    ),
}  # fmt: skip
"""The form of every kind whose fields are read."""

NOTHING = Form(())
_TYPES: dict[str, FieldType] = {field.name: field.type for form in FORMS.values() for field in form.fields}
_LABELS: dict[str, str] = {field.name: field.label_source for form in FORMS.values() for field in form.fields}


def form_of(kind: DocumentKind | None) -> Form:
    """The form of a kind; one without fields where only the text is read."""
    return FORMS.get(kind, NOTHING) if kind is not None else NOTHING


def type_of(name: str) -> FieldType:
    """The type of a field by its name alone, which is the same on every form; text where no form has it."""
    return _TYPES.get(name, FieldType.TEXT)


def label_of(name: str, kind: DocumentKind | None = None) -> str:
    """What a field is called on paper of a kind, in the language in use; its name where no form has it."""
    on_form = next((field.label_source for field in form_of(kind).fields if field.name == name), None)
    return _(on_form or _LABELS.get(name, name))


def every_label() -> list[str]:
    """What all fields of all forms are called, in the language in use."""
    return [_(words) for words in dict.fromkeys(field.label_source for form in FORMS.values() for field in form.fields)]


def invoice_values(kind: DocumentKind, values: Mapping[str, str]) -> dict[str, str]:
    """The fields of a paper under the names that an invoice has for them."""
    names = form_of(kind).as_invoice
    return {names.get(name, name): value for name, value in values.items()}
