"""The list of a million cases: first rows, last row and memory, beside QSqlTableModel on a copy of its own.

    python -m benchmarks.list ours URL
    python -m benchmarks.list peer FILE
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtWidgets import QApplication, QTableView

from benchmarks.measured import Measured, beside, in_a_new_process, peak_megabytes
from benchmarks.run import Run

PEER = 'QSqlTableModel'
ROWS = 60


def suite(run: Run) -> Iterator[Measured]:
    """Both databases beside the peer; the quickest of several, the memory of the last."""
    times = 2 if run.quick else 5
    peers = [in_a_new_process('benchmarks.list', 'peer', str(run.offices.peer)) for _time in range(min(times, 3))]
    peer = {name: min(one[name] for one in peers) for name in peers[0]}
    for kind in ('SQLite', 'PostgreSQL'):
        url = run.offices.sqlite if kind == 'SQLite' else run.offices.postgres
        ours = [in_a_new_process('benchmarks.list', 'ours', url) for _time in range(times)]
        best = {name: min(one[name] for one in ours) for name in ours[0]}
        name = f'List of {run.cases:,} cases ({kind})'
        yield beside(f'{name}, first rows painted', best['first'], 'ms', PEER, peer['first'], 1.5, times)
        yield beside(f'{name}, the very first', best['cold'], 'ms', f'{PEER}, the first', peer['cold'], None, times)
        yield beside(f'{name}, last row painted', best['last'], 'ms', PEER, peer['last'], 1 / 40, times)
        yield beside(f'{name}, memory added', best['memory'], 'MB', PEER, peer['memory'], 0.1, times)
        yield Measured(f'{name}, order of all rows read', best['ids'], 'ms', '', None, None, None, times)


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def _show(view: QTableView) -> None:
    view.resize(1366, 700)
    view.show()
    QApplication.processEvents()
    view.viewport().repaint()


def _ours(url: str) -> dict[str, float]:
    from claimdesk.models import Database
    from claimdesk.services.case_list import CaseList, CaseQuery
    from claimdesk.services.context import OfficeContext, command_line_actor
    from claimdesk.services.files import DatabaseStore
    from claimdesk.ui import theme
    from claimdesk.ui.pages.cases_model import CasesModel
    from claimdesk.ui.pages.cases_table import CasesTable

    # As the program does: cyclic garbage is looked for when nothing else happens.
    gc.disable()
    application = QApplication([])
    theme.apply(application, 'light')
    database = Database(url)
    cases, actor = CaseList(OfficeContext(database, DatabaseStore())), command_line_actor(1)
    default, everything = CaseQuery(), CaseQuery(open_only=False)
    before = peak_megabytes()
    shown: list[tuple[CasesModel, CasesTable]] = []

    def first() -> None:
        model = CasesModel()
        table = CasesTable(model)
        model.begin(cases.first(actor, default, ROWS))
        _show(table)
        shown.append((model, table))

    def last() -> None:
        model.begin(cases.last(actor, everything, ROWS))
        table.scrollToBottom()
        table.viewport().repaint()

    cold, warm = _timed(first), _timed(first)
    model, table = shown[-1]
    found: dict[str, float] = {'cold': cold, 'first': warm, 'last': min(_timed(last) for _time in range(2))}
    ids: Any = None

    def order() -> None:
        nonlocal ids
        ids = cases.ids(actor, everything)

    found['ids'] = _timed(order)
    model.set_ids(ids)
    for place in range(0, len(ids), max(1, len(ids) // 40)):
        model.take(cases.rows(actor, ids[place : place + 200]))
        table.verticalScrollBar().setValue(place * table.rowHeight(0))
        table.viewport().repaint()
    found['memory'] = peak_megabytes() - before
    database.close()
    return found


def _peer(path: str) -> dict[str, float]:
    from PySide6.QtCore import Qt
    from PySide6.QtSql import QSqlDatabase, QSqlTableModel

    _application = QApplication([])
    database = QSqlDatabase.addDatabase('QSQLITE')
    database.setDatabaseName(path)
    if not database.open():
        raise OSError(database.lastError().text())
    before = peak_megabytes()
    shown: list[tuple[QSqlTableModel, QTableView]] = []

    def first() -> None:
        model = QSqlTableModel(db=database)
        model.setTable('claim_case')
        model.setSort(model.fieldIndex('due_at'), Qt.SortOrder.AscendingOrder)
        model.select()
        view = QTableView()
        view.setModel(model)
        _show(view)
        shown.append((model, view))

    def last() -> None:
        while model.canFetchMore():
            model.fetchMore()
        view.scrollToBottom()
        view.viewport().repaint()

    cold, warm = _timed(first), _timed(first)
    model, view = shown[-1]
    return {'cold': cold, 'first': warm, 'last': _timed(last), 'memory': peak_megabytes() - before}


if __name__ == '__main__':
    print(json.dumps(_ours(sys.argv[2]) if sys.argv[1] == 'ours' else _peer(sys.argv[2])))
