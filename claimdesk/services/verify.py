"""Verifying a case: its signatures, and what rests on them, compared with what is kept now."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from claimdesk.models import Case
from claimdesk.services.clockwork import case_by_number
from claimdesk.services.context import Actor, OfficeContext
from claimdesk.services.findings import Finding
from claimdesk.services.sign_off_check import check_sign_off

PARTS: tuple[Callable[[Session, Case], list[Finding]], ...] = (check_sign_off,)
"""What looks at a case, in the order in which it is told."""


class Verifier:
    """Looking for anything that was changed behind the program's back."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def case(self, actor: Actor, number: str) -> list[Finding]:
        """Everything that was verified on the case, the broken things among it. Raises `NotFound`."""
        with self._office.database.read() as session:
            case = case_by_number(session, number)
            return [finding for part in PARTS for finding in part(session, case)]
