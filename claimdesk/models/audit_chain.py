"""The chains that hold the audit trail together: each entry's hash covers the entry before it in its chain.

There are 64 chains, by case, so that desks that save at once seldom wait for each other. The head of each chain keeps
how many entries it has and the hash of the last one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import LargeBinary, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from claimdesk.models.base import Base
from claimdesk.models.types import RowId

CHAINS = 64
FORMAT = 'audit-chain-1'
HASHED = ('chain', 'position', 'at', 'actor_id', 'actor_name', 'action', 'kind', 'row_id', 'case_id', 'verb', 'changes')
"""What the hash of an entry covers, besides the hash before it."""
as_text = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(',', ':')).encode
"""How a value is written before it is hashed."""


class AuditHead(Base):
    """The end of a chain: how many entries it has, and the hash of the last one."""

    __tablename__ = 'audit_head'

    chain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entries: Mapped[int] = mapped_column(RowId)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


@dataclass(frozen=True, slots=True)
class Head:
    """A chain as far as it has come."""

    entries: int
    hash: bytes


def chain_of(case_id: int | None, row_id: int) -> int:
    """The chain that an entry belongs to: its case's, or without a case its row's."""
    return (row_id if case_id is None else case_id) % CHAINS


def beginning(chain: int) -> Head:
    """The head of a chain without any entry."""
    return Head(0, hashlib.sha256(f'{FORMAT}:{chain}'.encode()).digest())


def hash_of(entry: Mapping[str, Any], before: bytes) -> bytes:
    """The hash of an entry that follows one with the hash `before`; documented in docs/formats.md."""
    return _hash(entry, as_text(entry['changes']), before)


def _hash(entry: Mapping[str, Any], changes: str, before: bytes) -> bytes:
    # Written out, because this is done once for each of a hundred thousand entries.
    actor_id, case_id = entry['actor_id'], entry['case_id']
    text = (
        f'{{"action":{as_text(entry["action"])},"actor_id":{"null" if actor_id is None else actor_id},'
        f'"actor_name":{as_text(entry["actor_name"])},"at":"{_moment(entry["at"])}",'
        f'"case_id":{"null" if case_id is None else case_id},"chain":{entry["chain"]},"changes":{changes},'
        f'"kind":{as_text(entry["kind"])},"position":{entry["position"]},"row_id":{entry["row_id"]},'
        f'"verb":{as_text(entry["verb"])}}}'
    )
    return hashlib.sha256(before + text.encode('utf-8', 'surrogatepass')).digest()


@lru_cache(maxsize=256)
def _moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec='microseconds')


class Links:
    """Gives entries their places in the chains, from the heads on."""

    def __init__(self, heads: Mapping[int, Head]) -> None:
        self.heads = dict(heads)

    def link(self, entry: dict[str, Any], changes: str) -> dict[str, Any]:
        """`entry` with its chain, its position there, and its hash; `changes` are those of the entry, `as_text`."""
        chain = chain_of(entry['case_id'], entry['row_id'])
        head = self.heads.get(chain) or beginning(chain)
        linked = {**entry, 'chain': chain, 'position': head.entries + 1}
        linked['hash'] = _hash(linked, changes, head.hash)
        self.heads[chain] = Head(head.entries + 1, linked['hash'])
        return linked


_HEADS: Any = AuditHead.__table__
_LOCK = (
    select(_HEADS.c.chain, _HEADS.c.entries, _HEADS.c.hash)
    .where(_HEADS.c.chain.in_(bindparam('chains', expanding=True)))
    .order_by(_HEADS.c.chain)
    .with_for_update()
)
_MOVE_ON = (
    update(_HEADS)
    .where(_HEADS.c.chain == bindparam('of_chain'))
    .values(entries=bindparam('now_entries'), hash=bindparam('now_hash'))
)


def linked_in(session: Session, entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lock the heads of the chains that `entries` go into, move them on, and return the linked entries.

    The heads are locked in one order and nothing is locked after them, so that no two desks wait for each other.
    """
    waiting = list(entries)
    chains = sorted({chain_of(entry['case_id'], entry['row_id']) for entry in waiting})
    found = session.connection().execute(_LOCK, {'chains': chains})
    links = Links({chain: Head(entries, known) for chain, entries, known in found})
    linked = []
    for entry in waiting:
        changes = json.loads(json.dumps(entry['changes']))  # as the database will give them back
        linked.append(links.link({**entry, 'changes': changes}, as_text(changes)))
    keep_heads(session, links.heads)
    return linked


def keep_heads(session: Session, heads: Mapping[int, Head]) -> None:
    """Write how far the chains have come."""
    rows = [
        {'of_chain': chain, 'now_entries': head.entries, 'now_hash': head.hash} for chain, head in heads.items()
    ]
    if rows:
        session.connection().execute(_MOVE_ON, rows)
