"""What the office decides about checks of papers: accepted hospitals, buyers of invoices, words on lists of items.

All of it is the office's own (mark C); the program brings no hospital, and words that only say where to look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.rules.paper_names import plain_name, same_place
from claimdesk.vocabulary import Word

HOSPITALS_KEY, CHECKS_KEY = 'hospitals', 'paper_checks'
"""The office rules that hold the two."""
LONGEST_NAME, MOST_ROWS = 120, 2_000


class HospitalLevel(Word):
    """The grade of a hospital."""

    UNKNOWN = '', N_("not graded")
    FIRST = '1', N_("Grade I")
    SECOND = '2', N_("Grade II")
    THIRD = '3', N_("Grade III")


class PaperSort(Word):
    """On which papers the office looks for words."""

    MEDICAL = 'medical', N_("Medical papers")
    REPAIR = 'repair', N_("Repair papers")


@dataclass(frozen=True, slots=True)
class HospitalEntry:
    """One hospital of the office's list; `also` are its other names."""

    name: str
    also: tuple[str, ...] = ()
    level: HospitalLevel = HospitalLevel.UNKNOWN
    designated: bool = True

    def is_called(self, name: str) -> bool:
        """Whether a paper's name of a hospital means this one."""
        return any(same_place(name, own) for own in (self.name, *self.also))


@dataclass(frozen=True, slots=True)
class HospitalList:
    """The hospitals whose bills the office takes, and the lowest grade; without any nothing is checked."""

    hospitals: tuple[HospitalEntry, ...] = ()
    least: HospitalLevel = HospitalLevel.UNKNOWN

    def find(self, name: str) -> HospitalEntry | None:
        """The entry of a hospital, one that bears exactly this name before one that is a part of it."""
        exact = plain_name(name)
        called = [one for one in self.hospitals if one.is_called(name)]
        return next(
            (one for one in called if exact in {plain_name(own) for own in (one.name, *one.also)}),
            next(iter(called), None),
        )


@dataclass(frozen=True, slots=True)
class ItemWords:
    """Words on a list that point away from the loss, unless what is known of the injury has one of `unless`."""

    name: str
    papers: PaperSort
    words: tuple[str, ...]
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckRules:
    """To whom an invoice may be made out, and the words that are looked for on lists."""

    insured: bool = True
    holder: bool = True
    others: bool = True
    names: tuple[str, ...] = ()
    items: tuple[ItemWords, ...] = ()


def _words(name: str, papers: PaperSort, words: str, unless: str = '') -> ItemWords:
    return ItemWords(name, papers, tuple(words.split()), tuple(unless.split()))


DEFAULT_ITEMS = (
    _words(
        '医疗美容', PaperSort.MEDICAL, '美容 整形 祛斑 祛痘 双眼皮 隆鼻 隆胸 脱毛 植发 抽脂 玻尿酸 光子嫩肤',
        '烧伤 烫伤 毁容 颌面 面部 瘢痕',
    ),
    _words(
        '口腔', PaperSort.MEDICAL, '洁牙 洗牙 种植牙 种植体 烤瓷 正畸 矫治器 义齿 全瓷 补牙 根管',
        '牙 齿 口腔 颌 面部 面颅',
    ),
    _words('孕产', PaperSort.MEDICAL, '分娩 剖宫产 产前 产检 引产 人流 助产 胎心 保胎 接生', '孕 妊娠 产 胎'),
    _words('视力矫正', PaperSort.MEDICAL, '验光 配镜 角膜塑形 准分子 近视', '眼 角膜 视神经 视力'),
    _words('体检', PaperSort.MEDICAL, '体检 健康检查 保健咨询'),
    _words('非治疗', PaperSort.MEDICAL, '伙食 膳食 陪客 停车 电话费 营养品 保健品 特需'),
    _words('保养', PaperSort.REPAIR, '机油 机滤 空滤 空调滤 火花塞 保养 四轮保养 刹车油 变速箱油'),
    _words('美容加装', PaperSort.REPAIR, '贴膜 镀晶 打蜡 洗车 脚垫 座套 行车记录仪 改装'),
)  # fmt: skip
"""Words to begin with; every office changes them as it likes."""

DEFAULT_CHECKS = CheckRules(items=DEFAULT_ITEMS)


def hospitals_value(chosen: HospitalList) -> dict[str, Any]:
    """The list as plain JSON, for the office's rules."""
    return {'least': chosen.least.value, 'hospitals': [_entry_value(one) for one in chosen.hospitals]}


def hospitals_from(value: Any) -> HospitalList:
    """The list that `hospitals_value` made plain; an empty one where the office has entered none."""
    if not value:
        return HospitalList()
    entries = tuple(
        HospitalEntry(one['name'], tuple(one['also']), HospitalLevel(one['level']), bool(one['designated']))
        for one in value['hospitals']
    )
    return HospitalList(entries, HospitalLevel(value['least']))


def checks_value(rules: CheckRules) -> dict[str, Any]:
    """The rules as plain JSON."""
    plain = asdict(rules)
    plain['names'] = list(rules.names)
    plain['items'] = [
        {'name': one.name, 'papers': one.papers.value, 'words': list(one.words), 'unless': list(one.unless)}
        for one in rules.items
    ]
    return plain


def checks_from(value: Any) -> CheckRules:
    """The rules that `checks_value` made plain; what the program brings where the office is silent."""
    if not value:
        return DEFAULT_CHECKS
    items = tuple(
        ItemWords(one['name'], PaperSort(one['papers']), tuple(one['words']), tuple(one['unless']))
        for one in value['items']
    )
    return CheckRules(
        bool(value['insured']), bool(value['holder']), bool(value['others']), tuple(value['names']), items
    )


def check_hospitals(chosen: HospitalList) -> None:
    """Raise `InvalidInput` ('hospitals') where the list makes no sense."""
    problem, seen = '', set[str]()
    if len(chosen.hospitals) > MOST_ROWS:
        problem = _("The list has more than {count} lines.").format(count=MOST_ROWS)
    for number, one in enumerate(chosen.hospitals, start=1):
        plain = plain_name(one.name)
        if not plain:
            problem = problem or _("Line {line}: enter the hospital's name.").format(line=number)
        elif len(one.name) > LONGEST_NAME:
            problem = problem or _("Line {line}: the name is too long.").format(line=number)
        elif plain in seen:
            problem = problem or _("Line {line}: {name} is there twice.").format(line=number, name=one.name)
        seen.add(plain)
    if problem:
        raise InvalidInput(problem, '', {'hospitals': problem})


def check_rules(rules: CheckRules) -> None:
    """Raise `InvalidInput` by field where the rules make no sense."""
    wrong: dict[str, str] = {}
    for number, one in enumerate(rules.items, start=1):
        if not one.name or not one.words:
            wrong.setdefault('items', _("Line {line}: enter a name and at least one word.").format(line=number))
        elif any(len(word) < 2 for word in one.words):
            # One character is in half of all names of goods.
            wrong.setdefault('items', _("Line {line}: a word has two characters or more.").format(line=number))
    if not (rules.insured or rules.holder or rules.others or rules.names):
        wrong['names'] = _("Choose somebody to whom an invoice may be made out.")
    if wrong:
        raise InvalidInput(next(iter(wrong.values())), '', wrong)


def _entry_value(one: HospitalEntry) -> Mapping[str, Any]:
    return {'name': one.name, 'also': list(one.also), 'level': one.level.value, 'designated': one.designated}
