"""The names that invoices as data give their parts: the tax administration's own, Chinese, pinyin, XBRL, OFD's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from claimdesk.ocr import values
from claimdesk.ocr.candidate import Candidate, Extract
from claimdesk.ocr.reading import ITEM_CELLS, ItemReading
from claimdesk.vocabulary import DocumentKind

MOST_ELEMENTS = 100_000
"""Elements of an XML file that are looked at."""
_FIELDS: Mapping[str, tuple[str, ...]] = {
    'invoice_code': ('发票代码', 'FPDM', 'YFPDM', 'InvoiceCode'),
    'invoice_number': (
        '发票号码', '数电票号码', '数电发票号码', '全电发票号码', 'FPHM', 'SDFPHM', 'QDFPHM', 'InvoiceNumber',
        'InvoiceNo', 'EInvoiceNumber', 'EIid', 'ElectronicInvoiceAirTransportReceiptNumber',
    ),
    'issue_date': ('开票日期', '填开日期', 'KPRQ', 'IssueTime', 'IssueDate', 'DateOfIssue', 'RequestTime'),
    'check_code': ('校验码', 'JYM', 'InvoiceCheckCode', 'VerificationCode', 'CheckCode'),
    'buyer_name': (
        '购买方名称', '购方名称', '购货方名称', 'GMFMC', 'GFMC', 'GHFMC', 'BuyerName', 'NameOfPurchaser',
        'PurchaserName',
    ),
    'buyer_tax_id': (
        '购买方纳税人识别号', '购买方识别号', '购方税号', '购方识别号', '购买方税号',
        '购买方统一社会信用代码/纳税人识别号',
        'GMFNSRSBH', 'GMFSBH', 'GMFSH', 'GFNSRSBH', 'GFSBH', 'GFSH', 'GHFNSRSBH', 'BuyerIdNum', 'BuyerTaxID',
        'BuyerTaxNo', 'TaxpayerIdentificationNumberUnifiedSocialCreditCodeOfPurchaser',
        'UnifiedSocialCreditCodeOfPurchaser',
    ),
    'seller_name': (
        '销售方名称', '销方名称', '销货方名称', 'XSFMC', 'XFMC', 'XHFMC', 'SellerName', 'NameOfSeller',
    ),
    'seller_tax_id': (
        '销售方纳税人识别号', '销售方识别号', '销方税号', '销方识别号', '销售方税号',
        '销售方统一社会信用代码/纳税人识别号',
        'XSFNSRSBH', 'XSFSBH', 'XSFSH', 'XFNSRSBH', 'XFSBH', 'XFSH', 'XHFNSRSBH', 'SellerIdNum', 'SellerTaxID',
        'SellerTaxNo', 'TaxpayerIdentificationNumberUnifiedSocialCreditCodeOfSeller',
        'UnifiedSocialCreditCodeOfSeller',
    ),
    'amount': (
        '合计金额', '金额合计', '不含税金额合计', 'HJJE', 'HJBHSJE', 'TotalAmWithoutTax', 'TaxExclusiveTotalAmount',
        'TotalAmountExcludingTax',
    ),
    'tax': ('合计税额', '税额合计', 'HJSE', 'TotalTaxAm', 'TaxTotalAmount', 'TotalTaxAmount', 'VatTaxAmount'),
    'total': (
        '价税合计', '价税合计小写', '价税合计(小写)', 'JSHJ', 'KPHJJE', 'TotalTax-includedAmount',
        'TaxInclusiveTotalAmount', 'TaxIncludedAmountInFigures', 'TotalAmount',
    ),
    'total_capital': (
        '价税合计大写', '价税合计(大写)', 'JSHJDX', 'DXJE', 'TotalTax-includedAmountInChinese',
        'TaxIncludedAmountInWords', 'TaxInclusiveTotalAmountWithWords',
    ),
}  # fmt: skip
_CELLS: Mapping[str, tuple[str, ...]] = {
    'name': (
        '项目名称', '货物或应税劳务名称', '货物或应税劳务、服务名称', '货物名称', '商品名称', 'XMMC', 'SPMC', 'HWMC',
        'HWHYSLWMC', 'ItemName', 'Item', 'NameOfTaxableGoodsOrServices',
    ),
    'specification': ('规格型号', 'GGXH', 'SpecMod', 'Specification', 'SpecificationModel'),
    'unit': ('单位', '计量单位', 'DW', 'JLDW', 'MeaUnits', 'MeasurementDimension', 'Unit'),
    'quantity': ('数量', 'XMSL', 'SPSL', 'FPSL', 'Quantity'),
    'unit_price': ('单价', 'DJ', 'XMDJ', 'SPDJ', 'UnPrice', 'Price', 'UnitPrice'),
    'amount': ('金额', 'JE', 'XMJE', 'SPJE', 'Amount', 'AmountExcludingTax'),
    'tax_rate': ('税率', '税率/征收率', '征收率', 'SLV', 'ZSL', 'TaxRate', 'TaxScheme'),
    'tax': ('税额', 'SE', 'ComTaxAm', 'TaxAmount'),
}  # fmt: skip
_RAIL_NUMBER = 'ElectronicInvoiceRailwayETicketNumber'
_RAIL: Mapping[str, tuple[str, ...]] = {
    'ticket_number': ('ElectronicTicketNum', 'ElectronicTicketNumber', 'ETicketNumber', _RAIL_NUMBER),
    'from_station': ('DepartureStation',),
    'to_station': ('DestinationStation', 'ArrivalStation'),
    'train_number': ('TrainNumber', 'NumberOfTrain', 'Train'),
    'total': ('Fare',),
}  # fmt: skip
_PARTIES = {f'{word}{end}': party for party, words in (('购买方', ('购买方', '购方')), ('销售方', ('销售方', '销方')))
            for word in words for end in ('', '信息')}  # fmt: skip
_BESIDE = {'名称': '名称'} | dict.fromkeys(('纳税人识别号', '识别号', '税号', '统一社会信用代码/纳税人识别号'), '税号')
_SAYS_KIND = re.compile(r'(?i)TypeOf(?:Voucher|Invoice)|InvoiceType|Title|LabelName|FPLXMC|FPMC|发票类型|发票种类|票种')
_SPECIAL_CODES = (
    (re.compile('GeneralOrSpecialVAT'), ('01',)),
    (re.compile(r'(?i)\b(?:FPLX|FPZL|FPLXDM|FPZLDM)\b'), ('01', '08', '31', '81')),
)
"""Elements that name the kind by a code, and the codes of special invoices."""
_MONEY = frozenset({'amount', 'tax', 'total'})


def _plain(tag: str) -> str:
    return re.sub(r'[_\s]', '', tag.replace('（', '(').replace('）', ')')).lower()


def _by_tag(names: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {_plain(tag): field for field, tags in names.items() for tag in tags}


_FIELD_OF, _CELL_OF, _RAIL_OF = _by_tag(_FIELDS), _by_tag(_CELLS), _by_tag(_RAIL)
_RANK = {_plain(tag): rank for tags in (*_FIELDS.values(), *_RAIL.values()) for rank, tag in enumerate(tags)}


def field_of(tag: str) -> str:
    """The field that a tag or a name of any dialect stands for, '' where it is none."""
    return _FIELD_OF.get(_plain(tag), '')


def invoice_of(root: etree._Element, source: str) -> Extract | None:
    """The invoice or railway ticket that the tree holds in any of the dialects, or nothing."""
    leaves: dict[str, str] = {}
    for element, text in _leaves(root):
        leaves.setdefault(_named(element), text)
    if _plain(_RAIL_NUMBER) in leaves:
        return _ticket(leaves, source, root)
    found: dict[str, tuple[int, str]] = {}
    for tag, text in leaves.items():
        name = _FIELD_OF.get(tag, '')
        value = _written(name, text)
        if value and (name not in found or _RANK[tag] < found[name][0]):
            found[name] = (_RANK[tag], value)
    items = list(_items(root))
    if 'invoice_number' not in found or not (items or found.keys() & {'total', 'amount'}):
        return None
    out = Extract(source, kind_of(root, digital=len(found['invoice_number'][1]) == 20))
    out.fields = {name: Candidate(value) for name, (_rank, value) in found.items()}
    out.items = [(item, 1.0) for item in items]
    out.text = text_of(root)
    return out


def text_of(root: etree._Element) -> str:
    """All words of the tree, one to a line."""
    return '\n'.join(str(text).strip() for text in root.itertext() if text.strip())


def kind_of(root: etree._Element, *, digital: bool) -> DocumentKind:
    """Special or normal by what the invoice says of its kind, in words or by number."""
    special = any(
        '专用' in (element.text or '') if _SAYS_KIND.search(tags) else (element.text or '').strip() in codes
        for element in _elements(root)
        for tags in [f'{_tag(element)} {_tag(element.getparent())}']
        for codes in [next((codes for pattern, codes in _SPECIAL_CODES if pattern.search(tags)), ())]
    )
    if digital:
        return DocumentKind.DIGITAL_SPECIAL if special else DocumentKind.DIGITAL_NORMAL
    return DocumentKind.VAT_SPECIAL if special else DocumentKind.VAT_ELECTRONIC


def rate(text: str) -> str:
    """`0.13` as `13%`; words stay."""
    number = values.decimal(text)
    if number is None or text in values.NO_TAX or '%' in text:
        return re.sub(r'\.0+%$', '%', text)
    return f'{(number * 100 if abs(number) < 1 else number).normalize():f}%'


def _elements(root: etree._Element) -> Iterator[etree._Element]:
    for count, element in enumerate(root.iter('{*}*')):
        if count >= MOST_ELEMENTS:
            return
        yield element


def _tag(element: etree._Element | None) -> str:
    return etree.QName(element).localname if element is not None and isinstance(element.tag, str) else ''


def _leaves(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    for element in _elements(root):
        text = (element.text or '').strip()
        if not len(element) and text:
            yield element, text


def _named(element: etree._Element) -> str:
    """The tag to look up; inside of a party's own element the name says only 名称 or 税号."""
    tag = _tag(element).replace('（', '(').replace('）', ')')
    party, part = _PARTIES.get(_tag(element.getparent())), _BESIDE.get(tag)
    return _plain(f'{party}{part}' if party and part else tag)


def _written(name: str, text: str) -> str:
    if name in _MONEY:
        return values.money(text)
    if name == 'issue_date':
        return values.iso_date(text)
    if name == 'invoice_number':
        return text if re.fullmatch(r'\d{8}|\d{20}', text) else ''
    if name.endswith('_tax_id'):
        return '' if re.fullmatch(r'[\s\-*/无]*', text) else text
    return text if name else ''


def _items(root: etree._Element) -> Iterator[ItemReading]:
    """Elements that hold the name and the amount of a line."""
    for element in _elements(root):
        tags = {_tag(child): (child.text or '').strip() for child in element.iterchildren('{*}*')}
        texts = {_CELL_OF[_plain(tag)]: text for tag, text in tags.items() if _plain(tag) in _CELL_OF and text}
        if 'name' not in texts or 'amount' not in texts:
            continue
        if rates := tags.get('SL', ''):  # 数量 where the rate has a tag of its own, else 税率
            texts.setdefault('quantity' if 'tax_rate' in texts else 'tax_rate', rates)
        cells: dict[str, Any] = {cell: texts.get(cell, '') for cell in ITEM_CELLS}
        cells |= {cell: values.money(cells[cell]) or cells[cell] for cell in ('amount', 'tax')}
        yield ItemReading(**(cells | {'tax_rate': rate(cells['tax_rate'])}))


def _ticket(leaves: Mapping[str, str], source: str, root: etree._Element) -> Extract:
    out = Extract(source, DocumentKind.TRAIN_TICKET, text=text_of(root))
    for tag, name in sorted(_RAIL_OF.items(), key=lambda pair: _RANK[pair[0]]):
        text = leaves.get(tag, '')
        value = values.money(text) if name == 'total' else text.removesuffix('站')
        if value and name not in out.fields:
            out.fields[name] = Candidate(value)
    day, hour = leaves.get('traveldate', ''), leaves.get('departuretime', '')
    if moment := values.moment(f'{day} - {hour}'):
        out.fields['departure'] = Candidate(moment)
    return out
