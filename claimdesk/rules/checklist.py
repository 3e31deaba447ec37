"""Which documents a claim needs: by line of business, injury and cause.

The lists are the office's own rule: what the program brings is common practice or read in a clause (each document says
which by its mark), not law. The law only demands that the claimant is told once of everything that is missing
(Insurance Law, article 22).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from claimdesk.language import N_, _
from claimdesk.vocabulary import INVOICE_KINDS, DocumentKind, Line, Word

RULE_KEY = 'checklists'
"""The office's rule: for each line a list of documents, as `to_json` writes it."""

MARKS = ('A', 'B', 'C')
LONGEST_NAME, LONGEST_CODE = 120, 40


class When(Word):
    """What about a case makes a document needed."""

    ALWAYS = 'always', N_("Always")
    INJURY = 'injury', N_("Somebody is injured")
    DEATH = 'death', N_("Somebody died")
    ACCIDENT = 'accident', N_("An accident")
    ILLNESS = 'illness', N_("Critical illness")
    DAMAGE = 'damage', N_("The vehicle is damaged, not stolen")
    THEFT = 'theft', N_("The vehicle was stolen")
    FIRE = 'fire', N_("Fire or explosion")


@dataclass(frozen=True, slots=True)
class NeededDocument:
    """One document that a claim needs. `name` is an English source string; papers of `kinds` answer it.

    `mark` says how sure the program is: A read in a clause, B from a second hand, C common knowledge; '' the office's.
    """

    code: str
    name: str
    required: bool = True
    kinds: frozenset[DocumentKind] = frozenset()
    when: When = When.ALWAYS
    mark: str = 'B'


Lists = Mapping[Line, tuple[NeededDocument, ...]]
K, W = DocumentKind, When
_RECEIPTS = frozenset({K.MEDICAL_OUTPATIENT, K.MEDICAL_INPATIENT})


def _one(
    code: str,
    name: str,
    *kinds: DocumentKind,
    when: When = When.ALWAYS,
    required: bool = True,
    mark: str = 'B',
) -> NeededDocument:
    return NeededDocument(code, name, required, frozenset(kinds), when, mark)


def _maybe(code: str, name: str, *kinds: DocumentKind, when: When = When.ALWAYS, mark: str = 'B') -> NeededDocument:
    return _one(code, name, *kinds, when=when, required=False, mark=mark)


_APPLICATION = _one('application', N_("Claim application"))
_IDENTITY = _one('identity', N_("Identity document of the insured"), K.ID_CARD)
_ACCOUNT = _one('bank_account', N_("Bank account of the payee"), K.BANK_CARD)
_POLICY = _maybe('policy', N_("Insurance policy"))
_MANDATE = _maybe('mandate', N_("Power of attorney, where somebody else claims"))
_DEATH = (
    _one('death_certificate', N_("Death certificate"), when=W.DEATH),
    _one('household_cancelled', N_("Cancellation of the household registration"), when=W.DEATH),
    _maybe('cremation', N_("Certificate of cremation or burial"), when=W.DEATH),
)

DEFAULT_LISTS: Lists = {
    Line.MOTOR: (
        _APPLICATION,
        _POLICY,
        _one('vehicle_licence', N_("Vehicle licence"), K.VEHICLE_LICENCE, mark='A'),
        _one('driving_licence', N_("Driving licence"), K.DRIVING_LICENCE, mark='A'),
        _IDENTITY,
        _one('accident_certificate', N_("Accident certificate or agreement"), mark='A'),
        _maybe('photos', N_("Photos of the scene and the damage"), K.PHOTO, mark='C'),
        _one('damage_list', N_("Loss assessment or repair list"), K.REPAIR_ESTIMATE, when=W.DAMAGE),
        _one('repair_invoice', N_("Repair invoice"), *INVOICE_KINDS, when=W.DAMAGE),
        _maybe('towing_receipt', N_("Towing receipt"), K.RECEIPT, K.TAXI_RECEIPT),
        _maybe('third_party_list', N_("List of damaged third-party property, with proof of purchase or repair")),
        _maybe('operating_licence', N_("Operating licence or licence for special vehicles")),
        _one('registration_certificate', N_("Vehicle registration certificate"), when=W.THEFT, mark='A'),
        _one('police_theft_record', N_("Police record of the theft"), when=W.THEFT, mark='A'),
        _one('rights_transfer', N_("Transfer of rights"), when=W.THEFT, mark='A'),
        _maybe('origin_proof', N_("Proof of how the vehicle was acquired"), when=W.THEFT, mark='A'),
        _one('fire_certificate', N_("Fire brigade certificate"), when=W.FIRE),
        _one('diagnosis', N_("Diagnosis and medical records"), when=W.INJURY),
        _one('medical_receipts', N_("Medical receipts"), *_RECEIPTS, when=W.INJURY),
        _one('expense_list', N_("Medical expense list"), K.MEDICAL_LIST, when=W.INJURY),
        _maybe('income_proof', N_("Proof of lost income"), when=W.INJURY),
        _maybe('nursing_proof', N_("Proof of nursing"), when=W.INJURY),
        _maybe('travel_receipts', N_("Travel receipts"), K.TRAIN_TICKET, K.TAXI_RECEIPT, when=W.INJURY),
        _maybe('disability_report', N_("Appraisal of disability, with its receipt"), when=W.INJURY),
        _maybe('household', N_("Household register and proof of dependants"), when=W.INJURY),
        _maybe('settlement', N_("Mediation record or judgment"), when=W.INJURY),
        _maybe('paid_proof', N_("Proof of what has been paid already"), when=W.INJURY),
        *_DEATH,
        _MANDATE,
        _ACCOUNT,
    ),
    Line.MEDICAL: (
        _APPLICATION,
        _IDENTITY,
        _one('diagnosis', N_("Diagnosis and medical records")),
        _one('medical_receipts', N_("Medical receipts"), *_RECEIPTS, *INVOICE_KINDS),
        _one('expense_list', N_("Medical expense list"), K.MEDICAL_LIST),
        _maybe('examinations', N_("Examination reports")),
        _maybe('insurance_settlement', N_("Social insurance settlement"), mark='C'),
        _one('accident_proof', N_("Proof of the accident"), when=W.ACCIDENT),
        _maybe('disability_report', N_("Appraisal of disability, with its receipt"), when=W.ACCIDENT),
        _one('pathology', N_("Pathology report"), when=W.ILLNESS),
        *_DEATH,
        _one('beneficiaries', N_("Proof of the beneficiaries and their relation"), when=W.DEATH),
        _MANDATE,
        _ACCOUNT,
    ),
    Line.PROPERTY: (
        _APPLICATION,
        _POLICY,
        _IDENTITY,
        _one('loss_list', N_("List of what was lost or damaged"), mark='C'),
        _one('cause_certificate', N_("Certificate of the cause (fire brigade, weather service, police)"), mark='C'),
        _one('purchase_proof', N_("Proof of purchase or accounts"), *INVOICE_KINDS, mark='C'),
        _maybe('repair_quote', N_("Repair quote"), K.REPAIR_ESTIMATE, mark='C'),
        _one('photos', N_("Photos of the scene and the damage"), K.PHOTO, mark='C'),
        _maybe('salvage', N_("Record of what became of the salvage"), mark='C'),
        _maybe('rights_transfer', N_("Transfer of rights"), mark='C'),
        _maybe('adjuster_report', N_("Report of a loss adjuster"), mark='C'),
        _MANDATE,
        _ACCOUNT,
    ),
}
"""What the program brings, in the order in which a handler asks for it."""

WORDS: Mapping[When, tuple[str, ...]] = {
    W.THEFT: ('盗抢', '盗窃', '被盗', '抢劫', '丢失'),
    W.ACCIDENT: ('意外', '摔', '烫', '咬', '受伤', '车祸'),
    W.FIRE: ('火', '自燃', '爆炸'),
    W.DEATH: ('死亡', '身故', '致死'),
    W.ILLNESS: ('重疾', '重大疾病', '癌', '恶性肿瘤'),
}
"""The words of a cause that make a condition true."""

DOCUMENT_NAMES: Mapping[str, str] = {one.code: one.name for listed in DEFAULT_LISTS.values() for one in listed}
"""What each document that the program knows is called, by code; English source strings."""


def needed_documents(
    line: Line, *, injury: bool = False, cause: str = '', lists: Lists = DEFAULT_LISTS
) -> tuple[NeededDocument, ...]:
    """The documents that a claim of `line` needs, in the order in which a handler asks for them; codes are unique."""
    holds = conditions(injury=injury, cause=cause)
    found: dict[str, NeededDocument] = {}
    for one in lists.get(line, ()):
        if one.when in holds:
            found.setdefault(one.code, one)
    return tuple(found.values())


def conditions(*, injury: bool, cause: str) -> frozenset[When]:
    """Which conditions hold for a case of that cause."""
    holds = {when for when, words in WORDS.items() if any(word in cause for word in words)} | {W.ALWAYS}
    if W.THEFT not in holds:
        holds.add(W.DAMAGE)
    if injury:
        holds.add(W.INJURY)
    return frozenset(holds)


def document_name(code: str, own: str = '') -> str:
    """What a document is called: by the office's `own` name, or the program's, in the language in use."""
    return own or _(DOCUMENT_NAMES.get(code, code))


def to_json(lists: Lists) -> dict[str, list[dict[str, Any]]]:
    """The lists as the office's rule keeps them. A name that is the program's own is left out, so it is translated."""
    return {
        line.value: [
            {
                'code': one.code,
                'name': '' if DOCUMENT_NAMES.get(one.code) == one.name else one.name,
                'required': one.required,
                'when': one.when.value,
                'kinds': sorted(kind.value for kind in one.kinds),
                'mark': one.mark,
            }
            for one in lists.get(line, ())
        ]
        for line in Line
    }


def from_json(value: Any) -> Lists:
    """The lists of a rule of the office; a line that it does not name keeps the program's. Raises `ValueError`."""
    if not isinstance(value, dict):
        raise ValueError('a rule of checklists is an object')
    return {line: _listed(value[line.value]) if line.value in value else DEFAULT_LISTS[line] for line in Line}


def _listed(rows: Sequence[Mapping[str, Any]]) -> tuple[NeededDocument, ...]:
    return tuple(
        NeededDocument(
            code=str(row['code']),
            name=str(row.get('name') or '') or DOCUMENT_NAMES.get(row['code'], str(row['code'])),
            required=bool(row.get('required', True)),
            kinds=frozenset(DocumentKind(kind) for kind in row.get('kinds', ())),
            when=When(row.get('when', 'always')),
            mark=str(row.get('mark', '')),
        )
        for row in rows
    )


def list_problems(listed: Iterable[NeededDocument]) -> list[str]:
    """What is wrong with a list, in sentences; none for a good one."""
    documents = list(listed)
    problems = []
    if not any(one.required for one in documents):
        problems.append(_("At least one document is required."))
    for one in documents:
        if not one.name.strip():
            problems.append(_("A document needs a name."))
        elif len(one.name) > LONGEST_NAME:
            problems.append(_("The name {name} is too long.").format(name=one.name[:20]))
    names = [_(one.name).strip() for one in documents if one.name.strip()]
    problems += [
        _("{name} is listed twice.").format(name=name)
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    return list(dict.fromkeys(problems))
