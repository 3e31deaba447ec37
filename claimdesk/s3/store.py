"""Putting, getting, listing and deleting the objects of a bucket.

Every request may be sent again without harm, so what fails on the way is tried again a few times, within a time limit;
what then still fails is an `Unavailable` that says who refused and what to do. Nothing is ever half there: the server
checks the digest of each request, and a large object appears when its last part has come.
"""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from claimdesk.errors import Unavailable
from claimdesk.s3 import words
from claimdesk.s3.bucket import Bucket, query_text, signed

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager

CONNECT_SECONDS, SILENT_SECONDS = 2.5, 15.0
LEAST_SPEED = 20_000
"""Bytes a second; an answer that comes more slowly is given up."""
TRIES = 3
GIVE_UP_SECONDS = 12.0
"""No further try begins later than that after the first: a handler waits."""
WAIT_SECONDS = 0.4
LISTED = 1000
DOWN_SECONDS = 3.0
"""So long after a store did not answer nobody else waits for it: thirty pictures of a pile would."""
PART_BYTES = 8 * 1024 * 1024
MOST_BYTES = 2 * 1024**3
"""No document is larger; a store that sends more is not ours."""
_PASSING = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Entry:
    """An object in the list of a bucket."""

    name: str
    size: int
    since: dt.datetime


class ObjectStore:
    """The objects of one bucket; may be used from several threads. Every method raises `Unavailable`."""

    def __init__(self, bucket: Bucket, pause: Callable[[float], object] = time.sleep) -> None:
        self.bucket = bucket
        self._pause = pause
        self._pool: PoolManager | None = None
        self._down_until = 0.0

    def put(self, name: str, content: bytes) -> None:
        """Keep `content` under `name`, whole or not at all; what was there before is replaced."""
        if len(content) > PART_BYTES:
            self._put_parts(name, content)
        else:
            self._ask('PUT', name, body=content)

    def get(self, name: str) -> bytes | None:
        """The object, or None where there is none."""
        answer = self._ask('GET', name, may_miss=True)
        return None if answer is None else answer.body

    def mark(self, name: str) -> tuple[str, dt.datetime] | None:
        """The store's mark of the content (see `is_mark_of`) and since when it is there; None where it is not."""
        answer = self._ask('HEAD', name, may_miss=True)
        if answer is None:
            return None
        return answer.headers.get('etag', '').strip('"'), words.http_date(answer.headers.get('last-modified', ''))

    def delete(self, name: str) -> None:
        """Take an object out; one that is not there is out already."""
        self._ask('DELETE', name, may_miss=True)

    def names(self, prefix: str = '') -> Iterator[Entry]:
        """Every object whose name begins with `prefix`, by name."""
        more: dict[str, str] = {}
        while True:
            answer = self._ask('GET', '', {'list-type': '2', 'max-keys': str(LISTED), 'prefix': prefix, **more})
            entries, token = words.listed(answer.body if answer is not None else b'', self.bucket)
            for name, size, since in entries:
                yield Entry(name, size, since)
            if not token:
                return
            more = {'continuation-token': token}

    def close(self) -> None:
        """Give the connections back."""
        if self._pool is not None:
            self._pool.clear()

    def _put_parts(self, name: str, content: bytes) -> None:
        begun = self._ask('POST', name, {'uploads': ''})
        upload = words.text_of(begun.body if begun is not None else b'', 'UploadId', self.bucket)
        try:
            marks = []
            for number, part in enumerate(_parts(content), 1):
                came = self._ask('PUT', name, {'partNumber': str(number), 'uploadId': upload}, part)
                marks.append(came.headers.get('etag', '') if came is not None else '')
            ended = self._ask('POST', name, {'uploadId': upload}, words.completed(marks))
            if ended is not None and b'<Error' in ended.body:
                raise words.refused(200, ended.body, ended.headers, self.bucket)
        except BaseException:
            # If this fails too, nobody ever sees the unfinished upload; the store's own rule removes it.
            with contextlib.suppress(Unavailable):
                self._ask('DELETE', name, {'uploadId': upload}, may_miss=True, tries=1)
            raise

    def _ask(
        self,
        method: str,
        name: str,
        query: Mapping[str, str] | None = None,
        body: bytes = b'',
        *,
        may_miss: bool = False,
        tries: int = TRIES,
    ) -> _Answer | None:
        """What the store answered; None for a missing object where it `may_miss`. Raises `Unavailable`."""
        if time.monotonic() < self._down_until:
            raise words.silent(self.bucket)
        until = time.monotonic() + GIVE_UP_SECONDS
        for attempt in range(1, tries + 1):
            last = attempt == tries
            try:
                answer = self._send(method, name, query or {}, body)
            except Unavailable as error:
                if not isinstance(error, words.Passing):
                    raise
                if last or time.monotonic() > until:
                    self._down_until = time.monotonic() + DOWN_SECONDS
                    raise
            else:
                if answer.status < 300:
                    return answer
                if may_miss and answer.status == 404 and not words.no_bucket(answer.body):
                    return None
                if answer.status not in _PASSING or last or time.monotonic() > until:
                    raise words.refused(answer.status, answer.body, answer.headers, self.bucket)
            self._pause(WAIT_SECONDS * 3 ** (attempt - 1))
        raise words.silent(self.bucket)

    def _send(self, method: str, name: str, query: Mapping[str, str], body: bytes) -> _Answer:
        from urllib3.exceptions import HTTPError

        scheme, host, path = self.bucket.place(name)
        headers = {'content-length': str(len(body))} if body or method in ('PUT', 'POST') else {}
        if body:
            headers['content-md5'] = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
        headers = signed(self.bucket, method, host, path, query, body, headers, dt.datetime.now(dt.UTC))
        address = f'{scheme}://{host}{path or "/"}' + (f'?{query_text(query)}' if query else '')
        try:
            response = self._connections().request(
                method, address, body=body or None, headers=headers, redirect=False, retries=False,
                preload_content=False, decode_content=False,
            )  # fmt: skip
            try:
                content = b'' if method == 'HEAD' else _body(response)
            except BaseException:
                response.close()  # what is left of the answer must not meet the next request
                raise
            response.release_conn()
        except (HTTPError, TimeoutError, OSError, ValueError) as error:
            raise words.unreachable(error, self.bucket) from error
        return _Answer(response.status, content, {key.lower(): value for key, value in response.headers.items()})

    def _connections(self) -> PoolManager:
        if self._pool is None:
            from urllib3 import PoolManager, Timeout

            self._pool = PoolManager(maxsize=4, timeout=Timeout(connect=CONNECT_SECONDS, read=SILENT_SECONDS))
        return self._pool


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes
    headers: Mapping[str, str]


def is_mark_of(mark: str, content: bytes) -> bool:
    """Whether `mark` tells that the object is `content`, as `ObjectStore.put` brought it.

    False does not tell that it is another one: a store that encrypts with keys of its own has marks of its own.
    """
    if mark == hashlib.md5(content, usedforsecurity=False).hexdigest():
        return True
    parts = [hashlib.md5(part, usedforsecurity=False).digest() for part in _parts(content)]
    return mark == f'{hashlib.md5(b"".join(parts), usedforsecurity=False).hexdigest()}-{len(parts)}'


def _parts(content: bytes) -> Iterator[bytes]:
    return (content[start : start + PART_BYTES] for start in range(0, len(content), PART_BYTES))


def _body(response: BaseHTTPResponse) -> bytes:
    """The whole body. Raises `TimeoutError` where it trickles, `ValueError` where it is larger than any document."""
    length = int(response.headers.get('content-length') or 0)
    until = time.monotonic() + SILENT_SECONDS + length / LEAST_SPEED
    pieces, came = [], 0
    while piece := response.read1(1 << 18):
        pieces.append(piece)
        came += len(piece)
        if came > MOST_BYTES:
            raise ValueError(came)
        if time.monotonic() > until:
            raise TimeoutError
    return b''.join(pieces)
