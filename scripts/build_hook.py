"""Compiles the translations whenever the program is built or installed from a checkout."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledTranslations(BuildHookInterface[Any]):
    """Called by hatchling before it collects the files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the .mo files that the wheel carries."""
        sys.path.insert(0, str(Path(self.root)))
        from scripts.translations import compile_catalogues

        compile_catalogues()
