"""What people corrected, as a set to score the present reader against: nothing of it leaves the office."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _
from claimdesk.models import AuditEntry, Case, Document, ReadingRecord
from claimdesk.progress import Progress, quiet
from claimdesk.rules.permissions import Permission
from claimdesk.services.confirmed_values import confirmed_values, same_value
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.reading_view import SURE, FieldView, ReadingView, reading_view
from claimdesk.vocabulary import DocumentKind, DocumentState

Again = Callable[[Actor, int, Progress], ReadingView]
"""Reads a document anew and keeps nothing (`Readings.again`)."""
_NOT_COMPARED = frozenset({'reversed_invoice'})
"""What is kept in another spelling than it is read in."""
_CONFIRMING = ('confirmed an invoice', 'confirmed a document')


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that comes out otherwise than a person confirmed it; `read` is '' where it was not found."""

    document_id: int
    title: str
    case_number: str
    kind: DocumentKind
    field: str
    read: str
    confirmed: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Skipped:
    """A document that is not scored, and why."""

    document_id: int
    title: str
    sentence: str


@dataclass(slots=True)
class KindScore:
    """The fields that people confirmed on papers of one kind: how many came out right when they were first read, how
    many do now, how many are sure now, and how many of these are wrong."""

    kind: DocumentKind
    documents: int = 0
    fields: int = 0
    right_before: int = 0
    right: int = 0
    sure: int = 0
    sure_but_wrong: int = 0


@dataclass(slots=True)
class Score:
    """What the present reader makes of the set. `worse` were right when first read and are not any more."""

    kinds: list[KindScore] = field(default_factory=list)
    wrong: list[Difference] = field(default_factory=list)
    worse: list[Difference] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    @property
    def sure_but_wrong(self) -> list[Difference]:
        """What a handler would have relied on unseen."""
        return [one for one in self.wrong if one.sure]


@dataclass(frozen=True, slots=True)
class _Paper:
    document_id: int
    title: str
    case_number: str
    kind: DocumentKind
    confirmed: Mapping[str, str]
    before: Mapping[str, str] | None

    @property
    def corrected(self) -> bool:
        """Whether it was read, and a person confirmed something otherwise."""
        return self.before is not None and any(not self.was_right(name) for name in self.confirmed)

    def was_right(self, name: str) -> bool:
        """Whether a field was read then as a person confirmed it."""
        return self.before is not None and same_value(name, self.before.get(name, ''), self.confirmed[name])


class Corrections:
    """The set of papers that people corrected, and its score."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def count(self, actor: Actor, *, everything: bool = False) -> int:
        """How many papers the set has; with `everything` each confirmed one counts, also what was never read."""
        require(actor, Permission.VIEW_AUDIT)
        return len(self._papers(everything))

    def score(
        self, actor: Actor, again: Again, progress: Progress = quiet, *, everything: bool = False
    ) -> Score:
        """Read every paper of the set again and compare with what people confirmed.

        What a paper itself taught the office's memory does not count for it. Raises `NotAllowed`, `Cancelled`, and
        `Unavailable` where the engine does not work.
        """
        require(actor, Permission.VIEW_AUDIT)
        papers, score = self._papers(everything), Score(skipped=self._withdrawn())
        kinds: dict[DocumentKind, KindScore] = {}
        for done, paper in enumerate(papers):
            progress(done, len(papers), paper.title)
            try:
                read = again(actor, paper.document_id, _within(progress, done, len(papers), paper.title))
            except ClaimDeskError as error:
                score.skipped.append(Skipped(paper.document_id, paper.title, error.sentence))
                continue
            _count(score, kinds.setdefault(paper.kind, KindScore(paper.kind)), paper, read)
        progress(len(papers), len(papers), '')
        score.kinds = [kinds[kind] for kind in DocumentKind if kind in kinds]
        return score

    def _papers(self, everything: bool) -> list[_Paper]:
        with self._office.database.read() as session:
            rows = session.execute(
                select(Document, Case.number)
                .outerjoin(Case, Case.id == Document.case_id)
                .where(Document.state == DocumentState.CONFIRMED, Document.removed_at.is_(None))
                .order_by(Document.id)
            )
            papers = [paper for document, number in rows if (paper := _paper(session, document, number or ''))]
        return [paper for paper in papers if everything or paper.corrected]

    def _withdrawn(self) -> list[Skipped]:
        """Papers that were confirmed once and are no longer, or were taken out."""
        with self._office.database.read() as session:
            once = select(AuditEntry.row_id).where(
                AuditEntry.kind == 'document', AuditEntry.action.in_(_CONFIRMING)
            )
            rows = session.execute(
                select(Document.id, Document.title, Document.removed_at)
                .where(Document.id.in_(once), Document.state != DocumentState.CONFIRMED)
                .order_by(Document.id)
            ).all()
        removed, back = _("It was taken out."), _("Its confirmation was taken back.")
        return [Skipped(id_, title, removed if gone else back) for id_, title, gone in rows]


def _within(progress: Progress, at: int, of: int, title: str) -> Progress:
    """The progress of one paper among many: it moves nothing, but can be cancelled at every page."""

    def tell(done: int, total: int, sentence: str = '') -> None:
        progress(at, of, title)

    return tell


def _paper(session: Session, document: Document, number: str) -> _Paper | None:
    """A confirmed document as it was read then, if it was; None where nobody confirmed any field."""
    confirmed = confirmed_values(session, document)
    if not confirmed:
        return None
    records = (
        select(ReadingRecord)
        .where(ReadingRecord.document_id == document.id)
        .order_by(ReadingRecord.id.desc())
    )
    if document.confirmed_at is not None:
        records = records.where(ReadingRecord.read_at <= document.confirmed_at)
    record = session.scalar(records.limit(1))
    before = reading_view(record, document).values() if record is not None else None
    return _Paper(document.id, document.title, number, document.kind, confirmed, before)


def _count(score: Score, kind: KindScore, paper: _Paper, read: ReadingView) -> None:
    now = {one.name: one for one in read.fields}
    kind.documents += 1
    for name, value in paper.confirmed.items():
        was_right = paper.was_right(name)
        found = now.get(name)
        is_right = found is not None and same_value(name, found.value, value)
        kind.fields += 1
        kind.right_before += was_right
        kind.right += is_right
        if not is_right:
            different = _difference(paper, name, found, value)
            score.wrong.append(different)
            if was_right:
                score.worse.append(different)
    # What a person took out counts as well: it was sure, and nothing stands there.
    for one in now.values():
        if one.status != SURE or one.name in _NOT_COMPARED:
            continue
        confirmed = paper.confirmed.get(one.name, '')
        kind.sure += 1
        if not same_value(one.name, one.value, confirmed):
            kind.sure_but_wrong += 1
            if not confirmed:
                score.wrong.append(_difference(paper, one.name, one, ''))


def _difference(paper: _Paper, name: str, found: FieldView | None, confirmed: str) -> Difference:
    return Difference(
        paper.document_id, paper.title, paper.case_number, paper.kind, name,
        found.value if found is not None else '', confirmed, found is not None and found.status == SURE,
    )  # fmt: skip
