"""One run of the benchmarks: how much is measured, and the offices that it is measured on."""

from __future__ import annotations

from functools import cached_property

from benchmarks.offices import Offices


class Run:
    """What each suite is handed; `each` is how many papers of a set are read, where a number was asked for."""

    def __init__(self, *, quick: bool, cases: int, each: int | None = None) -> None:
        self.quick = quick
        self.cases = cases
        self.each = each

    @cached_property
    def offices(self) -> Offices:
        """The large offices, made when first asked for."""
        return Offices(self.cases)

    def close(self) -> None:
        """Stop what was started."""
        if 'offices' in self.__dict__:
            self.offices.close()
