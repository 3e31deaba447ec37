"""Hostile and broken files on their way into a case file: a clear sentence, within limits, and the book goes on."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from PIL import Image

from claimdesk.errors import Unreadable
from claimdesk.reports import book as book_module
from claimdesk.reports.book import Book, Mark
from tests.ocr.bombs import BOMBS, FATAL, SURVIVED
from tests.ocr.test_fuzz import PDF, PICTURES, broken, tried
from tests.services.paper_office import pdf, picture

SECONDS, MEGABYTES = 20, 900
WATCHED = """
import json, resource, sys, tempfile, time
sys.path.insert(0, {root!r})
from pathlib import Path
from claimdesk import language
language.use('en')
from claimdesk.errors import Unreadable
from claimdesk.reports.book import Book
data = Path(sys.argv[1]).read_bytes()
before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
with tempfile.TemporaryDirectory() as folder:
    book = Book(Path(folder))
    try:
        if b'%PDF-' in data[:1024]:
            book.add_pdf('bomb', data, 0, 0)
        else:
            book.add_picture(data, 0, 0)
        said = ''
    except Unreadable as error:
        said = str(error)
    book.add_pdf('good', Path(sys.argv[2]).read_bytes(), 0, 0)
    with open(sys.argv[3], 'wb') as out:
        book.finish(out, 'x', Path(sys.argv[2]).read_bytes(), [])
    book.close()
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([said, time.process_time() - started, (after - before) / 1024]))
"""
PICTURES_AND_PDF = {
    **{name: make for name, (make, _said) in BOMBS.items()}, **SURVIVED, **FATAL,
}  # fmt: skip


@pytest.mark.parametrize('name', [name for name in PICTURES_AND_PDF if 'OFD' not in name and 'XML' not in name])
def test_a_bomb_costs_its_page_at_most(name: str, tmp_path: Path) -> None:
    for file, content in (('bomb', PICTURES_AND_PDF[name]()), ('good', pdf('good'))):
        (tmp_path / file).write_bytes(content)
    script = WATCHED.format(root=str(Path(__file__).parents[2]))
    arguments = [sys.executable, '-c', script, *(str(tmp_path / file) for file in ('bomb', 'good', 'out'))]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True, timeout=120)
    said, seconds, megabytes = json.loads(done.stdout)
    with pikepdf.open(tmp_path / 'out') as written:
        assert len(written.pages) == (2 if said else 3)
    assert seconds < SECONDS
    assert megabytes < MEGABYTES


def written(book: Book) -> int:
    out = io.BytesIO()
    book.finish(out, 'x', pdf('front'), [Mark('all', 0)])
    with pikepdf.open(io.BytesIO(out.getvalue())) as whole:
        return len(whole.pages)


@tried(60)
@given(broken((PDF,)))
def test_a_broken_pdf_is_a_page_or_a_sentence(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        book = Book(Path(folder))
        runs = [('词', 0.1, 0.1, 0.2, 0.02, 0.0)]
        try:
            book.add_pdf('broken', data, 0, 90, runs, 0, False)
            added = 1
        except Unreadable:
            added = 0
        book.add_pdf('good', pdf('good'), 0, 0)
        assert book.pages == added + 1
        assert written(book) == added + 2
        book.close()


@tried(60)
@given(broken(PICTURES))
def test_a_broken_picture_is_a_page_or_a_sentence(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        book = Book(Path(folder))
        try:
            book.add_picture(data, 0, 0)
            added = 1
        except Unreadable:
            added = 0
        book.add_picture(picture(), 0, 0)
        assert written(book) == added + 2
        book.close()


def test_a_long_book_is_written_in_parts_that_leave_nothing_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book_module, 'PART_PAGES', 3)
    book = Book(tmp_path)
    source = pdf(*(f'page {number}' for number in range(8)))
    for number in range(8):
        book.add_pdf('source', source, number, 0)
        book.add_picture(picture(), 0, 0, [('字', 0.1, 0.1, 0.1, 0.1, 0.0)])
    assert len(list(tmp_path.glob('part-*.pdf'))) == 5
    assert written(book) == 17
    book.close()
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(('part', 'whole', 'front'))] == []


FULL = """
import io, resource, signal, sys, tempfile
sys.path.insert(0, {root!r})
from pathlib import Path
from claimdesk.reports.book import Book
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
picture, front = Path(sys.argv[1]).read_bytes(), Path(sys.argv[2]).read_bytes()
with tempfile.TemporaryDirectory() as folder:
    book = Book(Path(folder))
    for number in range(8):
        book.add_picture(picture + bytes([number]), 0, 0)
        if number % 2:
            book._end_part()
    resource.setrlimit(resource.RLIMIT_FSIZE, (3 * len(picture), 3 * len(picture)))
    try:
        book.finish(io.BytesIO(), 'x', front, [])
    except OSError as error:
        print(error.strerror)
    book.close()
"""


def test_a_full_disk_is_heard(tmp_path: Path) -> None:
    noise = io.BytesIO()
    Image.effect_noise((300, 300), 80).convert('RGB').save(noise, 'JPEG', quality=90)
    for file, content in (('picture', noise.getvalue()), ('front', pdf('front'))):
        (tmp_path / file).write_bytes(content)
    script = FULL.format(root=str(Path(__file__).parents[2]))
    arguments = [sys.executable, '-c', script, str(tmp_path / 'picture'), str(tmp_path / 'front')]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout in ('No space left on device\n', 'File too large\n')


def test_a_joined_file_that_just_ends_is_refused(tmp_path: Path) -> None:
    path = tmp_path / 'whole.pdf'
    with pikepdf.Pdf.new() as made:
        made.add_blank_page()
        made.save(path)
    book_module._refuse_torn(path)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(OSError, match='No space'):
        book_module._refuse_torn(path)
