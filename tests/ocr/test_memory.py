"""What the office knows about companies: it mends and witnesses, and never makes sure what the page does not say."""

import pytest

from claimdesk.ocr import FieldReading, KnownCompanies, PageReading, recalled
from claimdesk.vocabulary import DocumentKind

NUMBER = '91510100MA6B7L2R7L'
NAME = '成都垚淼鑫泰汽车维修有限公司'
KNOWN = KnownCompanies({NUMBER: (NAME,)}, {NAME: (NUMBER,)})


def page(
    name: str,
    number: str = NUMBER,
    *,
    name_sure: bool = False,
    number_sure: bool = True,
    saw: tuple[str, ...] = (),
    source: str = 'rapid',
) -> PageReading:
    fields = (
        FieldReading('seller_name', name, 0.965 if name_sure else 0.7, source, None, saw, 'Two readers differ.'),
        FieldReading('seller_tax_id', number, 0.97 if number_sure else 0.6, source, None, saw),
    )
    return PageReading(1, DocumentKind.DIGITAL_NORMAL, fields={field.name: field for field in fields})


def name_of(read: PageReading, known: KnownCompanies = KNOWN) -> FieldReading:
    return recalled(read, known).fields['seller_name']


def number_of(read: PageReading, known: KnownCompanies = KNOWN) -> FieldReading:
    return recalled(read, known).fields['seller_tax_id']


def test_a_name_read_as_it_was_confirmed_becomes_sure() -> None:
    name = name_of(page(NAME))
    assert (name.value, name.sure, name.source, name.reason) == (NAME, True, 'rapid+memory', '')


def test_full_and_half_width_are_the_same_name() -> None:
    known = KnownCompanies({NUMBER: ('鑫泰汽修（成都）有限公司',)})
    assert name_of(page('鑫泰汽修(成都)有限公司'), known).sure


def test_a_rare_character_is_mended_but_looked_at() -> None:
    read = '成都圭淼鑫泰汽车维修有限公司'
    name = name_of(page(read))
    assert (name.value, name.sure, name.alternatives) == (NAME, False, (read,))
    assert read in name.reason
    assert NAME in name.reason


def test_a_rare_character_that_the_second_reader_saw_is_sure() -> None:
    name = name_of(page('成都圭淼鑫泰汽车维修有限公司', saw=(NAME,)))
    assert (name.value, name.sure) == (NAME, True)


def test_an_unsure_number_says_nothing_about_the_name() -> None:
    name = name_of(page('成都圭淼鑫泰汽车维修有限公司', number_sure=False))
    assert (name.value, name.sure) == ('成都圭淼鑫泰汽车维修有限公司', False)


def test_a_name_that_both_readers_saw_but_nobody_confirmed_is_shown_to_a_person() -> None:
    name = name_of(page('成都圭淼鑫泰汽车维修有限公司', name_sure=True))
    assert (name.value, name.sure) == ('成都圭淼鑫泰汽车维修有限公司', False)
    assert NAME in name.alternatives


@pytest.mark.parametrize(
    'read',
    [
        '成都垚淼鑫泰汽车维修有限公司第一分公司',  # a branch that prints the number of its head office
        '成都鑫泰汽车维修有限公司',
        '重庆市顺达商贸有限公司',
        '成都',
    ],
)
def test_a_name_too_far_from_the_confirmed_one_stays_as_read(read: str) -> None:
    name = name_of(page(read))
    assert (name.value, name.sure) == (read, False)


@pytest.mark.parametrize('confirmed, read', [
    ('中国邮政集团有限公司北京市东城分公司', '中国邮政集团有限公司北京市西城分公司'),
    ('国药控股二零一药店连锁有限公司', '国药控股二零三药店连锁有限公司'),
    ('顺风汽车修理总厂', '顺风汽车修理分厂'),
    ('中石化第3加油站有限公司', '中石化第8加油站有限公司'),
])  # fmt: skip
def test_what_tells_branches_apart_is_never_mended(confirmed: str, read: str) -> None:
    name = name_of(page(read), KnownCompanies({NUMBER: (confirmed,)}))
    assert (name.value, name.sure) == (read, False)


def test_between_two_confirmed_names_that_are_both_like_it_nothing_is_chosen() -> None:
    known = KnownCompanies({NUMBER: ('成都垚淼汽车维修有限公司', '成都垚森汽车维修有限公司')})
    assert name_of(page('成都垚林汽车维修有限公司'), known).value == '成都垚林汽车维修有限公司'
    assert name_of(page('成都垚森汽车维修有限公司'), known).sure


def test_a_text_layer_is_print_and_is_not_judged_by_memory() -> None:
    name = name_of(page('成都圭淼鑫泰汽车维修有限公司', name_sure=True, source='text_layer'))
    assert name.sure


def test_people_are_not_remembered() -> None:
    assert not name_of(page('张伟'), KnownCompanies({NUMBER: ('张伟',)})).sure


# -- numbers by names -----------------------------------------------------------------------------------------------


def test_a_number_read_as_it_was_confirmed_becomes_sure() -> None:
    assert number_of(page(NAME, name_sure=True, number_sure=False)).sure


def test_a_misread_number_is_mended_but_looked_at() -> None:
    number = number_of(page(NAME, '91510100MA6B7L2R1L', name_sure=True, number_sure=False))
    assert (number.value, number.sure, number.alternatives) == (NUMBER, False, ('91510100MA6B7L2R1L',))
    seen = number_of(page(NAME, '91510100MA6B7L2R1L', name_sure=True, number_sure=False, saw=(NUMBER,)))
    assert (seen.value, seen.sure) == (NUMBER, True)


def test_a_number_that_is_right_in_itself_belongs_to_another_company_of_that_name() -> None:
    other = '91110105MA01Q7QUXU'
    near = KnownCompanies({}, {NAME: ('91110105MA01Q7Q0XU',)})
    number = number_of(page(NAME, other, name_sure=True, number_sure=False), near)
    assert (number.value, number.sure) == (other, False)


def test_a_number_is_not_invented_where_none_is_printed() -> None:
    fields = {'seller_name': page(NAME, name_sure=True).fields['seller_name']}
    read = PageReading(1, DocumentKind.DIGITAL_NORMAL, fields=fields)
    assert set(recalled(read, KNOWN).fields) == {'seller_name'}
