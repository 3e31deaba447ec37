"""Which documents a claim needs: by line of business, injury and cause.

The lists are common practice (marks B and C in the office's terms), not law; the law only demands that the claimant is
told once of everything that is missing (Insurance Law, article 22).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from claimdesk.language import N_
from claimdesk.vocabulary import INVOICE_KINDS, DocumentKind, Line


@dataclass(frozen=True, slots=True)
class NeededDocument:
    """One document that a claim needs. `name` is an English source string; papers of `kinds` answer it."""

    code: str
    name: str
    required: bool = True
    kinds: frozenset[DocumentKind] = frozenset()


K = DocumentKind


def _one(code: str, name: str, *kinds: DocumentKind, required: bool = True) -> NeededDocument:
    return NeededDocument(code, name, required, frozenset(kinds))


_APPLICATION = _one('application', N_("Claim application"))
_IDENTITY = _one('identity', N_("Identity document of the insured"), K.ID_CARD)
_ACCOUNT = _one('bank_account', N_("Bank account of the payee"), K.BANK_CARD)
_POLICY = _one('policy', N_("Insurance policy"), required=False)
_MEDICAL_RECEIPTS = frozenset({K.MEDICAL_OUTPATIENT, K.MEDICAL_INPATIENT})

_MOTOR = (
    _APPLICATION,
    _POLICY,
    _one('vehicle_licence', N_("Vehicle licence"), K.VEHICLE_LICENCE),
    _one('driving_licence', N_("Driving licence"), K.DRIVING_LICENCE),
    _IDENTITY,
    _one('accident_certificate', N_("Accident certificate or agreement")),
    _one('photos', N_("Photos of the scene and the damage"), K.PHOTO, required=False),
    _one('damage_list', N_("Loss assessment or repair list"), K.REPAIR_ESTIMATE),
    NeededDocument('repair_invoice', N_("Repair invoice"), kinds=INVOICE_KINDS),
    _one('towing_receipt', N_("Towing receipt"), K.RECEIPT, K.TAXI_RECEIPT, required=False),
    _ACCOUNT,
)
_INJURY = (
    _one('diagnosis', N_("Diagnosis and medical records")),
    NeededDocument('medical_receipts', N_("Medical receipts"), kinds=_MEDICAL_RECEIPTS),
    _one('expense_list', N_("Medical expense list"), K.MEDICAL_LIST),
    _one('income_proof', N_("Proof of lost income"), required=False),
    _one('travel_receipts', N_("Travel receipts"), K.TRAIN_TICKET, K.TAXI_RECEIPT, required=False),
)
_THEFT = (
    _one('registration_certificate', N_("Vehicle registration certificate")),
    _one('police_theft_record', N_("Police record of the theft")),
    _one('rights_transfer', N_("Transfer of rights")),
)
_MEDICAL = (
    _APPLICATION,
    _IDENTITY,
    _one('diagnosis', N_("Diagnosis and medical records")),
    NeededDocument('medical_receipts', N_("Medical receipts"), kinds=_MEDICAL_RECEIPTS | INVOICE_KINDS),
    _one('expense_list', N_("Medical expense list"), K.MEDICAL_LIST),
    _one('insurance_settlement', N_("Social insurance settlement"), required=False),
    _ACCOUNT,
)
_ACCIDENT = (_one('accident_proof', N_("Proof of the accident")),)
_PROPERTY = (
    _APPLICATION,
    _POLICY,
    _IDENTITY,
    _one('loss_list', N_("List of what was lost or damaged")),
    _one('cause_certificate', N_("Certificate of the cause (fire brigade, weather service, police)")),
    NeededDocument('purchase_proof', N_("Proof of purchase or accounts"), kinds=INVOICE_KINDS),
    _one('repair_quote', N_("Repair quote"), K.REPAIR_ESTIMATE, required=False),
    _one('photos', N_("Photos of the scene and the damage"), K.PHOTO),
    _ACCOUNT,
)

_THEFT_WORDS = ('盗抢', '盗窃', '被盗', '抢劫', '丢失')
_ACCIDENT_WORDS = ('意外', '摔', '烫', '咬', '受伤', '车祸')
_FIRE_WORDS = ('火', '自燃', '爆炸')

_FIRE_CERTIFICATE = _one('fire_certificate', N_("Fire brigade certificate"))
DOCUMENT_NAMES: Mapping[str, str] = {
    one.code: one.name
    for one in (*_MOTOR, *_INJURY, *_THEFT, *_MEDICAL, *_ACCIDENT, *_PROPERTY, _FIRE_CERTIFICATE)
}
"""What each document is called, by code, whatever case needs it; English source strings."""


def needed_documents(line: Line, *, injury: bool = False, cause: str = '') -> tuple[NeededDocument, ...]:
    """The documents that a claim of `line` needs, in the order in which a handler asks for them; codes are unique."""
    if line is Line.MEDICAL:
        accident = any(word in cause for word in _ACCIDENT_WORDS)
        return _MEDICAL[:-1] + (_ACCIDENT if accident else ()) + _MEDICAL[-1:]
    if line is Line.PROPERTY:
        return _PROPERTY
    stolen = any(word in cause for word in _THEFT_WORDS)
    repaired = tuple(one for one in _MOTOR if one.code not in ('damage_list', 'repair_invoice'))
    needed = repaired[:-1] + _THEFT if stolen else _MOTOR[:-1]
    if any(word in cause for word in _FIRE_WORDS):
        needed += (_FIRE_CERTIFICATE,)
    return needed + (_INJURY if injury else ()) + _MOTOR[-1:]
