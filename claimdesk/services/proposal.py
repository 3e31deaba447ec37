"""What the file says for a calculation: each cover's inputs filled in, and where each figure comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from claimdesk.amounts import money_text
from claimdesk.language import _
from claimdesk.models import Accident, Calculation, Case, Coverage, Document, Invoice, LossItem, Policy
from claimdesk.models.rows import get
from claimdesk.rules.adjustment import Figures, Formula, Part, Request, clause_for, formula_of
from claimdesk.rules.adjustment.figures import KEY, KNOWN_FROM
from claimdesk.rules.adjustment.inputs import NOTHING, specs
from claimdesk.services.calculation_kept import Source, Sources
from claimdesk.services.context import SHANGHAI
from claimdesk.services.cover_use import scope_of, used
from claimdesk.services.office_rules import rule_at
from claimdesk.services.paper_worth import worth_of
from claimdesk.services.proposal_covers import FILLERS, OTHERS, OWN, FileFacts, Filled, Line
from claimdesk.services.reading_view import place_of_total
from claimdesk.vocabulary import CalculationKind, ClauseVersion, LossKind, label


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another case of the same accident, and what its newest calculation comes to in yuan."""

    case_id: int
    number: str
    clause: ClauseVersion
    payable: Decimal | None


@dataclass(frozen=True, slots=True)
class CoverChoice:
    """A cover that can be calculated: `taken` says whether it is part of the proposal."""

    coverage_id: int
    name: str
    kind: str
    limit: Decimal
    taken: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """The request that the file proposes, the sources of each part's fields, the covers to choose from, the other cases
    of the accident, and remarks."""

    request: Request
    sources: tuple[Sources, ...]
    covers: tuple[CoverChoice, ...]
    siblings: tuple[Sibling, ...] = ()
    remarks: tuple[str, ...] = ()


def figures_at(session: Session, case: Case) -> Figures:
    """The office's figures on the day of the loss."""
    day = case.loss_at.astimezone(SHANGHAI).date()
    return Figures.of(rule_at(session, case.office_id, KEY, day, {}))


def propose(session: Session, case: Case, chosen: Sequence[int] = ()) -> Proposal:
    """The calculation as the file proposes it, of the covers `chosen` (by default those that the loss items speak of).

    Raises `NotFound`.
    """
    policy = get(session, Policy, case.policy_id)
    lines, uncounted = _lines(session, case.id)
    file = FileFacts(
        session, case, get(session, Accident, case.accident_id), policy, figures_at(session, case), lines, uncounted
    )
    covers = _covers(policy)
    taken = [cover for cover in covers if cover.id in set(chosen)] or _spoken_of(file, covers)
    parts, sources = [], []
    routed = _routed(file, taken)
    for cover in taken:
        formula = formula_of(policy.clause, cover.code)
        filled = FILLERS[formula.kind](file, cover, routed[cover.id])
        _earlier(file, cover, formula, filled)
        name = _("Compulsory motor cover") if formula.kind == 'compulsory' else cover.name
        parts.append(Part(formula.kind, name, formula.inputs(**filled.values), cover.id))
        sources.append(filled.sources)
    request = Request(policy.clause, tuple(parts), file.figures, case.paid_amount)
    choices = tuple(
        CoverChoice(
            one.id, one.name, formula_of(policy.clause, one.code).kind, one.sum_insured, one in taken
        )
        for one in covers
    )
    return Proposal(request, tuple(sources), choices, _siblings(session, case), _remarks(file))


def with_sources(request: Request, proposal: Proposal) -> tuple[Sources, ...]:
    """The sources of a request: the proposal's where a value is still the proposed one, else it was entered by hand."""
    proposed = {
        part.coverage_id: (part, found) for part, found in zip(proposal.request.parts, proposal.sources, strict=True)
    }
    given = []
    for part in request.parts:
        known = proposed.get(part.coverage_id)
        sources: dict[str, tuple[Source, ...]] = {}
        for spec in specs(type(part.inputs)):
            value = getattr(part.inputs, spec.name)
            if known is not None and value == getattr(known[0].inputs, spec.name, None):
                sources[spec.name] = tuple(known[1].get(spec.name, ()))
            elif known is not None or value != _default(part, spec.name):
                sources[spec.name] = (Source('hand'),)
        given.append({name: found for name, found in sources.items() if found})
    return tuple(given)


def _default(part: Part, name: str) -> Any:
    return getattr(part.formula.inputs(), name)


def _covers(policy: Policy) -> list[Coverage]:
    """The covers that a calculation can have; compulsory cover is one sheet over all of its items."""
    covers = list(policy.coverages)
    return covers[:1] if policy.clause is ClauseVersion.MOTOR_COMPULSORY else covers


def _spoken_of(file: FileFacts, covers: Sequence[Coverage]) -> list[Coverage]:
    """The covers that the loss items speak of; the first one where they speak of none."""
    kinds = {line.item.kind for line in file.lines}
    named = []
    for cover in covers:
        kind = formula_of(file.policy.clause, cover.code).kind
        if (kind == 'own_damage' and kinds & OWN) or (kind == 'third_party' and kinds & OTHERS):
            named.append(cover)
        if kind == 'property' and kinds & ({LossKind.BUILDING} if cover.code == 'building' else set(LossKind)):
            named.append(cover)
    if len(named) > 1 and covers[0].code != 'building' and file.policy.clause is ClauseVersion.PROPERTY_BASIC:
        only = kinds - {LossKind.SALVAGE} == {LossKind.BUILDING}
        named = [cover for cover in named if not only or cover.code == 'building']
    return named or list(covers[:1])


def _routed(file: FileFacts, taken: Sequence[Coverage]) -> dict[int, list[Line]]:
    """Each loss item goes to the first chosen cover that bears its kind, else to the first one chosen."""
    routed: dict[int, list[Line]] = {cover.id: [] for cover in taken}
    for line in file.lines:
        fits = [cover for cover in taken if _bears(file, cover, line.item.kind)]
        routed[(fits or list(taken))[0].id].append(line)
    return routed


def _bears(file: FileFacts, cover: Coverage, kind: LossKind) -> bool:
    formula = formula_of(file.policy.clause, cover.code).kind
    if formula == 'own_damage':
        return kind in OWN or kind is LossKind.SALVAGE
    if formula == 'third_party':
        return kind in OTHERS
    if formula == 'property':
        return (kind is LossKind.BUILDING) == (cover.code == 'building')
    return True


def _lines(session: Session, case_id: int) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """The confirmed loss items with what counts of each, and in words what does not.

    Nothing counts whose paper is not confirmed, was removed, is a second copy, or was taken back by a credit note.
    """
    rows: Sequence[Row[LossItem, str | None, Document | None]] = session.execute(
        select(LossItem, Invoice.number, Document)
        .outerjoin(Invoice, Invoice.document_id == LossItem.document_id)
        .outerjoin(Document, Document.id == LossItem.document_id)
        .where(LossItem.case_id == case_id, LossItem.confirmed.is_not(None))
        .order_by(LossItem.position)
    ).all()
    papers = {document.id: document for _item, _number, document in rows if document is not None}
    worth = worth_of(session, papers)
    places = {document_id: place_of_total(session, document) for document_id, document in papers.items()}
    lines, uncounted = [], []
    spent = dict.fromkeys(papers, NOTHING)
    for item, number, document in rows:
        confirmed = item.confirmed or NOTHING
        if document is None:
            lines.append(Line(item, confirmed, Source('loss', item.name, amount=confirmed)))
            continue
        one, place = worth[document.id], places[document.id]
        counted = one.counted(spent[document.id] + confirmed) - spent[document.id]
        spent[document.id] += counted
        if counted < confirmed:
            uncounted.append(
                _("Of {item}, {amount} does not count: {why}").format(
                    item=item.name, amount=money_text(confirmed - counted), why=one.sentence
                )
            )
        if counted or not confirmed:
            words = f'{item.name} ({number or document.title})'
            lines.append(Line(item, counted, Source('loss', words, document.id, place.page, counted, place.box)))
    return tuple(lines), tuple(uncounted)


def _earlier(file: FileFacts, cover: Coverage, formula: Formula, filled: Filled) -> None:
    names = {spec.name for spec in specs(formula.inputs)}
    if 'limit_used' not in names:
        return
    scope = scope_of(file.session, file.case, formula, file.figures)
    found = used(file.session, file.case.id, cover.id, scope)
    source = Source('claims', ', '.join(found.cases))
    filled.put('limit_used', found.limit, source)
    if 'deductible_used' in names:
        filled.put('deductible_used', found.deductible, source)


def _siblings(session: Session, case: Case) -> tuple[Sibling, ...]:
    rows = session.execute(
        select(Case.id, Case.number, Policy.clause)
        .join(Policy, Policy.id == Case.policy_id)
        .where(Case.accident_id == case.accident_id, Case.id != case.id)
        .order_by(Case.number)
    ).all()
    siblings = []
    for case_id, number, clause in rows:
        payable = session.scalar(
            select(Calculation.payable)
            .where(Calculation.case_id == case_id, Calculation.kind == CalculationKind.FINAL)
            .order_by(Calculation.number.desc())
            .limit(1)
        )
        siblings.append(Sibling(case_id, number, clause, payable))
    return tuple(siblings)


def _remarks(file: FileFacts) -> tuple[str, ...]:
    """What the adjuster should know before relying on the sheet."""
    remarks = list(file.uncounted)
    clause, loss = file.policy.clause, file.case.loss_at.astimezone(SHANGHAI).date()
    start = file.policy.starts_at.astimezone(SHANGHAI).date()
    expected = clause_for(file.policy.line, start)
    if clause in (ClauseVersion.MOTOR_2014, ClauseVersion.MOTOR_2020) and expected is not clause:
        remarks.append(
            _("The policy names the {clause}, though by its first day {day} it would be another one.").format(
                clause=label(clause), day=start.isoformat()
            )
        )
    if clause is ClauseVersion.MOTOR_COMPULSORY and loss < KNOWN_FROM:
        remarks.append(
            _("The program knows no limits of compulsory cover before {day}: enter them in the settings.").format(
                day=KNOWN_FROM.isoformat()
            )
        )
    return tuple(remarks)
