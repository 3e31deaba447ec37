"""Which lines of a list lie outside the injury or the damage: by the office's words, and by where on a car a part is.

A part's place is told by its name alone (前大灯, 左后门), the damaged places by the survey. What has no place of its
own fits every damage.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from claimdesk.rules.paper_rules import ItemWords, PaperSort

FRONT, REAR, LEFT, RIGHT, TOP, UNDER = 'front', 'rear', 'left', 'right', 'top', 'under'
_WORDS = {
    REAR: '后保 后杠 后大灯 尾灯 后雾灯 后翼子板 后叶子板 后门 后轮 后挡 后风挡 后围 行李箱 后备箱 尾门 后盖'
          ' 后纵梁 后防撞 牌照灯',
    FRONT: '前保 前杠 前大灯 大灯 前雾灯 前翼子板 前叶子板 前门 前轮 前挡 前风挡 前围 发动机盖 引擎盖 机盖'
           ' 中网 进气格栅 水箱 散热器 冷凝器 前纵梁 前防撞',
    TOP: '车顶 天窗 顶棚',
    UNDER: '底盘 油底壳 排气管 元宝梁 下护板 托底',
}  # fmt: skip
_PLACES = {place: tuple(words.split()) for place, words in _WORDS.items()}
_PAIRS = {REAR: ('左后', '右后'), FRONT: ('左前', '右前')}
_IMPACTS = {
    'Front': FRONT, 'Rear': REAR, 'Left side': LEFT, 'Right side': RIGHT, 'Roof': TOP, 'Underbody': UNDER,
}  # fmt: skip
_SIDES = ((LEFT, '左'), (RIGHT, '右'))


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a car: along it, across it; '' where a name does not say."""

    along: str = ''
    across: str = ''

    def meets(self, other: Spot) -> bool:
        """Whether both may be one place."""
        return _agree(self.along, other.along) and _agree(self.across, other.across)

    @property
    def known(self) -> bool:
        """Whether anything is said."""
        return bool(self.along or self.across)


def spot_of(name: str) -> Spot:
    """Where a part of that name sits on a car."""
    across = [side for side, char in _SIDES if char in name]
    if '前后' in name:
        return Spot()
    # 左前减振器, 右后悬挂: the character for front or rear stands beside that for the side.
    along = next((place for place, pairs in _PAIRS.items() if any(pair in name for pair in pairs)), '')
    if not along:
        along = next((place for place, words in _PLACES.items() if any(word in name for word in words)), '')
    return Spot(along, across[0] if len(across) == 1 else '')


def damaged_spots(impact: str, parts: Iterable[str]) -> tuple[Spot, ...]:
    """The damaged places that the survey names: its first point of impact, and each damaged part."""
    found = [spot_of(part) for part in parts]
    place = _IMPACTS.get(impact, '')
    if place:
        found.append(Spot('', place) if place in (LEFT, RIGHT) else Spot(place))
    return tuple(spot for spot in dict.fromkeys(found) if spot.known)


def outside_damage(name: str, spots: Sequence[Spot]) -> bool:
    """Whether a part sits where the survey found no damage; nothing is outside where the survey names no place."""
    own = spot_of(name)
    return bool(spots) and own.known and not any(own.meets(spot) for spot in spots)


def worded(name: str, papers: PaperSort, known: str, rules: Iterable[ItemWords]) -> ItemWords | None:
    """The first of the office's rules whose word is in `name`, unless `known` of the injury excuses it."""
    for rule in rules:
        if rule.papers is papers and any(word in name for word in rule.words):
            return None if any(word in known for word in rule.unless) else rule
    return None


def _agree(one: str, other: str) -> bool:
    return not one or not other or one == other
