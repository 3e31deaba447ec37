"""Offices of many cases for the benchmarks, made by `claimdesk office generate` and kept between runs.

An office that was made for an older schema is upgraded, not made again; a note beside it remembers for which it is.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from claimdesk.models import schema
from tests.postgres import Server, make

DATABASE = 'office'


class Offices:
    """An office of `cases` cases on SQLite and one on a PostgreSQL server of its own, each made when first wanted."""

    def __init__(self, cases: int) -> None:
        self.cases = cases
        self._folder = Path(tempfile.gettempdir()) / 'claimdesk-benchmarks'
        self._folder.mkdir(mode=0o755, exist_ok=True)
        self._server: Server | None = None
        self._path: Path | None = None

    @property
    def path(self) -> Path:
        """The file of the office on SQLite."""
        if self._path is None:
            self._path = self._made()
        return self._path

    @property
    def peer(self) -> Path:
        """A copy of it, for the peer that brings a SQLite library of its own and reads no table but that of cases."""
        copy = self._folder / f'peer-{self.cases}.db'
        if not copy.exists():
            # In another process: to open and close the file here would drop the locks of whoever has it open.
            code = 'import shutil, sys; shutil.copyfile(sys.argv[1], sys.argv[2])'
            subprocess.run([sys.executable, '-c', code, str(self.path), str(copy)], check=True)
        return copy

    @property
    def sqlite(self) -> str:
        """The address of the office on SQLite."""
        return f'sqlite:///{self.path}'

    @property
    def postgres(self) -> str:
        """The address of the office on the server, which is started."""
        if self._server is None:
            self._server = self._started()
        return self._server.url(DATABASE)

    def close(self) -> None:
        """Stop the server; its data stays."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def _made(self) -> Path:
        path = self._folder / f'office-{self.cases}.db'
        note = path.with_suffix('.json')
        if not path.exists():
            half = path.with_suffix('.half')
            for left in self._folder.glob(f'{half.name}*'):
                left.unlink()
            self._generate(f'sqlite:///{half}')
            half.rename(path)
            _write(note)
        elif _read(note).get('head') != schema.head():
            _upgrade(f'sqlite:///{path}')
            _write(note)
        return path

    def _started(self) -> Server:
        folder = self._folder / f'server-{self.cases}'
        note = folder.with_suffix('.json')
        kept = _read(note)
        if kept:
            server = Server(folder, kept['port'])
            with suppress(subprocess.CalledProcessError):
                server.stop()
            server.start()
        else:
            folder.mkdir(mode=0o755)
            server = make(folder)
        url = server.url(DATABASE)
        try:
            if not kept:
                server.create(DATABASE)
                self._generate(url)
            elif kept.get('head') != schema.head():
                _upgrade(url)
            if kept.get('head') != schema.head():
                _settle(url)
                _write(note, port=server.port)
        except BaseException:
            server.stop()
            raise
        return server

    def _generate(self, url: str) -> None:
        _claimdesk(url, 'office', 'generate', '--cases', str(self.cases))


def _upgrade(url: str) -> None:
    _claimdesk(url, 'db', 'upgrade')


def _claimdesk(url: str, *arguments: str) -> None:
    subprocess.run([sys.executable, '-m', 'claimdesk', '--database', url, *arguments], check=True, stdout=sys.stderr)


def _read(note: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(note.read_text()) if note.exists() else {}
    return found


def _write(note: Path, **more: int) -> None:
    note.write_text(json.dumps({'head': schema.head(), **more}))


def _settle(url: str) -> None:
    import psycopg

    # What a server does by itself within minutes: count what is there, and write it to the disk.
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute('VACUUM ANALYZE')
        connection.execute('CHECKPOINT')
