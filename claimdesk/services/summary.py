"""The claim summary: everything that matters of one case on paper."""

from __future__ import annotations

from pathlib import Path

from claimdesk.progress import Progress, quiet
from claimdesk.services.context import Actor, OfficeContext


class Summaries:
    """Printing the claim summary."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def pdf(self, actor: Actor, case_id: int, progress: Progress = quiet) -> bytes:
        """The claim summary as PDF. Raises `NotFound`."""

    def write(self, actor: Actor, case_id: int, path: Path, progress: Progress = quiet) -> None:
        """Write the claim summary to `path`, whole or not at all. Raises `NotFound`, `Unavailable`."""
