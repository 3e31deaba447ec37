"""Calculating without an office: the inputs in a JSON file, the steps and the result as plain values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from claimdesk.errors import InvalidInput, Unreadable
from claimdesk.language import _
from claimdesk.rules.adjustment import Adjustment, Request, adjust
from claimdesk.rules.adjustment.documents import read_request, result_json

MOST_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class Calculated:
    """What a file asked for and what comes out."""

    request: Request
    result: Adjustment

    def as_json(self) -> dict[str, Any]:
        """The result as docs/formats.md describes it."""
        return result_json(self.request, self.result)


def calculate_file(path: Path) -> Calculated:
    """Calculate what the file at `path` asks for.

    Raises `Unreadable` for what is no JSON file, and `InvalidInput` with one sentence for each field that is wrong.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Unreadable(_("The file is too large for a calculation."), _("Choose the file with the inputs."))
        content = path.read_text(encoding='utf-8-sig')
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(
            _("The file {name} cannot be read.").format(name=path), _("It must be a JSON file in UTF-8.")
        ) from error
    try:
        # Amounts that are written as numbers are taken as they stand, never through binary fractions.
        data = json.loads(content, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Unreadable(_("The file {name} is not JSON: {why}").format(name=path, why=error)) from error
    request, wrong = read_request(data)
    if request is None:
        raise InvalidInput(_("{count} fields are wrong.").format(count=len(wrong)), '', wrong)
    return Calculated(request, adjust(request))


def _no_constant(name: str) -> Any:
    raise ValueError(name)
