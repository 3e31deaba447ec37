"""What evidence is worth: the confidence that each sort of agreement earns; `reading.SURE` lies between them."""

from __future__ import annotations

EXACT = frozenset({'xml', 'ofd', 'text_layer'})
"""Sources that hold characters, not pictures of characters."""
DOUBT = 0.6
ALONE = 0.9
WITNESSED = 0.965
PROVEN = 0.985
