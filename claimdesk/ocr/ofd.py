"""OFD, the national layout format of e-invoices: a zip of XML whose tags and texts are data, not pictures."""

from __future__ import annotations

import contextlib
import io
import lzma
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from claimdesk.errors import Unreadable
from claimdesk.language import _
from claimdesk.ocr import structured, values
from claimdesk.ocr.candidate import Candidate, Extract
from claimdesk.ocr.dialects import field_of
from claimdesk.ocr.layout import Span
from claimdesk.pictures import no_such_page

MAX_PARTS = 3000
MAX_PART_BYTES = 20 * 1024 * 1024
MAX_TOTAL_BYTES = 200 * 1024 * 1024
"""Of all parts that one look unpacks."""
MAX_PAGES = 200
MAX_TEMPLATES = 8
MAX_CHARACTERS = 20_000
A4_WIDE, A4_HIGH = 210.0, 297.0
SHORTEST, LONGEST = 10.0, 2000.0
"""Millimetres that the side of a sheet may have; anything else is taken for A4."""
_SUMS = frozenset({'amount', 'tax', 'total', 'total_capital'})
"""Fields whose texts lie in several pieces: they are found by their place, not by a tag."""
_CARRIED = re.compile(r'(?i)(?:attach[^/]*/(?!attachments\.xml)[^/]+|original_invoice)\.(?:xml|xbrl)$')
_LABEL = re.compile(r'^[^:：]{2,20}[:：]')
_TORN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, etree.LxmlError, OSError, ValueError, RuntimeError,
    EOFError, OverflowError, LookupError, TypeError,
)  # fmt: skip
_WRITE = {
    'invoice_number': values.digits,
    'issue_date': values.iso_date,
    'amount': values.money,
    'tax': values.money,
    'total': values.money,
}


def is_ofd(data: bytes) -> bool:
    """Whether `data` is a zip with the entry that every OFD file has."""
    if not data.startswith(b'PK'):
        return False
    try:
        return 'OFD.xml' in zipfile.ZipFile(io.BytesIO(data)).namelist()
    except _TORN:
        return False


class OfdFile:
    """An OFD file within limits: its tags as an `Extract`, and the texts of each page as spans.

    Raises `Unreadable` for what is torn, encrypted or beyond the limits. Parts are read by their name inside the file;
    nothing is written anywhere.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _TORN as error:
            raise _damaged() from error
        self._left = MAX_TOTAL_BYTES
        self._names = set(self._zip.namelist())
        if len(self._names) > MAX_PARTS:
            raise _too_large()
        self._cover = self._xml('OFD.xml')
        root = self._cover.findtext('.//{*}DocRoot') or 'Doc_0/Document.xml'
        self._root = self._found('', root.strip())
        self._document = self._xml(self._root)
        self._pages = [page.get('BaseLoc', '') for page in self._document.iterfind('{*}Pages/{*}Page')]
        if not self._pages or len(self._pages) > MAX_PAGES:
            raise _damaged() if not self._pages else _too_large()

    def __len__(self) -> int:
        return len(self._pages)

    def tags(self) -> Extract:
        """What the file says about itself: custom data of its cover, attached invoices, texts that its tags name."""
        out = Extract('ofd')
        for element in self._cover.iterfind('.//{*}CustomData'):
            _keep(out, field_of(element.get('Name', '')), element.text)
        for name in sorted(self._names):
            if _CARRIED.search(name):
                self._issued(out, structured.attached(self._part(name), 'ofd'))
        for name in sorted(self._names):
            if re.search(r'/Tags/(?!CustomTags\.xml)[^/]+\.xml$', name):
                with contextlib.suppress(Unreadable):  # tags are a help, not the invoice
                    self._tagged(out, self._xml(name))
        return out

    def spans(self, index: int) -> tuple[tuple[Span, ...], float]:
        """The texts of page `index` (from 0) with those of its template, in page widths; and its aspect."""
        layers, wide, high = self.layers(index)
        return tuple(_threaded(span for layer in layers for span in _texts(layer, wide))), high / wide

    def layers(self, index: int) -> tuple[list[etree._Element], float, float]:
        """The parts that page `index` (from 0) is drawn from, its template first; its width and height in mm."""
        if not 0 <= index < len(self._pages):
            raise no_such_page()
        page = self._xml(self._found(self._root, self._pages[index]))
        box = page.findtext('{*}Area/{*}PhysicalBox') or self._document.findtext('.//{*}PageArea/{*}PhysicalBox') or ''
        sides = numbers(box)
        sound = len(sides) == 4 and all(SHORTEST <= side <= LONGEST for side in sides[2:])
        wide, high = (sides[2], sides[3]) if sound else (A4_WIDE, A4_HIGH)
        places = {t.get('ID'): t.get('BaseLoc', '') for t in self._document.iterfind('.//{*}TemplatePage')}
        layers = [
            self._xml(self._found(self._root, places[template.get('TemplateID')]))
            for template in list(page.iterfind('{*}Template'))[:MAX_TEMPLATES]
            if template.get('TemplateID') in places
        ]
        return [*layers, page], wide, high

    def picture(self, resource: str) -> bytes:
        """The file of the picture with that resource number, or b'' where there is none."""
        for name in sorted(name for name in self._names if name.endswith(('PublicRes.xml', 'DocumentRes.xml'))):
            listed = self._xml(name)
            for media in listed.iterfind('.//{*}MultiMedia'):
                if media.get('ID') == resource:
                    beside = posixpath.join(posixpath.dirname(name), listed.get('BaseLoc', ''), '')
                    return self._part(self._found(beside, (media.findtext('{*}MediaFile') or '').strip()))
        return b''

    def _issued(self, out: Extract, said: Extract | None) -> None:
        """What an attached invoice says, in any dialect."""
        if said is None:
            return
        out.kind = out.kind or said.kind
        out.fields = said.fields | out.fields
        out.items = out.items or said.items

    def _tagged(self, out: Extract, tags: etree._Element) -> None:
        refs = [
            (name, [ref.text.strip() for ref in element.iterfind('{*}ObjectRef') if ref.text])
            for element in tags.iter('{*}*')
            if (name := field_of(etree.QName(element).localname)) and name not in _SUMS
        ]
        if not any(numbers for _name, numbers in refs):
            return
        texts = {
            shape.get('ID', ''): ''.join((code.text or '').strip() for code in shape.iterfind('{*}TextCode'))
            for index in range(min(len(self), MAX_TEMPLATES))
            for layer in self.layers(index)[0]
            for shape in layer.iter('{*}TextObject')
        }
        for name, numbers in refs:
            _keep(out, name, _LABEL.sub('', ''.join(texts.get(number, '') for number in numbers)))

    def _xml(self, name: str) -> etree._Element:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            return etree.fromstring(self._part(name).lstrip(b'\xef\xbb\xbf \t\r\n'), parser)
        except _TORN as error:
            raise _damaged() from error

    def _part(self, name: str) -> bytes:
        """A part of the file; what all parts together unpack to has a limit too."""
        if name not in self._names:
            raise _damaged()
        most = min(MAX_PART_BYTES, self._left)
        if self._zip.getinfo(name).file_size > most:
            raise _too_large()
        try:
            with self._zip.open(name) as part:
                data = part.read(most + 1)
        except _TORN as error:
            raise _damaged() from error
        if len(data) > most:
            raise _too_large()
        self._left -= len(data)
        return data

    def _found(self, beside: str, place: str) -> str:
        """The part that `place` names: from the root of the file, or beside the part that speaks of it."""
        folder = posixpath.dirname(beside)
        for name in (posixpath.normpath(posixpath.join(folder, place)), posixpath.normpath(place.lstrip('/'))):
            if name in self._names:
                return name
        raise _damaged()


def _keep(out: Extract, name: str, text: str | None) -> None:
    value = _WRITE.get(name, str.strip)((text or '').strip())
    if name and value and name not in out.fields:
        out.fields[name] = Candidate(value)


def _texts(layer: etree._Element, wide: float) -> Iterator[Span]:
    """The text objects of a page or template; a run ends where a hole or another line begins."""
    left = MAX_CHARACTERS
    for shape in layer.iter('{*}TextObject'):
        boundary, size = numbers(shape.get('Boundary', '')), numbers(shape.get('Size', ''))
        if len(boundary) != 4 or not size or shape.get('Visible') == 'false':
            continue
        turn = numbers(shape.get('CTM', ''))
        a, b, c, d, e, f = turn if len(turn) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
        for code in shape.iterfind('{*}TextCode'):
            text = (code.text or '')[:left]
            left -= len(text)
            run: list[Span] = []
            for char, x, y in _placed(text, code, size[0]):
                across = (boundary[0] + a * x + c * y + e) / wide
                base = (boundary[1] + b * x + d * y + f) / wide
                tall, broad = size[0] * abs(d or 1.0) / wide, size[0] * abs(a or 1.0) / wide
                broad *= 1.0 if ord(char) > 0x2E7F else 0.52
                glyph = Span(char, across, base - 0.86 * tall, across + broad, base + 0.14 * tall)
                if run and not _goes_on(run[-1], glyph):
                    yield _joined(run)
                    run = []
                run.append(glyph)
            if run:
                yield _joined(run)


def _threaded(spans: Iterator[Span]) -> Iterator[Span]:
    """The spans, those joined to runs that were written as one object for each character."""
    run: list[Span] = []
    for span in spans:
        if run and not (len(span.text) == 1 and len(run[-1].text) == 1 and _goes_on(run[-1], span)):
            yield _joined(run)
            run = []
        run.append(span)
    if run:
        yield _joined(run)


def _placed(text: str, code: etree._Element, size: float) -> Iterator[tuple[str, float, float]]:
    """Each visible character with its place in the text object, in millimetres; without steps one after the other."""
    x, y = (float((numbers(code.get(axis, '')) or [0.0])[0]) for axis in ('X', 'Y'))
    steps_x, steps_y = (_steps(code.get(axis, ''), len(text)) for axis in ('DeltaX', 'DeltaY'))
    if not steps_x and not steps_y:
        steps_x = [size * (1.0 if ord(char) > 0x2E7F else 0.52) for char in text]
    for place, char in enumerate(text):
        if not char.isspace() and char.isprintable():
            yield char, x, y
        x += steps_x[place] if place < len(steps_x) else (steps_x[-1] if steps_x else 0.0)
        y += steps_y[place] if place < len(steps_y) else 0.0


def _steps(text: str, most: int) -> list[float]:
    """`g 3 1.5 2` → [1.5, 1.5, 1.5, 2]."""
    words, out = text.split(), list[float]()
    place = 0
    while place < len(words) and len(out) < most:
        if words[place] == 'g' and place + 2 < len(words) and words[place + 1].isdigit():
            out += numbers(words[place + 2]) * min(int(words[place + 1]), most)
            place += 3
        else:
            out += numbers(words[place])
            place += 1
    return out


def _goes_on(last: Span, glyph: Span) -> bool:
    height = glyph.height
    return abs(glyph.y0 - last.y0) < 0.3 * height and -0.5 * height < glyph.x0 - last.x1 < 0.6 * height


def _joined(run: list[Span]) -> Span:
    return replace(run[0], text=''.join(glyph.text for glyph in run), x1=run[-1].x1)


def numbers(text: str) -> list[float]:
    """The first numbers in `text`, which is untrusted: at most 400 of them, none beyond all measure."""
    return [float(word) for word in re.findall(r'-?\d{1,9}(?:\.\d{1,9})?|-?\.\d{1,9}', text[:20_000])[:400]]


def _damaged() -> Unreadable:
    return Unreadable(_("The OFD file is damaged."), _("Download the invoice again from the tax platform."))


def _too_large() -> Unreadable:
    return Unreadable(_("The OFD file is too large for an invoice."), _("Check that it is the right file."))
