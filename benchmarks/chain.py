"""What the chains of the audit trail cost: saves a second with them and without, on both databases."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.measured import Measured, beside
from benchmarks.run import Run
from claimdesk.models import Case, Database, audit_chain
from claimdesk.models.audit_chain import chain_of
from claimdesk.models.schema import upgrade
from tests.models.rows import a_case
from tests.postgres import make

WRITERS = 8
CASES = 64
SECONDS = 4.0
NO_HASH = b'\0' * 32
NUMBERS = count(1)


def saves_a_second(url: str, writers: int, seconds: float) -> float:
    """How many saves of one case each `writers` desks get through."""
    setup = Database(url)
    with setup.read() as session:
        ids = list(session.scalars(select(Case.id).order_by(Case.id)))
    setup.close()
    counts = [0] * writers
    begin = threading.Barrier(writers)
    until = [0.0]

    def desk(number: int) -> None:
        mine = Database(url)
        own = ids[number::writers]
        begin.wait()
        until[0] = until[0] or time.perf_counter() + seconds
        while time.perf_counter() < until[0]:
            with mine.write('saved', number, 'desk') as session:
                session.get_one(Case, own[counts[number] % len(own)]).place = f'{number} {counts[number]}'
            counts[number] += 1
        mine.close()

    threads = [threading.Thread(target=desk, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def unchained(session: Session, entries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries as they would be written without chains: each a row like any other."""
    return [
        {**one, 'chain': chain_of(one['case_id'], one['row_id']), 'position': -next(NUMBERS), 'hash': NO_HASH}
        for one in entries
    ]


@contextmanager
def linked_by(link: Callable[..., list[dict[str, Any]]]) -> Iterator[None]:
    """Let the flush hook link entries in another way meanwhile."""
    before, audit_chain.linked_in = audit_chain.linked_in, link
    try:
        yield
    finally:
        audit_chain.linked_in = before


def _filled(url: str) -> None:
    database = Database(url)
    upgrade(database)
    with database.write('began') as session:
        session.add_all([a_case(session) for _number in range(CASES)])
    database.close()


def _measured(name: str, url: str, writers: int, seconds: float, rounds: int) -> Measured:
    _filled(url)
    with_chain, without = [], []
    for _round in range(rounds):
        with linked_by(unchained):
            without.append(saves_a_second(url, writers, seconds))
        with_chain.append(saves_a_second(url, writers, seconds))
    # The cost as time per save, so that less is better as everywhere.
    ours, bare = 1000 / max(with_chain), 1000 / max(without)
    words = f'chain: a save with its chain, {writers} desks, {name}'
    return beside(words, ours, 'ms', 'without chains', bare, 1.4, rounds)


def suite(run: Run) -> Iterator[Measured]:
    """One desk and several on each database."""
    seconds, rounds = (1.0, 1) if run.quick else (SECONDS, 3)
    folder = Path(tempfile.mkdtemp(prefix='claimdesk-chain-'))
    server = make(Path(tempfile.mkdtemp(prefix='claimdesk-server-')))
    try:
        for writers in (1, WRITERS):
            yield _measured('SQLite', f'sqlite:///{folder / f"{writers}.db"}', writers, seconds, rounds)
            name = f'chain{writers}'
            server.create(name)
            yield _measured('PostgreSQL', server.url(name), writers, seconds, rounds)
    finally:
        server.stop()
        shutil.rmtree(server.folder)
        shutil.rmtree(folder)


