"""Papers that lie on one sheet in every way that people lay them, and single papers that look like several."""

import io

import numpy as np
import pytest
from PIL import Image

from claimdesk.papers import everyday
from claimdesk.papers.glued import Ground, Spacing, glued
from claimdesk.papers.press import as_picture
from claimdesk.scanning.pieces import find_pieces
from claimdesk.vocabulary import DocumentKind

KINDS = (DocumentKind.TAXI_RECEIPT, DocumentKind.TRAIN_TICKET, DocumentKind.RECEIPT, DocumentKind.TAXI_RECEIPT)


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, 'PNG')
    return out.getvalue()


@pytest.mark.parametrize(
    ('ground', 'spacing', 'slant'),
    [('lid', 'apart', 3.0), ('glued', 'apart', 3.0)],
)
def test_each_paper_is_found_where_it_lies(ground: Ground, spacing: Spacing, slant: float) -> None:
    forms = [everyday.make(seed, kind).form for seed, kind in enumerate(KINDS)]
    sheet = glued(5, forms, ground, slant=slant, spacing=spacing)
    found = find_pieces(png(sheet.picture))
    assert len(found) == len(sheet.corners)
    for paper in sheet.corners:
        middle = np.mean(paper, axis=0)
        nearest = min(found, key=lambda box: float(np.abs(np.mean(box, axis=0) - middle).max()))
        assert np.abs(np.mean(nearest, axis=0) - middle).max() < 0.02


@pytest.mark.parametrize('folds', [1, 2])
def test_the_parts_of_a_folded_paper_are_one_paper(folds: int) -> None:
    paper = as_picture(everyday.make(3, DocumentKind.REPAIR_ESTIMATE).form, 150).resize((620, 877))
    shades = np.repeat(np.linspace(1.0, 0.9, folds + 1), -(-877 // (folds + 1)))[:877]
    worn = np.asarray(paper, np.float32) * shades[:, None, None]
    sheet = Image.new('RGB', (1240, 1754), (60, 61, 63))
    sheet.paste(Image.fromarray(worn.astype(np.uint8)), (200, 300))
    assert find_pieces(png(sheet)) == ()
