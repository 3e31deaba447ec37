"""From what was dropped, pasted, chosen or scanned to files in the office, with a sentence for each that stays out."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QUrl
from PySide6.QtGui import QImage, QImageWriter

from claimdesk.errors import ClaimDeskError, NotAllowed, Unavailable
from claimdesk.language import _, ngettext
from claimdesk.pictures import SUFFIXES
from claimdesk.progress import Progress
from claimdesk.services.documents import NewFile

if TYPE_CHECKING:
    from claimdesk.app import Desk
    from claimdesk.services.documents import DocumentView

TAKEN = (*sorted(SUFFIXES), '.zip')
FILTER = ' '.join(f'*{suffix}' for suffix in TAKEN)
MANY = 60
MOST = 2000
MOST_LOOKED_AT = 20_000
"""Files of a folder that are looked at: a whole disk is no pile of papers."""
MAX_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Found:
    """Files to take in, and the names of those that are no documents."""

    paths: tuple[Path, ...]
    left_out: tuple[str, ...] = ()
    too_many: bool = False
    """Whether there are more than are taken at once."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of it: documents in the office, and a sentence for each file that could not be kept."""

    documents: tuple[DocumentView, ...]
    problems: tuple[str, ...]

    @property
    def unreadable(self) -> int:
        """How many are kept although nobody can open them."""
        return sum(1 for document in self.documents if document.problem)


def new_key() -> str:
    """A request key: the same one again adds nothing twice."""
    return uuid.uuid4().hex[:24]


def find_files(paths: Iterable[Path], progress: Progress) -> Found:
    """The files of `paths`, those in folders too, in the order of their names; at most `MOST`.

    What is hidden, a lock or left behind by an operating system is passed over.
    """
    from claimdesk.scanning.archive import is_dropping

    found: list[Path] = []
    left_out: list[str] = []
    too_many = False
    for path in paths:
        for one in _inside(path, progress) if path.is_dir() else [path]:
            progress(len(found), 0, one.name)
            if is_dropping([one.name, *one.relative_to(path).parts]) or one.is_dir():
                continue
            if one.suffix.lower() not in TAKEN:
                left_out.append(one.name)
            elif len(found) < MOST:
                found.append(one)
            else:
                too_many = True
    return Found(tuple(found), tuple(left_out), too_many)


def _inside(folder: Path, progress: Progress) -> list[Path]:
    """What lies in the folder and in those inside it, in the order of their names."""
    listed = []
    for one in islice(folder.rglob('*'), MOST_LOOKED_AT):
        listed.append(one)
        progress(0, 0, one.name)
    return sorted(listed)


def take_in(
    desk: Desk, files: Sequence[Path | NewFile], case_id: int | None, origin: str, key: str, progress: Progress
) -> Taken:
    """Keep the files one by one, so that one that fails spoils nothing.

    Raises `NotAllowed`, and `Unavailable` where none could be kept; what was kept before a disk was full stays.
    """
    from claimdesk.scanning.archive import Paper, unpacked

    documents: list[DocumentView] = []
    problems: list[str] = []
    no_papers: list[str] = []
    number = 0
    for done, file in enumerate(files):
        progress(done, len(files), file.name)
        try:
            given = file if isinstance(file, NewFile) else _read(file, origin)
            for one in unpacked(given.name, given.content, progress):
                if isinstance(one, Paper):
                    new = NewFile(one.name, one.content, given.origin)
                    documents += desk.documents.add(desk.signed_in, [new], case_id, f'{key}-{number}')
                    number += 1
                elif one.reason:
                    problems.append(one.reason)
                else:
                    no_papers.append(one.name)
        except NotAllowed:
            raise
        except Unavailable as error:
            if not documents:
                raise
            problems[:0] = [str(error), _("From {name} on nothing was taken in.").format(name=file.name)]
            break
        except ClaimDeskError as error:
            problems.append(str(error))
    if no_papers:
        problems.append(left_out_words(no_papers))
    return Taken(tuple(documents), tuple(problems))


def scanned_files(pictures: Sequence[bytes], *, as_one: bool) -> list[NewFile]:
    """Scanned pages (PNG or JPEG) as files: one PDF of all, or each for itself. Raises `Unreadable`."""
    name = _("Scan")
    if as_one and len(pictures) > 1:
        from claimdesk.scanning import PageRef, write_pdf

        return [NewFile(f'{name}.pdf', write_pdf([PageRef(picture) for picture in pictures]), 'scan')]
    several = len(pictures) > 1
    return [
        NewFile(f'{name} {number}{_suffix(picture)}' if several else f'{name}{_suffix(picture)}', picture, 'scan')
        for number, picture in enumerate(pictures, start=1)
    ]


def _suffix(picture: bytes) -> str:
    return '.jpg' if picture.startswith(b'\xff\xd8') else '.png'


def files_of(data: QMimeData) -> list[Path]:
    """The local files that were dragged or copied."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def has_paper(data: QMimeData) -> bool:
    """Whether something dragged or copied can be taken in."""
    return data.hasImage() or any(QUrl(url).isLocalFile() for url in data.urls())


def picture_of(data: QMimeData) -> NewFile | None:
    """A copied picture as a PNG file, or None."""
    image = data.imageData()
    if not isinstance(image, QImage) or image.isNull():
        return None
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b'png')).write(image)
    return NewFile(_("Pasted picture") + '.png', bytes(content.data()), 'paste')


def left_out_words(names: Sequence[str]) -> str:
    """Says which files are no documents, or '' if all are."""
    if not names:
        return ''
    first = _(", ").join(names[:3])
    return ngettext(
        "{names} is neither a picture nor a PDF and was left out.",
        "{names} and others ({n} in all) are neither pictures nor PDFs and were left out.",
        len(names),
    ).format(names=first, n=len(names))


def _read(path: Path, origin: str) -> NewFile:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ClaimDeskError(
                _("{name} is larger than {limit} MB and was left out.").format(
                    name=path.name, limit=MAX_BYTES // 1024 // 1024
                )
            )
        return NewFile(path.name, path.read_bytes(), origin)
    except FileNotFoundError as error:
        raise ClaimDeskError(_("{name} has vanished from its folder meanwhile.").format(name=path.name)) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise ClaimDeskError(_("{name} cannot be read: {reason}").format(name=path.name, reason=reason)) from error
