"""Numbers of people, companies, vehicles and accounts: right ones, wrong ones, and how little of them is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimdesk.identifiers import (
    CREDIT_ALPHABET,
    credit_check_character,
    credit_code_ok,
    id_number_ok,
    luhn_ok,
    mask_account,
    mask_id,
    mask_name,
    mask_phone,
    normalise_plate,
    phone_ok,
    pinyin_initials,
    plate_ok,
    repair_credit_code,
    tax_id_shape,
)

FIRST17 = st.text(CREDIT_ALPHABET, min_size=17, max_size=17)


@given(FIRST17)
def test_a_credit_code_has_one_check_character(first: str) -> None:
    right = first + credit_check_character(first)
    assert credit_code_ok(right)
    assert sum(credit_code_ok(first + char) for char in CREDIT_ALPHABET) == 1


@given(FIRST17)
def test_a_letter_o_read_for_a_nought_is_repaired(first: str) -> None:
    right = first + credit_check_character(first)
    assert repair_credit_code(right) == right
    if right.count('0') == 1:
        assert repair_credit_code(right.replace('0', 'O')) == right


def test_codes_of_other_lengths() -> None:
    assert not credit_code_ok('9144010655665631')
    assert repair_credit_code('123') is None
    assert tax_id_shape('440106556656312')
    assert not tax_id_shape('44010655665')


@pytest.mark.parametrize(
    'number, right',
    [
        ('11010519491231002X', True),
        ('11010519491231002x', True),
        ('110105194912310021', False),
        ('11010519490231002X', False),
        ('1101051949123100', False),
    ],
)
def test_identity_numbers(number: str, right: bool) -> None:
    assert id_number_ok(number) is right


def test_card_numbers() -> None:
    assert luhn_ok('4539578763621486')
    assert not luhn_ok('4539578763621487')
    assert not luhn_ok('45395787x3621486')


@pytest.mark.parametrize(
    'number, right',
    [('13812345678', True), ('010-85551234', True), ('400-810-5599', True), ('12345678901', False), ('138', False)],
)
def test_phone_numbers(number: str, right: bool) -> None:
    assert phone_ok(number) is right


@pytest.mark.parametrize(
    'plate, right',
    [
        ('京A12345', True),
        ('京a·12345', True),
        ('沪AD12345', True),
        ('粤Z1234港', True),
        ('A12345', False),
        ('京A1234', False),
        ('京AI2345', False),
    ],
)
def test_plates(plate: str, right: bool) -> None:
    assert plate_ok(plate) is right


def test_a_plate_is_written_one_way() -> None:
    assert normalise_plate(' 京a·12 345') == '京A12345'


@pytest.mark.parametrize(
    'name, shown',
    [('张小明', '张*明'), ('张明', '张*'), ('欧阳小明', '欧*明'), ('测试科技有限公司', '测试科技有限公司'), ('', '')],
)
def test_names_are_masked(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_other_numbers_are_masked() -> None:
    assert mask_phone('13812345678') == '138****5678'
    assert mask_id('11010519491231002X') == '110***********002X'
    assert mask_account('6222021234567890') == '************7890'


def test_initials_know_how_surnames_are_read() -> None:
    assert pinyin_initials('单小明') == 'sxm'
    assert pinyin_initials('曾国强') == 'zgq'
    assert pinyin_initials('A座物业') == 'azwy'
