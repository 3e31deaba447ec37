"""Numbers that identify people, companies, vehicles and accounts: are they right, and how much of them to show."""

from __future__ import annotations

import datetime as dt
import re
from itertools import product

CREDIT_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_LOOKALIKES = {
    'O': '0', 'I': '1', 'Z': '2', 'S': '5', '0': 'D', 'B': '8', '8': 'B', '2': 'Z', '5': '6', '6': 'G', 'G': '6',
}  # fmt: skip
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_VALUES = {
    **{str(digit): digit for digit in range(10)},
    **dict(zip('ABCDEFGH', range(1, 9), strict=True)),
    **dict(zip('JKLMN', range(1, 6), strict=True)),
    'P': 7,
    'R': 9,
    **dict(zip('STUVWXYZ', range(2, 10), strict=True)),
}
_PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼'
_PLATE = re.compile(rf'[{_PROVINCES}][A-HJ-NP-Z](?:[A-HJ-NP-Z0-9]{{4}}[A-HJ-NP-Z0-9挂学警港澳]|[A-HJ-NP-Z0-9]{{6}})')
_PLATE_IN_TEXT = re.compile(rf'[{_PROVINCES}][A-HJ-NP-Z][ ·.•\-]{{0,2}}[A-HJ-NP-Z0-9]{{4,5}}[A-HJ-NP-Z0-9挂学警港澳]')
_PHONE = re.compile(r'1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(?:-\d{1,5})?|[48]00-?\d{3}-?\d{4}')
_COMPANY = re.compile(r'公司|厂|店|中心|医院|学校|集团|银行|合作社|委员会|局|所$|院$|队$')
_SURNAMES = dict(zip('单曾仇解查区朴盖翟尉缪覃种乐召纪员', 'szqxzopgzwmqcysjy', strict=True))


def credit_code_ok(code: str) -> bool:
    """Whether a unified social credit code is 18 characters whose check character holds (GB 32100)."""
    if len(code) != 18 or any(char not in CREDIT_ALPHABET for char in code):
        return False
    return credit_check_character(code[:17]) == code[17]


def credit_check_character(first17: str) -> str:
    """The 18th character of a unified social credit code (GB 32100)."""
    total = sum(CREDIT_ALPHABET.index(char) * weight for char, weight in zip(first17, _CREDIT_WEIGHTS, strict=True))
    return CREDIT_ALPHABET[(31 - total % 31) % 31]


def repair_credit_code(code: str) -> str | None:
    """The one code that `code` becomes by undoing look-alike misreadings (O/0, I/1…), or None if none or several do."""
    code = code.upper()
    if credit_code_ok(code):
        return code
    if len(code) != 18:
        return None
    forced = ''.join(_LOOKALIKES[char] if char in 'OISZ' and char not in CREDIT_ALPHABET else char for char in code)
    if credit_code_ok(forced):
        return forced
    choices = [(char, _LOOKALIKES[char]) if char in _LOOKALIKES else (char,) for char in forced]
    if sum(len(choice) > 1 for choice in choices) > 10:
        return None
    by_distance: dict[int, set[str]] = {}
    for spelled in product(*choices):
        candidate = ''.join(spelled)
        if credit_code_ok(candidate):
            by_distance.setdefault(sum(a != b for a, b in zip(candidate, forced, strict=True)), set()).add(candidate)
    nearest = by_distance.get(min(by_distance, default=0), set())
    return nearest.pop() if len(nearest) == 1 else None


def tax_id_shape(code: str) -> bool:
    """Whether `code` has the shape of a tax number: 18 characters, or the older 15, 17 and 20."""
    return re.fullmatch(r'[0-9A-Z]{15}|[0-9A-Z]{17,18}|[0-9A-Z]{20}', code) is not None


def id_number_ok(number: str) -> bool:
    """Whether an 18-character citizen identity number holds: its date is a day and its check character fits."""
    number = number.upper()
    if not re.fullmatch(r'[1-9]\d{16}[\dX]', number):
        return False
    try:
        dt.datetime.strptime(number[6:14], '%Y%m%d')
    except ValueError:
        return False
    return id_check_character(number[:17]) == number[17]


def birth_of(number: str) -> dt.date | None:
    """The day of birth in a citizen identity number that holds (GB 11643), else None."""
    return dt.datetime.strptime(number[6:14], '%Y%m%d').date() if id_number_ok(number) else None


def id_check_character(first17: str) -> str:
    """The 18th character of a citizen identity number (GB 11643)."""
    total = sum(int(char) * weight for char, weight in zip(first17, _ID_WEIGHTS, strict=True))
    return '10X98765432'[total % 11]


def luhn_ok(number: str) -> bool:
    """Whether the check digit of a card number holds."""
    return number.isdigit() and len(number) >= 8 and _luhn_sum(number) % 10 == 0


def luhn_check_digit(number: str) -> str:
    """The digit that makes a card number of `number` (ISO/IEC 7812)."""
    return str(-_luhn_sum(f'{number}0') % 10)


def _luhn_sum(number: str) -> int:
    total = 0
    for place, char in enumerate(reversed(number)):
        digit = int(char) * (2 if place % 2 else 1)
        total += digit - 9 if digit > 9 else digit
    return total


def vin_ok(number: str) -> bool:
    """Whether a vehicle identification number is 17 characters whose ninth, the check character, holds (GB 16735)."""
    if not re.fullmatch(r'[A-HJ-NPR-Z0-9]{17}', number):
        return False
    return vin_check_character(number) == number[8]


def vin_check_character(number: str) -> str:
    """The ninth character of a vehicle identification number, whatever stands there now (GB 16735)."""
    rest = sum(_VIN_VALUES[sign] * weight for sign, weight in zip(number, _VIN_WEIGHTS, strict=True)) % 11
    return 'X' if rest == 10 else str(rest)


def phone_ok(number: str) -> bool:
    """Whether `number` is a Chinese mobile, land line or service number."""
    return _PHONE.fullmatch(re.sub(r'\s', '', number)) is not None


def normalise_plate(plate: str) -> str:
    """A licence plate in capitals without blanks and dots: 京a·12345 becomes 京A12345."""
    return re.sub(r'[\s·.•\-]', '', plate).upper()


def plate_ok(plate: str) -> bool:
    """Whether `plate` is a mainland licence plate, new-energy ones included."""
    return _PLATE.fullmatch(normalise_plate(plate)) is not None


def whole_plates(typed: str) -> list[str]:
    """Every plate that `typed` may mean: itself, and where it begins with the letter after the province, each province.

    A hand on a Latin keyboard leaves the province away: `e10117` means 苏E10117, 浙E10117 and so on.
    """
    plate = normalise_plate(typed)
    if re.fullmatch(r'[A-HJ-NP-Z][A-HJ-NP-Z0-9]{5,6}', plate):
        return [plate, *(province + plate for province in _PROVINCES)]
    return [plate]


def plates_in(text: str) -> list[str]:
    """The licence plates that stand in `text`, in capitals without blanks and dots."""
    return [normalise_plate(match[0]) for match in _PLATE_IN_TEXT.finditer(text.upper())]


def mask_name(name: str) -> str:
    """张小明 becomes 张*明, 张明 becomes 张*; a company's name stays."""
    if len(name) < 2 or _COMPANY.search(name) or name.isascii():
        return name
    return f'{name[0]}*{name[-1]}' if len(name) > 2 else f'{name[0]}*'


def mask_phone(number: str) -> str:
    """13812345678 becomes 138****5678."""
    return f'{number[:3]}****{number[-4:]}' if len(number) >= 8 else '*' * len(number)


def mask_id(number: str) -> str:
    """The first three and last four characters of an identity number, the rest starred."""
    return f'{number[:3]}{"*" * (len(number) - 7)}{number[-4:]}' if len(number) > 8 else '*' * len(number)


def mask_account(number: str) -> str:
    """The last four digits of an account number, the rest starred."""
    return f'{"*" * max(4, len(number) - 4)}{number[-4:]}' if len(number) > 4 else '*' * len(number)


def pinyin_initials(text: str) -> str:
    """The first letters of `text` in pinyin, with a surname's own reading: 单小明 becomes sxm, A座 becomes az."""
    from pypinyin import Style, pinyin

    letters = []
    for place, char in enumerate(text):
        if char.isascii():
            if char.isalnum():
                letters.append(char.lower())
            continue
        if place == 0 and char in _SURNAMES:
            letters.append(_SURNAMES[char])
            continue
        found = pinyin(char, style=Style.FIRST_LETTER, errors='ignore')
        if found and found[0][0].isascii():
            letters.append(found[0][0][:1])
    return ''.join(letters)
