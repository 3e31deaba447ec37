"""Paper: a long table beside the canvas by hand, a claim summary, and the monthly report beside the database alone.

    python -m benchmarks.paper [--office URL]     URL: an office of many cases, for the monthly report
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import io
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from benchmarks.measured import Measured
from benchmarks.run import Run
from claimdesk.paths import resource
from claimdesk.reports.fonts import REGULAR, letters
from claimdesk.reports.grid import Column
from claimdesk.reports.paper import Head, Paper

ROWS, REPEATS = 10_000, 3
Rows = list[tuple[str, ...]]

COLUMNS = (
    Column('案件号', 14), Column('被保险人', 8), Column('车牌', 9), Column('原因', 9), Column('地点', 22),
    Column('环节', 6), Column('报案日期', 11), Column('估损', 12, 'right'),
)  # fmt: skip


def made_up_rows(count: int) -> Rows:
    """Rows such as a list of cases has; names and amounts differ from row to row."""
    dice = random.Random(1)
    names, given = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许', '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀英华文玉'
    return [
        (
            f'CY2026-{number:06d}',
            dice.choice(names) + ''.join(dice.choices(given, k=2)),
            f'{dice.choice(("京A", "沪B", "苏E", "浙C", "粤D"))}{dice.randrange(10_000, 99_999)}',
            dice.choice(('追尾', '火灾', '暴雨水淹', '倒车碰撞', '玻璃破碎', '高空坠物')),
            f'{dice.choice(("朝阳区建国路", "姑苏区人民路", "浦东新区世纪大道"))}{dice.randrange(1, 999)}号',
            '定损',
            f'2026-{dice.randrange(1, 13):02d}-{dice.randrange(1, 29):02d}',
            f'{dice.randrange(100, 9_999_999) / 100:,.2f}',
        )
        for number in range(count)
    ]


def as_the_office_prints(rows: Rows) -> bytes:
    """The rows as a document of the office: head, foot, page n of m, every character checked, cells wrapped."""
    at = dt.datetime(2026, 11, 25, 15, 20, tzinfo=dt.UTC)
    paper = Paper(Head('朝阳理赔中心', '案件清单', '', '王敏', at))
    paper.table(COLUMNS, rows)
    return paper.finish()


def by_hand(rows: Rows) -> bytes:
    """The floor: each string straight on the canvas at a fixed place, nothing checked, nothing wrapped."""
    pdfmetrics.registerFont(TTFont(REGULAR, str(resource('fonts', f'{REGULAR}.ttf'))))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), pageCompression=1)
    places, y = (51, 130, 175, 226, 277, 401, 435), 760
    canvas.setFont(REGULAR, 9.5)
    for row in rows:
        if y < 60:
            canvas.showPage()
            canvas.setFont(REGULAR, 9.5)
            y = 780
        for x, text in zip(places, row, strict=False):
            canvas.drawString(x, y, text)
        canvas.drawRightString(544, y, row[-1])
        canvas.line(51, y - 4, 544, y - 4)
        y -= 18
    canvas.save()
    return out.getvalue()


def seconds(work: Callable[[], object]) -> float:
    """How long `work` takes, the collector kept out of it."""
    letters.cache_clear()
    gc.collect()
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def long_table() -> Iterator[Measured]:
    """Ten thousand rows beside the floor, and whether twice the rows take twice the time."""
    rows = made_up_rows(2 * ROWS)
    pairs = [
        (seconds(lambda: as_the_office_prints(rows[:ROWS])), seconds(lambda: by_hand(rows[:ROWS])))
        for _repeat in range(REPEATS)
    ]
    ours, floor = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
    yield Measured('PDF table, 10,000 rows', ours, 's', 'canvas by hand', floor, ours / floor, 1.4, REPEATS)
    half = min(seconds(lambda: as_the_office_prints(rows[: ROWS // 2])) for _repeat in range(REPEATS))
    twice = min(seconds(lambda: as_the_office_prints(rows)) for _repeat in range(REPEATS))
    yield Measured(
        'PDF table, 20,000 rows', twice, 's', '4 × 5,000 rows', 4 * half, twice / (4 * half), 1.2, REPEATS
    )


def claim_summary() -> Iterator[Measured]:
    """The summary of the case of a demo office with the most paper; nothing stands beside it."""
    from sqlalchemy import func, select

    from claimdesk.app import create_demo_office
    from claimdesk.models import Document
    from claimdesk.services.context import command_line_actor
    from claimdesk.settings import Settings

    with tempfile.TemporaryDirectory() as folder:
        desk = create_demo_office(Settings(database_url=f'sqlite:///{folder}/office.db'))
        try:
            actor = command_line_actor(desk.office.view().id)
            with desk.context.database.read() as session:
                most = select(Document.case_id).where(Document.case_id.is_not(None)).group_by(Document.case_id)
                case_id = session.scalar(most.order_by(func.count().desc()).limit(1)) or 1
            cold = seconds(lambda: desk.summaries.pdf(actor, case_id))
            warm = min(seconds(lambda: desk.summaries.pdf(actor, case_id)) for _repeat in range(REPEATS))
        finally:
            desk.close()
    yield Measured('Claim summary, first of the day', cold, 's', '', None, None, None, 1)
    yield Measured('Claim summary, later ones', warm, 's', '', None, None, None, REPEATS)


def monthly_report(url: str) -> Iterator[Measured]:
    """The report as workbook and PDF, beside its own statements run by the bare driver."""
    from sqlalchemy import event

    from claimdesk.app import connect
    from claimdesk.services.context import command_line_actor
    from claimdesk.settings import Settings

    desk = connect(Settings(database_url=url))
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        statements.append((statement, parameters))

    try:
        actor = command_line_actor(desk.office.view().id)
        month = desk.reporting.months(actor)[1]
        event.listen(desk.context.database.engine, 'before_cursor_execute', note)
        with tempfile.TemporaryDirectory() as folder:
            whole = seconds(lambda: desk.reporting.write_monthly(actor, month, ('xlsx', 'pdf'), Path(folder)))
        event.remove(desk.context.database.engine, 'before_cursor_execute', note)
        with desk.context.database.engine.connect() as connection:
            cursor = connection.connection.cursor()

            def ask() -> None:
                for statement, parameters in statements:
                    if statement != 'BEGIN':
                        cursor.execute(statement, parameters)
                        cursor.fetchall()

            alone = seconds(ask)
    finally:
        desk.close()
    kind = url.partition(':')[0]
    yield Measured(
        f'Monthly report, xlsx and pdf ({kind})', whole, 's', 'its statements alone', alone, whole / alone, 2.0, 1
    )


def measure(office: str | None = None) -> Iterator[Measured]:
    """Every figure of this file; the monthly report only where `office` is the address of a large office."""
    yield from long_table()
    yield from claim_summary()
    if office:
        yield from monthly_report(office)


def suite(run: Run) -> Iterator[Measured]:
    """Every figure, the monthly report on both databases."""
    yield from measure(run.offices.sqlite)
    yield from monthly_report(run.offices.postgres)


def main() -> None:
    """Print the figures, one line of JSON each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--office', metavar='URL')
    for one in measure(parser.parse_args().office):
        print(json.dumps(asdict(one), ensure_ascii=False), flush=True)


if __name__ == '__main__':
    main()
