"""The tables of the monthly report: by line, by handler, by stage and age, and what is overdue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from claimdesk.amounts import from_fen
from claimdesk.identifiers import mask_name
from claimdesk.language import N_, _
from claimdesk.reports.monthly import Indicator, Table
from claimdesk.rules.clocks import CLOCK_NAMES
from claimdesk.services.context import SHANGHAI
from claimdesk.services.figures import Counts, add_cycles, count
from claimdesk.services.indicators import CONTROL, mean_days, mean_money, share
from claimdesk.services.reporting_sql import MONTHS, Cell, Cycle, HandlerRow, OverdueRow
from claimdesk.vocabulary import STAGES, Line, Stage, label

AGE_LIMITS = (7, 15, 30, 60, 90)
"""Days since the report at which a group of the ageing ends; the last group is open."""


def standing(handlers: Iterable[HandlerRow], now: dt.datetime) -> list[Indicator]:
    """Open and overdue work at the moment of the report: it has no past, for that is not kept."""
    rows = list(handlers)
    opened, overdue = sum(row.open for row in rows), sum(row.overdue for row in rows)
    source = _("The office's own definition")
    nothing = (None,) * MONTHS
    at = f'{now:%Y-%m-%d %H:%M}'
    made = (
        ('open_now', N_("Open now"), 'count', Decimal(opened), _("Cases not closed on {time}.")),
        ('overdue_now', N_("Overdue now"), 'count', Decimal(overdue),
         _("Open cases past a time limit on {time}; one held up by waiting for documents does not count.")),
        ('overdue_rate', N_("Overdue rate"), 'share', share(overdue, opened),
         _("Overdue now ÷ open now, on {time}.")),
    )  # fmt: skip
    return [
        Indicator(name_of, _(CONTROL), _(name), unit, value, None, None, nothing, words.format(time=at), 'C', source)
        for name_of, name, unit, value, words in made
    ]


def line_table(cells: Sequence[Cell], cycles: Sequence[Cycle]) -> Table:
    """The month by line of business."""
    rows = []
    for line in Line:
        counts = count((cell for cell in cells if cell.line is line), MONTHS, MONTHS)
        add_cycles(counts, (cycle for cycle in cycles if cycle.line is line), MONTHS, MONTHS)
        rows.append((label(line), *_of_line(counts)))
    return Table(
        _("By line of business"),
        (
            (_("Line"), 'text'),
            (_("Losses reported"), 'count'),
            (_("Cases registered"), 'count'),
            (_("Cases closed"), 'count'),
            (_("Cases paid"), 'count'),
            (_("Amount paid"), 'money'),
            (_("Paid per closed case"), 'money'),
            (_("Report to payment"), 'days'),
            (_("Acceptance rate"), 'share'),
            (_("Open at the end"), 'count'),
            (_("Reserve of open cases"), 'money'),
        ),
        tuple(rows),
        _("Each column is defined as the indicator of the same name; days are calendar days with two places."),
        (_("Total"), *_of_line(count(cells, MONTHS, MONTHS))),
    )


def _of_line(counts: Counts) -> tuple[object, ...]:
    return (
        counts.reported,
        counts.registered,
        counts.decided,
        counts.paid,
        from_fen(counts.paid_amount),
        mean_money(counts.settled_amount, counts.closed_paid),
        mean_days(counts.report_to_payment, counts.paid),
        share(counts.closed_paid, counts.closed_paid + counts.refused),
        counts.open_after,
        from_fen(counts.open_after_estimate),
    )


def handler_table(handlers: Sequence[HandlerRow], people: Mapping[int, str], now: dt.datetime) -> Table:
    """Each person's open work now, and what was closed and paid in the month."""
    rows = sorted(handlers, key=lambda row: (row.owner_id is None, -row.open, people.get(row.owner_id or 0, '')))
    return Table(
        _("By handler"),
        (
            (_("Handler"), 'text'),
            (_("Open now"), 'count'),
            (_("Overdue now"), 'count'),
            (_("Overdue rate"), 'share'),
            (_("Cases closed"), 'count'),
            (_("Cases paid"), 'count'),
            (_("Amount paid"), 'money'),
            (_("Report to payment"), 'days'),
        ),
        tuple((_person(row.owner_id, people), *_of_handlers([row])) for row in rows),
        _(
            "Open and overdue on {time}; closed and paid in the month. A case counts for the person who has it now."
        ).format(time=f'{now:%Y-%m-%d %H:%M}'),
        (_("Total"), *_of_handlers(rows)),
    )


def _of_handlers(rows: Sequence[HandlerRow]) -> tuple[object, ...]:
    opened, overdue = sum(row.open for row in rows), sum(row.overdue for row in rows)
    paid = sum(row.paid for row in rows)
    return (
        opened,
        overdue,
        share(overdue, opened),
        sum(row.closed for row in rows),
        paid,
        from_fen(sum(row.paid_amount for row in rows)),
        mean_days(sum(row.report_to_payment for row in rows), paid),
    )


def stage_table(ages: Iterable[tuple[Stage, int, int, int]], now: dt.datetime) -> Table:
    """Open cases by stage and by days since the report."""
    groups = len(AGE_LIMITS) + 1
    counts: dict[Stage, list[int]] = {stage: [0] * groups for stage in STAGES if stage is not Stage.CLOSED}
    reserves: dict[Stage, int] = dict.fromkeys(counts, 0)
    for stage, group, cases, fen in ages:
        counts[stage][group] += cases
        reserves[stage] += fen
    rows = [(label(stage), *counts[stage], sum(counts[stage]), from_fen(reserves[stage])) for stage in counts]
    whole = [sum(counts[stage][group] for stage in counts) for group in range(groups)]
    edges = (0, *AGE_LIMITS)
    names = [
        _("{first}–{last} d").format(first=first + 1 if first else 0, last=last)
        for first, last in pairwise(edges)
    ]
    return Table(
        _("By stage and age"),
        (
            (_("Stage"), 'text'),
            *((name, 'count') for name in (*names, _("over {days} d").format(days=AGE_LIMITS[-1]))),
            (_("Open now"), 'count'),
            (_("Reserve"), 'money'),
        ),
        tuple(rows),
        _(
            "Open cases on {time} by their stage and the days since they were reported, with the reserves of today."
        ).format(time=f'{now:%Y-%m-%d %H:%M}'),
        (_("Total"), *whole, sum(whole), from_fen(sum(reserves.values()))),
    )


def overdue_table(rows: Sequence[OverdueRow], people: Mapping[int, str], now: dt.datetime, total: int) -> Table:
    """The cases past a time limit, the longest overdue first."""
    clocks = {rule_id: _(name) for rule_id, name in CLOCK_NAMES.items()}
    listed = _("All {total} overdue cases") if len(rows) >= total else _("The {count} longest overdue of {total} cases")
    return Table(
        _("Overdue cases"),
        (
            (_("Case number"), 'text'),
            (_("Insured"), 'text'),
            (_("Line"), 'text'),
            (_("Stage"), 'text'),
            (_("Handler"), 'text'),
            (_("Time limit"), 'text'),
            (_("Due time"), 'time'),
            (_("Days overdue"), 'count'),
            (_("Missing documents"), 'count'),
            (_("Reserve"), 'money'),
        ),
        tuple(
            (
                row.number,
                mask_name(row.insured_name),
                label(row.line),
                label(row.stage),
                _person(row.owner_id, people),
                clocks.get(row.due_clock, row.due_clock),
                row.due_at.astimezone(SHANGHAI),
                (now - row.due_at).days,
                row.missing_documents,
                row.estimate,
            )
            for row in rows
        ),
        _(
            "{listed}, on {time}; whole days since the time limit. Limits held up by waiting for documents do not "
            "count."
        ).format(
            listed=listed.format(count=len(rows), total=total), time=f'{now.astimezone(SHANGHAI):%Y-%m-%d %H:%M}'
        ),
    )


def _person(owner_id: int | None, people: Mapping[int, str]) -> str:
    return people.get(owner_id, _("Unknown")) if owner_id else _("Nobody yet")
