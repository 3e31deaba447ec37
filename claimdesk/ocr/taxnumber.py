"""Tax numbers with a letter or digit taken for its look-alike, mended by their check digit."""

from __future__ import annotations

from collections.abc import Callable

from claimdesk.identifiers import credit_code_ok

_TWINS = {'O': '0', 'Q': '0', 'D': '0', 'I': '1', 'L': '1', 'Z': '2', 'S': '5', 'B': '8', 'G': '6'}
_BACK = {'0': 'OQD', '1': 'IL', '2': 'Z', '5': 'S', '8': 'B', '6': 'G'}


def mended(value: str, seen: Callable[[str], bool]) -> str:
    """The one right spelling that differs from `value` by a look-alike, or ''.

    O and I occur in no tax number. Where several spellings are right, the one that `seen` confirms counts.
    """
    plain = ''.join(_TWINS[char] if char in 'OI' else char for char in value)
    if _right(plain):
        return plain
    hits = {
        trial
        for place, char in enumerate(plain)
        for other in (_TWINS.get(char, ''), *_BACK.get(char, ''))
        if other and _right(trial := plain[:place] + other + plain[place + 1 :])
    }
    hits = {trial for trial in hits if seen(trial)} or hits
    return hits.pop() if len(hits) == 1 else ''


def _right(value: str) -> bool:
    """Whether the check digit holds and the place of registration, the third to eighth character, is a number."""
    return credit_code_ok(value) and value[2:8].isdigit()
