"""Damages for injury: the provinces' yearly figures of the office, and the items computed from them for a case."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claimdesk.amounts import yuan
from claimdesk.errors import InvalidInput, NotFound
from claimdesk.language import N_, _
from claimdesk.models import Case, LossItem, OfficeSetting
from claimdesk.models.rows import get
from claimdesk.rules.adjustment import Adjustment, Part, Request, adjust, problems
from claimdesk.rules.adjustment.injury import Injury
from claimdesk.rules.permissions import Permission
from claimdesk.services.clockwork import touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.office_rules import set_rule
from claimdesk.services.proposal import figures_at
from claimdesk.vocabulary import ClauseVersion, LossKind, Stage

KEY = 'province.'
COLUMNS = ('province', 'year', 'income', 'spending', 'monthly_wage', 'source')
"""The columns of a file with provinces' figures, in yuan; an empty one is not known."""


@dataclass(frozen=True, slots=True)
class ProvinceYear:
    """What the statistics of a province say of a year, in yuan; None where the office has not entered it."""

    province: str
    year: int
    income: Decimal | None = None
    spending: Decimal | None = None
    monthly_wage: Decimal | None = None
    source: str = ''
    id: int = 0
    version: int = 0


class Injuries:
    """The provinces' figures, and what an injured person is owed by them."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def provinces(self, actor: Actor) -> list[ProvinceYear]:
        """All figures that the office has entered, by province, the newest year first."""
        with self._office.database.read() as session:
            return _provinces(session, actor.office_id)

    def set(self, actor: Actor, figures: ProvinceYear) -> None:
        """Enter a province's figures of a year, in place of those entered before.

        Raises `NotAllowed`, `InvalidInput` by field, `Conflict`.
        """
        require(actor, Permission.MANAGE_OFFICE)
        wrong = _problems(figures)
        if wrong:
            raise InvalidInput(_("Some fields need your attention."), '', wrong)
        with self._office.write(actor, N_("entered a province's figures")) as session:
            _set(session, actor.office_id, figures)

    def read_file(self, content: bytes) -> list[ProvinceYear]:
        """The figures in a CSV file with the columns of `COLUMNS`. Raises `InvalidInput`, naming line and column."""
        try:
            text = content.decode('utf-8-sig')
        except UnicodeDecodeError:
            text = content.decode('gb18030', errors='replace')
        reader = csv.DictReader(io.StringIO(text))
        missing = [name for name in COLUMNS[:5] if name not in (reader.fieldnames or ())]
        if missing:
            raise InvalidInput(
                _("The file lacks the columns {names}.").format(names=', '.join(missing)),
                _("Its first line must read: {line}").format(line=','.join(COLUMNS)),
            )
        return [_row(row, number) for number, row in enumerate(reader, start=2)]

    def take_in(self, actor: Actor, figures: Sequence[ProvinceYear]) -> int:
        """Enter many figures at once, all or none; how many. Raises `NotAllowed`, `InvalidInput`."""
        require(actor, Permission.MANAGE_OFFICE)
        with self._office.write(actor, N_("took in provinces' figures")) as session:
            for one in figures:
                _set(session, actor.office_id, replace(one, version=0))
        return len(figures)

    def fill(self, actor: Actor, case_id: int, province: str, year: int, inputs: Injury) -> Injury:
        """`inputs` with the province's figures of `year`. Raises `NotFound` where the office has not entered them."""
        with self._office.database.read() as session:
            get(session, Case, case_id)
            found = _provinces(session, actor.office_id)
        for one in found:
            if (one.province, one.year) == (province, year):
                return replace(inputs, income=one.income, spending=one.spending, monthly_wage=one.monthly_wage)
        raise NotFound(
            _("There are no figures of {province} for {year}.").format(province=province, year=year),
            _("Enter them in the settings under “Injury figures”."),
        )

    def preview(self, actor: Actor, case_id: int, inputs: Injury) -> Adjustment:
        """The sheet of damages; nothing is kept. Raises `InvalidInput` by path."""
        with self._office.database.read() as session:
            figures = figures_at(session, get(session, Case, case_id))
        request = Request(ClauseVersion.MOTOR_COMPULSORY, (Part('injury', '', inputs),), figures)
        wrong = problems(request)
        if wrong:
            raise InvalidInput(_("Some fields need your attention."), '', wrong)
        return adjust(request)


    def add_items(self, actor: Actor, case_id: int, whose: str, lines: Sequence[tuple[LossKind, str, Decimal]]) -> None:
        """Put computed items into the loss assessment of the case as confirmed lines of `whose` loss, all or none.

        Raises `NotAllowed` and `InvalidInput`.
        """
        require(actor, Permission.ASSESS)
        with self._office.write(actor, N_("added injury items")) as session:
            case = get(session, Case, case_id)
            if case.stage not in (Stage.SURVEY, Stage.ASSESSMENT, Stage.ADJUSTMENT):
                raise InvalidInput(
                    _("Loss items are entered from survey to adjustment."), _("Let the case be returned first.")
                )
            last = session.scalar(select(func.max(LossItem.position)).where(LossItem.case_id == case_id)) or 0
            for place, (kind, name, amount) in enumerate(lines, start=last + 1):
                session.add(
                    LossItem(
                        case_id=case_id, position=place, kind=kind, name=name[:120], whose=whose.strip()[:60],
                        claimed=amount, confirmed=amount,
                    )
                )  # fmt: skip
            touch(session, case, self._office)


def _provinces(session: Session, office_id: int) -> list[ProvinceYear]:
    rows = session.scalars(
        select(OfficeSetting)
        .where(OfficeSetting.office_id == office_id, OfficeSetting.key.startswith(KEY))
        .order_by(OfficeSetting.key, OfficeSetting.valid_from.desc())
    )
    return [
        ProvinceYear(
            row.key.removeprefix(KEY),
            row.valid_from.year,
            _kept(row.value, 'income'),
            _kept(row.value, 'spending'),
            _kept(row.value, 'monthly_wage'),
            row.value.get('source', ''),
            row.id,
            row.version,
        )
        for row in rows
    ]


def _kept(value: Mapping[str, Any], name: str) -> Decimal | None:
    text = value.get(name)
    return None if text is None else Decimal(text)


def _set(session: Session, office_id: int, one: ProvinceYear) -> None:
    value: dict[str, Any] = {
        name: None if (amount := getattr(one, name)) is None else str(yuan(amount)) for name in COLUMNS[2:5]
    }
    value['source'] = one.source.strip()
    day = dt.date(one.year, 1, 1)
    set_rule(session, office_id, f'{KEY}{one.province.strip()}', day, value, one.version or None)


def _problems(one: ProvinceYear) -> dict[str, str]:
    wrong = {}
    if not 1 <= len(one.province.strip()) <= 20:
        wrong['province'] = _("Enter a province.")
    if not 1990 <= one.year <= 2100:
        wrong['year'] = _("Enter a year.")
    for name in COLUMNS[2:5]:
        amount = getattr(one, name)
        if amount is not None and not 0 < amount < 100_000_000:
            wrong[name] = _("Enter an amount above 0.")
    if all(getattr(one, name) is None for name in COLUMNS[2:5]):
        wrong['income'] = _("Enter at least one figure.")
    return wrong


def _row(row: Mapping[str, Any], number: int) -> ProvinceYear:
    values: dict[str, Any] = {}
    for name in COLUMNS[2:5]:
        text = (row.get(name) or '').strip()
        try:
            values[name] = yuan(text) if text else None
        except ValueError:
            raise InvalidInput(
                _("Line {line}, column {column}: {text} is not an amount.").format(line=number, column=name, text=text)
            ) from None
    year = (row.get('year') or '').strip()
    one = ProvinceYear(
        (row.get('province') or '').strip(), int(year) if year.isdigit() else 0, **values,
        source=(row.get('source') or '').strip(),
    )  # fmt: skip
    wrong = _problems(one)
    if wrong:
        column, sentence = next(iter(wrong.items()))
        raise InvalidInput(
            _("Line {line}, column {column}: {sentence}").format(line=number, column=column, sentence=sentence)
        )
    return one
