"""Papers against their case: each comparison by a table of examples, names and plates by their spellings."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from claimdesk import language
from claimdesk.errors import InvalidInput
from claimdesk.rules.paper_checks import SENTENCES, SUBJECTS, Claim, Office, Paper, Severity, sentence, title
from claimdesk.rules.paper_compare import compare, inspected_until
from claimdesk.rules.paper_items import damaged_spots, outside_damage
from claimdesk.rules.paper_names import Likeness, likeness, plate_likeness, same_place
from claimdesk.rules.paper_rules import (
    DEFAULT_CHECKS,
    CheckRules,
    HospitalEntry,
    HospitalLevel,
    HospitalList,
    ItemWords,
    PaperSort,
    check_hospitals,
    check_rules,
    checks_from,
    checks_value,
    hospitals_from,
    hospitals_value,
)
from claimdesk.vocabulary import DocumentKind, Line

LOSS = dt.date(2026, 3, 2)
MOTOR = Claim(
    line=Line.MOTOR, insured='陆景行', loss_on=LOSS, policy_from=dt.date(2025, 12, 2),
    policy_until=dt.date(2026, 12, 2), holder='陆景行', people=('陆景行', '沈知远', '何书言'), injured=('何书言',),
    driver='沈知远', driver_licence='320501199001011234', id_numbers={'陆景行': '320501198505052345'},
    born={'陆景行': dt.date(1985, 5, 5)}, engine_number='E4T15B20613001',
    plates=('苏E8K318', '浙A12345'), vin='LSVAA4187E2123456', injury='右手腕骨折', impact='Front',
    damaged_parts=('前保险杠', '右前大灯'), old_damage='左后门划痕', estimate=Decimal(6000),
    assessed_repair=Decimal(2800), assessed_medical=Decimal(4000),
)  # fmt: skip
MEDICAL = Claim(
    line=Line.MEDICAL, insured='陆景行', loss_on=LOSS, policy_from=dt.date(2026, 1, 1),
    policy_until=dt.date(2027, 1, 1), people=('陆景行',), hospital='苏州市立医院', injury='阑尾炎',
    admitted_on=LOSS, discharged_on=dt.date(2026, 3, 9),
)  # fmt: skip
OFFICE = Office(DEFAULT_CHECKS)
K = DocumentKind


def codes(paper: Paper, claim: Claim = MOTOR, office: Office = OFFICE) -> list[str]:
    return [one.code for one in compare(paper, claim, office)]


@pytest.mark.parametrize(
    ('name', 'other', 'how'),
    [
        ('陆景行', '陆景行', Likeness.SAME),
        ('陆 景 行 先生', '陆景行', Likeness.SAME),
        ('阿依古丽·买买提', '阿依古丽买买提', Likeness.SAME),
        ('陆*行', '陆景行', Likeness.SAME),
        ('*景行', '陆景行', Likeness.SAME),
        ('ＡＢＣ有限责任公司', 'abc有限公司', Likeness.SAME),
        ('陆景衍', '陆景行', Likeness.NEAR),
        ('陆景', '陆景行', Likeness.OTHER),
        ('王伟', '李伟', Likeness.OTHER),
        ('张炜', '张伟', Likeness.NEAR),
        ('***', '陆景行', Likeness.OTHER),
        ('', '陆景行', Likeness.OTHER),
    ],
)
def test_names_are_compared_with_their_spellings(name: str, other: str, how: Likeness) -> None:
    assert likeness(name, other) is how


@pytest.mark.parametrize(
    ('plate', 'other', 'how'),
    [
        ('苏E·8K318', '苏E8K318', Likeness.SAME),
        ('苏e 8k318', '苏E8K318', Likeness.SAME),
        ('苏E8K3I8', '苏E8K318', Likeness.NEAR),
        ('苏EBK318', '苏E8K318', Likeness.NEAR),
        ('浙E8K318', '苏E8K318', Likeness.NEAR),
        ('苏E8K319', '苏E8K318', Likeness.OTHER),
        ('苏AD12345', '苏A12345', Likeness.OTHER),
    ],
)
def test_a_plate_with_lookalikes_is_near(plate: str, other: str, how: Likeness) -> None:
    assert plate_likeness(plate, other) is how


def test_a_hospital_may_add_its_branch() -> None:
    assert same_place('苏州市立医院(东区)', '苏州市立医院')
    assert not same_place('苏州市立医院', '苏州大学附属第一医院')
    assert not same_place('医院', '苏州市立医院')


@pytest.mark.parametrize(
    ('kind', 'values', 'expected'),
    [
        (K.MEDICAL_OUTPATIENT, {'patient_name': '何书言'}, []),
        (K.MEDICAL_OUTPATIENT, {'patient_name': '何 书 言'}, []),
        (K.MEDICAL_OUTPATIENT, {'patient_name': '何书信'}, ['patient_near']),
        (K.MEDICAL_OUTPATIENT, {'patient_name': '陆景行'}, ['patient']),
        (K.MEDICAL_LIST, {'patient_name': '赵一鸣'}, ['patient']),
        (K.ID_CARD, {'name': '陆景行', 'id_number': '320501198505052345'}, []),
        (K.ID_CARD, {'name': '陆景行', 'id_number': '320501198505052346'}, ['id_number']),
        (K.ID_CARD, {'name': '陆景行', 'birth_date': '1985-05-05'}, []),
        (K.ID_CARD, {'name': '陆景行', 'birth_date': '1985-05-06'}, ['birth_date']),
        (K.ID_CARD, {'name': '沈知远', 'birth_date': '1985-05-06'}, []),
        (K.ID_CARD, {'name': '赵一鸣'}, ['person']),
        (K.DRIVING_LICENCE, {'name': '沈知远', 'valid_until': '2031-01-01'}, []),
        (K.DRIVING_LICENCE, {'name': '沈知远', 'valid_until': '长期'}, []),
        (K.DRIVING_LICENCE, {'name': '沈知远', 'valid_until': '2026-03-01'}, ['licence_expired']),
        (K.DRIVING_LICENCE, {'name': '沈知远', 'valid_until': '2026-03-02'}, []),
        (K.DRIVING_LICENCE, {'name': '沈知远', 'first_issue_date': '2026-03-05'}, ['licence_too_new']),
        (K.DRIVING_LICENCE, {'name': '陆景行'}, ['driver']),
        (K.DRIVING_LICENCE, {'name': '沈知远', 'id_number': '320501199001011235'}, ['id_number']),
        (K.VEHICLE_LICENCE, {'plate': '苏E8K318', 'owner': '陆景行', 'vin': 'LSVAA4187E2123456'}, []),
        (K.VEHICLE_LICENCE, {'plate': '浙A12345', 'owner': '赵一鸣', 'vin': 'OTHER'}, []),
        (K.VEHICLE_LICENCE, {'plate': '苏E8K318', 'owner': '赵一鸣'}, ['owner']),
        (K.VEHICLE_LICENCE, {'plate': '苏E8K318', 'vin': 'LSVAA4187E2123457'}, ['vin']),
        (K.VEHICLE_LICENCE, {'plate': '苏E8K318', 'engine_number': 'e4t15b20613001'}, []),
        (K.VEHICLE_LICENCE, {'plate': '苏E8K318', 'engine_number': 'E4T15B20613002'}, ['engine_number']),
        (K.VEHICLE_LICENCE, {'plate': '浙A12345', 'engine_number': 'E4T15B20613002'}, []),
        (K.VEHICLE_LICENCE, {'plate': '苏E8K318', 'register_date': '2026-03-03'}, ['registered_later']),
        (K.REPAIR_ESTIMATE, {'plate': '苏E9K318'}, ['plate']),
        (K.REPAIR_ESTIMATE, {'plate': '苏EBK318'}, ['plate_near']),
        (K.REPAIR_ESTIMATE, {'total': '3000.00', 'plate': '苏E8K318'}, ['over_assessed']),
        (K.DIGITAL_NORMAL, {'buyer_name': '陆景行', 'issue_date': '2026-03-02', 'total': '2800.00'}, []),
        (K.DIGITAL_NORMAL, {'buyer_name': '何书言'}, []),
        (K.DIGITAL_NORMAL, {'buyer_name': '个人'}, []),
        (K.DIGITAL_NORMAL, {'buyer_name': '苏州某某商贸有限公司'}, ['buyer']),
        (K.DIGITAL_NORMAL, {'buyer_name': '陆景衍'}, ['buyer_near']),
        (K.DIGITAL_NORMAL, {'issue_date': '2026-03-01'}, ['before_loss']),
        (K.DIGITAL_NORMAL, {'total': '6,000.01'}, ['over_assessed']),
        (K.TAXI_RECEIPT, {'total': '6,000.01'}, ['over_estimate']),
        (K.MEDICAL_OUTPATIENT, {'total': '4000.00'}, []),
        (K.MEDICAL_OUTPATIENT, {'total': '4000.01'}, ['over_assessed']),
        (K.MEDICAL_OUTPATIENT, {'visit_date': '2026-02-28'}, ['before_loss']),
        (K.MEDICAL_INPATIENT, {'admission_date': '2026-03-05', 'discharge_date': '2026-03-04'}, ['stay_reversed']),
        (K.TRAIN_TICKET, {'departure': '2026-03-01 09:20'}, ['before_loss']),
        (K.TAXI_RECEIPT, {'plate': '苏E00001', 'issue_date': '2026-03-04'}, []),
        (K.OTHER, {'patient_name': '赵一鸣', 'issue_date': '2020-01-01', 'total': '99999999'}, []),
    ],
)
def test_a_paper_of_a_motor_case(kind: DocumentKind, values: dict[str, str], expected: list[str]) -> None:
    assert codes(Paper(kind, values)) == expected


@pytest.mark.parametrize(
    ('values', 'expected'),
    [
        ({'patient_name': '陆景行', 'admission_date': '2026-03-02', 'discharge_date': '2026-03-09'}, []),
        ({'patient_name': '沈知远'}, ['patient']),
        ({'hospital_name': '苏州市立医院北区'}, []),
        ({'hospital_name': '吴江区第一人民医院'}, ['hospital_differs']),
        ({'admission_date': '2025-12-31'}, ['outside_policy', 'stay_differs']),
        ({'admission_date': '2027-01-01'}, ['outside_policy', 'stay_differs']),
        ({'discharge_date': '2026-03-10'}, ['stay_differs']),
    ],
)
def test_a_paper_of_a_medical_case(values: dict[str, str], expected: list[str]) -> None:
    assert codes(Paper(K.MEDICAL_INPATIENT, values), MEDICAL) == expected


def test_a_case_that_names_nobody_hurt_only_notes_the_patient() -> None:
    nobody = replace(MOTOR, injured=())
    (found,) = compare(Paper(K.MEDICAL_OUTPATIENT, {'patient_name': '赵一鸣'}), nobody, OFFICE)
    assert (found.code, found.severity) == ('patient_unnamed', Severity.NOTE)
    assert codes(Paper(K.MEDICAL_OUTPATIENT, {'patient_name': '沈知远'}), nobody) == []


def test_what_the_case_does_not_know_lets_nothing_be_said() -> None:
    bare = Claim(Line.MOTOR, '陆景行', LOSS, MOTOR.policy_from, MOTOR.policy_until)
    values = {'plate': '苏E9K318', 'vin': 'X', 'total': '99999'}
    assert codes(Paper(K.REPAIR_ESTIMATE, values, ('左后门',)), bare) == []


def test_the_buyers_are_those_that_the_office_accepts() -> None:
    only_insurer = CheckRules(insured=False, holder=False, others=False, names=('平安财产保险股份有限公司',))
    office = Office(only_insurer)
    assert codes(Paper(K.VAT_NORMAL, {'buyer_name': '平安财产保险有限公司'}), office=office) == []
    (found,) = compare(Paper(K.VAT_NORMAL, {'buyer_name': '陆景行'}), MOTOR, office)
    assert found.code == 'buyer'
    assert found.facts['expected'] == ['平安财产保险股份有限公司']


def test_a_plate_anywhere_on_a_repair_bill_counts() -> None:
    assert codes(Paper(K.DIGITAL_NORMAL, {}, text='备注 车牌号：苏E·9K318')) == ['plate_on_page']
    assert codes(Paper(K.DIGITAL_NORMAL, {}, text='车牌 苏E8K318 与 苏E·9K318')) == []
    assert codes(Paper(K.DIGITAL_NORMAL, {}, text='没有车牌')) == []
    assert codes(Paper(K.DIGITAL_NORMAL, {}, text='苏E·9K318'), replace(MOTOR, line=Line.PROPERTY)) == []


def test_the_inspection_of_a_vehicle_holds_to_the_end_of_its_month() -> None:
    assert inspected_until('检验记录 检验有效期至 2025年08月 苏E 检验有效期至2026年 2 月') == dt.date(2026, 2, 28)
    assert inspected_until('检验有效期至2026年13月') is None
    expired = Paper(K.VEHICLE_LICENCE, {'plate': '苏E8K318'}, text='检验有效期至2026年02月苏E(00)')
    assert codes(expired) == ['inspection_expired']
    assert codes(replace(expired, text='检验有效期至2026年03月苏E(00)')) == []


HOSPITALS = HospitalList(
    (
        HospitalEntry('苏州市立医院', ('苏州市第二人民医院',), HospitalLevel.THIRD),
        HospitalEntry('平江社区卫生服务中心', (), HospitalLevel.FIRST),
        HospitalEntry('安康门诊部', (), HospitalLevel.UNKNOWN, designated=False),
    ),
    HospitalLevel.SECOND,
)


@pytest.mark.parametrize(
    ('name', 'expected'),
    [
        ('苏州市立医院', []),
        ('苏州市第二人民医院', []),
        ('苏州市立医院(东区)', []),
        ('平江社区卫生服务中心', ['hospital_level']),
        ('安康门诊部', ['hospital_not_designated']),
        ('仁爱医院', ['hospital_unlisted']),
    ],
)
def test_hospitals_are_those_of_the_offices_list(name: str, expected: list[str]) -> None:
    paper = Paper(K.MEDICAL_OUTPATIENT, {'hospital_name': name})
    assert codes(paper, office=Office(DEFAULT_CHECKS, HOSPITALS)) == expected
    assert codes(paper) == []


@pytest.mark.parametrize(
    ('item', 'injury', 'expected'),
    [
        ('种植牙(单颗)', '右手腕骨折', ['item_words']),
        ('种植牙(单颗)', '颌面部外伤', []),
        ('种植牙(单颗)', '', ['item_words_unknown']),
        ('伙食费', '', ['item_words']),
        ('头孢呋辛', '右手腕骨折', []),
    ],
)
def test_words_on_a_list_point_away_from_the_injury(item: str, injury: str, expected: list[str]) -> None:
    found = compare(Paper(K.MEDICAL_LIST, {}, ('床位费', item)), replace(MOTOR, injury=injury), OFFICE)
    assert [one.code for one in found] == expected
    assert all(one.place == 'items.1' for one in found)


@pytest.mark.parametrize(
    ('item', 'expected'),
    [
        ('*汽车零件*前保险杠', []),
        ('左前大灯', []),
        ('右前翼子板钣金', []),
        ('后保险杠', ['item_outside']),
        ('左后尾灯总成', ['item_outside']),
        ('左后门', ['item_old']),
        ('四轮定位', []),
        ('发动机机油', ['item_words']),
    ],
)
def test_parts_outside_the_surveyed_damage(item: str, expected: list[str]) -> None:
    assert codes(Paper(K.REPAIR_ESTIMATE, {}, (item,))) == expected


def test_damage_on_one_side_leaves_out_the_other() -> None:
    spots = damaged_spots('Left side', ['左前门'])
    assert outside_damage('右前门', spots)
    assert not outside_damage('左后翼子板', spots)
    assert not outside_damage('前保险杠', spots)
    assert not outside_damage('前后保险杠', damaged_spots('Front', []))
    assert not outside_damage('前大灯', ())


def test_a_doubtful_reading_makes_no_more_than_a_note() -> None:
    paper = Paper(K.REPAIR_ESTIMATE, {'plate': '苏E9K318'}, unsure=frozenset({'plate'}))
    (found,) = compare(paper, MOTOR, OFFICE)
    assert (found.severity, found.unsure) == (Severity.NOTE, True)


def test_a_mark_follows_what_is_said_and_not_where() -> None:
    first, second = compare(Paper(K.REPAIR_ESTIMATE, {}, ('后保险杠', '后保险杠')), MOTOR, OFFICE)
    assert first.place != second.place
    assert first.mark == second.mark
    (other,) = compare(Paper(K.REPAIR_ESTIMATE, {}, ('后备箱盖',)), MOTOR, OFFICE)
    assert other.mark != first.mark


def test_every_finding_has_a_sentence_and_a_subject_in_both_languages() -> None:
    assert set(SENTENCES) == {code for _name, codes in SUBJECTS for code in codes}
    facts = {'name': '陆景行', 'number': '1', 'expected': '2'}
    assert sentence('id_number', facts)
    language.use('zh_CN')
    assert title('patient')
    (found,) = compare(Paper(K.DIGITAL_NORMAL, {'issue_date': '2026-03-01'}), MOTOR, OFFICE)
    assert '2026-03-01' in sentence(found.code, found.facts)


def test_rules_of_the_office_come_back_as_they_were_kept() -> None:
    assert hospitals_from(hospitals_value(HOSPITALS)) == HOSPITALS
    assert checks_from(checks_value(DEFAULT_CHECKS)) == DEFAULT_CHECKS
    assert hospitals_from(None) == HospitalList()
    assert checks_from(None) == DEFAULT_CHECKS


def test_rules_that_make_no_sense_are_refused() -> None:
    with pytest.raises(InvalidInput):
        check_hospitals(HospitalList((HospitalEntry('苏州市立医院'), HospitalEntry('苏州 市立医院'))))
    with pytest.raises(InvalidInput):
        check_hospitals(HospitalList((HospitalEntry(' '),)))
    with pytest.raises(InvalidInput):
        check_rules(CheckRules(insured=False, holder=False, others=False))
    with pytest.raises(InvalidInput):
        check_rules(replace(DEFAULT_CHECKS, items=(ItemWords('牙', PaperSort.MEDICAL, ('牙',)),)))
    check_hospitals(HOSPITALS)
    check_rules(DEFAULT_CHECKS)
