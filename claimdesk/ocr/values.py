"""How a printed value is written down: money, dates, numbers and tax numbers freed of what printing and reading add."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from claimdesk.forms import FieldType

NO_TAX = ('免税', '不征税', '***', '免征增值税')
"""What stands in place of a rate or a tax amount where none is due."""

CAPITALS = '零〇壹贰叁肆伍陆柒捌玖拾佰仟万亿圆元角分整正负貳參叄陸園圓萬億負兩两'
CAPITAL_RUN = re.compile(rf'[{CAPITALS}]{{2,}}(?:[\u4e00-\u9fff]{{1,2}}[{CAPITALS}]{{2,}})*')
_CAPITAL_TWINS = str.maketrans('貳參叄陸園圓萬億負〇', '贰叁叁陆圆圆万亿负零')
_TYPEFACE_TWINS = str.maketrans('粵戶產內黃呂強兌吳稅說換淸靑眞溫麼歷', '粤户产内黄吕强兑吴税说换清青真温么历')
"""Forms that a recogniser takes for the simplified ones, which are what the tax administration prints."""
_STARS = re.compile(r'[*＊★☆※✱✳]{2,}')
_DIGIT_TWINS = str.maketrans('OoQDIl|iSBZz', '000011115822')
_DATE = re.compile(r'((?:19|20)\d{2})(?:[年./\-](\d{1,2})[月./\-](\d{1,2})|[年./\-]?(\d{2})[月./\-]?(\d{2}))')
"""Year, month and day; where a sign between them was not read, only with two digits each."""
LONG_CODE = 12
MONEY = re.compile(r'[¥￥Y]?[-—–−]?[¥￥Y]?[\d,，]*\d[.。·]\d{2}(?!\d)')


SEAL_WORDS = re.compile('(?:医疗|住院|门诊|收费|结算|票据|财务|发票|业务|理赔)*专用章?')
"""The words in the middle of a seal, read after the value that it covers."""


def flat(text: str) -> str:
    """`text` without spaces, full width folded to half, for matching."""
    return re.sub(r'\s', '', unicodedata.normalize('NFKC', text))


def money(text: str) -> str:
    """A money amount as plain decimal with two places, `***` where no tax is due, '' when it is neither.

    `¥-1,234.50` → `-1234.50`; `42,04` is taken for a misread point.
    """
    plain = flat(text)
    if _STARS.search(plain):
        return '***'
    if plain in NO_TAX:
        return plain
    plain = re.sub(r'[—–−]', '-', plain)
    negative = '-' in plain
    if not re.search(r'[\u4e00-\u9fff]', plain):
        plain = plain.translate(_DIGIT_TWINS)
    digits = re.sub(r'[^\d.,。·]', '', plain)
    digits = digits.replace('。', '.').replace('·', '.')
    if '.' not in digits and re.search(r',\d{2}$', digits):
        digits = digits[:-3] + '.' + digits[-2:]
    digits = digits.replace(',', '')
    if not re.fullmatch(r'\d+(\.\d{1,2})?', digits):
        return ''
    try:
        value = Decimal(digits).quantize(Decimal('0.01'))
    except InvalidOperation:
        return ''
    return f'-{value}' if negative and value else str(value)


def decimal(text: str) -> Decimal | None:
    """The number of a money field; `***` and its like count as zero; nothing when it is no number."""
    if text in NO_TAX:
        return Decimal(0)
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def iso_date(text: str) -> str:
    """The first plausible date in `text` as ISO, or ''."""
    return next(iso_dates(text), '')


def iso_dates(text: str) -> Iterator[str]:
    """Every plausible date in `text` as ISO."""
    plain = flat(text).translate(str.maketrans('OoIl', '0011'))
    for match in _DATE.finditer(plain):
        with contextlib.suppress(ValueError):
            yield date(int(match[1]), int(match[2] or match[4]), int(match[3] or match[5])).isoformat()


def digits(text: str) -> str:
    """The leading run of digits, spaces skipped and letters that look like digits read as such."""
    match = re.match(r'[\dOoQDIl|]+', flat(text))
    return match[0].translate(_DIGIT_TWINS) if match else ''


def tax_number(text: str) -> str:
    """A tax number of 15 to 20 capitals and digits at the start of `text`, or ''."""
    match = re.match(r'[0-9A-Za-z]{15,20}', flat(text))
    return match[0].upper() if match else ''


def capital(text: str) -> str:
    """The amount in capitals within `text`, a sign of negation kept, the crossed circle dropped; '' when none.

    A character or two in the middle that is no capital was misread and stays, to be judged by the other sums.
    """
    plain = re.sub(r'\s', '', text)
    runs = [(match[0], match.start()) for match in CAPITAL_RUN.finditer(plain)]
    if not runs:
        return ''
    run, start = max(runs, key=lambda pair: len(pair[0]))
    sign = re.search(r'[（(]?负数?[）)]?$', plain[:start])
    return (sign[0] if sign else '') + run.translate(_CAPITAL_TWINS)


def name(text: str) -> str:
    """A person's or company's name: stray punctuation at the ends and the cipher of an old invoice cut off."""
    cut = re.sub(r'[<>*/+\-\d＜＞]{8,}$', '', text.strip())
    return cut.translate(_TYPEFACE_TWINS).strip(' :：;；.,，、|¦_·。')


def code(text: str) -> str:
    """A number that may hold letters and hyphens; in a long one of digits, letters that look like digits are digits."""
    match = re.search(r'[0-9A-Za-z][0-9A-Za-z\-_/]*', flat(text))
    value = match[0] if match else ''
    plain = value.translate(_DIGIT_TWINS)
    return plain if len(plain) >= LONG_CODE and plain.isdigit() else value


def moment(text: str) -> str:
    """A date with a time of day as `2024-07-17 08:05`, or ''."""
    day = iso_date(text)
    times = re.search(r'(?<!\d)([01]?\d|2[0-3])[:时]([0-5]\d)', flat(text))
    return f'{day} {int(times[1]):02d}:{times[2]}' if day and times else ''


WRITERS: dict[FieldType, Callable[[str], str]] = {
    FieldType.TEXT: str.strip,
    FieldType.NAME: name,
    FieldType.DIGITS: digits,
    FieldType.CODE: code,
    FieldType.DATE: iso_date,
    FieldType.MOMENT: moment,
    FieldType.MONEY: money,
    FieldType.CAPITAL: capital,
    FieldType.TAX_NUMBER: tax_number,
}
"""How each type of field is written down."""
