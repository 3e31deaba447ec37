"""Whether every file of the office is where it was kept, is still what was kept, and still belongs to a document.

What was never recorded is swept away only when somebody asks for it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claimdesk.errors import NotFound
from claimdesk.language import _, ngettext
from claimdesk.models import Case, Document, DocumentPage, StoredFile
from claimdesk.progress import Progress, quiet
from claimdesk.rules.permissions import Permission
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.files import Damaged, Lying
from claimdesk.services.findings import Finding, Health

BITE = 200
"""How many files are looked up in one read, so that no read of the database lasts."""
ORPHAN_AGE = dt.timedelta(days=1)
"""What is younger may be on its way into a document: nobody keeps a file for so long before recording it."""
_OURS = re.compile(r'\.?[0-9a-f]{64}(\..*\.part)?')
"""How a kept file, or a part of one, is called; what is called otherwise came from elsewhere and is left alone."""


@dataclass(frozen=True, slots=True)
class _Kept:
    sha256: str
    name: str


class FilesCheck:
    """Comparing what the database says of files with what the store holds. Only `sweep` changes anything."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def check(self, actor: Actor, progress: Progress = quiet) -> list[Finding]:
        """What is missing, changed, orphaned or left over, one finding each; one that all is well where nothing is.

        Raises `NotAllowed`, `Cancelled`, and `Unavailable` where the store does not answer.
        """
        require(actor, Permission.VIEW_AUDIT)
        with self._office.database.read() as session:
            lying = self._old(self._office.files.lying(session))
            total = session.scalar(select(func.count()).select_from(StoredFile)) or 0
        found, done = [], 0
        for bite in self._bites():
            for kept in bite:
                progress(done, total, _("Checking files"))
                found += self._bytes_of(kept)
                done += 1
            found += self._orphans(bite)
        progress(done, done, _("Checking files"))
        found += self._left_over(lying)
        if not any(one.health is Health.BROKEN for one in found):
            sentence = ngettext("{n} file is as it was kept.", "{n} files are as they were kept.", done)
            found.insert(0, Finding('file', _("Files"), Health.GOOD, sentence.format(n=f'{done:,}')))
        return found

    def _bites(self) -> Iterator[list[_Kept]]:
        last = ''
        while True:
            with self._office.database.read() as session:
                rows = session.execute(
                    select(StoredFile.sha256, StoredFile.name)
                    .where(StoredFile.sha256 > last)
                    .order_by(StoredFile.sha256)
                    .limit(BITE)
                )
                bite = [_Kept(*row) for row in rows]
            if not bite:
                return
            yield bite
            last = bite[-1].sha256

    def _bytes_of(self, kept: _Kept) -> list[Finding]:
        """Nothing where the store gives the bytes as they were kept, else what is wrong, for each case that needs them.

        Damage to a file that no document uses is told once, without a case.
        """
        with self._office.database.read() as session:
            try:
                self._office.files.get(session, kept.sha256)
            except (NotFound, Damaged) as error:
                sentence, subject = error.sentence, kept.name or kept.sha256[:12]
                return [
                    Finding('file', f'{number} · {subject}' if number else subject, Health.BROKEN, sentence, case_id)
                    for case_id, number in _cases_with(session, kept.sha256) or [(None, '')]
                ]
        return []

    def _orphans(self, bite: list[_Kept]) -> list[Finding]:
        with self._office.database.read() as session:
            used = set(
                session.scalars(
                    select(DocumentPage.sha256).where(DocumentPage.sha256.in_([one.sha256 for one in bite])).distinct()
                )
            )
        sentence = _("No document shows this file: a copy stands in for it, or its pages were taken out.")
        return [
            Finding('orphan', one.name or one.sha256[:12], Health.NOTE, sentence)
            for one in bite
            if one.sha256 not in used
        ]

    def sweep(self, actor: Actor, progress: Progress = quiet) -> int:
        """Take out of the store what was never recorded and has lain there for a day; how many files that were.

        Raises `NotAllowed`, `Cancelled`, `Unavailable`.
        """
        require(actor, Permission.MANAGE_OFFICE)
        with self._office.database.read() as session:
            lying = self._old(self._office.files.lying(session))
        names = [name for name in self._never_recorded(lying) if _OURS.fullmatch(name)]
        swept = 0
        for done, name in enumerate(names):
            progress(done, len(names), _("Removing what was never recorded"))
            with self._office.database.read() as session:
                if session.get(StoredFile, name) is None:
                    self._office.files.remove(session, name, before=self._office.now() - ORPHAN_AGE)
                    swept += 1
        progress(len(names), len(names), _("Removing what was never recorded"))
        return swept

    def _old(self, lying: Iterator[Lying]) -> list[str]:
        """The names of what has lain there for a day, or came with its record."""
        before = self._office.now() - ORPHAN_AGE
        return sorted({one.name for one in lying if one.since is None or one.since < before})

    def _never_recorded(self, names: list[str]) -> list[str]:
        with self._office.database.read() as session:
            known: set[str] = set()
            for start in range(0, len(names), BITE):
                some = names[start : start + BITE]
                known.update(session.scalars(select(StoredFile.sha256).where(StoredFile.sha256.in_(some))))
        return [name for name in names if name not in known]

    def _left_over(self, names: list[str]) -> list[Finding]:
        """What lay in the store at the start and is not recorded even now: left by a program that was stopped."""
        sentence = _("This lies in the store, but was never recorded; it does no harm.")
        return [Finding('left_over', name, Health.NOTE, sentence) for name in self._never_recorded(names)]


def _cases_with(session: Session, sha256: str) -> list[tuple[int | None, str]]:
    """Id and number of each case with a document that uses the file; no case is (None, '')."""
    rows = session.execute(
        select(Case.id, Case.number)
        .select_from(DocumentPage)
        .join(Document, Document.id == DocumentPage.document_id)
        .outerjoin(Case, Case.id == Document.case_id)
        .where(DocumentPage.sha256 == sha256)
        .distinct()
        .order_by(Case.number)
    )
    return [(case_id, number or '') for case_id, number in rows]
