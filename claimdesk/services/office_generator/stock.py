"""The names, places, causes and sentences that made-up cases are built from, read from `resources/demo`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any

from claimdesk.paths import resource
from claimdesk.services.office_generator.dice import Dice
from claimdesk.vocabulary import Line


@dataclass(frozen=True)
class Cause:
    """Why cases of a line happen.

    `estimate` is the usual range in yuan, `days` that of a stay in hospital, `items` are what is lost: kind, name, and
    the range of its price. `at_fault` says that the insured alone bears the fault.
    """

    name: str
    descriptions: tuple[str, ...]
    finding: str
    estimate: tuple[int, int]
    items: tuple[tuple[str, str, int, int], ...]
    spots: tuple[str, ...]
    third: bool
    injury: bool
    at_fault: bool
    days: tuple[int, int]
    diagnoses: tuple[str, ...]


@dataclass(frozen=True)
class LineStock:
    """The causes of one line of business with their shares, the items of loss and what people say."""

    causes: tuple[Cause, ...]
    weights: tuple[int, ...]
    lists: Mapping[str, Any]

    def cause(self, dice: Dice) -> Cause:
        """A cause, the frequent ones more often."""
        return dice.choices(self.causes, cum_weights=self.weights)[0]


@dataclass(frozen=True)
class Stock:
    """Everything in `resources/demo`."""

    names: Mapping[str, Any]
    places: Mapping[str, Any]
    talk: Mapping[str, Any]
    lines: Mapping[Line, LineStock]


@cache
def stock() -> Stock:
    """The stock, read once."""
    return Stock(
        names=_read('names'),
        places=_read('places'),
        talk=_read('talk'),
        lines={line: _line(_read(line.value)) for line in Line},
    )


def _read(name: str) -> Mapping[str, Any]:
    kept: Mapping[str, Any] = json.loads(resource('demo', f'{name}.json').read_text(encoding='utf-8'))
    return kept


def _line(kept: Mapping[str, Any]) -> LineStock:
    causes = tuple(
        Cause(
            name=one['cause'],
            descriptions=tuple(one['descriptions']),
            finding=one['finding'],
            estimate=(one['estimate'][0], one['estimate'][1]),
            items=tuple((kind, name, low, high) for kind, name, low, high in kept['items'] if name in one['items']),
            spots=tuple(one.get('spots', ())),
            third=one.get('third', False),
            injury=one.get('injury', False),
            at_fault=one.get('at_fault', False),
            days=tuple(one.get('days', (0, 0))),
            diagnoses=tuple(one.get('diagnoses', ())),
        )
        for one in kept['causes']
    )
    return LineStock(causes, tuple(accumulate(one['weight'] for one in kept['causes'])), kept)
