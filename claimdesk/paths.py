"""Where things are: what ships with the program, and the folders of this user on this workstation."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from claimdesk import APPLICATION


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
    if _kept_in:
        return _kept_in[-1]
    return Path(platformdirs.user_data_dir(APPLICATION, appauthor=False))


_kept_in: list[Path] = []


@contextmanager
def data_kept_in(folder: Path) -> Iterator[None]:
    """While it lasts, `folder` is the data folder: a throw-away office leaves nothing among the user's own data."""
    _kept_in.append(folder)
    try:
        yield
    finally:
        _kept_in.pop()


def cache_folder() -> Path:
    """What this workstation may throw away at any time, because it can be made again."""
    if _kept_in:
        return _kept_in[-1] / 'cache'
    return Path(platformdirs.user_cache_dir(APPLICATION, appauthor=False))


def settings_folder() -> Path:
    """The folder of this workstation's settings."""
    return Path(platformdirs.user_config_dir(APPLICATION, appauthor=False))


def log_folder() -> Path:
    """The folder of this workstation's log files."""
    return Path(platformdirs.user_log_dir(APPLICATION, appauthor=False))
