"""Reading a file: pages out of bytes, evidence from every source, one weighed reading for each page."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

from claimdesk.errors import Unreadable
from claimdesk.language import _
from claimdesk.ocr import ofd, qr, structured
from claimdesk.ocr.candidate import Earlier, Extract
from claimdesk.ocr.continued import carried_on, whole_documents
from claimdesk.ocr.engines import EngineChoice
from claimdesk.ocr.facsimile import invoice_runs
from claimdesk.ocr.fusion import Fused, fuse
from claimdesk.ocr.kinds import PageWords, extract, kind_of, parse_code
from claimdesk.ocr.layout import Layout
from claimdesk.ocr.pages import Page, carries_files, load, page_count, pages, turned_picture
from claimdesk.ocr.reading import FieldReading, FileReading, PageReading
from claimdesk.ocr.textlayer import UNKNOWN
from claimdesk.progress import Progress, quiet
from claimdesk.vocabulary import DocumentKind

LITTLE_TEXT = 30
"""A text layer of fewer characters is a watermark or a page number."""
PLENTY_OF_TEXT = 1200
"""Characters of a text layer that make it a document in its own right, although nobody recognises it."""


def read(
    source: Path | bytes,
    *,
    name: str = '',
    engine: EngineChoice | str = EngineChoice.AUTO,
    progress: Progress = quiet,
) -> FileReading:
    """Read every page of a PDF, picture, OFD or structured invoice.

    `name` is how the file is called in the result (default: its path). With an `engine` other than `auto` only that
    engine's view of the picture counts, without QR code, text layer or checks. A file that cannot be read gives a
    `FileReading` with `error`; `Unavailable` is raised when the chosen engine does not work on this computer.
    """
    called = name or (str(source) if isinstance(source, Path) else _("document"))
    done: list[PageReading] = []
    try:
        done.extend(read_pages(source, EngineChoice(engine), progress))
    except Unreadable as error:
        return FileReading(called, whole_documents(done), str(error))
    return FileReading(called, whole_documents(done))


def read_pages(
    source: Path | bytes, choice: EngineChoice, progress: Progress = quiet, first: int = 1
) -> Iterator[PageReading]:
    """The pages of `source` from page `first` on, each as soon as it is read; raises `Unreadable` and `Unavailable`."""
    data = load(source)
    exact = structured.read(data) if choice is EngineChoice.AUTO else None
    if exact is not None:
        started = time.perf_counter()
        exact.rows = invoice_runs(exact)
        yield _finish(1, exact.kind, fuse([exact], None, None), exact, 0, started)
        return
    if choice is EngineChoice.AUTO and ofd.is_ofd(data):
        yield from _ofd_pages(ofd.OfdFile(data), first)
        return
    total = page_count(data)
    earlier = Earlier()
    told = _told(data) if choice is EngineChoice.AUTO else []
    for page in pages(data, text=choice is EngineChoice.AUTO, first=first):
        progress(page.number - 1, total, _("Reading page {page} of {total}").format(page=page.number, total=total))
        reading = _read_page(page, choice, earlier, told)
        earlier = carried_on(earlier, reading)
        yield reading
    progress(total, total)


def _ofd_pages(file: ofd.OfdFile, first: int) -> Iterator[PageReading]:
    """The pages of an OFD invoice: what its tags say about the first, and what its texts say about each."""
    earlier, tags = Earlier(), file.tags()
    for index in range(first - 1, len(file)):
        started = time.perf_counter()
        spans, aspect = file.spans(index)
        seen = extract(Layout(spans, aspect), 'ofd')
        fused = fuse([tags, seen] if index == 0 else [seen], None, None, earlier)
        if tags.items and index > 0:
            fused.items = ()  # the tags told all lines of the invoice with its first page
        reading = _finish(index + 1, seen.kind or tags.kind, fused, seen, 0, started)
        earlier = carried_on(earlier, reading)
        yield reading


def _told(data: bytes) -> list[Extract]:
    """The invoices as data that a PDF carries with its pages."""
    if not carries_files(data):
        return []
    from claimdesk.ocr.enclosed import enclosed

    found = (structured.attached(file, 'xml') for file in enclosed(data))
    return [one for one in found if one]


def _of_page(told: list[Extract], text: str, number: str) -> Extract | None:
    """The invoice as data whose number stands on the page, or in its code."""
    plain = re.sub(r'\s', '', text)
    for one in told:
        numbers = [one.fields[name].value for name in ('invoice_number', 'ticket_number') if name in one.fields]
        if any(value == number or value in plain for value in numbers if value):
            return one
    return None


def _read_page(page: Page, choice: EngineChoice, earlier: Earlier, told: list[Extract]) -> PageReading:
    if choice is not EngineChoice.AUTO:
        return _read_alone(page, choice)
    started = time.perf_counter()
    printed = sum(len(span.text) for span in page.spans) >= LITTLE_TEXT
    picture = turned_picture(page.picture, page.turn) if page.turn else page.picture
    codes = qr.find(picture, thorough=not printed)
    parsed = [said for found in codes if (said := parse_code(found.text))]
    family, code = parsed[0] if parsed else (None, None)
    several = len({one.number for _family, one in parsed}) > 1
    kind = code.kind if code else None
    extracts: list[Extract] = []
    fused: Fused | None = None
    if printed:
        layout = Layout(page.spans, page.aspect)
        extracts.append(extract(layout, 'text_layer', kind, family))
        extracts[0].layout = layout
        extracts[0].several |= several
        printed_words = extracts[0]
        printed_words.fields = {name: said for name, said in printed_words.fields.items() if UNKNOWN not in said.value}
        if data := _of_page(told, printed_words.text, ''):
            extracts.insert(0, data)
        fused = fuse(extracts, code, None, earlier)
        if _enough(printed_words, fused):
            return _finish(page.number, kind or printed_words.kind, fused, printed_words, page.turn, started)
    elif code and (data := _of_page(told, '', code.number)):
        extracts.append(data)
    from claimdesk.ocr.sight import look_at

    hint = 0 if printed else next((found.rotation for found in codes), None)
    known = kind or next((one.kind for one in extracts if one.kind), None)
    seen, look, rotation = look_at(picture, known, hint, family=family, cells=not printed)
    seen.several |= several
    extracts.append(seen)
    fused = fuse(extracts, code, look, earlier)
    printed_text = next((one for one in extracts if one.source == 'text_layer'), seen)
    words = printed_text if len(printed_text.text) > len(seen.text) / 2 else seen
    kind = kind or next((one.kind for one in extracts if one.kind), None)
    return _finish(page.number, kind, fused, words, (page.turn + rotation) % 360, started)


def _enough(seen: Extract, fused: Fused) -> bool:
    """Whether a text layer told everything, so that the picture need not be read."""
    if seen.kind is None:
        return len(seen.text) > PLENTY_OF_TEXT or (seen.layout is not None and PageWords(seen.layout).other)
    return kind_of(seen.kind).enough(seen, fused)


def _read_alone(page: Page, choice: EngineChoice) -> PageReading:
    """What one engine sees by itself: no other evidence, and so never surer than one engine can be."""
    from claimdesk.ocr.sight import look_alone

    started = time.perf_counter()
    seen, rotation = look_alone(page.picture, choice)
    fields = {
        name: FieldReading(
            name, found.value, min(0.9, 0.5 + 0.4 * found.score), seen.source, seen.boxes.get(name), (),
            _("Read by one engine only."),
        )
        for name, found in seen.fields.items()
    }  # fmt: skip
    items = tuple(item for item, _score in seen.items)
    fused = Fused(fields, items, 0.6 if items else 0.0, seen.source, ())
    return _finish(page.number, seen.kind, fused, seen, rotation, started)


def _finish(
    number: int, kind: DocumentKind | None, fused: Fused, words: Extract, rotation: int, started: float
) -> PageReading:
    return PageReading(
        page=number,
        kind=kind or DocumentKind.OTHER,
        seconds=time.perf_counter() - started,
        fields=fused.fields,
        items=fused.items,
        items_confidence=fused.items_confidence,
        items_source=fused.items_source,
        checks=fused.checks,
        text=words.text,
        rotation=rotation,
        rows=words.rows,
        text_source=words.source,
    )


def reread(
    source: Path | bytes, page: int, box: tuple[float, float, float, float], field_name: str, *, rotation: int = 0
) -> FieldReading:
    """Read one place of a page again: `box` is (x, y, width, height) as fractions of the upright page.

    The value is written down as the field `field_name` wants it; raises `Unreadable` when there is no such page.
    """
    from claimdesk.ocr.selection import reread_picture

    found = next(pages(load(source), text=False, first=max(1, page)), None)
    if found is not None:
        return reread_picture(turned_picture(found.picture, rotation), box, field_name)
    raise Unreadable(_("The document has no such page."), _("Open the document again."))


