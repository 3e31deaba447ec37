"""Loss assessment: the lines of the loss, claimed and confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claimdesk.amounts import yuan
from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import Case, Document, Invoice, LossItem
from claimdesk.models.rows import get, get_for_edit
from claimdesk.rules.loss import KINDS_OF_LINE, USUAL_KIND, LossLine, line_amount
from claimdesk.rules.permissions import Permission
from claimdesk.services.clockwork import touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.vocabulary import Line, LossKind, MedicalClass, Stage

ONE, MOST = Decimal(1), Decimal(100_000)


@dataclass(frozen=True, slots=True)
class LossDetail:
    """What an amount is made of: whose loss, how many at what price, and the class of a medical expense.

    `own_share` is the part of a class B expense that the patient bears, for example `Decimal('0.1')`.
    """

    whose: str = ''
    quantity: Decimal = ONE
    unit: str = ''
    unit_price: Decimal | None = None
    medical_class: MedicalClass | None = None
    own_share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class NewLoss:
    """A line to be added, for example one of many that were pasted."""

    kind: LossKind
    name: str
    claimed: Decimal
    confirmed: Decimal | None = None
    note: str = ''
    document_id: int | None = None
    detail: LossDetail = field(default_factory=LossDetail)


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
    detail: LossDetail = field(default_factory=LossDetail)


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
        detail: LossDetail | None = None,
    ) -> LossView:
        """Add a line; with a unit price, the claim is quantity times price. Raises `NotAllowed`, `InvalidInput`."""
        line = NewLoss(kind, name, claimed, confirmed, note, document_id, detail or LossDetail())
        return self.add_many(actor, case_id, [line])[0]

    def add_many(self, actor: Actor, case_id: int, lines: Sequence[NewLoss]) -> list[LossView]:
        """Add lines below those that are there, all or none. Raises `NotAllowed` and `InvalidInput` by field."""
        require(actor, Permission.ASSESS)
        for line in lines:
            _check(line.name, line.claimed, line.confirmed, line.detail)
        with self._office.write(actor, N_("added a loss item")) as session:
            return add_lines(session, self._office, open_case(session, case_id), lines)

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
        detail: LossDetail | None = None,
    ) -> LossView:
        """Change a line; None for `detail` keeps it. Raises `NotAllowed`, `InvalidInput`, `Conflict`."""
        require(actor, Permission.ASSESS)
        _check(name, claimed, confirmed, detail)
        with self._office.write(actor, N_("changed a loss item")) as session:
            row = get_for_edit(session, LossItem, item_id, version, name=name, claimed=claimed, confirmed=confirmed)
            case = open_case(session, row.case_id)
            row.kind, row.name, row.note = kind, name.strip(), note.strip()
            for column, value in (_kept(detail) if detail is not None else {}).items():
                setattr(row, column, value)
            row.claimed = _claimed(claimed, _detail(row))
            row.confirmed = None if confirmed is None else yuan(confirmed)
            touch(session, case, self._office)
            session.flush()
            return _view(row, '')

    def confirm_all(self, actor: Actor, case_id: int) -> list[LossView]:
        """Confirm every open line at the claimed amount."""
        require(actor, Permission.ASSESS)
        with self._office.write(actor, N_("confirmed all loss items")) as session:
            case = open_case(session, case_id)
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
            case = open_case(session, row.case_id)
            view = _view(row, '')
            session.delete(row)
            touch(session, case, self._office)
            return view

    def remove_many(self, actor: Actor, lines: Sequence[tuple[int, int]]) -> None:
        """Remove lines, given as (id, version), all or none. Raises `NotAllowed`, `Conflict`."""
        require(actor, Permission.ASSESS)
        with self._office.write(actor, N_("removed a loss item")) as session:
            for item_id, version in lines:
                row = get_for_edit(session, LossItem, item_id, version)
                case = open_case(session, row.case_id)
                session.delete(row)
                touch(session, case, self._office)

    def totals(self, actor: Actor, case_id: int) -> LossTotals:
        """The sums of the lines."""
        with self._office.database.read() as session:
            return loss_totals(session, case_id)


def new_loss(line: LossLine, of: Line, document_id: int | None = None) -> NewLoss:
    """A line that was read or copied, as it enters a case of that line of business."""
    detail = LossDetail(
        quantity=line.quantity, unit=line.unit, unit_price=line.unit_price, medical_class=line.medical_class
    )
    kind = line.kind if line.kind in KINDS_OF_LINE[of] else None
    return NewLoss(kind or USUAL_KIND[of], line.name, line.claimed, None, line.note, document_id, detail)


def add_lines(session: Session, office: OfficeContext, case: Case, lines: Sequence[NewLoss]) -> list[LossView]:
    """Add lines below those of the case, in the caller's transaction."""
    last = session.scalar(select(func.max(LossItem.position)).where(LossItem.case_id == case.id)) or 0
    rows = [
        LossItem(
            case_id=case.id,
            position=place,
            kind=line.kind,
            name=line.name.strip(),
            claimed=_claimed(line.claimed, line.detail),
            confirmed=None if line.confirmed is None else yuan(line.confirmed),
            document_id=line.document_id,
            note=line.note.strip()[:200],
            **_kept(line.detail),
        )
        for place, line in enumerate(lines, start=last + 1)
    ]
    session.add_all(rows)
    touch(session, case, office)
    session.flush()
    return [_view(row, '') for row in rows]


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


def open_case(session: Session, case_id: int) -> Case:
    """The case while its loss is not settled, held until the transaction ends. Raises `NotFound`, `InvalidInput`."""
    case = get(session, Case, case_id)
    session.refresh(case, with_for_update=True)
    if case.stage not in (Stage.REPORTED, Stage.REGISTERED, Stage.SURVEY, Stage.ASSESSMENT, Stage.ADJUSTMENT):
        raise InvalidInput(
            _("The loss is settled: the case has already gone to approval."),
            _("Let the approver return it before changing loss items."),
        )
    return case


def _claimed(claimed: Decimal, detail: LossDetail) -> Decimal:
    return yuan(claimed) if detail.unit_price is None else line_amount(detail.quantity, detail.unit_price)


def _kept(detail: LossDetail) -> dict[str, Any]:
    """The columns of a detail; the patient's share belongs to class B alone."""
    shared = detail.medical_class is MedicalClass.B
    return {
        'whose': detail.whose.strip()[:60],
        'quantity': detail.quantity,
        'unit': detail.unit.strip()[:12],
        'unit_price': None if detail.unit_price is None else yuan(detail.unit_price),
        'medical_class': detail.medical_class,
        'own_share': detail.own_share if shared else None,
    }


def _detail(row: LossItem) -> LossDetail:
    return LossDetail(row.whose, row.quantity, row.unit, row.unit_price, row.medical_class, row.own_share)


def _check(name: str, claimed: Decimal, confirmed: Decimal | None, detail: LossDetail | None = None) -> None:
    wrong: dict[str, str] = {}
    if not name.strip():
        wrong['name'] = _("Enter this.")
    if claimed < 0:
        wrong['claimed'] = _("Enter an amount of 0 or more.")
    if confirmed is not None and confirmed < 0:
        wrong['confirmed'] = _("Enter an amount of 0 or more.")
    if detail is not None and not 0 < detail.quantity <= MOST:
        wrong['quantity'] = _("Enter a quantity above 0.")
    if detail is not None and detail.unit_price is not None and detail.unit_price < 0:
        wrong['unit_price'] = _("Enter an amount of 0 or more.")
    if detail is not None and detail.own_share is not None and not 0 <= detail.own_share <= 1:
        wrong['own_share'] = _("Enter a share from 0 to 100 %.")
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
        row.id, row.version, row.kind, row.name, row.claimed, row.confirmed, row.document_id, document, row.note,
        _detail(row),
    )  # fmt: skip
