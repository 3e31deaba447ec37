"""Engines behind the small interface: a faulty one, a missing one, one that talks nonsense; and the real one, once."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from claimdesk.errors import Unavailable
from claimdesk.ocr import EngineChoice, PageReading, read
from claimdesk.ocr.engines import Engine
from claimdesk.ocr.engines.line import LineReader
from claimdesk.ocr.layout import Span
from claimdesk.ocr.orientation import upright
from claimdesk.ocr.pages import Picture, turned_picture
from claimdesk.vocabulary import DocumentKind
from tests.ocr.paper import as_picture, make, worn
from tests.ocr.test_hostile import picture as stored

INVOICE = make(12, 'digital_special')
PICTURE = stored(as_picture(INVOICE, dpi=100), 'PNG')


class Says:
    """An engine that says what it is told to."""

    name = 'says'

    def __init__(self, *spans: Span) -> None:
        self.said = list(spans)
        self.asked = 0

    def spans(self, picture: Picture) -> list[Span]:
        self.asked += 1
        return self.said


Plug = Callable[..., None]


@pytest.fixture
def plug(monkeypatch: pytest.MonkeyPatch) -> Plug:
    """Put engines in place of the real ones; one that is missing raises."""

    def put(rapid: Engine | None, tesseract: Engine | None = None) -> None:
        def load(choice: EngineChoice) -> Engine:
            chosen = tesseract if choice is EngineChoice.TESSERACT else rapid
            if chosen is None:
                raise Unavailable('No engine.', 'Install one.')
            return chosen

        monkeypatch.setattr('claimdesk.ocr.sight.load_engine', load)
        monkeypatch.setattr('claimdesk.ocr.sight.first_reader', lambda: None)
        monkeypatch.setattr('claimdesk.ocr.sight.second_reader', lambda: None)

    return put


def line(text: str, x: float, y: float) -> Span:
    return Span(text, x, y, x + 0.012 * len(text), y + 0.016, 0.99)


FORM = (
    line('电子发票（普通发票）', 0.4, 0.05),
    line('发票号码：24517000000216393366', 0.65, 0.06),
    line('开票日期：2024年10月19日', 0.65, 0.09),
    line('名称：北京邑邻科技有限公司', 0.05, 0.15),
    line('名称：成都信诚汽车维修有限公司', 0.53, 0.15),
    line('统一社会信用代码/纳税人识别号：91110105MA01Q7QUXU', 0.05, 0.2),
    line('项目名称', 0.08, 0.26), line('金额', 0.68, 0.26), line('税率/征收率', 0.76, 0.26), line('税额', 0.9, 0.26),
    line('¥42.04', 0.68, 0.42), line('¥1.26', 0.92, 0.42),
    line('价税合计（大写）', 0.08, 0.46), line('肆拾叁圆叁角整', 0.28, 0.46), line('（小写）¥43.30', 0.7, 0.46),
)  # fmt: skip


def values(page: PageReading) -> dict[str, str]:
    return {name: field.value for name, field in page.fields.items()}


def test_one_engine_alone_is_never_sure(plug: Plug) -> None:
    plug(Says(*FORM))
    page = read(PICTURE, engine='rapid').pages[0]
    assert values(page)['total'] == '43.30'
    assert all(field.confidence <= 0.9 and field.source == 'rapid' for field in page.fields.values())
    assert page.checks == ()


def test_auto_without_its_engine_reads_with_tesseract(plug: Plug) -> None:
    plug(None, Says(*FORM))
    assert values(read(PICTURE).pages[0])['seller_name'] == '成都信诚汽车维修有限公司'


def test_no_engine_at_all_is_said(plug: Plug) -> None:
    plug(None, None)
    with pytest.raises(Unavailable, match='No engine'):
        read(PICTURE)
    with pytest.raises(Unavailable):
        read(PICTURE, engine='rapid')


@pytest.mark.parametrize(
    'spans',
    [
        (),
        (Span('', 0, 0, 0, 0),),
        (Span('  ', 0.1, 0.1, 0.2, 0.12),),
        (Span('发票号码：', 0.9, 0.9, 0.9, 0.9),),
        (Span('名称：', 2.0, -1.0, 1.0, -2.0),),
        tuple(Span('价税合计', 0.1, 0.1, 0.3, 0.12) for _time in range(300)),
        tuple(Span('9' * 500, 0.0, 0.001 * place, 1.0, 0.001 * place + 0.5) for place in range(50)),
        tuple(Span('名称：\0\u202e纳税人识别号', 0.1, 0.1 * place, 0.3, 0.1 * place + 0.02) for place in range(9)),
    ],
)
def test_nonsense_from_an_engine_invents_nothing(plug: Plug, spans: tuple[Span, ...]) -> None:
    plug(Says(*spans))
    reading = read(stored(as_picture(make(1, 'vat_special'), dpi=40), 'PNG'))
    assert reading.error is None
    assert not [field for field in reading.pages[0].fields.values() if field.sure and 'qr' not in field.source]


class Compass:
    """An engine that reads only a page whose dark corner is at the upper left, and sees upright lines otherwise."""

    name = 'compass'

    def __init__(self) -> None:
        self.asked = 0

    def spans(self, picture: Picture) -> list[Span]:
        self.asked += 1
        high, wide = picture.shape[:2]
        right_way = picture[: high // 4, : wide // 4].mean() < 128
        on_end = high > wide
        if on_end:
            return [Span('圜圚圛圈', 0.1 * n, 0.1, 0.1 * n + 0.02, 0.4, 0.5) for n in range(6)]
        words = ('发票号码', '开票日期', '价税合计', '名称') if right_way else ('圜圚', '圛圈', '圉圊', '圕圗')
        score = 0.9 if right_way else 0.6
        return [Span(word, 0.1, 0.1 * n, 0.4, 0.1 * n + 0.03, score) for n, word in enumerate(words)]


@pytest.mark.parametrize('turn', [0, 90, 180, 270])
def test_a_page_is_turned_until_it_makes_sense(turn: int) -> None:
    page = np.full((300, 400, 3), 255, np.uint8)
    page[:75, :100] = 0
    engine = Compass()
    seen, spans, rotation = upright(turned_picture(page, turn), engine, None)
    assert (rotation, spans[0].text) == ((360 - turn) % 360, '发票号码')
    assert np.array_equal(seen, page)
    assert engine.asked <= 3


@pytest.mark.parametrize('noise', [0, 5])
def test_a_blank_page_is_not_given_to_an_engine(noise: int) -> None:
    engine = Compass()
    grains = np.random.default_rng(1).normal(0, noise, (600, 400, 3))
    page = (240 + grains).clip(0, 255).astype(np.uint8)
    assert upright(page, engine, None)[1:] == ([], 0)
    assert upright(np.zeros((1, 20_000, 3), np.uint8), engine, None)[1:] == ([], 0)
    assert engine.asked == 0


def test_one_faint_word_is_no_blank_page() -> None:
    page = np.full((1500, 1000, 3), 240, np.uint8)
    page[700:714, 400:520:3] = 170
    engine = Compass()
    upright(page, engine, None)
    assert engine.asked


def test_a_hint_spares_the_search() -> None:
    engine = Compass()
    page = np.full((400, 300, 3), 255, np.uint8)
    page[:75, :75] = 0
    upright(page, engine, 90)
    assert engine.asked == 1


# -- lines ----------------------------------------------------------------------------------------------------------


def reader_of(steps: list[dict[str, float]], characters: str = '中国人民财') -> tuple[str, tuple[float, ...]]:
    """What a line reader makes of steps that name the probability of each character, the rest being blank."""
    reader = LineReader.__new__(LineReader)
    reader._characters = ['', *characters]
    table = np.zeros((len(steps), len(characters) + 1), np.float32)
    for row, step in zip(table, steps, strict=True):
        row[0] = 1.0 - sum(step.values())
        for char, probability in step.items():
            row[1 + characters.index(char)] = probability
    return reader._decode(table)


def spaced(*chars: str) -> list[dict[str, float]]:
    return [step for char in chars for step in ({char: 0.99}, {}, {})]


def test_repetitions_and_blanks_are_dropped() -> None:
    assert reader_of([{'中': 0.9}, {'中': 0.8}, {}, {'国': 0.9}])[0] == '中国'
    assert reader_of([{'中': 0.9}, {}, {'中': 0.9}])[0] == '中中'


def test_a_thin_character_that_drowned_is_found_in_its_hole() -> None:
    steps = [*spaced('中', '国', '中', '国'), {'人': 1e-4}, {'人': 2e-4, '民': 2e-5}, {}, *spaced('民', '财')]
    text, scores = reader_of(steps)
    assert text == '中国中国人民财'
    assert 0.8 < scores[4] < 0.95


def test_an_empty_hole_stays_empty() -> None:
    assert reader_of([*spaced('中', '国', '中', '国'), {}, {}, {}, *spaced('民', '财')])[0] == '中国中国民财'


# -- the real thing -------------------------------------------------------------------------------------------------


def test_a_worn_scan_on_its_side_is_read_by_the_real_engine(tmp_path: Path) -> None:
    """The whole way once: find, turn, read, look again, weigh; the engine's models come inside its package."""
    scan = worn(as_picture(INVOICE, dpi=150), 12, turn=90)
    page = read(scan).pages[0]
    assert (page.kind, page.rotation) == (DocumentKind.DIGITAL_SPECIAL, 90)
    truth = INVOICE.truth()
    read_values = values(page)
    assert {name for name, value in truth.items() if read_values.get(name) == value} >= {
        'invoice_number', 'issue_date', 'amount', 'tax', 'total', 'buyer_tax_id', 'seller_tax_id',
    }  # fmt: skip
    assert {name for name, field in page.fields.items() if field.sure} >= {'invoice_number', 'total', 'amount', 'tax'}
    box = page.fields['total'].box
    assert box is not None
    assert box.x > 0.5 < box.y
