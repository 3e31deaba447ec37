"""Offices of many cases for the benchmarks, made by `claimdesk office generate` and kept between runs."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

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

    @property
    def path(self) -> Path:
        """The file of the office on SQLite."""
        path = self._folder / f'office-{self.cases}-{schema.head()}.db'
        if not path.exists():
            half = path.with_suffix('.half')
            for left in self._folder.glob(f'{half.name}*'):
                left.unlink()
            self._generate(f'sqlite:///{half}')
            half.rename(path)
        return path

    @property
    def peer(self) -> Path:
        """A copy of it, for the peer that brings a SQLite library of its own."""
        copy = self._folder / f'peer-{self.cases}-{schema.head()}.db'
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
            self._server = self._start()
        return self._server.url(DATABASE)

    def close(self) -> None:
        """Stop the server; its data stays."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def _start(self) -> Server:
        folder = self._folder / f'server-{self.cases}-{schema.head()}'
        note = self._folder / f'{folder.name}.json'
        if note.exists():
            server = Server(folder, json.loads(note.read_text())['port'])
            with suppress(subprocess.CalledProcessError):
                server.stop()
            server.start()
            return server
        folder.mkdir(mode=0o755)
        server = make(folder)
        try:
            server.create(DATABASE)
            self._generate(server.url(DATABASE))
            _settle(server.url(DATABASE))
        except BaseException:
            server.stop()
            raise
        note.write_text(json.dumps({'port': server.port}))
        return server

    def _generate(self, url: str) -> None:
        command = [sys.executable, '-m', 'claimdesk', '--database', url, 'office', 'generate', '--cases']
        subprocess.run([*command, str(self.cases)], check=True, stdout=sys.stderr)


def _settle(url: str) -> None:
    import psycopg

    # What a server does by itself within minutes: count what is there, and write it to the disk.
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute('VACUUM ANALYZE')
        connection.execute('CHECKPOINT')
