"""The office's words: lines, stages, outcomes, roles and states as enums, each with its label.

Every room speaks these words, the database stores their values, and `resources/glossary.csv` gives their Chinese and
English terms. Labels are English source strings: show them with `label(member)`.
"""

from __future__ import annotations

from enum import StrEnum

from claimdesk.language import N_, _


class Word(StrEnum):
    """A string that knows how it is called on screen and paper."""

    label_source: str

    def __new__(cls, value: str, label_source: str = '') -> Word:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label_source = label_source
        return member


def label(word: Word) -> str:
    """What `word` is called, in the language in use."""
    return _(word.label_source)


class Line(Word):
    """Line of business."""

    MOTOR = 'motor', N_('Motor')
    MEDICAL = 'medical', N_('Medical and accident')
    PROPERTY = 'property', N_('Property')


class Stage(Word):
    """Where a case stands on its way; the order is the order of work."""

    REPORTED = 'reported', N_('First notice of loss')
    REGISTERED = 'registered', N_('Registration')
    SURVEY = 'survey', N_('Survey')
    ASSESSMENT = 'assessment', N_('Loss assessment')
    ADJUSTMENT = 'adjustment', N_('Adjustment')
    APPROVAL = 'approval', N_('Approval')
    PAYMENT = 'payment', N_('Payment')
    CLOSING = 'closing', N_('Closing')
    CLOSED = 'closed', N_('Closed and archived')


STAGES = tuple(Stage)


class Outcome(Word):
    """How a case ended; `OPEN` while it has not."""

    OPEN = 'open', N_('Open')
    PAID = 'paid', N_('Closed, paid')
    REFUSED = 'refused', N_('Claim refused')
    ZERO = 'zero', N_('Closed without payment')
    CANCELLED_REPORT = 'cancelled_report', N_('Report cancelled')
    CANCELLED_CASE = 'cancelled_case', N_('Case cancelled')


class Role(Word):
    """What a person does in the office."""

    SERVICE = 'service', N_('Customer service')
    SURVEYOR = 'surveyor', N_('Surveyor')
    ASSESSOR = 'assessor', N_('Loss assessor')
    ADJUSTER = 'adjuster', N_('Adjuster')
    APPROVER = 'approver', N_('Approver')
    FINANCE = 'finance', N_('Finance')
    COORDINATOR = 'coordinator', N_('Dispute coordinator')
    MANAGER = 'manager', N_('Manager')
    ADMINISTRATOR = 'administrator', N_('Administrator')
    AUDITOR = 'auditor', N_('Auditor (read only)')


class DueState(Word):
    """How near the next time limit of a case is."""

    OVERDUE = 'overdue', N_('Overdue')
    TODAY = 'today', N_('Due today')
    SOON = 'soon', N_('Due soon')
    ON_TIME = 'on_time', N_('On time')
    PAUSED = 'paused', N_('Waiting for documents')
    DONE = 'done', N_('Done')


class ChecklistState(Word):
    """Whether a needed document is here."""

    MISSING = 'missing', N_('Missing')
    RECEIVED = 'received', N_('Received')
    VERIFIED = 'verified', N_('Verified')
    REJECTED = 'rejected', N_('Rejected')
    WAIVED = 'waived', N_('Not needed')


class DocumentState(Word):
    """How far a document has come from paper to file."""

    WAITING = 'waiting', N_('Waiting to be read')
    TO_CHECK = 'to_check', N_('To check')
    CONFIRMED = 'confirmed', N_('Confirmed')
    UNREADABLE = 'unreadable', N_('Unreadable')


class MarkKind(Word):
    """What is marked on a page for copies."""

    HIGHLIGHT = 'highlight', N_('Highlight')
    BOX = 'box', N_('Frame')
    NOTE = 'note', N_('Page note')
    BLACKOUT = 'blackout', N_('Blacked out')


class DocumentKind(Word):
    """What kind of paper it is."""

    VAT_SPECIAL = 'vat_special', N_('VAT special invoice')
    VAT_NORMAL = 'vat_normal', N_('VAT normal invoice')
    VAT_ELECTRONIC = 'vat_electronic', N_('VAT electronic invoice')
    DIGITAL_SPECIAL = 'digital_special', N_('Digital invoice (VAT special)')
    DIGITAL_NORMAL = 'digital_normal', N_('Digital invoice (normal)')
    MEDICAL_OUTPATIENT = 'medical_outpatient', N_('Outpatient receipt')
    MEDICAL_INPATIENT = 'medical_inpatient', N_('Inpatient receipt')
    MEDICAL_LIST = 'medical_list', N_('Medical expense list')
    TRAIN_TICKET = 'train_ticket', N_('Train ticket')
    TAXI_RECEIPT = 'taxi_receipt', N_('Taxi receipt')
    RECEIPT = 'receipt', N_('Receipt')
    ID_CARD = 'id_card', N_('Identity card')
    DRIVING_LICENCE = 'driving_licence', N_('Driving licence')
    VEHICLE_LICENCE = 'vehicle_licence', N_('Vehicle licence')
    BANK_CARD = 'bank_card', N_('Bank card')
    REPAIR_ESTIMATE = 'repair_estimate', N_('Repair estimate')
    PHOTO = 'photo', N_('Photo')
    OTHER = 'other', N_('Other document')


INVOICE_KINDS = frozenset(
    {
        DocumentKind.VAT_SPECIAL,
        DocumentKind.VAT_NORMAL,
        DocumentKind.VAT_ELECTRONIC,
        DocumentKind.DIGITAL_SPECIAL,
        DocumentKind.DIGITAL_NORMAL,
    }
)


class TaskState(Word):
    """Whether a task still has to be done."""

    OPEN = 'open', N_('To do')
    DONE = 'done', N_('Done')
    DROPPED = 'dropped', N_('Dropped')


class ApprovalState(Word):
    """What the approver said."""

    PENDING = 'pending', N_('Waiting for approval')
    APPROVED = 'approved', N_('Approved')
    RETURNED = 'returned', N_('Returned')


class CalculationKind(Word):
    """Whether a calculation settles the claim or pays part of it before."""

    FINAL = 'final', N_('Calculation')
    ADVANCE = 'advance', N_('Advance payment')


class Decision(Word):
    """What somebody with authority decided on a calculation."""

    APPROVED = 'approved', N_('Approved')
    PASSED_UP = 'passed_up', N_('Passed up')
    HEAD_OFFICE = 'head_office', N_('Decided by the head office')
    RETURNED = 'returned', N_('Returned')


class PaymentState(Word):
    """Where a payment stands."""

    PREPARED = 'prepared', N_('Prepared')
    PAID = 'paid', N_('Paid')
    RETURNED = 'returned', N_('Returned by the bank')
    CANCELLED = 'cancelled', N_('Cancelled')


class LossKind(Word):
    """What a line of a loss assessment is for."""

    PARTS = 'parts', N_('Parts')
    LABOUR = 'labour', N_('Labour')
    MATERIALS = 'materials', N_('Materials')
    TOWING = 'towing', N_('Towing and rescue')
    MEDICAL = 'medical', N_('Medical expenses')
    LOST_INCOME = 'lost_income', N_('Lost income')
    NURSING = 'nursing', N_('Nursing')
    HOSPITAL_MEALS = 'hospital_meals', N_('Meals in hospital')
    NUTRITION = 'nutrition', N_('Nutrition')
    TRAVEL = 'travel', N_('Travel and lodging')
    AIDS = 'aids', N_('Aids for the disabled')
    DISABILITY = 'disability', N_('Compensation for disability')
    DEATH = 'death', N_('Compensation for death')
    FUNERAL = 'funeral', N_('Funeral expenses')
    DEPENDANTS = 'dependants', N_('Living costs of dependants')
    SOLACE = 'solace', N_('Solace for mental harm')
    APPRAISAL = 'appraisal', N_('Appraisal fees')
    BUILDING = 'building', N_('Building')
    CONTENTS = 'contents', N_('Contents and stock')
    MACHINERY = 'machinery', N_('Machinery and equipment')
    THIRD_PARTY = 'third_party', N_('Third-party property')
    SALVAGE = 'salvage', N_('Salvage value')
    OTHER = 'other', N_('Other loss')


class MedicalClass(Word):
    """How the basic medical insurance classes an expense: paid in full, with a share of one's own, or not at all."""

    A = 'a', N_('Class A')
    B = 'b', N_('Class B')
    C = 'c', N_('Class C')


class LossReviewKind(Word):
    """A second look at an assessed loss."""

    PRICE_CHECK = 'price_check', N_('Price check')
    REINSPECTION = 'reinspection', N_('Re-inspection')


class LossReviewState(Word):
    """What the second look came to."""

    OPEN = 'open', N_('Waiting for review')
    AGREED = 'agreed', N_('Agreed')
    CHANGED = 'changed', N_('Agreed with changes')
    WITHDRAWN = 'withdrawn', N_('Withdrawn')


class SurveyKind(Word):
    """What a surveyor is sent for."""

    MOTOR = 'motor', N_('Vehicle survey')
    PROPERTY = 'property', N_('Property survey')
    INJURY = 'injury', N_('Injury follow-up')


class DispatchState(Word):
    """How far a surveyor has come with a dispatch."""

    OFFERED = 'offered', N_('Waiting for an answer')
    ACCEPTED = 'accepted', N_('Accepted')
    DECLINED = 'declined', N_('Declined')
    DONE = 'done', N_('Visited')
    WITHDRAWN = 'withdrawn', N_('Withdrawn')


class LetterKind(Word):
    """A letter or print of the standard set."""

    REPORT_RECORD = 'report_record', N_('Record of the report')
    SURVEY_REPORT = 'survey_report', N_('Survey report')
    LOSS_LIST = 'loss_list', N_('Loss assessment list')
    SUPPLEMENT = 'supplement', N_('Notice of missing documents')
    PAYMENT_NOTICE = 'payment_notice', N_('Notice of payment')
    REFUSAL = 'refusal', N_('Notice of refusal')
    URGING = 'urging', N_('Reminder to act')
    ARCHIVE_INDEX = 'archive_index', N_('Index of the archive')


class Channel(Word):
    """How the office and a customer spoke."""

    PHONE = 'phone', N_('Phone call')
    SMS = 'sms', N_('Text message')
    EMAIL = 'email', N_('E-mail')
    LETTER = 'letter', N_('Letter')
    VISIT = 'visit', N_('Visit')
    NOTE = 'note', N_('Internal note')


class Liability(Word):
    """Share of fault of the insured in an accident."""

    FULL = 'full', N_('Full liability')
    MAIN = 'main', N_('Main liability')
    EQUAL = 'equal', N_('Equal liability')
    MINOR = 'minor', N_('Minor liability')
    NONE = 'none', N_('No liability')
    UNKNOWN = 'unknown', N_('Not yet determined')


class Party(Word):
    """Whom a person is to a case or a policy."""

    HOLDER = 'holder', N_('Policyholder')
    INSURED = 'insured', N_('Insured')
    REPORTER = 'reporter', N_('Reporter')
    DRIVER = 'driver', N_('Driver')
    VICTIM = 'victim', N_('Injured person')
    THIRD_PARTY = 'third_party', N_('Third party')
    PAYEE = 'payee', N_('Payee')


class ClauseVersion(Word):
    """Which clause a policy was sold under; chosen by the policy's start."""

    MOTOR_COMPULSORY = 'motor_compulsory', N_('Compulsory motor liability (2020)')
    MOTOR_2014 = 'motor_2014', N_('Commercial motor, 2014 clause')
    MOTOR_2020 = 'motor_2020', N_('Commercial motor, 2020 clause')
    MEDICAL_INDEMNITY = 'medical_indemnity', N_('Medical indemnity')
    ACCIDENT = 'accident', N_('Personal accident')
    PROPERTY_BASIC = 'property_basic', N_('Property')


class RiskLevel(Word):
    """How much the signals of a case weigh together; it decides nothing, it says where to look."""

    NONE = 'none', N_('No signal')
    LOW = 'low', N_('Low')
    MEDIUM = 'medium', N_('Medium')
    HIGH = 'high', N_('High')


class RiskOutcome(Word):
    """What a person found who looked into the risk signals of a case."""

    CONFIRMED = 'confirmed', N_('Confirmed')
    CLEARED = 'cleared', N_('Cleared')
    OPEN_ENDED = 'open_ended', N_('Neither proved nor cleared')


class ReminderKind(Word):
    """What somebody is reminded of."""

    SOON = 'soon', N_('Due soon')
    DUE = 'due', N_('Due today')
    OVERDUE = 'overdue', N_('Overdue')
    URGED = 'urged', N_('Urged')


class RemindedAs(Word):
    """As whom somebody is reminded of a case."""

    HANDLER = 'handler', N_('Handler')
    SUBSTITUTE = 'substitute', N_('Substitute')
    LEAD = 'lead', N_('Team lead')


class DelayCode(Word):
    """Why a step was late."""

    CUSTOMER = 'customer', N_('Waiting for the customer')
    THIRD_PARTY = 'third_party', N_('Waiting for the other party or its insurer')
    AUTHORITY = 'authority', N_('Waiting for police, court or hospital')
    INVESTIGATION = 'investigation', N_('Further investigation')
    DISPUTED = 'disputed', N_('Loss or liability disputed')
    WORKLOAD = 'workload', N_('Too much work')
    ABSENT = 'absent', N_('Handler absent')
    WEATHER = 'weather', N_('Weather or traffic')
    SYSTEM = 'system', N_('System failure')
    OTHER = 'other', N_('Other reason')


class CallBackState(Word):
    """Where the call-back after a payment stands."""

    OPEN = 'open', N_('To call')
    DONE = 'done', N_('Called back')
    UNREACHABLE = 'unreachable', N_('Not reached')


class MatterKind(Word):
    """What a coordinator's case is about."""

    COMPLAINT = 'complaint', N_('Complaint')
    DISPUTE = 'dispute', N_('Dispute')


class Complexity(Word):
    """How long the answer to a complaint may take."""

    SIMPLE = 'simple', N_('Simple')
    COMPLEX = 'complex', N_('Complex')
    SPECIAL = 'special', N_('Special, extended')


class MatterOutcome(Word):
    """How a complaint or a dispute ended."""

    UPHELD = 'upheld', N_('Well founded')
    PARTLY = 'partly', N_('Partly founded')
    UNFOUNDED = 'unfounded', N_('Unfounded')
    SETTLED = 'settled', N_('Settled')
    WITHDRAWN = 'withdrawn', N_('Withdrawn')


class CourtDay(Word):
    """A day that a court or the law has set in a lawsuit."""

    EVIDENCE = 'evidence', N_('Evidence due')
    HEARING = 'hearing', N_('Hearing')
    JUDGMENT = 'judgment', N_('Judgment')
    APPEAL = 'appeal', N_('Last day to appeal')
    PERFORMANCE = 'performance', N_('Judgment to be performed')


class OurSide(Word):
    """On which side of a lawsuit the office stands."""

    DEFENDANT = 'defendant', N_('Defendant')
    PLAINTIFF = 'plaintiff', N_('Plaintiff')
    THIRD_PERSON = 'third_person', N_('Third person')


class RecoveryKind(Word):
    """Where money is to come back from."""

    SUBROGATION = 'subrogation', N_('Subrogation')
    SALVAGE = 'salvage', N_('Salvage')
    ADVANCE = 'advance', N_('Recovery of an advance')


class RecoveryOutcome(Word):
    """How a recovery ended."""

    RECEIVED = 'received', N_('Received in full')
    PARTLY = 'partly', N_('Received in part')
    GIVEN_UP = 'given_up', N_('Given up')
