"""The start: until the frame is painted, beside a bare window; until rows can be used, with SQLAlchemy beside it."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.measured import Measured, beside, in_a_new_process
from benchmarks.run import Run


def suite(run: Run) -> Iterator[Measured]:
    """The quickest of several starts of each kind, taken in turns."""
    times = 3 if run.quick else 9
    url = run.offices.sqlite
    best = dict.fromkeys(('bare', 'frame', 'bare-orm', 'rows'), float('inf'))
    for _time in range(times):
        for kind in best:
            found = in_a_new_process('benchmarks.one_start', kind, url)
            best[kind] = min(best[kind], (found['painted'] - found['began']) * 1000)
    yield beside('Start, frame painted', best['frame'], 'ms', 'bare QMainWindow', best['bare'], 1.3, times)
    yield beside(
        'Start, rows usable', best['rows'], 'ms', 'bare QMainWindow and sqlalchemy.orm', best['bare-orm'], 1.15, times
    )
