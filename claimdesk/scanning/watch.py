"""A folder that is watched: a copier's share, where files appear bit by bit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that has wholly arrived."""

    path: Path
    content: bytes


class FolderWatch:
    """Looks into `folder` each time `poll` is called; a file counts once its size stood still between two looks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def poll(self) -> list[Arrival]:
        """The files that have arrived since the last look, the oldest first. Raises `Unavailable`."""

    def done(self, arrival: Arrival) -> None:
        """The file is kept in the office: move it to the folder's `done` sub-folder."""
