"""How printed values are written down."""

import pytest

from claimdesk.ocr import values


@pytest.mark.parametrize(
    'printed, written',
    [
        ('¥5999.00', '5999.00'),
        ('￥1,234.50', '1234.50'),
        ('¥-2.92', '-2.92'),
        ('-¥10.00', '-10.00'),
        ('42,04', '42.04'),
        ('￥ 12 600.00', '12600.00'),
        ('１２３．４５', '123.45'),
        ('***', '***'),
        ('★★★', '***'),
        ('免税', '免税'),
        ('1O5.0O', '105.00'),
        ('', ''),
        ('abc', ''),
        ('1.2.3', ''),
        ('人民币105.00元', '105.00'),
    ],
)
def test_money(printed: str, written: str) -> None:
    assert values.money(printed) == written


@pytest.mark.parametrize(
    'printed, written',
    [
        ('2018年03月23日', '2018-03-23'),
        ('2017 年11 月16日', '2017-11-16'),
        ('开票日期：2024-7-9', '2024-07-09'),
        ('20240229', '2024-02-29'),
        ('2023年02月29日', ''),
        ('1899年01月01日', ''),
        ('2O24年O5月28日', '2024-05-28'),
        ('', ''),
    ],
)
def test_dates(printed: str, written: str) -> None:
    assert values.iso_date(printed) == written


@pytest.mark.parametrize(
    'printed, written',
    [
        ('91420100 7483062457', '914201007483062457'),
        ('9142010O7483062457地址', '9142010O7483062457'),
        ('91510100ma6b7l2r7l', '91510100MA6B7L2R7L'),
        ('12345', ''),
        ('', ''),
    ],
)
def test_tax_numbers(printed: str, written: str) -> None:
    assert values.tax_number(printed) == written


@pytest.mark.parametrize(
    'printed, written',
    [
        ('⊗壹佰肆拾伍元壹角捌分', '壹佰肆拾伍元壹角捌分'),
        ('价税合计（大写）  ⓧ肆拾叁圆叁角整', '肆拾叁圆叁角整'),
        ('（负数）壹佰圆整', '（负数）壹佰圆整'),
        ('(负数)壹佰圆整', '(负数)壹佰圆整'),
        ('壹拾伍万陆仟捌值伍拾壹圆捌角柒分', '壹拾伍万陆仟捌值伍拾壹圆捌角柒分'),
        ('叁佰園整', '叁佰圆整'),
        ('合计', ''),
    ],
)
def test_capitals(printed: str, written: str) -> None:
    assert values.capital(printed) == written


@pytest.mark.parametrize(
    'printed, written',
    [
        (' 武汉市车城物流有限公司 ', '武汉市车城物流有限公司'),
        ('个人|', '个人'),
        ('广州鑫泰商贸有限公司03<>910/5--441/37', '广州鑫泰商贸有限公司'),
        ('廣东粵通有限公司', '廣东粤通有限公司'),
        ('中信（上海）有限公司', '中信（上海）有限公司'),
    ],
)
def test_names(printed: str, written: str) -> None:
    assert values.name(printed) == written


def test_numbers_end_where_the_digits_end() -> None:
    assert values.digits('087 95327402254684486密') == '08795327402254684486'
    assert values.digits('O42OO17') == '0420017'
    assert values.digits('号') == ''
