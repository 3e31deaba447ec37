"""Objects in a real S3 server, over a good line and a bad one; nothing is ever half there."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from claimdesk.errors import Unavailable
from claimdesk.s3 import Bucket, ObjectStore, is_mark_of, signed, words
from claimdesk.s3 import store as transport
from tests.s3 import BUCKET, KEY, SECRET, BadLine, S3Server, s3_server


@pytest.fixture(scope='module')
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with s3_server(tmp_path_factory.mktemp('s3') / 'root') as running:
        yield running


@pytest.fixture
def line(server: S3Server) -> Iterator[BadLine]:
    line = BadLine(server.port)
    yield line
    line.close()


def bucket_at(endpoint: str) -> Bucket:
    return Bucket(endpoint, BUCKET, KEY, SECRET)


@pytest.fixture
def store(server: S3Server) -> Iterator[ObjectStore]:
    store = ObjectStore(bucket_at(server.endpoint), pause=lambda _seconds: None)
    yield store
    store.close()


@pytest.fixture
def over(line: BadLine) -> Iterator[ObjectStore]:
    """The store as it is reached over the bad line."""
    store = ObjectStore(bucket_at(line.endpoint), pause=lambda _seconds: None)
    yield store
    store.close()


def test_a_request_is_signed_as_the_standard_says() -> None:
    """The example of the AWS documentation, "Signature Calculations for the Authorization Header", GET object."""
    bucket = Bucket(
        'https://s3.amazonaws.com', 'examplebucket', 'AKIAIOSFODNN7EXAMPLE', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
    )
    _scheme, host, path = bucket.place('test.txt')
    assert (host, path) == ('examplebucket.s3.amazonaws.com', '/test.txt')
    at = dt.datetime(2013, 5, 24, tzinfo=dt.UTC)
    made = signed(bucket, 'GET', host, path, {}, b'', {'range': 'bytes=0-9'}, at)
    assert made['authorization'].endswith('=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41')
    assert 'wJalr' not in str(made) + repr(bucket)


@pytest.mark.parametrize(
    'endpoint, style, host, path',
    [
        ('http://minio:9000', 'auto', 'minio:9000', '/claims/ab'),
        ('https://nas.local/s3/', 'auto', 'nas.local', '/s3/claims/ab'),
        ('https://oss-cn-hangzhou.aliyuncs.com', 'auto', 'claims.oss-cn-hangzhou.aliyuncs.com', '/ab'),
        ('https://oss-cn-hangzhou.aliyuncs.com', 'path', 'oss-cn-hangzhou.aliyuncs.com', '/claims/ab'),
        ('http://minio:9000', 'host', 'claims.minio:9000', '/ab'),
    ],
)
def test_the_bucket_stands_where_the_store_wants_it(endpoint: str, style: str, host: str, path: str) -> None:
    bucket = replace(bucket_at(endpoint), style=style)
    assert bucket.place('ab')[1:] == (host, path)


def test_an_object_is_kept_given_back_listed_and_removed(store: ObjectStore, server: S3Server) -> None:
    assert store.get('case/one') is None
    assert store.mark('case/one') is None
    store.put('case/one', '保险单证'.encode())
    store.put('case/one', '保险单证'.encode())
    store.put('other', b'x')
    assert store.get('case/one') == '保险单证'.encode()
    mark, since = store.mark('case/one') or ('', words.LONG_AGO)
    assert is_mark_of(mark, '保险单证'.encode())
    assert not is_mark_of(mark, b'something else')
    assert abs(dt.datetime.now(dt.UTC) - since) < dt.timedelta(minutes=1)
    assert [(one.name, one.size) for one in store.names('case/')] == [('case/one', 12)]
    for _twice in range(2):
        store.delete('case/one')
    assert store.get('case/one') is None


def test_a_large_object_goes_in_parts(store: ObjectStore) -> None:
    content = os.urandom(transport.PART_BYTES * 2 + 77)
    store.put('large', content)
    assert store.get('large') == content
    mark = store.mark('large')
    assert mark is not None
    assert is_mark_of(mark[0], content)
    store.delete('large')


def test_a_long_list_comes_page_by_page(store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, 'LISTED', 2)
    for name in 'abcde':
        store.put(f'long/{name}', name.encode())
    assert [one.name[-1] for one in store.names('long/')] == list('abcde')


@pytest.mark.parametrize(
    'wrong, said',
    [
        ({'secret': 'wrong'}, 'does not accept the key desk'),
        ({'key_id': 'nobody'}, 'does not accept the key nobody'),
        ({'bucket': 'elsewhere'}, 'no bucket elsewhere'),
        ({'endpoint': 'http://127.0.0.1:9'}, 'does not answer'),
        ({'endpoint': 'http://no-such-host.invalid'}, 'does not answer'),
    ],
)
def test_what_is_wrong_is_said_in_words(server: S3Server, wrong: dict[str, str], said: str) -> None:
    store = ObjectStore(replace(bucket_at(server.endpoint), **wrong), pause=lambda _seconds: None)
    for ask in (lambda: store.get('x'), lambda: store.put('x', b'x'), lambda: list(store.names())):
        with pytest.raises(Unavailable, match=said) as caught:
            ask()
        assert caught.value.advice
        assert SECRET not in str(caught.value)
    store.close()


def test_https_at_a_server_without_it_is_said(server: S3Server) -> None:
    store = ObjectStore(bucket_at(server.endpoint.replace('http:', 'https:')), pause=lambda _seconds: None)
    with pytest.raises(Unavailable, match='does not speak https'):
        store.get('x')


def test_an_answer_that_broke_off_is_asked_for_again(store: ObjectStore, over: ObjectStore, line: BadLine) -> None:
    content = os.urandom(200_000)
    store.put('cut', content)
    line.mode, line.bytes, line.times = 'cut', 90_000, 2
    assert over.get('cut') == content
    over.close()  # what breaks off is the connection: the next one does
    line.times = 1000
    with pytest.raises(Unavailable, match='broke off'):
        over.get('cut')


def test_a_silent_server_is_given_up(over: ObjectStore, line: BadLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, 'SILENT_SECONDS', 0.2)
    line.mode = 'silent'
    with pytest.raises(Unavailable, match='does not answer'):
        over.get('x')
    assert line.connections == transport.TRIES


def test_whoever_asks_next_does_not_wait_as_well(
    over: ObjectStore, line: BadLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, 'SILENT_SECONDS', 1.0)
    monkeypatch.setattr(transport, 'DOWN_SECONDS', 0.5)
    line.mode = 'silent'
    for _twice in range(2):
        with pytest.raises(Unavailable, match='does not answer'):
            over.get('x')
    assert line.connections == transport.TRIES
    line.mode = 'pass'
    time.sleep(0.6)
    assert over.get('x') is None


def test_an_answer_that_trickles_is_given_up(
    store: ObjectStore, over: ObjectStore, line: BadLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put('slow', os.urandom(40_000))
    monkeypatch.setattr(transport, 'SILENT_SECONDS', 0.3)
    monkeypatch.setattr(transport, 'LEAST_SPEED', 1_000_000)
    line.mode = 'trickle'
    with pytest.raises(Unavailable, match='does not answer'):
        over.get('slow')


def test_what_is_left_of_an_answer_does_not_meet_the_next_request(
    store: ObjectStore, over: ObjectStore, line: BadLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = os.urandom(40_000)
    store.put('left over', content)
    monkeypatch.setattr(transport, 'SILENT_SECONDS', 1.0)
    monkeypatch.setattr(transport, 'LEAST_SPEED', 1_000_000)
    line.mode, line.times = 'trickle', 1
    assert over.get('left over') == content
    assert line.connections == 2


def test_a_busy_server_is_asked_again_a_few_times_with_longer_and_longer_pauses(line: BadLine) -> None:
    pauses: list[float] = []
    over = ObjectStore(bucket_at(line.endpoint), pause=pauses.append)
    line.mode, line.times = 'busy', 2
    over.put('busy', b'kept')
    assert over.get('busy') == b'kept'
    assert pauses == sorted(pauses)
    assert len(pauses) == 2
    over.close()
    line.times = 1000
    with pytest.raises(Unavailable, match='overloaded'):
        over.put('busy', b'kept')
    over.close()


def test_a_web_page_is_no_document_store(over: ObjectStore, line: BadLine) -> None:
    line.mode = 'page'
    with pytest.raises(Unavailable, match='makes no sense'):
        list(over.names())


def test_a_server_that_vanishes_between_parts_leaves_nothing_behind(tmp_path: Path) -> None:
    with s3_server(tmp_path / 'root') as server:
        store = ObjectStore(bucket_at(server.endpoint), pause=lambda _seconds: None)
        send, sent = store._send, 0

        def vanish(*request: object) -> object:
            nonlocal sent
            sent += 1
            if sent == 3:
                server.stop()
            return send(*request)  # type: ignore[arg-type]

        store._send = vanish  # type: ignore[method-assign, assignment]
        content = os.urandom(transport.PART_BYTES * 3)
        with pytest.raises(Unavailable, match='does not answer'):
            store.put('large', content)
        server.start()
        assert store.get('large') is None
        assert list(store.names()) == []
        store.put('large', content)
        assert store.get('large') == content
        store.close()
