"""The bench under the hand: how many keys it takes to confirm a pile of thirty mixed receipts without the mouse.

The pile is generated and read from its text layers; what the reader is unsure of decides the figure, so it is no
measure of paper that was scanned badly. A letter typed counts as one key, and so does a key with Ctrl held.

    python -m benchmarks.keys     one pile, as a line of JSON; the suite runs this in a process of its own
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measured import Measured, beside, in_a_new_process
from benchmarks.run import Run

PAPERS = 30
GOAL = 0.5
REFERENCE = 'one key for every second field'


def suite(run: Run) -> Iterator[Measured]:
    """Keys for each field and for each paper."""
    found = in_a_new_process('benchmarks.keys')
    yield beside('Bench: keys per field', found['keys'] / found['fields'], 'keys', REFERENCE, GOAL, 1.0, PAPERS)
    yield Measured('Bench: keys per paper', found['keys'] / PAPERS, 'keys', '', None, None, None, PAPERS)
    yield Measured(
        'Bench: the program\'s own time per paper', found['seconds'] / PAPERS, 's', '', None, None, None, PAPERS
    )


def measure() -> dict[str, float]:
    """Confirm the pile: `keys` pressed, `fields` shown, and the `seconds` that the program took for all of it."""
    from PySide6.QtWidgets import QApplication

    from claimdesk.models import Database
    from claimdesk.models.schema import upgrade
    from claimdesk.ui.pages.inbox import InboxPage
    from tests.ui.inbox_office import Typist, inbox_office
    from tests.ui.keyed_pile import confirm_all, take_in_mixed

    with tempfile.TemporaryDirectory() as folder:
        url = f'sqlite:///{folder}/office.db'
        database = Database(url)
        upgrade(database)
        database.close()
        with inbox_office(url, Path(folder), None) as office:
            take_in_mixed(office, PAPERS)
            page = InboxPage(office.desk, office.shell)
            page.resize(1290, 690)
            page.show()
            page.activateWindow()
            page.opened()
            page.arrive({'case_id': office.office.case_id})
            QApplication.processEvents()
            typist, began = Typist(), time.perf_counter()
            fields = confirm_all(page, typist, PAPERS, QApplication.processEvents)
            took = time.perf_counter() - began
            page.closing()
            page.deleteLater()
    return {'keys': typist.strokes, 'fields': fields, 'seconds': took}


def main() -> None:
    """Measure one pile."""
    os.environ.setdefault('QT_QPA_PLATFORM', 'offscreen')
    from PySide6.QtWidgets import QApplication

    application = QApplication([])
    print(json.dumps(measure()))
    application.quit()


if __name__ == '__main__':
    main()
