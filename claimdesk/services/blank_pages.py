"""Pages of a scan on which nothing stands: the backs of a duplex scan, found so that a person may take them out."""

from __future__ import annotations

import io

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _
from claimdesk.models import Document
from claimdesk.models.rows import get
from claimdesk.progress import Progress, quiet
from claimdesk.services.context import Actor, OfficeContext

WIDTH = 400
EDGE = 0.04
"""The share of each side that is passed over: shadows and punched holes are no writing."""
DARKER = 48
"""So many of 255 steps below the paper a dot must be to count as ink: what shines through from the front is less."""
MOST_INK = 0.0008
"""The share of dots that may be ink on a page that is called blank: dust, a crease; one line of print is more."""


class BlankPages:
    """Finds them; `Documents.set_pages` takes them out and brings them back."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of(self, actor: Actor, document_id: int, progress: Progress = quiet) -> list[int]:
        """The positions of blank pages, from 0. A page that cannot be drawn is not blank. Raises `NotFound`."""
        with self._office.database.read() as session:
            pages = [(page.sha256, page.page_index) for page in get(session, Document, document_id).pages]
        found, known, content = [], '', b''
        for position, (sha256, index) in enumerate(pages):
            progress(position, len(pages), _("Looking for blank pages"))
            try:
                if sha256 != known:
                    with self._office.database.read() as session:
                        known, content = sha256, self._office.files.get(session, sha256)
                if is_blank(self._office.draw(content, index + 1, WIDTH, 0)):
                    found.append(position)
            except ClaimDeskError:
                continue
        return found


def is_blank(picture: bytes, most: float = MOST_INK) -> bool:
    """Whether at most that share of the page in `picture`, a file that Pillow opens, is ink."""
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as image:
        grey = image.convert('L')
    grey.thumbnail((WIDTH, 4 * WIDTH), Image.Resampling.BOX)
    across, down = int(grey.width * EDGE), int(grey.height * EDGE)
    counts = grey.crop((across, down, grey.width - across, grey.height - down)).histogram()
    total, seen, paper = sum(counts), 0, 0
    for step, count in enumerate(counts):
        paper = step
        seen += count
        if seen * 2 >= total:
            break
    return sum(counts[: max(paper - DARKER, 0)]) <= most * total and paper > 128
