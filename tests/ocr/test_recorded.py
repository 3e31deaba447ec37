"""What the engines once saw on worn paper, recorded: read again without an engine in every run."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from claimdesk.ocr import qr
from claimdesk.ocr.engines import Recogniser
from claimdesk.ocr.evidence import SecondLook
from claimdesk.ocr.fusion import Fused, fuse
from claimdesk.ocr.kinds import extract
from claimdesk.ocr.layout import Layout, Span
from tests.ocr.paper import Invoice, make
from tests.ocr.test_fusion import Eyes

ILLEGIBLE = {'digital_normal-58'}
"""Recorded at the edge of what anybody can read: here only wrong certainty is a fault."""
RECORDINGS = sorted((Path(__file__).parent / 'recorded').glob('*.json'))
LEGIBLE = [path for path in RECORDINGS if path.stem not in ILLEGIBLE]


class Remembered(SecondLook):
    """A second look at lines that were read when the page was recorded."""

    def __init__(self, layout: Layout, reader: Recogniser, lines: dict[str, Any]) -> None:
        super().__init__(np.zeros((4, 4, 3), np.uint8), layout, reader)
        self._lines = lines

    def line(self, index: int, margin: float = 0.3) -> tuple[str, tuple[float, ...]]:
        text, scores = self._lines[f'{index}/{margin}']
        return text, tuple(scores)


def recording(path: Path, *, with_code: bool = True, second: bool = True) -> tuple[Fused, str | None, Invoice]:
    kept = json.loads(path.read_text(encoding='utf-8'))
    spans = [Span(text, *box, score, tuple(scores), slope) for text, *box, score, scores, slope in kept['spans']]
    layout = Layout(spans, kept['aspect'])
    code = next((qr.parse(text) for text in kept['codes']), None) if with_code else None
    seen = extract(layout, 'rapid', code.kind if code else None)
    look = Remembered(layout, Eyes([]), kept['second']) if second else None
    return fuse([seen], code, look), seen.kind, make(kept['seed'], kept['kind'], hard=kept['hard'])


def same(name: str, printed: str, read: str) -> bool:
    if name == 'total_capital':
        printed, read = (text.replace('圆', '元').rstrip('整') for text in (printed, read))
    folded = str.maketrans('（）', '()')
    return printed.translate(folded) == read.translate(folded)


@pytest.mark.parametrize('path', RECORDINGS, ids=lambda path: path.stem)
@pytest.mark.parametrize('with_code', [True, False])
@pytest.mark.parametrize('second', [True, False])
def test_nothing_sure_is_wrong(path: Path, with_code: bool, second: bool) -> None:
    fused, _kind, invoice = recording(path, with_code=with_code, second=second)
    truth = invoice.truth()
    wrong = {
        name: (field.value, truth.get(name))
        for name, field in fused.fields.items()
        if field.sure and not same(name, truth.get(name, ''), field.value)
    }
    assert wrong == {}


@pytest.mark.parametrize('path', RECORDINGS, ids=lambda path: path.stem)
def test_every_field_is_found_and_most_are_sure(path: Path) -> None:
    fused, kind, invoice = recording(path)
    truth = invoice.truth()
    right = [
        name
        for name, value in truth.items()
        if name in fused.fields and same(name, value, fused.fields[name].value)
    ]
    assert kind == invoice.kind
    assert len(right) >= (len(truth) - 1 if path.stem not in ILLEGIBLE else 7), set(truth) - set(right)
    if path.stem not in ILLEGIBLE:
        assert sum(field.sure for field in fused.fields.values()) >= 0.75 * len(truth)


@pytest.mark.parametrize(
    'path', [path for path in RECORDINGS if path.stem not in ILLEGIBLE], ids=lambda path: path.stem
)
def test_the_lines_add_up_although_the_paper_is_worn(path: Path) -> None:
    fused, _kind, invoice = recording(path)
    assert [item.amount for item in fused.items] == [f'{line.amount:.2f}' for line in invoice.lines]
    assert fused.items_confidence < 0.95
