"""Where things are: what ships with the program, and the folders of this user on this workstation."""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs

APPLICATION = 'ClaimDesk'


def resource(*parts: str) -> Path:
    """The path of something under `resources/`, from a checkout, an installed wheel or a frozen program."""
    return _resources().joinpath(*parts)


def _resources() -> Path:
    frozen = getattr(sys, '_MEIPASS', None)
    candidates = [Path(frozen) / 'resources'] if frozen else []
    here = Path(__file__).resolve().parent
    candidates += [here / 'resources', here.parent / 'resources']
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(candidates[-1])


def data_folder() -> Path:
    """The user's data folder: the local office's database, its files and drafts."""
    return Path(platformdirs.user_data_dir(APPLICATION, appauthor=False))


def settings_folder() -> Path:
    """The folder of this workstation's settings."""
    return Path(platformdirs.user_config_dir(APPLICATION, appauthor=False))


def log_folder() -> Path:
    """The folder of this workstation's log files."""
    return Path(platformdirs.user_log_dir(APPLICATION, appauthor=False))
