"""Checking the audit trail: whether every entry of a chain still follows the one before it, and against checkpoints.

A checkpoint is one line of JSON with the heads of all chains. Who keeps it elsewhere can prove later that nothing
that was written until then has been changed since, even by somebody who may do anything with the database.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput
from claimdesk.language import _, ngettext
from claimdesk.models import AuditEntry, AuditHead, Case, Office
from claimdesk.models.audit_chain import CHAINS, HASHED, Head, beginning, chain_of, hash_of
from claimdesk.progress import Progress, quiet
from claimdesk.services.context import SHANGHAI
from claimdesk.services.findings import Finding, Health

FORMAT = 'claimdesk-checkpoint-1'
MOST_PROBLEMS = 20
"""So many broken places of one chain are told; the rest follow from them."""
PORTION = 5_000
_COLUMNS = tuple(getattr(AuditEntry, name) for name in ('id', 'hash', *HASHED))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far the chains of an office had come at a time."""

    office: str
    at: dt.datetime
    heads: tuple[Head, ...]


def check_trail(session: Session, case: Case) -> list[Finding]:
    """The finding on the chain that holds the entries of `case`."""
    chain = chain_of(case.id, case.id)
    own = session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.case_id == case.id)) or 0
    subject = _("Audit trail, chain {n}").format(n=chain)
    problems, entries = check_chain(session, chain)
    if problems:
        return problems
    sentence = ngettext(
        "{n} entry follows on from the first to the last, {own} of this case.",
        "{n} entries follow on from the first to the last, {own} of this case.",
        entries,
    ).format(n=f'{entries:,}', own=f'{own:,}')
    return [Finding('audit', subject, Health.GOOD, sentence)]


def check_all(session: Session, checkpoints: Sequence[Checkpoint] = (), progress: Progress = quiet) -> list[Finding]:
    """The findings on every chain, and on each checkpoint. One sentence tells all the chains that are in order."""
    findings: list[Finding] = []
    total = 0
    for chain in range(CHAINS):
        progress(chain, CHAINS, _("Checking the audit trail"))
        problems, entries = check_chain(session, chain)
        total += entries
        findings += problems
    strange = session.scalars(
        select(AuditEntry.id).where((AuditEntry.chain < 0) | (AuditEntry.chain >= CHAINS)).limit(MOST_PROBLEMS)
    ).all()
    findings += [
        Finding(
            'audit', _("Audit trail"), Health.BROKEN, _("Entry {id} belongs to no chain.").format(id=entry_id),
            entry_id=entry_id,
        )
        for entry_id in strange
    ]  # fmt: skip
    if not findings:
        sentence = _("{n} entries in {chains} chains follow on from the first to the last.").format(
            n=f'{total:,}', chains=CHAINS
        )
        findings.append(Finding('audit', _("Audit trail"), Health.GOOD, sentence))
    for checkpoint in checkpoints:
        findings += _against(session, checkpoint)
    return findings


def check_chain(session: Session, chain: int) -> tuple[list[Finding], int]:
    """What is wrong with a chain, and how many entries it has."""
    problems: list[Finding] = []
    subject = _("Audit trail, chain {n}").format(n=chain)
    last, last_id = beginning(chain), 0
    found = 0
    for row in _entries(session, chain):
        found += 1
        problems += [
            Finding('audit', subject, Health.BROKEN, sentence, row['case_id'], row['id'])
            for sentence in _broken(row, last, last_id)
        ]
        last, last_id = Head(row['position'], row['hash']), row['id']
        if len(problems) >= MOST_PROBLEMS:
            return problems[:MOST_PROBLEMS], found
    problems += [
        Finding('audit', subject, Health.BROKEN, sentence) for sentence in _broken_end(session, chain, last)
    ]
    return problems, found


def _entries(session: Session, chain: int) -> Iterator[Mapping[str, Any]]:
    after = None
    while True:
        query = select(*_COLUMNS).where(AuditEntry.chain == chain)
        if after is not None:
            query = query.where(AuditEntry.position > after)
        rows = session.execute(query.order_by(AuditEntry.position).limit(PORTION)).mappings().all()
        yield from map(dict, rows)
        if len(rows) < PORTION:
            return
        after = rows[-1]['position']


def _broken(row: Mapping[str, Any], last: Head, last_id: int) -> Iterator[str]:
    gap = row['position'] - last.entries - 1
    if gap > 0:
        yield ngettext(
            "{n} entry is missing before entry {id}.", "{n} entries are missing before entry {id}.", gap
        ).format(n=gap, id=row['id'])
    elif gap < 0:
        yield _("Entry {id} was put in.").format(id=row['id'])
    if row['id'] <= last_id:
        yield _("Entry {id} was moved: it stands behind entry {other}.").format(id=row['id'], other=last_id)
    if gap <= 0 and hash_of(row, last.hash) != row['hash']:
        yield _("Entry {id} ({who}, {at}) is not what was written.").format(
            id=row['id'], who=row['actor_name'] or 'ClaimDesk', at=_local(row['at'])
        )


def _broken_end(session: Session, chain: int, last: Head) -> Iterator[str]:
    kept = session.execute(select(AuditHead.entries, AuditHead.hash).where(AuditHead.chain == chain)).first()
    if kept is None:
        yield _("The head of the chain is missing.")
    elif kept.entries > last.entries:
        cut = kept.entries - last.entries
        yield ngettext("The last entry is missing.", "The last {n} entries are missing.", cut).format(n=cut)
    elif kept.entries < last.entries:
        yield _("More entries follow than the head of the chain has counted.")
    elif kept.hash != last.hash:
        yield _("The last entry is not the one that the head of the chain knows.")


def take_checkpoint(session: Session, at: dt.datetime) -> Checkpoint:
    """How far the chains have come now."""
    heads = {row.chain: Head(row.entries, row.hash) for row in session.scalars(select(AuditHead))}
    code = session.scalar(select(Office.code).order_by(Office.id).limit(1)) or ''
    return Checkpoint(code, at, tuple(heads.get(chain, beginning(chain)) for chain in range(CHAINS)))


def checkpoint_line(checkpoint: Checkpoint) -> str:
    """The checkpoint as one line of JSON, without the line's end; documented in docs/formats.md."""
    content: dict[str, Any] = {
        'format': FORMAT,
        'office': checkpoint.office,
        'at': checkpoint.at.astimezone(dt.UTC).isoformat(timespec='seconds'),
        'chains': [[head.entries, head.hash.hex()] for head in checkpoint.heads],
    }
    return json.dumps({**content, 'sha256': _digest(content)}, ensure_ascii=False)


def read_checkpoints(path: Path) -> list[Checkpoint]:
    """The checkpoints in a file, one a line. Raises `InvalidInput` for a file that is none, or a damaged line."""
    found = []
    try:
        lines = path.read_text(encoding='utf-8').splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(_("The file {name} cannot be read.").format(name=path.name)) from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            content = json.loads(line)
            digest = content.pop('sha256')
            heads = tuple(Head(int(entries), bytes.fromhex(known)) for entries, known in content['chains'])
            fits = content['format'] == FORMAT and len(heads) == CHAINS and digest == _digest(content)
            checkpoint = Checkpoint(str(content['office']), dt.datetime.fromisoformat(content['at']), heads)
        except (ValueError, KeyError, TypeError, AttributeError):
            fits = False
        if not fits:
            raise InvalidInput(
                _("Line {n} of {name} is no checkpoint, or was damaged.").format(n=number, name=path.name),
                _("Take the copy that was kept elsewhere."),
            )
        found.append(checkpoint)
    return found


def _against(session: Session, checkpoint: Checkpoint) -> list[Finding]:
    subject = _("Checkpoint of {at}").format(at=_local(checkpoint.at))
    code = session.scalar(select(Office.code).order_by(Office.id).limit(1)) or ''
    if code != checkpoint.office:
        sentence = _("It is of another office ({code}).").format(code=checkpoint.office)
        return [Finding('audit', subject, Health.BROKEN, sentence)]
    broken = []
    for chain, head in enumerate(checkpoint.heads):
        if not head.entries:
            continue
        found = session.scalar(
            select(AuditEntry.hash).where(AuditEntry.chain == chain, AuditEntry.position == head.entries)
        )
        if found is None:
            broken.append(_("Chain {n} is shorter than it was: its end was cut off.").format(n=chain))
        elif found != head.hash:
            broken.append(_("Chain {n} was written anew: it had another entry here.").format(n=chain))
    if broken:
        return [Finding('audit', subject, Health.BROKEN, sentence) for sentence in broken]
    total = sum(head.entries for head in checkpoint.heads)
    sentence = _("All {n} entries that there were then are still there.").format(n=f'{total:,}')
    return [Finding('audit', subject, Health.GOOD, sentence)]


def _digest(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(',', ':'))
    return hashlib.sha256(text.encode()).hexdigest()


def _local(at: dt.datetime) -> str:
    return at.astimezone(SHANGHAI).strftime('%Y-%m-%d %H:%M:%S')
