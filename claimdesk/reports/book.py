"""Many papers as one PDF: pages of PDF files as they are, pictures as they were packed, unseen text, bookmarks.

Pages are put together in parts of about a hundred, each written to a folder, so that a file of any length takes the
memory of one part. Nothing that came in is packed anew.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from pikepdf import (
    AccessMode,
    Array,
    Dictionary,
    Job,
    Name,
    ObjectStreamMode,
    OutlineItem,
    Page,
    PasswordError,
    Pdf,
    PdfError,
    StreamDecodeLevel,
)

from claimdesk.errors import Unreadable
from claimdesk.language import _
from claimdesk.pictures import no_such_page
from claimdesk.reports.embedded import picture_page
from claimdesk.reports.text_layer import Run, TextLayer, add_content, page_turn, shown, spelled

PART_PAGES, PART_BYTES, PART_SOURCES = 100, 64 * 1024 * 1024, 40
"""A part is written when it has so many pages, or its sources so many bytes, or there are so many of them."""
_ACTIVE = frozenset({'/FileAttachment', '/RichMedia', '/Movie', '/Screen', '/3D', '/Sound', '/PrinterMark'})
_LEFT_OUT = ('/AA', '/B', '/PieceInfo', '/Metadata', '/Thumb', '/StructParents', '/Tabs', '/PresSteps', '/AF', '/Dur')
_JOINED_AS_THEY_ARE = ('--stream-data=preserve', '--object-streams=disable', '--warning-exit-0', '--no-warn')
_END = b'%%EOF\n'
_SAVED_AS_IT_IS: dict[str, Any] = {'compress_streams': False, 'stream_decode_level': StreamDecodeLevel.none}


@dataclass(frozen=True, slots=True)
class Mark:
    """A bookmark: its words, the page (from 0, without the front) that it leads to, and those below it."""

    title: str
    page: int
    below: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Jump:
    """A place on a page of the front (from 0) that leads to a page (from 0, without the front); points from below."""

    on_page: int
    place: tuple[float, float, float, float]
    page: int


class Book:
    """A PDF under way. Work in progress lies in `folder`, which is the caller's to remove; `close` lets go of it."""

    def __init__(self, folder: Path) -> None:
        self.pages = 0
        self._folder = folder
        self._parts: list[Path] = []
        self._copies: list[Path] = []
        self._sources: dict[str, Pdf] = {}
        self._bytes = 0
        self._pdf, self._layer = _new_part()

    def add_pdf(
        self, name: str, content: bytes, index: int, turn: int, runs: Iterable[Run] = (), runs_turn: int = 0,
        own_text: bool | None = True,
    ) -> None:  # fmt: skip
        """Append page `index` (from 0) of a PDF file that is known as `name`, turned clockwise by `turn` degrees.

        `runs`, placed on the page turned by `runs_turn`, become its unseen text unless it has `own_text`; None: unless
        it looks as if it had. Raises `Unreadable` for a file that does not open or has no such page.
        """
        with self._new_page(), _in_plain_words():
            source = self._source(name, content)
            if not 0 <= index < len(source.pages):
                raise no_such_page()
            found = source.pages[index]
            _calm(found)
            self._pdf.pages.append(found)
            page = self._pdf.pages[-1]
            if own_text is False or (own_text is None and '/Font' not in page.resources):
                self._layer.lay(page, runs, runs_turn)
            page.obj['/Rotate'] = (page_turn(found) + turn) % 360

    def add_picture(
        self, content: bytes, frame: int, turn: int, runs: Iterable[Run] = (), runs_turn: int = 0
    ) -> None:
        """Append a frame of a picture file as a page. Raises `Unreadable`."""
        with self._new_page():
            picture_page(self._pdf, content, frame)
            page = self._pdf.pages[-1]
            self._layer.lay(page, runs, runs_turn)
            if turn % 360:
                page.obj['/Rotate'] = turn % 360
            self._bytes += len(content)

    def draw_over(self, made: bytes) -> None:
        """Draw a sheet of ours over the page that was added last, as it is shown (`last_size`)."""
        over = self._held(Pdf.open(io.BytesIO(made)))
        page = self._pdf.pages[-1]
        form = self._pdf.copy_foreign(over.pages[0].as_form_xobject())
        name = page.add_resource(form, Name.XObject, prefix='Marks')
        matrix, _wide, _high = shown(page)
        add_content(self._pdf, page, f'q {spelled(matrix)} cm {name} Do Q'.encode('ascii'))

    def size_of(self, name: str, content: bytes, index: int) -> tuple[float, float]:
        """Width and height in points of a page of a PDF or picture file, as it is shown before anybody turned it.

        Raises `Unreadable` as adding it would.
        """
        if b'%PDF-' not in content[:1024]:
            with Pdf.new() as scratch:
                return picture_page(scratch, content, index)
        with _in_plain_words():
            source = self._source(name, content)
            if not 0 <= index < len(source.pages):
                raise no_such_page()
            _matrix, wide, high = shown(source.pages[index])
            return wide, high

    @property
    def last_size(self) -> tuple[float, float]:
        """Width and height of the page that was added last, as it is shown, in points."""
        _matrix, wide, high = shown(self._pdf.pages[-1])
        return wide, high

    def add_sheet(self, made: bytes) -> None:
        """Append the first page of a PDF of our own."""
        with self._new_page():
            self._pdf.pages.append(self._held(Pdf.open(io.BytesIO(made))).pages[0])

    def finish(
        self,
        out: BinaryIO,
        title: str,
        front: bytes,
        marks: Sequence[Mark],
        jumps: Sequence[Jump] = (),
        said: Callable[[int], None] | None = None,
    ) -> None:
        """Write the whole to `out`: `front` first, then all pages. `said` hears of the percent that are written.

        Raises `OSError` where there is no room.
        """
        self._end_part()
        path = self._folder / 'whole.pdf'
        start = self._folder / 'front.pdf'
        start.write_bytes(front)
        # Pages that are handed from file to file here would all be read into memory; the program joins whole files.
        joined = map(str, (start, *self._parts))
        Job(['qpdf', '--empty', '--pages', *joined, '--', *_JOINED_AS_THEY_ARE, str(path)]).run()
        _refuse_torn(path)
        with Pdf.open(path, access_mode=AccessMode.stream) as whole:
            first = len(whole.pages) - self.pages
            self._lead(whole, jumps, first)
            with whole.open_outline() as outline:
                outline.root.append(OutlineItem(_("List of contents"), 0))
                outline.root.extend(_bookmark(mark, first) for mark in marks)
            whole.Root['/PageMode'] = Name.UseOutlines
            whole.Root['/ViewerPreferences'] = Dictionary(DisplayDocTitle=True)
            whole.docinfo['/Title'] = title
            whole.docinfo['/Creator'] = 'ClaimDesk'
            whole.save(out, object_stream_mode=ObjectStreamMode.generate, progress=said, **_SAVED_AS_IT_IS)

    def close(self) -> None:
        """Let go of the files in the folder."""
        self._pdf.close()
        for source in self._sources.values():
            source.close()
        self._sources.clear()

    def _lead(self, whole: Pdf, jumps: Sequence[Jump], first: int) -> None:
        for jump in jumps:
            page = whole.pages[jump.on_page]
            link = Dictionary(
                Type=Name.Annot, Subtype=Name.Link, Rect=Array(list(jump.place)), Border=Array([0, 0, 0]),
                Dest=Array([whole.pages[first + jump.page].obj, Name.Fit]),
            )  # fmt: skip
            if '/Annots' not in page.obj:
                page.obj['/Annots'] = Array()
            page.obj['/Annots'].append(whole.make_indirect(link))

    def _source(self, name: str, content: bytes) -> Pdf:
        if name in self._sources:
            return self._sources[name]
        path = self._folder / f'source-{name}.pdf'
        path.write_bytes(content)
        self._copies.append(path)
        source = Pdf.open(path, access_mode=AccessMode.stream)
        if '/AcroForm' in source.Root:
            # Seals and filled fields are drawn by the form, which stays behind.
            source.flatten_annotations()
        self._sources[name] = source
        self._bytes += len(content)
        return source

    def _held(self, source: Pdf) -> Pdf:
        """A file that must stay open until the part is written."""
        self._sources[f'held {len(self._sources)}'] = source
        return source

    @contextlib.contextmanager
    def _new_page(self) -> Iterator[None]:
        """Room for one more page, which is there whole afterwards or not at all."""
        if len(self._pdf.pages) >= PART_PAGES or self._bytes >= PART_BYTES or len(self._sources) >= PART_SOURCES:
            self._end_part()
        before = len(self._pdf.pages)
        try:
            yield
        except BaseException:
            del self._pdf.pages[before:]
            raise
        self.pages += 1

    def _end_part(self) -> None:
        """Write what there is, so that memory and open files do not grow with the book."""
        if not len(self._pdf.pages):
            return
        self._layer.finish()
        path = self._folder / f'part-{len(self._parts):05d}.pdf'
        with _in_plain_words():
            self._pdf.save(path, object_stream_mode=ObjectStreamMode.disable, **_SAVED_AS_IT_IS)
        self._parts.append(path)
        self.close()
        for copy in self._copies:
            copy.unlink(missing_ok=True)
        self._copies.clear()
        self._bytes = 0
        self._pdf, self._layer = _new_part()


def _refuse_torn(path: Path) -> None:
    """The program that joins files does not say so when the disk is full: what it wrote just ends."""
    with path.open('rb') as file:
        file.seek(max(0, path.stat().st_size - len(_END)))
        if file.read() != _END:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _new_part() -> tuple[Pdf, TextLayer]:
    pdf = Pdf.new()
    return pdf, TextLayer(pdf)


def _calm(page: Page) -> None:
    """Leave behind what a page could do: scripts, programs and files to start, films to play. What it shows stays."""
    for name in _LEFT_OUT:
        if name in page.obj:
            del page.obj[name]
    if '/Annots' not in page.obj:
        return
    kept = []
    for note in page.obj['/Annots'] if isinstance(page.obj['/Annots'], Array) else ():
        if not isinstance(note, Dictionary) or str(note.get('/Subtype', '')) in _ACTIVE:
            continue
        for name in ('/A', '/AA', '/PA'):
            if name in note:
                del note[name]
        if str(note.get('/Subtype', '')) != '/Link':
            kept.append(note)
    page.obj['/Annots'] = Array(kept)


def _bookmark(mark: Mark, first: int) -> OutlineItem:
    item = OutlineItem(mark.title, first + mark.page)
    item.is_closed = True
    item.children.extend(_bookmark(below, first) for below in mark.below)
    return item


@contextlib.contextmanager
def _in_plain_words() -> Iterator[None]:
    try:
        yield
    except PasswordError as error:
        raise Unreadable(
            _("The PDF is protected by a password."),
            _("Enter it in the inbox, or ask the sender for a copy without one."),
        ) from error
    except (PdfError, ValueError, KeyError, AttributeError, TypeError, IndexError, RuntimeError) as error:
        raise Unreadable(
            _("The PDF is damaged and cannot be opened."), _("Download or scan the document again.")
        ) from error
