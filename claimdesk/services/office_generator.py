"""Makes offices that never were: the demo office, and an office of N cases for benchmarks."""

from __future__ import annotations

from claimdesk.progress import Progress, quiet
from claimdesk.services.context import OfficeContext


def fill_demo_office(office: OfficeContext, progress: Progress = quiet) -> None:
    """Fill an empty database with the demo office: fourteen months of every kind of case, the same each time."""


def generate(office: OfficeContext, cases: int, progress: Progress = quiet) -> None:
    """Fill an empty database with an office of that many cases, loaded in bulk."""
