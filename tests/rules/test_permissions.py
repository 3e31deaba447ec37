"""Who may do what."""

from __future__ import annotations

import pytest

from claimdesk.rules.permissions import PERMISSIONS, Permission, may, refusal_sentence
from claimdesk.vocabulary import Role

P = Permission
LOOKING = {P.VIEW_REPORTS, P.VIEW_AUDIT, P.EXPORT}


def test_every_role_is_told_what_it_may() -> None:
    assert set(PERMISSIONS) == set(Role)


@pytest.mark.parametrize('permission', list(Permission))
def test_somebody_may_do_everything(permission: Permission) -> None:
    assert any(permission in allowed for allowed in PERMISSIONS.values())


def test_the_auditor_only_looks() -> None:
    assert PERMISSIONS[Role.AUDITOR] <= LOOKING


def test_nobody_both_calculates_and_approves_or_pays() -> None:
    for role, allowed in PERMISSIONS.items():
        assert not {P.ADJUST, P.APPROVE} <= allowed, role
        assert not {P.ADJUST, P.PAY} <= allowed, role
        assert not {P.APPROVE, P.PAY} <= allowed, role


@pytest.mark.parametrize('permission', [P.CANCEL_CASE, P.REFUSE, P.ZERO_CLOSE, P.REOPEN])
def test_the_side_ways_need_an_approver(permission: Permission) -> None:
    allowed = {role for role in Role if permission in PERMISSIONS[role]}
    assert allowed == {Role.APPROVER, Role.MANAGER}


def test_the_gate_is_overridden_by_managers_alone() -> None:
    assert {role for role in Role if P.OVERRIDE_GATE in PERMISSIONS[role]} == {Role.MANAGER}


def test_a_changed_account_can_be_checked_outside_finance() -> None:
    allowed = {role for role in Role if P.CHECK_ACCOUNT in PERMISSIONS[role]}
    assert allowed == {Role.FINANCE, Role.APPROVER, Role.MANAGER}


def test_several_roles_add_up() -> None:
    assert may({Role.SURVEYOR, Role.FINANCE}, P.PAY)
    assert not may({Role.SURVEYOR}, P.PAY)
    assert not may(set(), P.EXPORT)


def test_a_refusal_names_those_who_may() -> None:
    sentence = refusal_sentence(P.PAY)
    assert 'make payments' in sentence
    assert 'Finance' in sentence
    assert 'Surveyor' not in sentence
