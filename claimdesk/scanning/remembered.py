"""What this workstation remembers about scanning: named profiles, and addresses of scanners that somebody typed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claimdesk.errors import InvalidInput
from claimdesk.language import _
from claimdesk.paths import settings_folder
from claimdesk.scanning.scanner import Colour, PageSize, ScanOptions, Source
from claimdesk.whole_file import write_bytes

FILE_NAME = 'scanning.json'
MOST_PROFILES = 30
MOST_ADDRESSES = 20
NAME_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Profile:
    """A way to scan under a name, such as “receipts, both sides”; `as_one` makes one document of all pages."""

    name: str
    options: ScanOptions
    as_one: bool = False


class Remembered:
    """A small file in the settings folder, read anew each time: two desks of one person may be open."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or settings_folder() / FILE_NAME

    def profiles(self) -> tuple[Profile, ...]:
        """The profiles by name; what cannot be understood is left out."""
        found = [profile for one in self._list('profiles') if (profile := _profile(one)) is not None]
        return tuple(sorted(found, key=lambda profile: profile.name.casefold()))

    def keep_profile(self, profile: Profile) -> None:
        """Add a profile, or replace the one of that name. Raises `InvalidInput` and `Unavailable`."""
        name = ' '.join(profile.name.split())
        if not name or len(name) > NAME_LENGTH:
            raise InvalidInput(
                _("A profile needs a name of at most {n} characters.").format(n=NAME_LENGTH),
                _("Type a short name, for example “Receipts”."),
            )
        others = [one for one in self.profiles() if one.name != name]
        if len(others) >= MOST_PROFILES:
            raise InvalidInput(
                _("This computer keeps at most {n} profiles.").format(n=MOST_PROFILES), _("Remove one first.")
            )
        self._write(profiles=[_spelled(one) for one in (*others, Profile(name, profile.options, profile.as_one))])

    def forget_profile(self, name: str) -> None:
        """Remove a profile; none of that name is no error. Raises `Unavailable`."""
        self._write(profiles=[_spelled(one) for one in self.profiles() if one.name != name])

    def addresses(self) -> tuple[str, ...]:
        """Addresses of network scanners, the latest first."""
        return tuple(str(one) for one in self._list('addresses') if isinstance(one, str))[:MOST_ADDRESSES]

    def keep_address(self, address: str) -> None:
        """Remember a network scanner. Raises `Unavailable` when it cannot be written."""
        self._write(addresses=[address, *(one for one in self.addresses() if one != address)][:MOST_ADDRESSES])

    def forget_address(self, address: str) -> None:
        """Forget a network scanner. Raises `Unavailable`."""
        self._write(addresses=[one for one in self.addresses() if one != address])

    def _list(self, name: str) -> list[Any]:
        kept = self._read().get(name)
        return kept if isinstance(kept, list) else []

    def _read(self) -> dict[str, Any]:
        try:
            kept = json.loads(self._path.read_text('utf-8'))
        except (OSError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}

    def _write(self, **values: Any) -> None:
        text = json.dumps({**self._read(), **values}, ensure_ascii=False, indent=1)
        write_bytes(self._path, text.encode())


def _spelled(profile: Profile) -> dict[str, Any]:
    options = profile.options
    return {
        'name': profile.name, 'resolution': options.resolution, 'colour': options.colour, 'source': options.source,
        'size': options.size, 'as_one': profile.as_one,
    }  # fmt: skip


def _profile(kept: Any) -> Profile | None:
    try:
        options = ScanOptions(
            int(kept['resolution']), Colour(kept['colour']), Source(kept['source']), PageSize(kept['size'])
        )
        return Profile(str(kept['name'])[:NAME_LENGTH], options, bool(kept['as_one']))
    except (KeyError, TypeError, ValueError):
        return None
