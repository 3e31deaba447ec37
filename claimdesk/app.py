"""Who is wired to whom: the one place where services meet their database, files and devices.

`connect(settings)` opens the office that the settings name and returns the `Desk` that every page is handed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import cached_property, partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimdesk.models.database import Database, utc_now
from claimdesk.models.schema import upgrade
from claimdesk.paths import cache_folder, data_folder
from claimdesk.progress import Progress, quiet
from claimdesk.services.context import Actor, OfficeContext
from claimdesk.services.files_kept import KeptFiles
from claimdesk.settings import Settings

if TYPE_CHECKING:
    from claimdesk.ocr import ReaderPool, Viewer
    from claimdesk.scanning import ScannerBackend
    from claimdesk.services.accounts import Accounts
    from claimdesk.services.adjustment import Adjustments
    from claimdesk.services.advance import Advances
    from claimdesk.services.archive import Archive
    from claimdesk.services.assessment import Assessments
    from claimdesk.services.bank_batches import Batches
    from claimdesk.services.blank_pages import BlankPages
    from claimdesk.services.board import Board
    from claimdesk.services.calculation_papers import CalculationPapers
    from claimdesk.services.call_backs import CallBacks
    from claimdesk.services.card_facts import CardFacts
    from claimdesk.services.case_events import CaseEvents
    from claimdesk.services.case_file_pdf import CaseFilePdf
    from claimdesk.services.case_list import CaseList
    from claimdesk.services.case_twins import CaseTwins
    from claimdesk.services.cases import Cases
    from claimdesk.services.changes import Changes
    from claimdesk.services.checklist import Checklist
    from claimdesk.services.clock_settings import ClockSettings
    from claimdesk.services.clockwork import Clockwork
    from claimdesk.services.corrections import Corrections
    from claimdesk.services.cover_sheets import CoverSheets
    from claimdesk.services.crossfoot import CrossFoots
    from claimdesk.services.delays import Delays
    from claimdesk.services.dispatches import Dispatches
    from claimdesk.services.disputes import Disputes
    from claimdesk.services.document_text import DocumentText
    from claimdesk.services.documents import Documents
    from claimdesk.services.files_check import FilesCheck
    from claimdesk.services.files_move import FilesMove
    from claimdesk.services.filing import Filing
    from claimdesk.services.handover import HandOvers
    from claimdesk.services.holds import Holds
    from claimdesk.services.inbox import Inbox
    from claimdesk.services.injuries import Injuries
    from claimdesk.services.intake import Intake
    from claimdesk.services.invoices import Invoices
    from claimdesk.services.lawsuits import Lawsuits
    from claimdesk.services.learned import Learned
    from claimdesk.services.letters import Letters
    from claimdesk.services.loss_offers import LossOffers
    from claimdesk.services.loss_reviews import LossReviews
    from claimdesk.services.messages import Messages
    from claimdesk.services.money_rules import MoneyRules
    from claimdesk.services.notices import Notices
    from claimdesk.services.office import OfficeDesk
    from claimdesk.services.office_rules import OfficeRules
    from claimdesk.services.office_trail import OfficeTrail
    from claimdesk.services.page_copies import PageCopies
    from claimdesk.services.page_looks import PageLooks
    from claimdesk.services.page_marks import PageMarks
    from claimdesk.services.paper_checks import PaperChecks
    from claimdesk.services.parties import Parties
    from claimdesk.services.payee_accounts import PayeeAccounts
    from claimdesk.services.payment import Payments
    from claimdesk.services.photos import Photos
    from claimdesk.services.reading import Readings
    from claimdesk.services.recoveries import Recoveries
    from claimdesk.services.reminders import Reminders
    from claimdesk.services.reporting import Reporting
    from claimdesk.services.requests import Requests
    from claimdesk.services.risk import Risks
    from claimdesk.services.saved_views import SavedViews
    from claimdesk.services.sheet_cuts import SheetCuts
    from claimdesk.services.sign_off import SignOffs
    from claimdesk.services.storage import Storage
    from claimdesk.services.straight_through import StraightThrough
    from claimdesk.services.summary import Summaries
    from claimdesk.services.survey import Surveys
    from claimdesk.services.timeline import Timelines
    from claimdesk.services.verify import Verifier
    from claimdesk.services.work_profiles import WorkProfiles
    from claimdesk.services.workbench import Workbench
    from claimdesk.services.workflow import Workflow


SERVICES: dict[str, str] = {
    'office': 'office:OfficeDesk',
    'rules': 'office_rules:OfficeRules',
    'accounts': 'accounts:Accounts',
    'cases': 'cases:Cases',
    'case_list': 'case_list:CaseList',
    'saved_views': 'saved_views:SavedViews',
    'intake': 'intake:Intake',
    'clocks': 'clockwork:Clockwork',
    'clock_settings': 'clock_settings:ClockSettings',
    'events': 'case_events:CaseEvents',
    'delays': 'delays:Delays',
    'reminders': 'reminders:Reminders',
    'workflow': 'workflow:Workflow',
    'workbench': 'workbench:Workbench',
    'board': 'board:Board',
    'hand_overs': 'handover:HandOvers',
    'work_profiles': 'work_profiles:WorkProfiles',
    'documents': 'documents:Documents',
    'filing': 'filing:Filing',
    'holds': 'holds:Holds',
    'blank_pages': 'blank_pages:BlankPages',
    'inbox': 'inbox:Inbox',
    'cover_sheets': 'cover_sheets:CoverSheets',
    'page_copies': 'page_copies:PageCopies',
    'sheet_cuts': 'sheet_cuts:SheetCuts',
    'card_facts': 'card_facts:CardFacts',
    'case_file': 'case_file_pdf:CaseFilePdf',
    'document_text': 'document_text:DocumentText',
    'page_marks': 'page_marks:PageMarks',
    'page_looks': 'page_looks:PageLooks',
    'invoices': 'invoices:Invoices',
    'paper_checks': 'paper_checks:PaperChecks',
    'parties': 'parties:Parties',
    'checklist': 'checklist:Checklist',
    'notices': 'notices:Notices',
    'letters': 'letters:Letters',
    'survey': 'survey:Surveys',
    'dispatches': 'dispatches:Dispatches',
    'photos': 'photos:Photos',
    'assessment': 'assessment:Assessments',
    'loss_offers': 'loss_offers:LossOffers',
    'loss_reviews': 'loss_reviews:LossReviews',
    'adjustment': 'adjustment:Adjustments',
    'advance': 'advance:Advances',
    'case_twins': 'case_twins:CaseTwins',
    'crossfoot': 'crossfoot:CrossFoots',
    'calculation_papers': 'calculation_papers:CalculationPapers',
    'injuries': 'injuries:Injuries',
    'sign_off': 'sign_off:SignOffs',
    'requests': 'requests:Requests',
    'payment': 'payment:Payments',
    'accounts_of_payees': 'payee_accounts:PayeeAccounts',
    'batches': 'bank_batches:Batches',
    'money_rules': 'money_rules:MoneyRules',
    'archive': 'archive:Archive',
    'verify': 'verify:Verifier',
    'files_check': 'files_check:FilesCheck',
    'storage': 'storage:Storage',
    'learned': 'learned:Learned',
    'corrections': 'corrections:Corrections',
    'files_move': 'files_move:FilesMove',
    'messages': 'messages:Messages',
    'risk': 'risk:Risks',
    'straight_through': 'straight_through:StraightThrough',
    'disputes': 'disputes:Disputes',
    'lawsuits': 'lawsuits:Lawsuits',
    'recoveries': 'recoveries:Recoveries',
    'call_backs': 'call_backs:CallBacks',
    'timeline': 'timeline:Timelines',
    'trail': 'office_trail:OfficeTrail',
    'reporting': 'reporting:Reporting',
    'summaries': 'summary:Summaries',
    'changes': 'changes:Changes',
}
"""What a desk can do, 'module:Class' under `claimdesk.services` for each name; a class takes the `OfficeContext`."""


class Desk:
    """Everything a page may ask for. `actor` is None until somebody has signed in.

    A service is imported and made when it is first asked for, so that the first rows need not wait for the last report.
    """

    office: OfficeDesk
    rules: OfficeRules
    accounts: Accounts
    cases: Cases
    case_list: CaseList
    saved_views: SavedViews
    intake: Intake
    clocks: Clockwork
    clock_settings: ClockSettings
    events: CaseEvents
    delays: Delays
    reminders: Reminders
    workflow: Workflow
    workbench: Workbench
    board: Board
    hand_overs: HandOvers
    work_profiles: WorkProfiles
    documents: Documents
    filing: Filing
    holds: Holds
    blank_pages: BlankPages
    inbox: Inbox
    cover_sheets: CoverSheets
    page_copies: PageCopies
    sheet_cuts: SheetCuts
    card_facts: CardFacts
    case_file: CaseFilePdf
    document_text: DocumentText
    page_marks: PageMarks
    page_looks: PageLooks
    invoices: Invoices
    paper_checks: PaperChecks
    parties: Parties
    checklist: Checklist
    notices: Notices
    letters: Letters
    survey: Surveys
    dispatches: Dispatches
    photos: Photos
    assessment: Assessments
    loss_offers: LossOffers
    loss_reviews: LossReviews
    adjustment: Adjustments
    advance: Advances
    case_twins: CaseTwins
    crossfoot: CrossFoots
    calculation_papers: CalculationPapers
    injuries: Injuries
    sign_off: SignOffs
    requests: Requests
    payment: Payments
    accounts_of_payees: PayeeAccounts
    batches: Batches
    money_rules: MoneyRules
    archive: Archive
    verify: Verifier
    files_check: FilesCheck
    storage: Storage
    learned: Learned
    corrections: Corrections
    files_move: FilesMove
    messages: Messages
    risk: Risks
    straight_through: StraightThrough
    disputes: Disputes
    lawsuits: Lawsuits
    recoveries: Recoveries
    call_backs: CallBacks
    timeline: Timelines
    trail: OfficeTrail
    reporting: Reporting
    summaries: Summaries
    changes: Changes

    def __init__(self, settings: Settings, context: OfficeContext, viewer: LazyViewer | None = None) -> None:
        self.settings = settings
        self.context = context
        self.actor: Actor | None = None
        self._viewer = viewer

    def __getattr__(self, name: str) -> Any:
        where = SERVICES.get(name)
        if where is None:
            raise AttributeError(f'a desk has no {name}')
        module, _colon, kind = where.partition(':')
        made = getattr(import_module(f'claimdesk.services.{module}'), kind)(self.context)
        # Of two that ask at the same moment, both are handed the same one.
        return self.__dict__.setdefault(name, made)

    def bring_in(self) -> None:
        """Import and make every service, where nobody waits for it."""
        for name in SERVICES:
            getattr(self, name)

    @cached_property
    def readings(self) -> Readings:
        """The reading of documents, with as many processes as the settings say."""
        from claimdesk.services.reading import Readings

        return Readings(self.context, partial(_reader_pool, self.settings.ocr_jobs))

    @property
    def signed_in(self) -> Actor:
        """The person at the desk. Raises `RuntimeError` before sign-in, which no page can reach."""
        if self.actor is None:
            raise RuntimeError('nobody has signed in')
        return self.actor

    def scanner(self) -> ScannerBackend:
        """The way to this workstation's scanners; imported when first wanted."""
        from claimdesk.scanning import local_scanners

        return local_scanners()

    def warm(self) -> None:
        """Start what draws and reads pages, where nobody waits for it."""
        if self._viewer is not None:
            self._viewer.warm()
        self.readings.warm()

    def close(self) -> None:
        """Stop what runs beside the desk and give the database back."""
        readings = self.__dict__.get('readings')
        if readings is not None:
            readings.close()
        if self._viewer is not None:
            self._viewer.close()
        if isinstance(self.context.files, KeptFiles):
            self.context.files.close()
        self.context.database.close()


class LazyViewer:
    """Draws pages in a process beside the desk; nothing is imported or started before the first page."""

    @cached_property
    def _viewer(self) -> Viewer:
        from claimdesk.ocr import Viewer

        return Viewer()

    def draw(self, content: bytes, page: int, width: int, rotation: int) -> bytes:
        """As `OfficeContext.draw`."""
        return self._viewer.render(content, page, width=width, rotation=rotation)

    def warm(self) -> None:
        """Start the process now, so that the first page does not wait for it."""
        self._viewer.warm()

    def close(self) -> None:
        """End the process, if there is one."""
        viewer = self.__dict__.get('_viewer')
        if viewer is not None:
            viewer.close()


def build(settings: Settings, database: Database, viewer: LazyViewer | None = None) -> Desk:
    """The desk over an open office; with a `viewer`, pages are drawn in its process."""
    store = KeptFiles(database, files_folder(settings, database), lambda place: settings.secret(place.account))
    context = OfficeContext(database, store, database.now, keep_risk)
    if viewer is not None:
        context = replace(context, draw=viewer.draw, cache=cache_folder())
    return Desk(settings, context, viewer)


def keep_risk(session: Any, office: OfficeContext, case_ids: Collection[int]) -> None:
    """Keep the risk signals of these cases as their facts are now, in the transaction that changed the facts."""
    from claimdesk.services.risk import recompute

    recompute(session, office, case_ids)


def _reader_pool(jobs: int) -> ReaderPool:
    from claimdesk.ocr import ReaderPool

    return ReaderPool(jobs)


def files_folder(settings: Settings, database: Database) -> Path:
    """Where an office that names no place keeps its documents: the folder of the settings, else beside the database."""
    if settings.files_folder:
        return Path(settings.files_folder)
    if database.path is not None:
        return database.path.with_name(f'{database.path.stem}-files')
    return data_folder() / 'files'


def default_url() -> str:
    """The address of the local office in the user's data folder."""
    return f'sqlite:///{data_folder() / "office.db"}'


def demo_url() -> str:
    """The address of the demo office in the user's data folder."""
    return f'sqlite:///{data_folder() / "demo.db"}'


def connect(settings: Settings) -> Desk:
    """Open the office that `settings` name, bringing its database up to date. Raises `Unavailable`."""
    database = Database(settings.url_with_password() or default_url(), now=utc_now)
    if database.path is not None:
        database.path.parent.mkdir(parents=True, exist_ok=True)
    upgrade(database)
    return build(settings, database, LazyViewer())


def create_office(
    settings: Settings, name: str, administrator: str, login: str, password: str, progress: Progress = quiet
) -> Desk:
    """Found a new office at the address of `settings`, with its first administrator. Raises `InvalidInput`."""
    desk = connect(settings)
    try:
        desk.office.found(name, administrator, login, password)
    except BaseException:
        desk.close()
        raise
    return desk


def create_demo_office(settings: Settings, progress: Progress = quiet) -> Desk:
    """Open the demo office at the address of `settings`, filling it first where it is empty."""
    from claimdesk.services.office_generator import fill_demo_office

    desk = connect(settings)
    try:
        if not desk.office.founded():
            fill_demo_office(desk.context, progress)
    except BaseException:
        desk.close()
        raise
    return desk


def test_server(url: str) -> str:
    """Try the server at `url`; what it is, in words. Raises `Unavailable` with what is wrong."""
    from claimdesk.models.schema import describe

    database = Database(url)
    try:
        return describe(database)
    finally:
        database.close()
