"""Identity cards, both sides, and bank cards: their numbers carry the check that proves them."""

from __future__ import annotations

import re

from claimdesk.identifiers import id_number_ok, luhn_ok
from claimdesk.language import _
from claimdesk.ocr.candidate import Candidate, Extract
from claimdesk.ocr.kinds.kind import Kind, PageWords, Sign, Strength
from claimdesk.ocr.kinds.labelled import (
    MOST_ROWS,
    address,
    chinese,
    identity_number,
    labelled,
    prove_checked,
    sex,
    take,
    take_address,
    take_period,
)
from claimdesk.ocr.labels import Wanted
from claimdesk.ocr.layout import Layout
from claimdesk.ocr.values import flat, iso_date
from claimdesk.ocr.weighing import Weighing
from claimdesk.ocr.worth import PROVEN, WITNESSED
from claimdesk.vocabulary import DocumentKind

PEOPLES = (
    '汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇'
    ' 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固'
    ' 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺'
)
"""The ethnic groups that an identity card may name."""
BANKS = (
    '中国工商银行', '中国农业银行', '中国银行', '中国建设银行', '交通银行', '中国邮政储蓄银行', '招商银行', '中信银行',
    '中国光大银行', '华夏银行', '中国民生银行', '广发银行', '平安银行', '兴业银行', '上海浦东发展银行', '浦发银行',
    '恒丰银行', '浙商银行', '渤海银行', '邮政储蓄银行', '工商银行', '农业银行', '建设银行', '光大银行', '民生银行',
)  # fmt: skip
"""Banks by the names on their cards, the longer one first where one is part of another."""
LATIN_BANKS = {
    'ICBC': '中国工商银行', 'AGRICULTURALBANKOFCHINA': '中国农业银行', 'CHINACONSTRUCTIONBANK': '中国建设银行',
    'BANKOFCOMMUNICATIONS': '交通银行', 'POSTALSAVINGSBANK': '中国邮政储蓄银行', 'CHINAMERCHANTSBANK': '招商银行',
    'CITICBANK': '中信银行', 'CHINAEVERBRIGHTBANK': '中国光大银行', 'PINGANBANK': '平安银行',
    'BANKOFCHINA': '中国银行',
}  # fmt: skip
"""Banks by their English names, where no other one is on the card."""
_LOCAL_BANK = re.compile(r'[\u4e00-\u9fff]{2,8}(?:银行|农村信用社|农商行|信用合作联社)')
_CARD_SIGN = re.compile(r'(?i)银行|银联|union\s*pay|valid|visa|master|debit|credit|借记|信用卡|储蓄卡|[a-z]bank')
_NO_CARD = re.compile(r'(?i)发票|客票|回单|账单|流水|合计|total|invoice|receipt|\d\.\d{2}(?!\d)')
"""A card states no amounts: a receipt names the card that paid, or the one that collects points."""
_CARD_NUMBER = re.compile(r'(?<!\d)[3-6]\d{14,18}(?!\d)')
_UNTIL = re.compile(r'(?<!\d)(0[1-9]|1[0-2])[/／](\d{2})(?!\d)')
_PERIOD = re.compile(r'((?:19|20)\d{2}[.\-/]\d{2}[.\-/]\d{2})[-—–至一]{1,2}((?:20)\d{2}[.\-/]\d{2}[.\-/]\d{2}|长期)')
_LABEL = re.compile(r'公民身份|身份号码|^姓名|^性别|^出生|^住址|\d{15}')


def _people(text: str) -> str:
    plain = chinese(text + '  ') or flat(text)[:1]
    known = [name for name in PEOPLES.split() if plain.removesuffix('族') == name]
    return known[0] if known else ''


ID_FORM = (
    Wanted('name', ('姓名',), chinese),
    Wanted('sex', ('性别',), sex),
    Wanted('ethnicity', ('民族',), _people),
    Wanted('birth_date', ('出生日期', '出生'), iso_date),
    Wanted('address', ('住址',), address),
    Wanted('id_number', ('公民身份号码', '公民身份证号码', '身份号码'), identity_number),
    Wanted('authority', ('签发机关',), chinese),
    Wanted('', ('有效期限',)),
)


class IdCards(Kind):
    """Resident identity cards, either side or a sheet with both."""

    kinds = (DocumentKind.ID_CARD,)

    def recognise(self, page: PageWords) -> Sign | None:
        """The front by its labels, the back by its title."""
        if len(page.layout.rows) > MOST_ROWS or page.other or re.search('准驾|驾驶证|国籍', page.whole):
            return None
        front = sum(word in page.whole for word in ('公民身份号码', '姓名', '性别', '民族', '出生', '住址'))
        back = sum(word in page.whole for word in ('居民身份证', '签发机关', '有效期限'))
        damaged = bool(page.layout.near('公民身份号码')) and front >= 2
        return Sign(DocumentKind.ID_CARD, Strength.TITLE) if front >= 4 or back >= 2 or damaged else None

    def extract(self, layout: Layout, source: str, kind: DocumentKind | None) -> Extract:
        """What stands beside the labels; the number also by its shape, the address on up to three rows."""
        out = labelled(layout, source, DocumentKind.ID_CARD, ID_FORM)
        take_address(out, layout, _LABEL)
        for row in layout.rows:
            match = re.search(r'(?<!\d)\d{17}[\dXx×]', row.text)
            piece = row.piece(match.start(), match.end()) if match else None
            if match and piece and 'id_number' not in out.fields:
                take(out, layout, 'id_number', Candidate(identity_number(match[0]), piece, piece.score))
        take_period(out, layout, _PERIOD)
        return out

    def prove(self, weighing: Weighing, kind: DocumentKind | None) -> None:
        """The number says the day of birth and the sex a second time, and its last character checks it."""
        super().prove(weighing, kind)
        prove_person(weighing)


def prove_person(weighing: Weighing) -> None:
    """Hold an identity number against its check character, and day of birth and sex against the number."""
    number, born, who = (weighing.out.get(name) for name in ('id_number', 'birth_date', 'sex'))
    if number is None:
        return
    digits = number.value
    holds = id_number_ok(digits)
    said = f'{digits[6:10]}-{digits[10:12]}-{digits[12:14]}'
    same_day = born is not None and born.value == said
    prove_checked(
        weighing, 'id_number', holds, _("The check character of the identity number holds."),
        _("The check character of the identity number does not hold."), second=same_day,
    )  # fmt: skip
    if not holds:
        return
    if born is not None:
        day = _("The identity number says {date}.").format(date=said)
        if weighing.check('birth_date', same_day, day, ('birth_date', 'id_number')):
            weighing.set('birth_date', born.value, PROVEN, f'{born.source}+id_number')
        else:
            for name in ('birth_date', 'id_number'):
                weighing.doubt(name, _("Day of birth and identity number do not agree."))
    if who is not None:
        wanted = '男' if int(digits[16]) % 2 else '女'
        words = _("The identity number says {sex}.").format(sex=wanted)
        if not weighing.check('sex', who.value == wanted, words, ('sex', 'id_number')):
            weighing.doubt('sex', words)
        elif same_day:
            weighing.set('sex', who.value, max(WITNESSED, who.confidence), f'{who.source}+id_number')


class BankCards(Kind):
    """Cards of banks, by the number whose last digit checks it."""

    kinds = (DocumentKind.BANK_CARD,)

    def recognise(self, page: PageWords) -> Sign | None:
        """A card number that holds, among few rows, with a word of banks."""
        if len(page.layout.rows) > MOST_ROWS or page.other or not _CARD_SIGN.search(page.whole):
            return None
        numbers = _CARD_NUMBER.findall(page.whole)
        if not numbers or _NO_CARD.search(page.whole):
            return None
        return Sign(DocumentKind.BANK_CARD, Strength.FORM if any(map(luhn_ok, numbers)) else Strength.HINT)

    def extract(self, layout: Layout, source: str, kind: DocumentKind | None) -> Extract:
        """The number, the bank in print, and until when it is valid."""
        out = Extract(source, DocumentKind.BANK_CARD, text=layout.text(), layout=layout)
        numbers = [(row, match) for row in layout.rows for match in _CARD_NUMBER.finditer(row.text)]
        for row, match in sorted(numbers, key=lambda pair: not luhn_ok(pair[1][0]))[:1]:
            if piece := row.piece(match.start(), match.end()):
                take(out, layout, 'card_number', Candidate(match[0], piece, piece.score))
        for row in layout.rows:
            bank = next((name for name in BANKS if name in row.text), '')
            named = re.search(bank, row.text) if bank else _LOCAL_BANK.search(row.text)
            if named and 'bank_name' not in out.fields and (piece := row.piece(named.start(), named.end())):
                take(out, layout, 'bank_name', Candidate(named[0], piece, piece.score))
            until = [*_UNTIL.finditer(row.text)]
            if until and 'valid_until' not in out.fields and (piece := row.piece(until[-1].start(), until[-1].end())):
                take(out, layout, 'valid_until', Candidate(f'{until[-1][1]}/{until[-1][2]}', piece, piece.score))
        latin = [(name, row) for row in layout.rows for name in LATIN_BANKS if name in row.text.upper()]
        if latin and 'bank_name' not in out.fields:
            name, row = latin[0]
            start = row.text.upper().index(name)
            if piece := row.piece(start, start + len(name)):
                take(out, layout, 'bank_name', Candidate(LATIN_BANKS[name], piece, piece.score, firm=False))
        return out

    def prove(self, weighing: Weighing, kind: DocumentKind | None) -> None:
        """The check digit of the number."""
        super().prove(weighing, kind)
        number = weighing.out.get('card_number')
        if number is None:
            return
        prove_checked(
            weighing, 'card_number', luhn_ok(number.value), _("The check digit of the card number holds."),
            _("The check digit of the card number does not hold."),
        )  # fmt: skip


ID_CARDS = IdCards()
BANK_CARDS = BankCards()
