"""What is kept: the office's tables, one file per aggregate, and the one door to the database.

Importing this package maps every table; `Database` opens a local SQLite file or a PostgreSQL server.
"""

from claimdesk.models.after_payment import CallBack, FollowUp
from claimdesk.models.assignment import WorkCredit, WorkProfile
from claimdesk.models.audit import AuditEntry
from claimdesk.models.audit_chain import AuditHead
from claimdesk.models.base import Base
from claimdesk.models.cases import (
    NO_DUE,
    Accident,
    Case,
    CaseEvent,
    CaseMedical,
    CaseMotor,
    CaseParty,
    CaseProperty,
    ChecklistItem,
    ReserveChange,
    Task,
)
from claimdesk.models.closing import ArchiveRecord, MoveRequest
from claimdesk.models.database import Database
from claimdesk.models.disputes import Lawsuit, LawsuitDay, Recovery, RecoveryReceipt
from claimdesk.models.documents import (
    Document,
    DocumentHold,
    DocumentPage,
    FileContent,
    FindingSeen,
    Invoice,
    InvoiceLine,
    PageLook,
    PhotoMeasure,
    PieceOfPage,
    ReadingRecord,
    StoredFile,
)
from claimdesk.models.field_work import Letter, LossReview, SurveyDispatch
from claimdesk.models.learned import LearnedPlace
from claimdesk.models.money_out import AccountReveal, BankAnswer, PayeeAccount, PaymentBatch
from claimdesk.models.office import (
    Absence,
    Account,
    AccountRole,
    CalendarDay,
    Office,
    OfficeSetting,
    Sequence,
    Team,
)
from claimdesk.models.page_marks import PageMark
from claimdesk.models.page_text import PageText
from claimdesk.models.policies import Contact, Coverage, PartyRecord, Policy
from claimdesk.models.reminders import DelayNote, Reminder, TeamLead, Turn
from claimdesk.models.risk import AutomaticCheck, RiskReferral, RiskSignal, RiskVerdict
from claimdesk.models.search import SEARCHED
from claimdesk.models.sign_off import SigningKey, SignOff
from claimdesk.models.talk import Complaint, Message, Satisfaction
from claimdesk.models.views import SavedView
from claimdesk.models.work import Calculation, CoverUse, LossItem, Payment, SurveyReport

__all__ = [
    'NO_DUE',
    'SEARCHED',
    'Absence',
    'Accident',
    'Account',
    'AccountReveal',
    'AccountRole',
    'ArchiveRecord',
    'AuditEntry',
    'AuditHead',
    'AutomaticCheck',
    'BankAnswer',
    'Base',
    'Calculation',
    'CalendarDay',
    'CallBack',
    'Case',
    'CaseEvent',
    'CaseMedical',
    'CaseMotor',
    'CaseParty',
    'CaseProperty',
    'ChecklistItem',
    'Complaint',
    'Contact',
    'CoverUse',
    'Coverage',
    'Database',
    'DelayNote',
    'Document',
    'DocumentHold',
    'DocumentPage',
    'FileContent',
    'FindingSeen',
    'FollowUp',
    'Invoice',
    'InvoiceLine',
    'Lawsuit',
    'LawsuitDay',
    'LearnedPlace',
    'Letter',
    'LossItem',
    'LossReview',
    'Message',
    'MoveRequest',
    'Office',
    'OfficeSetting',
    'PageLook',
    'PageMark',
    'PageText',
    'PartyRecord',
    'PayeeAccount',
    'Payment',
    'PaymentBatch',
    'PhotoMeasure',
    'PieceOfPage',
    'Policy',
    'ReadingRecord',
    'Recovery',
    'RecoveryReceipt',
    'Reminder',
    'ReserveChange',
    'RiskReferral',
    'RiskSignal',
    'RiskVerdict',
    'Satisfaction',
    'SavedView',
    'Sequence',
    'SignOff',
    'SigningKey',
    'StoredFile',
    'SurveyDispatch',
    'SurveyReport',
    'Task',
    'Team',
    'TeamLead',
    'Turn',
    'WorkCredit',
    'WorkProfile',
]
