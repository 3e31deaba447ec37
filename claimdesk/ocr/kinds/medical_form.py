"""What hospitals' receipts and lists call their fields, from form to form and province to province."""

from __future__ import annotations

import re
from collections.abc import Callable

from claimdesk.ocr import values
from claimdesk.ocr.labels import Wanted


def _field(
    name: str, labels: str, write: Callable[[str], str], *, cell: bool = False, long: bool = False
) -> Wanted:
    """A field by its labels, the plainest first, parted by spaces; `cell` for amounts that may stand under them."""
    return Wanted(name, tuple(labels.split()), write, below=cell, whole=cell, long=long)


def _money(text: str) -> str:
    """The amount that a value begins with; a trailing 元 is left."""
    match = re.match(r'[^\d\-]{0,2}(-?[\d,]*\d(?:[.。·]\d{1,4})?)(?![\d%*/A-Za-z])', values.flat(text))
    return values.money(_two_places(match[1])) if match and not re.fullmatch(r'\d{8,}', match[1]) else ''


def _two_places(text: str) -> str:
    """Some systems print four places, of which the last two are nought."""
    return re.sub(r'([.。·]\d{2})0{1,2}$', r'\1', text)


def _sized(shortest: int, longest: int) -> Callable[[str], str]:
    def write(text: str) -> str:
        value = values.digits(text)
        return value if shortest <= len(value) <= longest else ''

    return write


def _check_code(text: str) -> str:
    match = re.match(r'[0-9A-Za-z]{4,10}(?![0-9A-Za-z])', values.flat(text))
    return match[0] if match else ''


def _code(text: str) -> str:
    match = re.match(r'[0-9A-Za-z][0-9A-Za-z\-_/]{1,39}', values.flat(text))
    value = match[0].rstrip('-_/') if match else ''
    return value if re.search(r'\d', value) else ''


_NO_PERSON = re.compile('代码|号码|编号|日期|时间|单位|信用|信息|名称|类型|统一|医院|支付|金额|校验|收执|留存|存根')
"""Words of labels: one of them was misread, or its value is missing."""


def _person(text: str) -> str:
    plain = values.flat(text)
    match = re.match(r'[\u4e00-\u9fff·•*]{2,12}|[A-Za-z][A-Za-z .·]{2,40}', values.SEAL_WORDS.sub('', plain))
    name = values.name(match[0]) if match else ''
    if _NO_PERSON.search(name):
        return ''
    return re.sub(r'(?<=.{2})(?:性别|年龄|男|女|科室|科别|病区|床号)$', '', name)


def _hospital(text: str) -> str:
    name = re.sub(r'^(?:[(（][\u4e00-\u9fff]{0,3}[)）]|[(（]?公?章[)）]?|盖章)?[:：]?', '', text.strip())
    name = values.name(values.SEAL_WORDS.sub('', name))
    return name if len(re.findall(r'[\u4e00-\u9fff]', name)) >= 4 else ''


_NUMBERS = (
    _field('receipt_code', '票据代码 电子票据代码 票据批次号 发票代码', _sized(6, 12)),
    _field(
        'receipt_number', '票据号码 电子票据号码 票据编号 票据号 发票号码 收据号码 发票号 收据号', _sized(6, 12)
    ),
    _field('check_code', '校验码 防伪码', _check_code),
    _field(
        'issue_date', '开票日期 开票时间 收费日期 结算日期 结算时间 收费时间 填制日期 打印日期', values.iso_date
    ),
    _field('patient_name', '交款人 患者姓名 病人姓名 缴款人 付款人 姓名 患者', _person),
    _field(
        'hospital_name',
        '医院名称 医疗机构名称 收款单位名称 收款单位(章) 收款单位(公章) 收款单位(盖章) 收款单位 收费单位(章) 收费单位 '
        '医疗机构(章) 开票单位(章) 开票单位',
        _hospital,
    ),
    _field('serial_number', '业务流水号 业务单号 交易流水号 流水号', _code, long=True),
)
_SUMS = (
    _field(
        'insurance_fund_paid',
        '医保统筹基金支付 医疗保险统筹基金支付 统筹基金支付金额 统筹基金支付 医保基金支付 医保统筹支付 '
        '统筹支付金额 统筹支付 基金支付金额 基金支付 记账金额 医保支付金额 医保支付 医保统筹',
        _money,
        cell=True,
    ),
    _field(
        'other_paid', '其他支付 其它支付 其他基金支付 其他医保支付 附加支付 其他支付金额', _money, cell=True
    ),
    _field(
        'account_paid',
        '个人账户支付 个人帐户支付 个人账户支付金额 医保账户支付 账户支付 帐户支付 '
        '本次账户支付 本次帐户支付 个账支付',
        _money,
        cell=True,
    ),
    _field(
        'cash_paid',
        '个人现金支付 现金支付 个人支付金额 个人缴费金额 个人缴费 个人支付 现金支付金额 自付现金 个人现金',
        _money,
        cell=True,
    ),
    _field('self_paid', '个人自付 个人自付金额 自付金额 个人自负 自负金额 自付 自负', _money, cell=True),
    _field('own_expense', '个人自费 个人自费金额 自费金额 全自费 自费', _money, cell=True),
)
_ENDS = _field(
    '',
    '交款人统一社会信用代码 统一社会信用代码 社会信用代码 性别 年龄 医疗机构类型 医保类型 医保编号 医保卡号 '
    '社会保障卡号 社会保障号码 病历号 病案号 住院科别 科别 科室 床号 病区 预缴金额 预交金额 补缴金额 退费金额 '
    '退还金额 补收金额 复核人 收款人 收费员 开票人 审核人 经办人 备注 电话 地址 其他信息 自付一 自付二 '
    '门诊大额支付 起付金额 起付标准 超封顶金额 个人账户余额 个人帐户余额 账户余额 帐户余额 余额 大病保险支付 '
    '医疗救助支付 公务员补助 金额合计 合计金额 大写 小写 住院天数 就诊科室 参保类型 人员类别 险种 结算方式 '
    '身份证号 证件号码 卡号 当年账户余额 历年账户余额 个人编号 单位名称 费用日期 清单日期 诊断 入院诊断 出院诊断 '
    '医保交易流水号 医保流水号 医保结算号 交易时间 交费日期 缴费日期 '
    '医生 医师 医疗类别 费别 费用类别 住院次数 页码 操作员 打印人 分类自负 医保范围内自付 现金 统筹 总费用 '
    '医疗费总额 个人负担 先行自付金额 先行自付 起付线 超限价自费',
    str.strip,
)
_VISIT = (
    _field('visit_date', '就诊日期 就诊时间 诊疗日期 看诊日期 就医日期', values.iso_date),
    _field('outpatient_number', '门诊号 门诊号码 门诊编号 就诊号 就诊编号 门(急)诊号 就诊卡号', _code, long=True),
)
_STAY_DATES = (
    _field('admission_date', '入院日期 入院时间 住院日期 入院', values.iso_date),
    _field('discharge_date', '出院日期 出院时间 出院', values.iso_date),
)


def stay(text: str) -> tuple[str, str]:
    """First and last day out of `2022-03-01至2022-03-08`; '' for what is not there."""
    plain = values.flat(text)
    found = list(re.finditer(r'20\d{2}[年./\-]?\d{1,2}[月./\-]?\d{1,2}', plain))
    days = [values.iso_date(match[0]) for match in found]
    if len(days) == 1 and re.search(r'[至到\-—~]', plain[: found[0].start()]):
        return '', days[0]
    return (days[0] if days else '', days[1] if len(days) > 1 else '')


_STAY = (
    _field('inpatient_number', '住院号 住院号码 住院编号 住院流水号', _code),
    _field('stay', '住院时间 住院起止日期 住院日期 起止时间 起止日期 住院期间 入出院日期 入出院时间', str.strip),
)
"""住院时间 holds both days."""

OUTPATIENT = (*_NUMBERS, *_VISIT, *_SUMS, _ENDS)
INPATIENT = (*_NUMBERS, *_STAY, *_STAY_DATES, *_SUMS, _ENDS)
LIST = (
    _field('patient_name', '患者姓名 病人姓名 姓名 交款人 患者', _person),
    _field('hospital_name', '医院名称 医疗机构名称 收款单位(章) 收款单位 医疗机构', _hospital),
    *_STAY,
    *_STAY_DATES,
    _field('issue_date', '打印日期 打印时间 制表日期 开票日期 清单日期 结算日期', values.iso_date),
    _field('receipt_code', '票据代码 电子票据代码', _sized(6, 12)),
    _field('receipt_number', '票据号码 电子票据号码', _sized(6, 12)),
    _field('', '门诊号 就诊号 就诊日期 日期 业务流水号', str.strip),
    _ENDS,
)

NATIONAL = frozenset({
    '票据代码', '电子票据代码', '票据号码', '电子票据号码', '校验码', '交款人', '开票日期', '收款单位', '收款单位(章)',
    '业务流水号', '门诊号', '就诊日期', '住院号', '住院时间', '医保统筹基金支付', '其他支付', '个人账户支付',
    '个人现金支付', '个人自付', '个人自费',
})  # fmt: skip
"""The labels of the national form: a province's own ones beside them may mean something else."""

ELSEWHERE = frozenset({'交易流水号'})
"""Labels that on forms with the plainer one beside them hold something else."""
