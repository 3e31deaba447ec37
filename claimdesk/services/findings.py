"""What a verification found: one sentence for each thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass

from claimdesk.language import N_
from claimdesk.vocabulary import Word


class Health(Word):
    """How a thing that was verified stands."""

    GOOD = 'good', N_('In order')
    NOTE = 'note', N_('To know')
    BROKEN = 'broken', N_('Broken')


@dataclass(frozen=True, slots=True)
class Finding:
    """`part` is what was verified (signature, payment, audit, rows), `subject` which one, `sentence` what was found.

    `case_id` is the case and `entry_id` the entry of the trail that it belongs to, where there is one.
    """

    part: str
    subject: str
    health: Health
    sentence: str
    case_id: int | None = None
    entry_id: int | None = None
