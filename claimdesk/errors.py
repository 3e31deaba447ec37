"""What can go wrong, in one small family: each error has a sentence for the handler and an advice what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ClaimDeskError(Exception):
    """Something the handler must be told, and can do something about.

    `sentence` says what happened and `advice` what to do next; both are already translated. Whatever is not a
    `ClaimDeskError` (nor `Cancelled`) is a fault of the program and is reported as one.
    """

    def __init__(self, sentence: str, advice: str = '') -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.advice = advice

    def __str__(self) -> str:
        return f'{self.sentence} {self.advice}'.strip()


class NotAllowed(ClaimDeskError):
    """The person's role may not do this."""


class InvalidInput(ClaimDeskError):
    """What was entered cannot be kept; `fields` names each wrong field with its own sentence."""

    def __init__(self, sentence: str, advice: str = '', fields: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence, advice)
        self.fields: dict[str, str] = dict(fields or {})


class Conflict(ClaimDeskError):
    """Somebody else changed the same thing first.

    `mine`, `theirs` and `base` map field names to values, so that a form can show and merge them.
    """

    def __init__(
        self,
        sentence: str,
        advice: str = '',
        mine: Mapping[str, Any] | None = None,
        theirs: Mapping[str, Any] | None = None,
        base: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(sentence, advice)
        self.mine: dict[str, Any] = dict(mine or {})
        self.theirs: dict[str, Any] = dict(theirs or {})
        self.base: dict[str, Any] = dict(base or {})


class NotFound(ClaimDeskError):
    """The thing asked for is not there (any more)."""


class Unavailable(ClaimDeskError):
    """Something outside does not answer: the database, the scanner, the printer, the disk."""


class Unreadable(ClaimDeskError):
    """A file or page cannot be read as a document."""


class Cancelled(Exception):
    """The person stopped the work; nothing is to be said about it."""
