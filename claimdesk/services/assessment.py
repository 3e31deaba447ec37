"""Loss assessment: the lines of the loss, claimed and confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claimdesk.amounts import yuan
from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import Case, Document, Invoice, LossItem
from claimdesk.models.rows import get, get_for_edit
from claimdesk.rules.permissions import Permission
from claimdesk.services.clockwork import touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.vocabulary import LossKind, Stage


@dataclass(frozen=True, slots=True)
class LossView:
    """A line of the loss assessment, in yuan; `confirmed` is None until it is settled."""

    id: int
    version: int
    kind: LossKind
    name: str
    claimed: Decimal
    confirmed: Decimal | None
    document_id: int | None
    document: str
    note: str


@dataclass(frozen=True, slots=True)
class LossTotals:
    """Sums over the lines, in yuan; salvage value is not in them. `open_lines` are not confirmed yet."""

    claimed: Decimal
    confirmed: Decimal
    salvage: Decimal
    open_lines: int


class Assessments:
    """The lines of a case's loss."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def items(self, actor: Actor, case_id: int) -> list[LossView]:
        """The lines in their order."""
        with self._office.database.read() as session:
            return _views(session, case_id)

    def add(
        self,
        actor: Actor,
        case_id: int,
        kind: LossKind,
        name: str,
        claimed: Decimal,
        confirmed: Decimal | None = None,
        document_id: int | None = None,
        note: str = '',
    ) -> LossView:
        """Add a line. Raises `NotAllowed` and `InvalidInput` by field."""
        require(actor, Permission.ASSESS)
        _check(name, claimed, confirmed)
        with self._office.write(actor, N_("added a loss item")) as session:
            case = _open_case(session, case_id)
            row = LossItem(
                case_id=case_id,
                position=_next_position(session, case_id),
                kind=kind,
                name=name.strip(),
                claimed=yuan(claimed),
                confirmed=None if confirmed is None else yuan(confirmed),
                document_id=document_id,
                note=note.strip(),
            )
            session.add(row)
            touch(session, case, self._office)
            session.flush()
            return _view(row, '')

    def edit(
        self,
        actor: Actor,
        item_id: int,
        version: int,
        *,
        kind: LossKind,
        name: str,
        claimed: Decimal,
        confirmed: Decimal | None,
        note: str = '',
    ) -> LossView:
        """Change a line. Raises `NotAllowed`, `InvalidInput`, `Conflict`."""
        require(actor, Permission.ASSESS)
        _check(name, claimed, confirmed)
        with self._office.write(actor, N_("changed a loss item")) as session:
            row = get_for_edit(session, LossItem, item_id, version, name=name, claimed=claimed, confirmed=confirmed)
            case = _open_case(session, row.case_id)
            row.kind, row.name, row.note = kind, name.strip(), note.strip()
            row.claimed = yuan(claimed)
            row.confirmed = None if confirmed is None else yuan(confirmed)
            touch(session, case, self._office)
            session.flush()
            return _view(row, '')

    def confirm_all(self, actor: Actor, case_id: int) -> list[LossView]:
        """Confirm every open line at the claimed amount."""
        require(actor, Permission.ASSESS)
        with self._office.write(actor, N_("confirmed all loss items")) as session:
            case = _open_case(session, case_id)
            for row in session.scalars(select(LossItem).where(LossItem.case_id == case_id)):
                if row.confirmed is None:
                    row.confirmed = row.claimed
            touch(session, case, self._office)
            session.flush()
            return _views(session, case_id)

    def remove(self, actor: Actor, item_id: int, version: int) -> LossView:
        """Remove a line and return what it held, so that it can be added again. Raises `Conflict`."""
        require(actor, Permission.ASSESS)
        with self._office.write(actor, N_("removed a loss item")) as session:
            row = get_for_edit(session, LossItem, item_id, version)
            case = _open_case(session, row.case_id)
            view = _view(row, '')
            session.delete(row)
            touch(session, case, self._office)
            return view

    def totals(self, actor: Actor, case_id: int) -> LossTotals:
        """The sums of the lines."""
        with self._office.database.read() as session:
            return loss_totals(session, case_id)


def loss_totals(session: Session, case_id: int) -> LossTotals:
    """The sums over the loss items of a case; salvage value is summed by itself."""
    items = session.scalars(select(LossItem).where(LossItem.case_id == case_id)).all()
    losses = [item for item in items if item.kind is not LossKind.SALVAGE]
    nothing = Decimal('0.00')
    return LossTotals(
        claimed=sum((item.claimed for item in losses), nothing),
        confirmed=sum((item.confirmed or nothing for item in losses), nothing),
        salvage=sum((item.confirmed or nothing for item in items if item.kind is LossKind.SALVAGE), nothing),
        open_lines=sum(item.confirmed is None for item in items),
    )


def _next_position(session: Session, case_id: int) -> int:
    return (session.scalar(select(func.max(LossItem.position)).where(LossItem.case_id == case_id)) or 0) + 1


def _open_case(session: Session, case_id: int) -> Case:
    case = get(session, Case, case_id)
    if case.stage not in (Stage.REPORTED, Stage.REGISTERED, Stage.SURVEY, Stage.ASSESSMENT, Stage.ADJUSTMENT):
        raise InvalidInput(
            _("The loss is settled: the case has already gone to approval."),
            _("Let the approver return it before changing loss items."),
        )
    return case


def _check(name: str, claimed: Decimal, confirmed: Decimal | None) -> None:
    wrong: dict[str, str] = {}
    if not name.strip():
        wrong['name'] = _("Enter this.")
    if claimed < 0:
        wrong['claimed'] = _("Enter an amount of 0 or more.")
    if confirmed is not None and confirmed < 0:
        wrong['confirmed'] = _("Enter an amount of 0 or more.")
    if wrong:
        raise InvalidInput(_("Some fields need your attention."), '', wrong)


def _views(session: Session, case_id: int) -> list[LossView]:
    rows = session.execute(
        select(LossItem, Invoice.number, Document.title)
        .outerjoin(Invoice, Invoice.document_id == LossItem.document_id)
        .outerjoin(Document, Document.id == LossItem.document_id)
        .where(LossItem.case_id == case_id)
        .order_by(LossItem.position)
    )
    return [_view(row, number or title or '') for row, number, title in rows]


def _view(row: LossItem, document: str) -> LossView:
    return LossView(
        row.id, row.version, row.kind, row.name, row.claimed, row.confirmed, row.document_id, document, row.note
    )
