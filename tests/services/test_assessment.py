"""The lines of a loss: entered, settled, taken out, summed up; until the case goes to approval."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from claimdesk.errors import Conflict, InvalidInput, NotAllowed
from claimdesk.models import Database
from claimdesk.services.assessment import LossTotals, LossView
from claimdesk.vocabulary import LossKind, Role, Stage
from tests.services.role_office import RoleOffice, role_office

D = Decimal


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    made = role_office(database, tmp_path)
    made.bring_to(Stage.ASSESSMENT)
    return made


def add(office: RoleOffice, name: str = '前保险杠', claimed: str = '1200', **more: object) -> LossView:
    fields = {'kind': LossKind.PARTS, 'name': name, 'claimed': D(claimed), **more}
    return office.desk.assessment.add(office.people[Role.ASSESSOR], office.case_id, **fields)


def edit(office: RoleOffice, line: LossView, **changed: object) -> LossView:
    fields = {name: getattr(line, name) for name in ('kind', 'name', 'claimed', 'confirmed', 'note')}
    return office.desk.assessment.edit(
        office.people[Role.ASSESSOR], line.id, line.version, **{**fields, **changed}
    )


def items(office: RoleOffice) -> list[LossView]:
    return office.desk.assessment.items(office.people[Role.AUDITOR], office.case_id)


def totals(office: RoleOffice) -> LossTotals:
    return office.desk.assessment.totals(office.people[Role.AUDITOR], office.case_id)


def test_lines_stay_in_their_order_and_are_summed_without_salvage(office: RoleOffice) -> None:
    add(office, '前保险杠', '1200.555', confirmed=D(1000))
    add(office, '工时', '300', kind=LossKind.LABOUR)
    add(office, '旧件', '80', kind=LossKind.SALVAGE, confirmed=D(80))
    assert [line.name for line in items(office)] == ['前保险杠', '工时', '旧件']
    assert totals(office) == LossTotals(D('1500.56'), D('1000.00'), D('80.00'), 1)


def test_a_line_is_changed_from_the_version_that_was_seen(office: RoleOffice) -> None:
    line = add(office)
    changed = edit(office, line, confirmed=D(900), note=' 按市场价 ')
    assert (changed.confirmed, changed.note) == (D('900.00'), '按市场价')
    with pytest.raises(Conflict) as lost:
        edit(office, line, claimed=D(5))
    assert lost.value.theirs['claimed'] == D('1200.00')


def test_all_open_lines_are_confirmed_as_claimed(office: RoleOffice) -> None:
    add(office, confirmed=D(1000))
    add(office, '工时', '300', kind=LossKind.LABOUR)
    confirmed = office.desk.assessment.confirm_all(office.people[Role.ASSESSOR], office.case_id)
    assert [line.confirmed for line in confirmed] == [D(1000), D(300)]
    assert totals(office).open_lines == 0


def test_what_is_removed_can_be_entered_again(office: RoleOffice) -> None:
    line = add(office, note='左侧')
    gone = office.desk.assessment.remove(office.people[Role.ASSESSOR], line.id, line.version)
    assert items(office) == []
    add(office, gone.name, str(gone.claimed), note=gone.note)
    assert [(one.name, one.claimed, one.note) for one in items(office)] == [('前保险杠', D('1200.00'), '左侧')]


@pytest.mark.parametrize(
    'wrong, field',
    [({'name': ' '}, 'name'), ({'claimed': '-1'}, 'claimed'), ({'confirmed': D('-0.01')}, 'confirmed')],
)
def test_a_wrong_line_is_named_by_field(office: RoleOffice, wrong: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        add(office, **wrong)
    assert set(refused.value.fields) == {field}
    assert items(office) == []


def test_the_loss_is_settled_once_the_case_is_with_the_approver(office: RoleOffice) -> None:
    office.bring_to(Stage.ADJUSTMENT)
    (line,) = items(office)
    edit(office, line, note='理算中仍可改')
    office.bring_to(Stage.APPROVAL)
    (line,) = items(office)
    for act in (lambda: add(office), lambda: edit(office, line, confirmed=D(1))):
        with pytest.raises(InvalidInput, match='settled'):
            act()


def test_only_those_who_assess_touch_the_loss(office: RoleOffice) -> None:
    for role in (Role.SERVICE, Role.APPROVER, Role.FINANCE, Role.AUDITOR, Role.ADMINISTRATOR):
        with pytest.raises(NotAllowed):
            office.desk.assessment.add(
                office.people[role], office.case_id, LossKind.PARTS, '前保险杠', D(1)
            )
        with pytest.raises(NotAllowed):
            office.desk.assessment.confirm_all(office.people[role], office.case_id)
