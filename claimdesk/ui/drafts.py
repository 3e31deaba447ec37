"""Unsaved work on this workstation's disk, so that it survives a crash: one small file for each draft."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from claimdesk.paths import data_folder


class Drafts:
    """Drafts by name. A draft that cannot be written is given up silently: the form itself is still there."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or data_folder() / 'drafts'

    def keep(self, name: str, content: dict[str, Any]) -> None:
        """Write the draft beside and move it into place, so that a crash leaves the old one whole."""
        target = self._path(name)
        beside = target.with_suffix('.part')
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with beside.open('w', encoding='utf-8') as file:
                json.dump(content, file, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(target)
        except OSError:
            beside.unlink(missing_ok=True)

    def find(self, name: str) -> dict[str, Any] | None:
        """The draft of that name, or None where there is none that can be read."""
        try:
            content = json.loads(self._path(name).read_text(encoding='utf-8'))
        except (OSError, ValueError):
            return None
        return content if isinstance(content, dict) else None

    def drop(self, name: str) -> None:
        """The work is saved or given up: forget its draft."""
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._folder / f'{re.sub(r"[^A-Za-z0-9_-]", "_", name)}.json'
