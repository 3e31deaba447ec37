"""What other cities, offices and shops print."""

import random

import pytest

from claimdesk.ocr.candidate import Extract
from claimdesk.ocr.reader import read
from claimdesk.ocr.reading import SURE
from claimdesk.papers import elsewhere, press
from tests.ocr.test_samples import same


@pytest.fixture(autouse=True)
def without_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('claimdesk.ocr.sight.look_at', lambda *_a, **_k: (Extract('rapid'), None, 0))


@pytest.mark.parametrize('name', elsewhere.MAKERS)
@pytest.mark.parametrize('seed', range(3))
def test_every_form_is_read_from_its_text_layer(name: str, seed: int) -> None:
    paper = elsewhere.make(seed, name)
    random.Random(seed).shuffle(paper.form.texts)
    page = read(press.as_pdf([paper.form])).pages[0]
    said = {field: page.fields[field].value for field in paper.truth if field in page.fields}
    assert page.kind is paper.kind
    assert {field for field in paper.truth if not same(field, paper.truth[field], said.get(field, ''))} == set()


@pytest.mark.parametrize('name', elsewhere.MAKERS)
def test_nothing_is_sure_and_wrong_where_a_label_is_lost(name: str) -> None:
    paper = elsewhere.make(7, name)
    for lost in range(len(paper.form.texts)):
        kept = [text for place, text in enumerate(paper.form.texts) if place != lost]
        page = read(press.as_pdf([type(paper.form)(paper.form.high, paper.form.wide, kept)])).pages[0]
        for field, value in paper.truth.items():
            read_as = page.fields.get(field)
            assert read_as is None or read_as.confidence < SURE or same(field, value, read_as.value), (lost, field)
