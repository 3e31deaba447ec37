"""A PostgreSQL server of the test run's own: made, started, shared by the workers and stopped again."""

from __future__ import annotations

import fcntl
import json
import os
import pwd
import shutil
import socket
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

OWNER = 'claimdesk'
STRATEGIES = 150_000
"""From this version on a database can be copied in more than one way."""
# Speed before safety: this data lives as long as the test run.
OPTIONS = {
    'fsync': 'off',
    'synchronous_commit': 'off',
    'full_page_writes': 'off',
    'wal_level': 'minimal',
    'max_wal_senders': '0',
    'autovacuum': 'off',
    'shared_buffers': '64MB',
    'max_connections': '100',
    'listen_addresses': '127.0.0.1',
}
ACCESS = f"""\
host all {OWNER} 127.0.0.1/32 trust
host all all 127.0.0.1/32 scram-sha-256
"""


@dataclass(frozen=True)
class Server:
    """A running server; `folder` holds its data and its log, 127.0.0.1:`port` is where it listens."""

    folder: Path
    port: int

    def url(self, name: str) -> str:
        """The address of database `name` for its owner, who needs no password."""
        return f'postgresql://{OWNER}@127.0.0.1:{self.port}/{name}'

    def create(self, name: str, template: str = 'template0') -> None:
        """Make database `name` as a copy of `template`, to which nobody may be connected."""
        with closing(psycopg.connect(self.url('postgres'), autocommit=True)) as connection:
            # To copy its files takes half the time of writing its pages to the log.
            way = sql.SQL(' STRATEGY FILE_COPY' if connection.info.server_version >= STRATEGIES else '')
            names = (sql.Identifier(name), sql.Identifier(template))
            connection.execute(sql.SQL('CREATE DATABASE {} TEMPLATE {}{}').format(*names, way))

    def drop(self, name: str) -> None:
        """Remove database `name` and end whoever is still connected."""
        with closing(psycopg.connect(self.url('postgres'), autocommit=True)) as connection:
            connection.execute(sql.SQL('DROP DATABASE {} WITH (FORCE)').format(sql.Identifier(name)))

    def stop(self) -> None:
        """Stop the server as a power cut would: at once, connections and all."""
        _run(self.folder, 'pg_ctl', 'stop', '-D', self.folder / 'data', '-m', 'immediate', '-w')

    def start(self) -> None:
        """Start it (again) on the same port and wait until it answers."""
        options = {**OPTIONS, 'port': str(self.port), 'unix_socket_directories': str(self.folder)}
        line = ' '.join(f'-c {name}={value}' for name, value in options.items())
        log = self.folder / 'server.log'
        try:
            _run(self.folder, 'pg_ctl', 'start', '-D', self.folder / 'data', '-l', log, '-w', '-o', line)
        except subprocess.CalledProcessError as error:
            raise RuntimeError(f'PostgreSQL did not start:\n{error.stdout}\n{log.read_text()}') from error


def make(folder: Path) -> Server:
    """A new server with its data in the empty `folder`, started. Raises `RuntimeError` when PostgreSQL is missing."""
    if os.geteuid() == 0:
        shutil.chown(folder, *_unprivileged())
    initdb = ('--username', OWNER, '--encoding', 'UTF8', '--locale', 'C.UTF-8', '--auth', 'trust', '--no-sync')
    _run(folder, 'initdb', *initdb, '-D', folder / 'data')
    access = folder / 'data' / 'pg_hba.conf'
    access.write_text(ACCESS)
    server = Server(folder, _free_port())
    server.start()
    return server


def start_or_join(folder: Path) -> Server:
    """The server of `folder`; the first of the workers that asks starts it."""
    note = folder / 'server.json'
    with (folder.parent / f'{folder.name}.lock').open('w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if note.is_file():
            return Server(folder, json.loads(note.read_text())['port'])
        server = make(folder)
        note.write_text(json.dumps({'port': server.port}))
        return server


def stop_if_started(folder: Path) -> None:
    """End the server of `folder`, if any test asked for one, and remove what it kept."""
    note = folder / 'server.json'
    if note.is_file():
        Server(folder, json.loads(note.read_text())['port']).stop()
    shutil.rmtree(folder, ignore_errors=True)
    (folder.parent / f'{folder.name}.lock').unlink(missing_ok=True)


def _run(folder: Path, program: str, *arguments: str | Path) -> None:
    identity: dict[str, Any] = {}
    if os.geteuid() == 0:
        user, group = _unprivileged()
        identity = {'user': user, 'group': group, 'extra_groups': []}
    with (folder / 'commands.log').open('a') as log:
        subprocess.run(
            [_program(program), *arguments], check=True, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            **identity,
        )


def _unprivileged() -> tuple[int, int]:
    """Whom to be, because PostgreSQL refuses to run as root."""
    for name in ('postgres', 'nobody'):
        try:
            person = pwd.getpwnam(name)
        except KeyError:
            continue
        return person.pw_uid, person.pw_gid
    raise RuntimeError("PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody'.")


def _program(name: str) -> Path:
    places = sorted(Path('/usr/lib/postgresql').glob('*/bin'), key=lambda place: int(place.parent.name), reverse=True)
    found = next((place / name for place in places if (place / name).is_file()), None) or shutil.which(name)
    if not found:
        raise RuntimeError("PostgreSQL is not installed; `make test` installs it (Debian: apt install postgresql).")
    return Path(found)


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(('127.0.0.1', 0))
        port: int = probe.getsockname()[1]
        return port
