"""Losses that may be the same accident reported twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping


def similar_losses(
    loss_at: dt.datetime, others: Mapping[int, dt.datetime], within: dt.timedelta = dt.timedelta(hours=48)
) -> list[int]:
    """The ids of `others` whose loss lies within `within` of `loss_at`, the nearest first."""
    near = [(abs(other - loss_at), case_id) for case_id, other in others.items()]
    return [case_id for distance, case_id in sorted(near) if distance <= within]
