"""Cover sheets: printed for a case or a kind of paper; a scanned pile is split at them and files itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import ClaimDeskError, InvalidInput, NotFound
from claimdesk.language import N_, _
from claimdesk.models import Case, Document, Office, PartyRecord, Policy
from claimdesk.models.rows import get, get_for_edit
from claimdesk.progress import Progress, quiet
from claimdesk.rules.cover_code import Cover, is_cover, parse, spell
from claimdesk.rules.permissions import Permission
from claimdesk.services.blank_pages import is_blank
from claimdesk.services.checklist import code_for_kind, papers_arrived, tick
from claimdesk.services.clockwork import touch
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext, require
from claimdesk.services.cover_sequence import came_after, cover_before, covered_by, within
from claimdesk.services.cover_words import ALONE, CLOSED, DAMAGED, FILED, FOREIGN, KIND, LAID, UNKNOWN, noted
from claimdesk.services.document_pages import PageEdit, edits_of, replace_pages, sibling
from claimdesk.vocabulary import DocumentKind, DocumentState, Stage, label

if TYPE_CHECKING:
    from claimdesk.reports.cover_sheet import CoverPage

MOST_COPIES = 50
WIDTH = 1240
"""Pixels across a page that is searched for a cover's code: 150 dpi on A4."""

MOST_ON_BACK = 0.0001
"""The share of ink on the back of a cover sheet: nobody looks before it is put away, so a word is a page of its own."""


@dataclass(frozen=True, slots=True)
class Stack:
    """Pages between two covers, or the covers that end a file: what the cover said, None where it is damaged or there
    was none; `covered` tells which."""

    cover: Cover | None
    covered: bool
    pages: tuple[PageEdit, ...]


class CoverSheets:
    """Printing covers, and sorting piles by them."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def pdf(
        self,
        actor: Actor,
        case_id: int | None,
        kinds: Sequence[DocumentKind] = (),
        copies: int = 1,
        progress: Progress = quiet,
    ) -> bytes:
        """Cover sheets as PDF, each `copies` times: of a case, of kinds of paper, or of those kinds in that case.

        Raises `NotFound`, and `InvalidInput` for neither a case nor a kind, or for a strange number of copies.
        """
        from claimdesk.reports.cover_sheet import cover_sheets_pdf

        if case_id is None and not kinds:
            raise InvalidInput(_("A cover sheet is for a case or for a kind of document."))
        if not 1 <= copies <= MOST_COPIES:
            raise InvalidInput(_("Between 1 and {most} copies are printed at once.").format(most=MOST_COPIES))
        with self._office.database.read() as session:
            pages = [self._page(session, actor, case_id, kind) for kind in (kinds or (None,))]
        return cover_sheets_pdf(pages, copies, progress)

    def _page(self, session: Session, actor: Actor, case_id: int | None, kind: DocumentKind | None) -> CoverPage:
        from claimdesk.reports.cover_sheet import CoverPage
        from claimdesk.reports.paper import Fact, Head

        office = session.get_one(Office, actor.office_id)
        case = get(session, Case, case_id) if case_id is not None else None
        facts: list[Fact] = []
        if case is not None:
            policy = get(session, Policy, case.policy_id)
            insured = get(session, PartyRecord, policy.insured_id)
            told = [
                (_("Insured"), insured.name),
                (_("Plate"), policy.plate),
                (_("Line"), label(case.line)),
                (_("Kind of document"), label(kind) if kind else _("Any")),
            ]
            facts = [Fact(title, value) for title, value in told if value]
        number = case.number if case is not None else ''
        name = ' · '.join(filter(None, (number, label(kind) if kind else '')))
        now = self._office.now().astimezone(SHANGHAI)
        return CoverPage(
            Head(office.name, _("Scanning cover sheet"), '', actor.name, now), name, tuple(facts),
            spell(Cover(office.code, number, kind)),
        )  # fmt: skip

    def sort(self, actor: Actor, document_id: int, progress: Progress = quiet) -> list[int]:
        """Split a document that waits at its cover sheets, and file the parts as they say.

        A file that is only a cover sheet covers the files that came after it in the same go, up to the next one; it is
        removed then. A file that ends with one becomes that cover, and the pages before it documents of their own; the
        blank back of a cover belongs to it. Returns the ids of the documents that it is now, [] where no cover sheet
        concerns it. No transaction is open while pages are drawn. Raises `NotAllowed`, `NotFound`, `Conflict`,
        `Cancelled`.
        """
        require(actor, Permission.ATTACH_DOCUMENTS)
        with self._office.database.read() as session:
            document = get(session, Document, document_id)
            if document.cover or document.removed_at or document.state is not DocumentState.WAITING:
                return []
            pages, version = edits_of(document), document.version
        said = self._covers(pages, progress)
        if not any(said):
            return self._cover_before(actor, document_id, version)
        with self._office.write(actor, N_("sorted a pile by its cover sheets")) as session:
            document = get_for_edit(session, Document, document_id, version)
            stacks, last = _stacks(pages, said)
            before = cover_before(session, document) if stacks and not stacks[0].covered else None
            parts = [self._part(session, document, stack, whole=stack is stacks[0] and not last) for stack in stacks]
            for part, stack in zip(parts, stacks, strict=True):
                if stack.covered:
                    self._file(session, actor, part, stack.cover)
                elif before is not None:
                    self._use(before[0])
                    self._file(session, actor, part, before[1])
            if last is not None:
                if stacks:
                    replace_pages(session, document, last.pages)
                parts.append(document)
                self._lay(session, actor, document, last.cover)
            session.flush()
            return [part.id for part in parts]

    def _part(self, session: Session, document: Document, stack: Stack, *, whole: bool) -> Document:
        """The document with the pages of `stack`: with `whole` the file itself, else a new one beside it."""
        if whole:
            replace_pages(session, document, stack.pages)
            return document
        part = sibling(document, stack.pages)
        part.cover = ''
        session.add(part)
        session.flush()
        return part

    def _cover_before(self, actor: Actor, document_id: int, version: int) -> list[int]:
        """File a document without covers as the cover file says that came before it in the same go."""
        with self._office.database.read() as session:
            if cover_before(session, get(session, Document, document_id)) is None:
                return []
        with self._office.write(actor, N_("sorted a pile by its cover sheets")) as session:
            document = get_for_edit(session, Document, document_id, version)
            found = cover_before(session, document)
            if found is None:
                return []
            self._use(found[0])
            self._file(session, actor, document, found[1])
            return [document.id]

    def _lay(self, session: Session, actor: Actor, document: Document, cover: Cover | None) -> None:
        """A file that is only a cover: it covers what has come after it, and keeps its word for what will come."""
        document.cover = noted(ALONE, spell(cover) if cover is not None else '')
        cover = within(session, document, cover)
        covered = covered_by(session, document)
        if covered or any(one.removed_at is None for one in came_after(session, document)):
            self._use(document)
        for other in covered:
            self._file(session, actor, other, cover)

    def _use(self, cover_file: Document) -> None:
        """The cover file has done its work; it lies among the removed documents."""
        outcome, _space, code = cover_file.cover.partition(' ')
        if outcome == ALONE:
            cover_file.cover, cover_file.removed_at = noted(LAID, code), self._office.now()

    def _covers(self, pages: Sequence[PageEdit], progress: Progress) -> list[list[str]]:
        """For each page the codes of cover sheets on it; a page that cannot be drawn has none. The blank back of a
        cover sheet says what its front says."""
        from claimdesk.ocr import is_data
        from claimdesk.ocr.qr import texts_in

        contents: dict[str, bytes] = {}
        found: list[list[str]] = []
        for done, page in enumerate(pages):
            progress(done, len(pages), _("Looking for cover sheets"))
            try:
                if page.sha256 not in contents:
                    with self._office.database.read() as session:
                        contents = {page.sha256: self._office.files.get(session, page.sha256)}
                content = contents[page.sha256]
                drawn = b'' if is_data(content) else self._office.draw(content, page.page_index + 1, WIDTH, 0)
                texts = [text for text in texts_in(drawn) if is_cover(text)] if drawn else []
                back = not texts and drawn and found and found[-1] and is_blank(drawn, MOST_ON_BACK)
                found.append(found[-1] if back else texts)
            except (NotFound, ClaimDeskError):
                found.append([])
        return found

    def _file(self, session: Session, actor: Actor, document: Document, cover: Cover | None) -> None:
        """Do with `document` what its cover says, or note why that cannot be done."""
        if cover is None:
            document.cover = DAMAGED
            return
        code = session.get_one(Office, document.office_id).code
        if cover.office != code:
            document.cover = noted(FOREIGN, cover.office)
            return
        if cover.kind is not None:
            document.kind, document.cover = cover.kind, noted(KIND, cover.kind)
        if not cover.case_number:
            return
        case = session.scalar(select(Case).where(Case.number == cover.case_number))
        if case is None or case.stage is Stage.CLOSED:
            document.cover = noted(UNKNOWN if case is None else CLOSED, cover.case_number)
            return
        document.case_id, document.cover = case.id, noted(FILED, case.number)
        document.checklist_code = code_for_kind(session, case, cover.kind) if cover.kind is not None else ''
        session.flush()
        if document.checklist_code:
            tick(session, case, document.checklist_code, actor, self._office)
            papers_arrived(session, case, document.added_at, actor, self._office)
        touch(session, case, self._office)


def _stacks(pages: Sequence[PageEdit], said: Sequence[Sequence[str]]) -> tuple[list[Stack], Stack | None]:
    """The pages between covers, in order, and the covers at the end, None where the file ends with a page. A cover for
    a kind alone stands inside the case whose cover came before it."""
    stacks: list[Stack] = []
    cover: Cover | None = None
    covered, gathered, laid = False, list[PageEdit](), list[PageEdit]()
    for page, texts in zip(pages, said, strict=True):
        if not texts:
            gathered.append(page)
            laid = []
            continue
        if gathered:
            stacks.append(Stack(cover, covered, tuple(gathered)))
            gathered = []
        read = next((one for text in texts if (one := parse(text)) is not None), None)
        if read is not None and not read.case_number and cover is not None and cover.office == read.office:
            read = replace(read, case_number=cover.case_number)
        cover, covered = read, True
        laid.append(page)
    if gathered:
        stacks.append(Stack(cover, covered, tuple(gathered)))
    return stacks, Stack(cover, True, tuple(laid)) if laid else None
