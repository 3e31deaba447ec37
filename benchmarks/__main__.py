"""Measures what is named, or everything: prints a table and writes `benchmarks/results.json`.

    python -m benchmarks [start] [list] [search] [export] [paper] [desk] [keys] [reading] [reading_medical] [chain]
        [assignment] [duplicates] [sheets] [--quick]

Another suite is a module of this package with a function `suite(run: Run) -> Iterator[Measured]` and its name below.
"""

from __future__ import annotations

import argparse
import importlib
import json
import re
import sys
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

from benchmarks.measured import Measured
from benchmarks.run import Run

SUITES = ('start', 'list', 'search', 'export', 'paper', 'desk', 'keys', 'reading', 'reading_medical', 'chain',
          'assignment', 'duplicates', 'sheets')  # fmt: skip
RESULTS = Path(__file__).with_name('results.json')


def main() -> int:
    """Run the suites that are named; 1 if a goal was missed."""
    parser = argparse.ArgumentParser(prog='python -m benchmarks', description='Measure ClaimDesk beside its peers.')
    parser.add_argument('names', nargs='*', metavar='NAME', help=f'one of {", ".join(SUITES)}; all by default')
    parser.add_argument('--quick', action='store_true', help='small data and few repeats; goals are not meant for it')
    parser.add_argument('--cases', type=int, help='the cases of the large office (1,000,000; quick: 20,000)')
    parser.add_argument('--each', type=int, help='papers of a set that are read at most')
    parser.add_argument('--out', type=Path, default=RESULTS, help='where the results are written')
    options = parser.parse_args()
    for name in options.names:
        if name not in SUITES:
            parser.error(f'{name} is none of {", ".join(SUITES)}')
    run = Run(quick=options.quick, cases=options.cases or (20_000 if options.quick else 1_000_000), each=options.each)
    found: list[Measured] = []
    try:
        for name in options.names or [name for name in SUITES if find_spec(f'benchmarks.{name}')]:
            for one in importlib.import_module(f'benchmarks.{name}').suite(run):
                found.append(one)
                print(_line(one), flush=True)
    finally:
        run.close()
        _keep(options.out, found)
    missed = [one for one in found if one.goal is not None and one.ratio is not None and one.ratio > one.goal]
    print(f'{len(found)} figures, {len(missed)} beyond their goal; written to {options.out}', file=sys.stderr)
    return 1 if missed and not options.quick else 0


def _line(one: Measured) -> str:
    value = f'{one.value:,.3f}' if one.value < 10 else f'{one.value:,.1f}'
    if one.reference_value is None or one.ratio is None:
        return f'{value:>12} {one.unit:<4} {one.name}'
    mark = ' ' if one.goal is None or one.ratio <= one.goal else '!'
    goal = '' if one.goal is None else f' (goal {one.goal:g})'
    return (
        f'{value:>12} {one.unit:<4} {one.name}\n{mark:>12}      {one.ratio:.3f} × {one.reference} '
        f'{one.reference_value:,.3f}{goal}, n {one.n}'
    )


def _keep(path: Path, found: list[Measured]) -> None:
    """Write the figures beside those of earlier runs that this one did not measure again."""
    kept: dict[str, object] = {}
    if path.exists():
        kept = {_place(one['name']): one for one in json.loads(path.read_text(encoding='utf-8'))}
    kept.update((_place(one.name), asdict(one)) for one in found)
    path.write_text(json.dumps(list(kept.values()), ensure_ascii=False, indent=1) + '\n', encoding='utf-8')


def _place(name: str) -> str:
    """What a figure replaces: the worst of a group is another question in each run."""
    return re.sub(r'((?:, (?:worst|slowest)|terms of)\b).*', r'\1', name)


if __name__ == '__main__':
    sys.exit(main())
