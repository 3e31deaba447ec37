"""Bombs in a process of their own: each ends within time and memory, writes nothing, and goes nowhere."""

import io
import json
import multiprocessing
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import segno
from PIL import Image
from pypdf import PdfReader, PdfWriter

from claimdesk.errors import Unreadable
from claimdesk.ocr import FileReading, ReaderPool, Viewer, qr, render
from claimdesk.ocr.pages import MAX_PAGES
from tests.ocr.bombs import BOMBS, FATAL, SURVIVED, acting_pdf, png
from tests.ocr.paper import as_pdf, make

SECONDS = 30
"""Of the processor, however busy the computer is."""
MEGABYTES = 900
"""Beyond what the imports need; a page of 100 megapixels in colour is 300."""

WATCHED = """
import json, resource, socket, subprocess, sys, time
sys.path.insert(0, {root!r})
from claimdesk import language
language.use('en')
from claimdesk.errors import Unreadable
from claimdesk.ocr import page_count, render
from claimdesk.ocr.pages import pages
from claimdesk.ocr import ofd, structured, qr

def refuse(*arguments, **options):
    raise AssertionError('it went elsewhere: %r' % (arguments,))

def opened(event, arguments):
    if event in ('socket.connect', 'socket.getaddrinfo', 'subprocess.Popen', 'os.system', 'os.exec', 'os.posix_spawn',
                 'webbrowser.open', 'urllib.Request', 'os.startfile'):
        refuse(event, arguments)
    if event == 'open' and arguments[1] and set(str(arguments[1])) & set('wax+'):
        refuse(event, arguments)

data = open(sys.argv[1], 'rb').read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
started = time.process_time()
sys.addaudithook(opened)
said = []
def read(data):
    for page in pages(data):
        assert 'root:' not in ''.join(span.text for span in page.spans)
        qr.find(page.picture)

for work in (page_count, lambda data: render(data, 1, width=900), read):
    try:
        work(data)
        said.append('')
    except Unreadable as error:
        said.append(str(error))
sys.stdout.write(json.dumps({{
    'said': said, 'seconds': time.process_time() - started,
    'megabytes': (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024,
}}))
"""


def survive(content: bytes, folder: Path) -> list[str]:
    """What counting, drawing and reading said, one sentence each, checked for time, memory, files and connections."""
    file = folder / 'hostile'
    file.write_bytes(content)
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, '-c', WATCHED.format(root=root), str(file)],
        capture_output=True, text=True, timeout=8 * SECONDS, cwd=folder,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    result = json.loads(done.stdout)
    assert result['seconds'] < SECONDS
    assert result['megabytes'] < MEGABYTES
    assert [path.name for path in folder.iterdir()] == ['hostile']
    assert all(sentence.count('\n') == 0 for sentence in result['said'])
    said: list[str] = result['said']
    return said


@pytest.mark.parametrize('name', BOMBS)
def test_a_bomb_comes_to_one_sentence(name: str, tmp_path: Path) -> None:
    content, sentence = BOMBS[name][0](), BOMBS[name][1]
    said = survive(content, tmp_path)
    assert any(re.search(sentence, one) for one in said), said
    assert all(re.search(sentence, one) for one in said if one), said


@pytest.mark.parametrize('name', SURVIVED)
def test_what_is_merely_heavy_ends_soon_and_goes_nowhere(name: str, tmp_path: Path) -> None:
    survive(SURVIVED[name](), tmp_path)


COMMANDS = (
    'http://127.0.0.1:9/pay?amount=9999', 'javascript:alert(1)', 'tel:+8613800000000', 'sms:10086:hello',
    'WIFI:T:WPA;S:free;P:secret;;', 'file:///etc/passwd', '"; DROP TABLE document; --', '$(touch /tmp/gotcha)',
    'BEGIN:VCARD\nFN:张伟\nEND:VCARD', '01,31,,' + '9' * 2000, '=cmd|/C calc!A0', '\x00\x01\x02',
)  # fmt: skip


@pytest.mark.parametrize('text', COMMANDS)
def test_what_a_code_commands_is_text_and_no_invoice(text: str) -> None:
    out = io.BytesIO()
    segno.make(text, error='l').save(out, kind='png', scale=5)
    picture = np.asarray(Image.open(io.BytesIO(out.getvalue())).convert('RGB'))
    for found in qr.find(picture):
        parsed = qr.parse(found.text)
        assert parsed is None or len(parsed.invoice_number) <= 20


def test_scripts_links_and_attachments_of_a_pdf_are_only_bytes(tmp_path: Path) -> None:
    """A sound PDF that wants to act is read all the same: its code is found and not opened."""
    content = acting_pdf('http://127.0.0.1:9/gotcha', 'touch gotcha')
    assert b'/JavaScript' in content
    assert survive(content, tmp_path) == ['', '', '']


@pytest.fixture(scope='module')
def pool() -> Iterator[ReaderPool]:
    with ReaderPool(1, warm=False, page_seconds=8.0, memory=2 * 1024**3) as pool:
        yield pool


def read(pool: ReaderPool, content: bytes) -> FileReading:
    return pool.read(content, name='hostile')


@pytest.mark.parametrize('name', FATAL)
def test_a_page_that_costs_too_much_costs_itself_alone(pool: ReaderPool, name: str) -> None:
    """The second of three pages draws for ever: the first and the third are read."""
    writer = PdfWriter()
    sound = as_pdf(make(3, 'digital_normal'))
    for content in (sound, FATAL[name](), sound):
        writer.add_page(PdfReader(io.BytesIO(content)).pages[0])
    out = io.BytesIO()
    writer.write(out)
    reading = read(pool, out.getvalue())
    assert reading.error is not None
    assert 'Page 2' in reading.error
    pages = {page.page: page for page in reading.pages}
    assert pages[1].fields['total'].value
    assert pages[3].fields['total'].value
    assert read(pool, sound).error is None


@pytest.mark.parametrize('name', FATAL)
def test_a_page_that_cannot_be_drawn_costs_itself_alone(name: str) -> None:
    content, sound = FATAL[name](), as_pdf(make(3, 'digital_normal'))
    viewer = Viewer(seconds=4.0, memory=2 * 1024**3)
    try:
        for again in range(2):
            started = time.monotonic()
            with pytest.raises(Unreadable, match='draw') as caught:
                viewer.render(content)
            assert caught.value.advice
            assert time.monotonic() - started < (20 if again == 0 else 1)
        assert Image.open(io.BytesIO(viewer.render(sound, width=500))).width == 500
    finally:
        viewer.close()
    assert not [child for child in multiprocessing.active_children() if child.name == 'claimdesk-viewer']


def test_a_viewer_draws_as_the_desk_would() -> None:
    sound, picture = as_pdf(make(3, 'digital_normal')), png(8, 8, rows=bytes(25 * 8))
    viewer = Viewer()
    try:
        for content, page, width, rotation in ((sound, 1, 400, 0), (sound, 1, 700, 90), (picture, 1, 20, 0)):
            drawn = viewer.render(content, page, width=width, rotation=rotation)
            assert drawn == render(content, page, width=width, rotation=rotation)
        for content, page, sentence in ((sound, 2, 'no such page'), (sound[:900], 1, 'damaged')):
            with pytest.raises(Unreadable, match=sentence):
                viewer.render(content, page)
    finally:
        viewer.close()


@pytest.mark.parametrize('name', ['an OFD that unpacks to 100 MB', 'XML without end', 'a TIFF of 300 megapixels'])
def test_a_worker_survives_a_bomb(pool: ReaderPool, name: str) -> None:
    reading = read(pool, BOMBS[name][0]())
    assert reading.error
    assert reading.pages == ()
    assert read(pool, as_pdf(make(3, 'digital_normal'))).error is None
    assert MAX_PAGES == 500
