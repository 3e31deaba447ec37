"""The itinerary of air travel, a digital invoice with a form of its own: cells under their heads, amounts in CNY."""

from __future__ import annotations

import re

from claimdesk.ocr import values
from claimdesk.ocr.candidate import Extract
from claimdesk.ocr.labels import Wanted, places, read_labelled
from claimdesk.ocr.layout import Layout
from claimdesk.vocabulary import DocumentKind

TITLE = re.compile(r'航空运输电子客票行程单')


def _yuan(text: str) -> str:
    """An amount with its currency before it."""
    match = re.match(r'(?:CNY|¥)?(-?[\d,]+\.\d{2})', values.flat(text))
    return values.money(match[1]) if match else ''


def _number(text: str) -> str:
    value = values.digits(text)
    return value if len(value) == 20 else ''


FORM = (
    Wanted('invoice_number', ('发票号码',), _number),
    Wanted('issue_date', ('填开日期', '开票日期'), values.iso_date),
    Wanted('buyer_name', ('购买方名称',), values.name),
    Wanted('buyer_tax_id', ('统一社会信用代码/纳税人识别号', '统一社会信用代码', '纳税人识别号'), values.tax_number),
    Wanted('seller_name', ('填开单位', '销售方名称'), values.name),
    Wanted('tax', ('增值税税额',), _yuan, below=True),
    Wanted('total', ('合计',), _yuan, below=True, whole=True),
    *(Wanted('', (label,), below=True) for label in (
        '票价', '燃油附加费', '增值税税率', '民航发展基金', '其他税费', '电子客票号码', '验证码', '提示信息', '保险费',
        '销售网点代号', '开票状态', 'GP单号', '旅客姓名', '有效身份证件号码', '签注', '国内国际标识',
    )),
)  # fmt: skip


def extract(layout: Layout, source: str) -> Extract:
    """What stands beside and under the labels of the itinerary."""
    out = Extract(source, DocumentKind.DIGITAL_NORMAL, read_labelled(layout, places(layout, FORM)), text=layout.text())
    out.boxes = {name: layout.box(said.found) for name, said in out.fields.items() if said.found}
    return out
