"""One reading out of all sources: the evidence is weighed by the rules of the kind of document that it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimdesk.ocr.candidate import Earlier, Extract, PaperCode
from claimdesk.ocr.kinds import kind_of
from claimdesk.ocr.weighing import Fused, Weighing

if TYPE_CHECKING:
    from claimdesk.ocr.evidence import SecondLook

__all__ = ['Fused', 'fuse']


def fuse(
    extracts: list[Extract], code: PaperCode | None, look: SecondLook | None, earlier: Earlier | None = None
) -> Fused:
    """One reading out of all sources; `extracts` from the most to the least trusted, `look` for the last of them."""
    kind = (code.kind if code else None) or next((one.kind for one in extracts if one.kind), None)
    owner = kind_of(kind)
    weighing = Weighing(extracts, code, look, earlier)
    owner.prove(weighing, kind)
    if any(extract.several for extract in extracts):
        weighing.doubt_all()
    return weighing.fused(owner.names(kind))
