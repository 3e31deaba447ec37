"""Checks of papers against their case: what each says otherwise, where it stands, and who has looked at it already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import Case, Document, FindingSeen, LossItem
from claimdesk.models.rows import get, get_for_edit
from claimdesk.rules.paper_checks import Claim, PaperFinding, Severity, sentence, title
from claimdesk.rules.paper_compare import compare
from claimdesk.rules.paper_rules import (
    CHECKS_KEY,
    HOSPITALS_KEY,
    CheckRules,
    HospitalList,
    check_hospitals,
    check_rules,
    checks_value,
    hospitals_value,
)
from claimdesk.rules.permissions import Permission
from claimdesk.services.claim_sides import claim_of, office_of
from claimdesk.services.clockwork import touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.names import names_of
from claimdesk.services.office_rules import set_rule
from claimdesk.services.paper_sides import Side, Spot, paper_as_typed, sides_of, spot_of
from claimdesk.vocabulary import DocumentKind, Stage

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class SeenView:
    """A person looked at a finding: who, when, and why it is all right."""

    id: int
    version: int
    by: str
    at: dt.datetime
    reason: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """What a paper says otherwise than its case, in words, and where: the field `place` and the spot on the page.

    `place` is 'items.2' for the third line and '' for something on the page that is no field. `unsure` where it rests
    on a doubtful reading. `seen` is None while it is open.
    """

    document_id: int
    document: str
    case_id: int
    code: str
    mark: str
    subject: str
    sentence: str
    severity: Severity
    place: str
    spot: Spot
    facts: Mapping[str, Any]
    unsure: bool = False
    seen: SeenView | None = None


class PaperChecks:
    """Comparing papers with their case. A finding decides nothing; a person looks and says why it is all right."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int) -> list[FindingView]:
        """What the papers of the case say otherwise, paper by paper in the order they came, open warnings first."""
        with self._office.database.read() as session:
            case = get(session, Case, case_id)
            found = [
                view
                for side, findings in _found(session, case)
                for view in _views(session, case, side.document, side, findings)
            ]
        order = {document_id: place for place, document_id in enumerate(dict.fromkeys(v.document_id for v in found))}
        return sorted(found, key=lambda view: (view.seen is not None, order[view.document_id]))

    def count_open(self, actor: Actor, case_id: int) -> int:
        """How many findings of the case nobody has looked at."""
        with self._office.database.read() as session:
            return open_findings(session, get(session, Case, case_id))

    def of_paper(
        self,
        actor: Actor,
        document_id: int,
        case_id: int,
        kind: DocumentKind,
        values: Mapping[str, str],
        items: Sequence[str] = (),
        unsure: Iterable[str] = (),
    ) -> list[FindingView]:
        """What a paper with these values says otherwise than the case, as it stands on the bench. Raises `NotFound`."""
        with self._office.database.read() as session:
            case, document = get(session, Case, case_id), get(session, Document, document_id)
            side = next(iter(sides_of(session, [document])), None)
            paper = paper_as_typed(side, kind, values, items, frozenset(unsure))
            findings = compare(paper, _claim_for(session, case, document_id), office_of(session, case))
            found = _views(session, case, document, side, findings)
        return sorted(found, key=lambda view: view.seen is not None)

    def look_at(self, actor: Actor, finding: FindingView, reason: str) -> SeenView:
        """Say that somebody has looked at a finding and why it is all right.

        Raises `NotAllowed`, and `InvalidInput` without a reason, in a closed case, or where somebody else was faster.
        """
        require(actor, Permission.CONFIRM_READING)
        why = reason.strip()
        if not why or len(why) > LONGEST_REASON:
            words = _("Enter this.") if not why else _("This is too long.")
            raise InvalidInput(_("Say why it is all right."), '', {'reason': words})
        with self._office.write(actor, N_("looked at a finding on a paper")) as session:
            case = _open_case(session, finding.case_id)
            get(session, Document, finding.document_id)
            if finding.mark in _seen(session, case.id, [finding.document_id]).get(finding.document_id, {}):
                raise InvalidInput(_("Somebody has looked at this already."), _("Refresh the case."))
            row = FindingSeen(
                case_id=case.id,
                document_id=finding.document_id,
                code=finding.code,
                mark=finding.mark,
                facts=dict(finding.facts),
                reason=why,
                checked_by=actor.id,
                checked_at=self._office.now(),
            )
            session.add(row)
            touch(session, case, self._office)
            session.flush()
            return SeenView(row.id, row.version, actor.name, row.checked_at, row.reason)

    def open_again(self, actor: Actor, seen_id: int, version: int) -> None:
        """Take back that a finding was looked at. Raises `NotAllowed`, `NotFound`, `Conflict`, `InvalidInput`."""
        require(actor, Permission.CONFIRM_READING)
        with self._office.write(actor, N_("opened a finding on a paper again")) as session:
            row = get_for_edit(session, FindingSeen, seen_id, version)
            case = _open_case(session, row.case_id)
            session.delete(row)
            touch(session, case, self._office)

    def save_hospitals(
        self, actor: Actor, chosen: HospitalList, valid_from: dt.date, version: int | None = None
    ) -> None:
        """Let this list of hospitals hold from `valid_from` on. Raises `NotAllowed`, `InvalidInput`, `Conflict`."""
        require(actor, Permission.MANAGE_OFFICE)
        check_hospitals(chosen)
        with self._office.write(actor, N_("changed the list of hospitals")) as session:
            set_rule(session, actor.office_id, HOSPITALS_KEY, valid_from, hospitals_value(chosen), version)

    def save_rules(self, actor: Actor, rules: CheckRules, valid_from: dt.date, version: int | None = None) -> None:
        """Let these rules of checking hold from `valid_from` on. Raises `NotAllowed`, `InvalidInput`, `Conflict`."""
        require(actor, Permission.MANAGE_OFFICE)
        check_rules(rules)
        with self._office.write(actor, N_("changed the checks of papers")) as session:
            set_rule(session, actor.office_id, CHECKS_KEY, valid_from, checks_value(rules), version)


def open_findings(session: Session, case: Case, *, warnings_only: bool = False) -> int:
    """How many findings of the papers of `case` nobody has looked at."""
    found = _found(session, case)
    seen = _seen(session, case.id, [side.document.id for side, _findings in found])
    return sum(
        one.mark not in seen.get(side.document.id, {})
        for side, findings in found
        for one in findings
        if one.severity is Severity.WARNING or not warnings_only
    )


def _found(session: Session, case: Case) -> list[tuple[Side, tuple[PaperFinding, ...]]]:
    documents = session.scalars(
        select(Document)
        .where(Document.case_id == case.id, Document.removed_at.is_(None))
        .order_by(Document.added_at, Document.id)
        .options(selectinload(Document.pages))
    ).all()
    sides = sides_of(session, documents)
    if not sides:
        return []
    claim, office, sources = claim_of(session, case), office_of(session, case), _sources(session, case.id)
    compared = [(side, compare(side.paper, _spared(claim, side.document.id in sources), office)) for side in sides]
    return [(side, findings) for side, findings in compared if findings]


def _claim_for(session: Session, case: Case, document_id: int) -> Claim:
    return _spared(claim_of(session, case), document_id in _sources(session, case.id))


def _sources(session: Session, case_id: int) -> set[int]:
    """The documents that are lines of the loss: the assessor has settled each of them there."""
    rows = session.scalars(
        select(LossItem.document_id).where(LossItem.case_id == case_id, LossItem.document_id.is_not(None))
    )
    return {document_id for document_id in rows if document_id is not None}


def _spared(claim: Claim, settled: bool) -> Claim:
    """The claim for a paper that is a line of the loss itself: what was assessed is compared there."""
    if not settled:
        return claim
    assessed = claim.assessed_repair is not None or claim.assessed_medical is not None
    estimate = None if assessed else claim.estimate
    return replace(claim, estimate=estimate, assessed_repair=None, assessed_medical=None)


def _views(
    session: Session, case: Case, document: Document, side: Side | None, findings: Iterable[PaperFinding]
) -> list[FindingView]:
    seen = _seen(session, case.id, [document.id]).get(document.id, {})
    return [
        FindingView(
            document_id=document.id,
            document=document.title,
            case_id=case.id,
            code=one.code,
            mark=one.mark,
            subject=title(one.code),
            sentence=sentence(one.code, one.facts),
            severity=one.severity,
            place=one.place,
            spot=spot_of(session, document, side.reading if side is not None else None, one),
            facts=one.facts,
            unsure=one.unsure,
            seen=seen.get(one.mark),
        )
        for one in findings
    ]


def _seen(session: Session, case_id: int, documents: Sequence[int]) -> dict[int, dict[str, SeenView]]:
    rows = session.scalars(
        select(FindingSeen).where(FindingSeen.case_id == case_id, FindingSeen.document_id.in_(documents))
    ).all()
    names = names_of(session, (row.checked_by for row in rows))
    found: dict[int, dict[str, SeenView]] = {}
    for row in rows:
        view = SeenView(row.id, row.version, names.get(row.checked_by, ''), row.checked_at, row.reason)
        found.setdefault(row.document_id, {})[row.mark] = view
    return found


def _open_case(session: Session, case_id: int) -> Case:
    case = get(session, Case, case_id)
    if case.stage is Stage.CLOSED:
        raise InvalidInput(_("The case is closed."), _("Reopen it before changing it."))
    return case
