"""The papers of a case as one PDF for a reader outside: by needed document, searchable, originals as they are."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from sqlalchemy import select

from claimdesk.errors import ClaimDeskError, InvalidInput, Unavailable
from claimdesk.language import _, ngettext
from claimdesk.models import Case, Office
from claimdesk.models.rows import get
from claimdesk.progress import Progress, quiet
from claimdesk.rules.permissions import Permission
from claimdesk.services.blackouts import Secrets, left_of
from claimdesk.services.checklist import Checklist
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext, require
from claimdesk.services.document_pages import DATA_WIDTH
from claimdesk.services.document_views import DocumentView, PageView
from claimdesk.services.documents import Documents
from claimdesk.services.letter_copies import SOURCE as LETTER
from claimdesk.services.page_marks import Mark, marks_of
from claimdesk.services.page_texts import Box, Rows, Run, Told, page_texts
from claimdesk.vocabulary import MarkKind, label
from claimdesk.whole_file import write_whole

if TYPE_CHECKING:
    from claimdesk.ocr import TextRun
    from claimdesk.reports.book import Book
    from claimdesk.reports.case_file import Entry, Lost, Section
    from claimdesk.reports.paper import Fact, Head
    from claimdesk.reports.text_layer import Run as LaidRun


MOST_IN_VAIN = 4
"""After so many pages of which not one could be had, the store itself is taken to be out of reach."""


@dataclass(frozen=True, slots=True)
class FilePart:
    """The documents of one line of the case file: a needed document, what was filed for none, or letters."""

    code: str
    title: str
    documents: tuple[DocumentView, ...]

    @property
    def pages(self) -> int:
        """How many pages they have together."""
        return sum(len(document.pages) for document in self.documents)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which documents go in (None: all), whether highlights, frames and notes are shown, and whether what is marked so
    is blacked out: such pages become new pictures without anything below."""

    documents: frozenset[int] | None = None
    marks: bool = False
    blackout: bool = False


EVERYTHING = Choice()


@dataclass(frozen=True, slots=True)
class LostPage:
    """A page that could not be taken over; a sheet with the reason stands in its place."""

    document: str
    page: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Written:
    """What came of it: how many pages, the front not counted, those that could not be taken over, on how many something
    is blacked out, and where the words below the black can still be read: document and page, from 1."""

    pages: int
    lost: tuple[LostPage, ...] = ()
    blacked_out: int = 0
    still_told: tuple[tuple[str, int], ...] = ()


@dataclass
class _Work:
    """A file under way."""

    book: Book
    head: Head
    choice: Choice
    texts: dict[tuple[str, int], Told]
    marks: dict[tuple[str, int], list[Mark]]
    secrets: Secrets = field(default_factory=Secrets)
    lost: list[Lost] = field(default_factory=list)
    blacked_out: int = 0
    held: tuple[str, bytes] = ('', b'')

    def marked(self, page: PageView, *, black: bool) -> list[Mark]:
        """The marks of a page: those to be blacked out, or the others, as far as they are wanted."""
        wanted = self.choice.blackout if black else self.choice.marks
        found = self.marks.get((page.sha256, page.page_index), ()) if wanted else ()
        return [mark for mark in found if (mark.kind is MarkKind.BLACKOUT) is black]

    def black(self, page: PageView) -> list[Box]:
        """The places of a page that are blacked out."""
        return [mark.box for mark in self.marked(page, black=True)]

    def title(self, document: DocumentView) -> str:
        """What a document is called in the copy: only its kind where its title tells what is blacked out."""
        return label(document.kind) if self.secrets.told_by(document.title) else document.title


class CaseFilePdf:
    """Putting the file together."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office
        self._documents, self._checklist = Documents(office), Checklist(office)

    def parts(self, actor: Actor, case_id: int) -> list[FilePart]:
        """The case file in its order: needed documents as the list has them, then the rest. Raises `NotFound`."""
        items = sorted(self._checklist.of_case(actor, case_id), key=lambda item: item.id)
        documents = self._documents.of_case(actor, case_id)
        letters = [one for one in documents if one.source == LETTER]
        filed = [one for one in documents if one.source != LETTER]
        codes = {item.code for item in items}
        found = [
            FilePart(item.code, item.name, tuple(one for one in filed if one.checklist_code == item.code))
            for item in items
        ]
        rest = tuple(one for one in filed if one.checklist_code not in codes)
        found.append(FilePart('', _("Not filed under a needed document"), rest))
        found.append(FilePart(LETTER, _("Letters that went out"), tuple(letters)))
        return [part for part in found if part.documents]

    def write(
        self,
        actor: Actor,
        case_id: int,
        path: Path,
        choice: Choice = EVERYTHING,
        progress: Progress = quiet,
    ) -> Written:
        """Write the papers to `path`, whole or not at all.

        A page that does not open is replaced by a sheet with the reason, and named in the result. Raises `NotAllowed`,
        `NotFound`, `Unavailable`, `Cancelled`, and `InvalidInput` where there is no paper to write.
        """
        made: list[Written] = []

        def fill(out: BinaryIO) -> None:
            made.append(self._fill(actor, case_id, out, choice, progress))

        write_whole(path, fill, lambda written: _opens_again(written, made[0].pages))
        return made[0]

    def pdf(self, actor: Actor, case_id: int, choice: Choice = EVERYTHING, progress: Progress = quiet) -> bytes:
        """The same in memory, to be looked at and printed. Raises as `write` does."""
        out = io.BytesIO()
        try:
            self._fill(actor, case_id, out, choice, progress)
        except OSError as error:
            raise Unavailable(
                _("{name} could not be written: {reason}.").format(name=_("Case file"), reason=error.strerror or error),
                _("Free some space on the disk that holds temporary files."),
            ) from error
        return out.getvalue()

    def _fill(self, actor: Actor, case_id: int, out: BinaryIO, choice: Choice, progress: Progress) -> Written:
        from claimdesk.reports.book import Book
        from claimdesk.reports.case_file import bookmarks, front

        require(actor, Permission.EXPORT)
        progress(0, 0, _("Gathering the file"))
        parts = _chosen(self.parts(actor, case_id), choice.documents)
        if not parts:
            raise InvalidInput(_("There is no document to put into the file."), _("Choose at least one document."))
        pages = [(page.sha256, page.page_index) for part in parts for one in part.documents for page in one.pages]
        with self._office.database.read() as session:
            texts = page_texts(session, pages)
            found = marks_of(session, case_id) if choice.marks or choice.blackout else []
        head, facts = self._head(actor, case_id, parts)
        with tempfile.TemporaryDirectory(prefix='claimdesk-file-') as folder:
            book = Book(Path(folder))
            try:
                work = _Work(book, head, choice, texts, _by_page(found))
                still_told = self._gather_secrets(work, parts)
                work.head, facts = _without_secrets(work.secrets, head, facts)
                sections = list(self._sections(work, parts, progress))
                total = len(pages)
                progress(total, total, _("Writing the file"))
                first, jumps = front(work.head, facts, _note(work), sections, work.lost)
                title = f'{head.title} {head.number}'
                book.finish(
                    out, title, first, bookmarks(sections), jumps,
                    lambda percent: progress(percent, 100, _("Writing the file")),
                )  # fmt: skip
            finally:
                book.close()
        lost = tuple(LostPage(one.title, one.page, one.sentence) for one in work.lost)
        return Written(book.pages, lost, work.blacked_out, still_told)

    def _gather_secrets(self, work: _Work, parts: Sequence[FilePart]) -> tuple[tuple[str, int], ...]:
        """Learn what lies below the black places before anything is written; where it can still be read."""
        pages = [(one, page) for part in parts for one in part.documents for page in one.pages]
        for _document, page in pages:
            if black := work.black(page):
                with suppress(ClaimDeskError):  # a page that does not open is not shown either
                    work.secrets.add(self._told(work, page, self._content(work, page.sha256)), black)
        return tuple(
            (document.title, page.position + 1)
            for document, page in pages
            if work.secrets.told_on(
                work.texts.get((page.sha256, page.page_index), Told(())), work.black(page)
            )
        )  # fmt: skip

    def _sections(self, work: _Work, parts: Sequence[FilePart], progress: Progress) -> Iterator[Section]:
        from claimdesk.reports.case_file import Entry, Section

        total = sum(part.pages for part in parts)
        for part in parts:
            entries: list[Entry] = []
            for document in part.documents:
                first = work.book.pages
                for page in document.pages:
                    progress(work.book.pages, total, document.title)
                    self._add(work, document, page)
                entries.append(Entry(work.title(document), label(document.kind), len(document.pages), first))
            yield Section(part.title, tuple(entries))

    def _add(self, work: _Work, document: DocumentView, page: PageView) -> None:
        try:
            self._add_page(work, page)
        except ClaimDeskError as error:
            from claimdesk.reports.case_file import Lost, instead_of_a_page

            if isinstance(error, Unavailable) and work.book.pages == len(work.lost) >= MOST_IN_VAIN:
                raise
            number = page.position + 1
            title = work.title(document)
            work.lost.append(Lost(title, number, work.book.pages, error.sentence))
            work.book.add_sheet(instead_of_a_page(work.head, title, number, error.sentence, error.advice))

    def _add_page(self, work: _Work, page: PageView) -> None:
        from claimdesk.reports.marked import Drawn, overlay

        content = self._content(work, page.sha256)
        if black := work.black(page):
            self._add_blacked_out(work, page, content, black)
        else:
            self._add_as_it_is(work, page, content)
        if marks := work.marked(page, black=False):
            drawn = [Drawn(mark.kind, mark.shown(page.rotation), mark.note) for mark in marks]
            work.book.draw_over(overlay(work.book.last_size, drawn))

    def _add_blacked_out(self, work: _Work, page: PageView, content: bytes, black: Sequence[Box]) -> None:
        """The page as a new picture: nothing of the file itself goes along, no text near a blacked-out place either,
        and no code, which may say the same or lead to it."""
        from claimdesk.ocr import is_data
        from claimdesk.ocr.qr import code_places
        from claimdesk.reports.marked import blacked_out

        picture = self._office.draw(content, page.page_index + 1, DATA_WIDTH, 0)
        told = self._told(work, page, content)
        if is_data(content):
            size = work.book.size_of('', picture, 0)
        else:
            size = work.book.size_of(page.sha256, content, page.page_index)
        black = [*black, *code_places(picture)]
        left = tuple(run for run in left_of(told, black) if run.box is not None)
        work.book.add_picture(blacked_out(picture, black, size), 0, page.rotation, _laid(Told((left,))), told.rotation)
        work.blacked_out += 1

    def _told(self, work: _Work, page: PageView, content: bytes) -> Told:
        from claimdesk.ocr import data_runs, is_data

        if is_data(content):
            return Told(_rows_of(data_runs(content, page.page_index + 1)))
        return work.texts.get((page.sha256, page.page_index), Told(()))

    def _add_as_it_is(self, work: _Work, page: PageView, content: bytes) -> None:
        from claimdesk.ocr import is_data

        told = self._told(work, page, content)
        if content[:1024].find(b'%PDF-') >= 0:
            work.book.add_pdf(
                page.sha256, content, page.page_index, page.rotation, _laid(told), told.rotation, told.own
            )
        elif is_data(content):
            # Drawn in a process of its own, as everything that only a program can show.
            picture = self._office.draw(content, page.page_index + 1, DATA_WIDTH, 0)
            work.book.add_picture(picture, 0, page.rotation, _laid(told))
        else:
            work.book.add_picture(content, page.page_index, page.rotation, _laid(told), told.rotation)

    def _content(self, work: _Work, sha256: str) -> bytes:
        """The file; the one that was asked for last is at hand, for its next page mostly follows."""
        if work.held[0] != sha256:
            with self._office.database.read() as session:
                work.held = (sha256, self._office.files.get(session, sha256))
        return work.held[1]

    def _head(self, actor: Actor, case_id: int, parts: Sequence[FilePart]) -> tuple[Head, list[Fact]]:
        from claimdesk.reports.paper import Fact, Head

        with self._office.database.read() as session:
            case = get(session, Case, case_id)
            office = session.scalar(select(Office.name).where(Office.id == case.office_id)) or ''
            now = self._office.now().astimezone(SHANGHAI)
            head = Head(office, _("Case file"), case.number, actor.name, now, case.insured_name)
            count = sum(len(part.documents) for part in parts)
            documents = ngettext("{count} document", "{count} documents", count).format(count=count)
            told = [
                (_("Insured"), case.insured_name),
                (_("Plate"), case.plate),
                (_("Policy number"), case.policy_number),
                (_("Line"), label(case.line)),
                (_("Stage"), label(case.stage)),
                (_("Reported on"), f'{case.reported_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}'),
                (_("Time of the loss"), f'{case.loss_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}'),
                (_("In this file"), documents),
            ]
        return head, [Fact(name, value) for name, value in told if value]


def _chosen(parts: Sequence[FilePart], documents: Collection[int] | None) -> list[FilePart]:
    if documents is None:
        return list(parts)
    wanted = set(documents)
    left = [
        FilePart(part.code, part.title, tuple(one for one in part.documents if one.id in wanted)) for part in parts
    ]
    return [part for part in left if part.documents]


def _without_secrets(secrets: Secrets, head: Head, facts: Sequence[Fact]) -> tuple[Head, list[Fact]]:
    """The front sheet without what the papers no longer tell."""
    hidden = _("blacked out")
    if secrets.told_by(head.subtitle):
        head = replace(head, subtitle='')
    return head, [replace(fact, value=hidden) if secrets.told_by(fact.value) else fact for fact in facts]


def _note(work: _Work) -> str:
    """What a reader of the copy should know about it."""
    said = []
    if work.blacked_out:
        words = ngettext(
            "In this copy something is blacked out on {count} page.",
            "In this copy something is blacked out on {count} pages.",
            work.blacked_out,
        )
        said.append(words.format(count=work.blacked_out))
        said.append(_("Codes on such pages and titles that tell the same are left out as well."))
    if any(mark.kind is not MarkKind.BLACKOUT for marks in work.marks.values() for mark in marks) and work.choice.marks:
        said.append(_("Highlights, frames and notes were added by the office; they are not in the originals."))
    return ' '.join(said)


def _by_page(marks: Sequence[Mark]) -> dict[tuple[str, int], list[Mark]]:
    found: dict[tuple[str, int], list[Mark]] = {}
    for mark in marks:
        found.setdefault((mark.sha256, mark.page_index), []).append(mark)
    return found


def _rows_of(runs: Sequence[Sequence[TextRun]]) -> Rows:
    return tuple(
        tuple(Run(run.text, (run.box.x, run.box.y, run.box.width, run.box.height), run.slope) for run in row)
        for row in runs
    )


def _laid(told: Told) -> list[LaidRun]:
    return [(run.text, *run.box, run.slope) for row in told.rows for run in row if run.box is not None]


def _opens_again(path: Path, pages: int) -> None:
    import pikepdf

    with pikepdf.open(path, access_mode=pikepdf.AccessMode.stream) as written:
        if len(written.pages) <= pages:
            raise ValueError(f'{len(written.pages)} pages')
