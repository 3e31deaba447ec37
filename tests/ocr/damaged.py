"""Damage to what was read: labels misread, torn, lost or grown together, values gone, words of a seal in between.

Values themselves stay as they are: nobody could tell a misread digit that two readers agree about.
"""

import random
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from claimdesk.ocr.evidence import SecondLook
from claimdesk.ocr.layout import Layout, Span, fold

TWINS = {
    '支': '文艺', '付': '村计', '个': '介', '人': '入八', '自': '白由', '费': '贵电', '号': '弓', '码': '吗',
    '水': '永', '流': '硫', '务': '鲁', '业': '亚', '统': '流', '筹': '寿', '基': '其', '金': '全', '医': '区',
    '账': '帐胀', '户': '尸', '现': '观', '验': '险', '日': '口曰', '期': '朋', '交': '文', '款': '欲', '票': '栗要',
    '据': '居', '代': '伐', '就': '龙', '诊': '珍', '住': '往', '时': '吋', '间': '问', '其': '共', '他': '地',
    '位': '拉', '收': '攸',
}  # fmt: skip
"""What engines read instead."""
SEALS = ('收费专用章', '财务专用章', '发票专用章', '医疗收费专用章', '市第一医院')


class Agreeing(SecondLook):
    """A second reader who sees the same everywhere: only what stands in the wrong place can be wrong."""

    def __init__(self, layout: Layout) -> None:
        super().__init__(np.zeros((4, 4, 3), np.uint8), layout, None)  # type: ignore[arg-type]

    @property
    def name(self) -> str:
        return 'v4'

    def line(self, index: int, margin: float = 0.3) -> tuple[str, tuple[float, ...]]:
        text = ''.join(fold(char) for char in self._layout.spans[index].text if not char.isspace())
        return text, (0.99,) * len(text)


def damage(spans: Sequence[Span], labels: Collection[str], seed: str, level: float = 1.0) -> list[Span]:
    """The spans as a poor reading gives them, the same for the same seed."""
    dice = random.Random(seed)
    done = [worse for span in spans if (worse := _worse(span, labels, dice, level))]
    if dice.random() < 0.4 * level:
        x, y = dice.uniform(0.1, 0.8), dice.uniform(0.05, max(span.y1 for span in spans) - 0.03)
        done.append(Span(dice.choice(SEALS), x, y, x + 0.09, y + 0.014, 0.8))
    return _grown_together(done, dice, level)


def _worse(span: Span, labels: Collection[str], dice: random.Random, level: float) -> Span | None:
    text, roll = span.text, dice.random() / level
    label = text.index('：') + 1 if '：' in text else len(text) if text in labels else 0
    places = [place for place, char in enumerate(text[:label]) if char in TWINS]
    if roll < 0.05 and places:
        place = dice.choice(places)
        text = text[:place] + dice.choice(TWINS[text[place]]) + text[place + 1 :]
    elif roll < 0.07 and places:
        place = dice.choice(places)
        text = text[:place] + text[place + 1 :]
    elif roll < 0.12:
        text = text.replace('：', dice.choice(('', ':', ';', '.', '： ')))
    elif roll < 0.135:
        return None
    elif roll < 0.15 and '：' in text:
        text = text[:label]
    elif roll < 0.165 and '：' in text and label < len(text):
        return _torn(span, label)
    elif roll < 0.185 and label > 4:
        return _torn(span, dice.randint(1, 3))
    shift = dice.gauss(0, 0.0006 * level)
    return replace(span, text=text, y0=span.y0 + shift, y1=span.y1 + shift, score=0.97)


def _torn(span: Span, count: int) -> Span:
    """The span without its first characters."""
    left = span.x0 + (span.x1 - span.x0) * count / len(span.text)
    return replace(span, text=span.text[count:], x0=left, score=0.97)


def _grown_together(spans: list[Span], dice: random.Random, level: float) -> list[Span]:
    out: list[Span] = []
    for span in sorted(spans, key=lambda one: (round(one.y0, 3), one.x0)):
        before = out[-1] if out else None
        near = before is not None and abs(before.y0 - span.y0) < 0.3 * span.height
        if before is not None and near and 0 <= span.x0 - before.x1 < 1.2 * span.height and dice.random() < 0.3 * level:
            out[-1] = replace(before, text=before.text + span.text, x1=span.x1)
        else:
            out.append(span)
    return out
