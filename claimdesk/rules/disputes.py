"""The root causes of complaints and low scores, as the office words them; their time limits are clocks like others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _

KEY = 'root_causes'
"""The office rule that holds them."""

ROOT_CAUSES: Mapping[str, str] = {
    'slow': N_("Slow handling"),
    'amount': N_("Amount disputed"),
    'papers': N_("Documents asked for again"),
    'explained': N_("Not explained clearly"),
    'manner': N_("Manner of speaking"),
    'repair': N_("Quality of the repair"),
    'payment': N_("Payment wrong or late"),
    'cover': N_("Cover misunderstood at the sale"),
    'other': N_("Other cause"),
}
"""What the program brings; the office's own causes are kept in its own words."""

LONGEST = 40


def causes_from(value: Any) -> tuple[str, ...]:
    """The causes of the office's rule, or those that the program brings."""
    return tuple(value) if value else tuple(ROOT_CAUSES)


def cause_words(cause: str) -> str:
    """A root cause in the language in use."""
    return _(ROOT_CAUSES[cause]) if cause in ROOT_CAUSES else cause


def cause_of(words: str) -> str:
    """The root cause that `cause_words` says as `words`; the office's own words stay as they are."""
    return next((cause for cause in ROOT_CAUSES if cause_words(cause) == words), words)


def check_causes(causes: Sequence[str]) -> None:
    """Raise `InvalidInput` where the list makes no sense."""
    sentence = ''
    if not causes:
        sentence = _("Name at least one root cause.")
    elif any(not 0 < len(cause) <= LONGEST for cause in causes):
        sentence = _("A root cause has 1 to {most} characters.").format(most=LONGEST)
    elif len(set(causes)) < len(causes):
        sentence = _("A root cause stands there twice.")
    if sentence:
        raise InvalidInput(sentence, '', {'root_causes': sentence})
