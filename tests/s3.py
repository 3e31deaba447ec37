"""A real S3 server for tests (rclone over a folder), and a bad line to it that breaks, trickles or stays silent."""

from __future__ import annotations

import shutil
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

KEY, SECRET, BUCKET = 'desk', 'a secret of the office', 'claims'


class S3Server:
    """The server of one test; its buckets are the folders in `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        (root / BUCKET).mkdir(parents=True)

    @property
    def endpoint(self) -> str:
        """Its address."""
        return f'http://127.0.0.1:{self.port}'

    @property
    def bucket(self) -> Path:
        """The folder of the bucket."""
        return self.root / BUCKET

    def start(self) -> None:
        """Start it and wait until it answers."""
        program = shutil.which('rclone', path=str(Path(sys.executable).parent)) or shutil.which('rclone')
        if program is None:
            pytest.skip('rclone is not installed')
        self._process = subprocess.Popen(
            [program, 'serve', 's3', str(self.root), '--addr', f'127.0.0.1:{self.port}', '--auth-key',
             f'{KEY},{SECRET}', '--config', '', '--vfs-cache-mode', 'off', '--dir-cache-time', '0', '--quiet'],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + 20
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(('127.0.0.1', self.port), 0.2):
                return
            time.sleep(0.03)
        raise RuntimeError('the S3 server does not start')

    def stop(self) -> None:
        """End it, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None


@contextmanager
def s3_server(root: Path) -> Iterator[S3Server]:
    """A server with one empty bucket, running; a desk asks it again at once after it was gone."""
    server = S3Server(root)
    server.start()
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr('claimdesk.s3.store.DOWN_SECONDS', 0.0)
            yield server
    finally:
        server.stop()


class BadLine:
    """A line to `port` that does what `mode` says of each connection:

    'pass'; 'cut' (breaks off after `bytes` of the answer); 'trickle' (a few bytes at a time); 'silent'; 'busy' (the
    server says that it is overloaded); 'page' (a web page answers). `times` connections only, then it passes.
    """

    def __init__(self, port: int) -> None:
        self.mode, self.bytes, self.times, self.connections = 'pass', 0, 1_000_000, 0
        self.done = threading.Event()
        line = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                line.connections += 1
                mode = line.mode if line.times > 0 else 'pass'
                line.times -= 1
                with suppress(OSError):
                    line._serve(self.request, port, mode)

        self._server = socketserver.ThreadingTCPServer(('127.0.0.1', 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = True
        self.endpoint = f'http://127.0.0.1:{self._server.server_address[1]}'
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def close(self) -> None:
        """Hang up."""
        self.done.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _serve(self, client: socket.socket, port: int, mode: str) -> None:
        if mode == 'silent':
            self.done.wait(20)
            return
        if mode in ('busy', 'page'):
            _drain(client)
            body = b'<Error><Code>SlowDown</Code></Error>' if mode == 'busy' else b'<html><body>Welcome</body></html>'
            status = b'503 Slow Down' if mode == 'busy' else b'200 OK'
            client.sendall(
                b'HTTP/1.1 %b\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b' % (status, len(body), body)
            )
            return
        with socket.create_connection(('127.0.0.1', port)) as server:
            there = threading.Thread(target=_copy, args=(client, server))
            there.start()
            self._answer(server, client, mode)
            for end in (client, server):
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
            there.join()

    def _answer(self, server: socket.socket, client: socket.socket, mode: str) -> None:
        sent = 0
        with suppress(OSError):
            while not self.done.is_set() and (piece := server.recv(65536 if mode != 'trickle' else 24)):
                if mode == 'cut' and sent + len(piece) >= self.bytes:
                    client.sendall(piece[: self.bytes - sent])
                    return
                client.sendall(piece)
                sent += len(piece)
                if mode == 'trickle':
                    self.done.wait(0.05)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def _drain(client: socket.socket) -> None:
    client.settimeout(0.1)
    with suppress(OSError):
        while client.recv(65536):
            pass


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return int(probe.getsockname()[1])
