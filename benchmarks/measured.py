"""A figure beside its floor or peer, and the clocks that make one."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure beside what it is compared with; `goal` is the largest ratio wanted, or None."""

    name: str
    value: float
    unit: str
    reference: str
    reference_value: float | None
    ratio: float | None
    goal: float | None
    n: int


def beside(
    name: str, value: float, unit: str, reference: str, reference_value: float, goal: float | None, n: int
) -> Measured:
    """`value` beside `reference_value`, with their ratio."""
    ratio = value / reference_value if reference_value else None
    return Measured(name, value, unit, reference, reference_value, ratio, goal, n)


def seconds(work: Callable[[], object]) -> float:
    """How long `work` takes, the collector kept out of it."""
    gc.collect()
    gc.disable()
    try:
        begun = time.perf_counter()
        work()
        return time.perf_counter() - begun
    finally:
        gc.enable()


def best_ms(work: Callable[[], Any], times: int = 5, at_most: float = 1.0) -> tuple[Any, float]:
    """What `work` gives and its quickest of `times` runs in milliseconds; no new run after `at_most` seconds."""
    best, began = float('inf'), time.perf_counter()
    result = None
    for _time in range(times):
        begun = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - begun)
        if time.perf_counter() - began > at_most:
            break
    return result, best * 1000


def peak_megabytes() -> float:
    """The most memory that this process ever held; on Linux only, where a child does not inherit its parent's."""
    lines = Path('/proc/self/status').read_text(encoding='ascii').splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith('VmHWM')) / 1024


def in_a_new_process(module: str, *arguments: str) -> dict[str, float]:
    """Run `python -m module arguments` and return the JSON object on its last line; `began` is when it was started."""
    began = time.time()
    done = subprocess.run(
        [sys.executable, '-m', module, *arguments], check=True, stdout=subprocess.PIPE, text=True, timeout=1800
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return {'began': began, **found}
