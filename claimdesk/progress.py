"""How long work tells where it is, and learns that it is no longer wanted."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Handed to work that takes time; calling it may raise `claimdesk.errors.Cancelled`."""

    def __call__(self, done: int, total: int, sentence: str = '') -> None:
        """Report `done` of `total` steps (`total` 0: unknown) and what is being done now."""


def quiet(done: int, total: int, sentence: str = '') -> None:
    """The progress of nobody watching: never cancels."""
