"""Verifying a case or the whole office: signatures, what rests on them, and the audit trail, with what is kept now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.language import _, ngettext
from claimdesk.models import Case, SignOff
from claimdesk.progress import Progress, quiet
from claimdesk.rules.permissions import Permission
from claimdesk.services.audit_check import (
    check_all,
    check_trail,
    checkpoint_line,
    read_checkpoints,
    take_checkpoint,
)
from claimdesk.services.clockwork import case_by_number
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.findings import Finding, Health
from claimdesk.services.rows_check import check_all_rows, check_rows
from claimdesk.services.sign_off_check import check_sign_off
from claimdesk.whole_file import write_bytes

PARTS: tuple[Callable[[Session, Case], list[Finding]], ...] = (check_sign_off, check_trail, check_rows)
"""What looks at a case, in the order in which it is told."""


class Verifier:
    """Looking for anything that was changed behind the program's back."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def case(self, actor: Actor, number: str) -> list[Finding]:
        """Everything that was verified on the case, the broken things among it. Raises `NotFound`."""
        with self._still() as session:
            case = case_by_number(session, number)
            return [finding for part in PARTS for finding in part(session, case)]

    def all(self, actor: Actor, checkpoints: Path | None = None, progress: Progress = quiet) -> list[Finding]:
        """Everything in the office: the chains of the trail, the checkpoints in the file, the rows, the signed cases.

        Of the signed cases only what is broken is told one by one. Raises `NotAllowed`, `InvalidInput` for a file
        that holds no checkpoints, and `Cancelled`.
        """
        require(actor, Permission.VIEW_AUDIT)
        known = read_checkpoints(checkpoints) if checkpoints is not None else []
        with self._still() as session:
            found = check_all(session, known, progress)
            found += check_all_rows(session, progress)
            signed = session.scalars(select(SignOff.case_id).distinct().order_by(SignOff.case_id)).all()
            broken: list[Finding] = []
            for done, case_id in enumerate(signed):
                progress(done, len(signed), _("Checking signatures"))
                case = session.get_one(Case, case_id)
                broken += [
                    Finding(one.part, f'{case.number} · {one.subject}', one.health, one.sentence, case_id)
                    for one in check_sign_off(session, case)
                    if one.health is Health.BROKEN
                ]
                session.expunge_all()
        if signed and not broken:
            sentence = ngettext(
                "What was signed in {n} case holds.", "What was signed in {n} cases holds.", len(signed)
            ).format(n=f'{len(signed):,}')
            broken = [Finding('signature', _("Signatures"), Health.GOOD, sentence)]
        return found + broken

    @contextmanager
    def _still(self) -> Iterator[Session]:
        """A session in which nothing moves, so that a row and its entries are of the same moment."""
        with self._office.database.read() as session:
            if not self._office.database.is_sqlite:
                session.connection(execution_options={'isolation_level': 'REPEATABLE READ'})
            yield session

    def add_checkpoint(self, actor: Actor, path: Path) -> None:
        """Write how far the trail has come as one more line of the file, which the office keeps elsewhere.

        Raises `NotAllowed`, `InvalidInput` where the file holds something else, and `Unavailable`.
        """
        require(actor, Permission.VIEW_AUDIT)
        known = read_checkpoints(path) if path.exists() else []
        with self._office.database.read() as session:
            known.append(take_checkpoint(session, self._office.now()))
        write_bytes(path, ''.join(f'{checkpoint_line(one)}\n' for one in known).encode())
