"""Hospitals' papers: outpatient and inpatient receipts, electronic and on paper, and lists of expenses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import ClassVar

from claimdesk.forms import FieldType, form_of, type_of
from claimdesk.ocr import fiscal, values
from claimdesk.ocr.candidate import Candidate, Extract, candidate
from claimdesk.ocr.engines import Recogniser
from claimdesk.ocr.kinds.kind import Kind, PageWords, Sign, Strength
from claimdesk.ocr.kinds.medical_form import ELSEWHERE, INPATIENT, LIST, NATIONAL, OUTPATIENT, stay
from claimdesk.ocr.kinds.medical_overlooked import complete
from claimdesk.ocr.kinds.medical_proof import MedicalProof
from claimdesk.ocr.kinds.medical_table import Band, find_bands, in_table, read_lines
from claimdesk.ocr.kinds.medical_unlabelled import days_over_signs, without_labels
from claimdesk.ocr.labels import Place, Wanted, places, read_labelled
from claimdesk.ocr.layout import Label, Layout
from claimdesk.ocr.pages import Picture
from claimdesk.ocr.reading import PageReading
from claimdesk.ocr.weighing import Fused, Weighing
from claimdesk.vocabulary import DocumentKind

_LIST_TITLE = re.compile(
    r'(?:费用|收费|住院|用药|结算|医疗|明细|每日|一日|日).{0,4}(?:清单|明细表|明细单)|清单\(电子\)|收费明细|费用明细'
    r'|\(电子\).{0,3}清单|所属电子票据'
)
_RECEIPT = r'(?:票据|收据|发票|结算单|结算凭证)'
_OUTPATIENT_TITLE = re.compile(rf'(?:门诊|门急诊|门\(急\)诊|急诊).{{0,8}}{_RECEIPT}')
_INPATIENT_TITLE = re.compile(rf'住院.{{0,8}}{_RECEIPT}')
_MEDICAL_TITLE = re.compile(rf'医疗.{{0,10}}{_RECEIPT}')
_MEDICAL_WORDS = re.compile('医院|卫生院|卫生服务|诊所|患者|病人|住院|门诊|医保|医疗')
_FORM_WORDS = (
    '医保统筹', '统筹基金', '个人自费', '个人自付', '个人账户', '个人帐户', '现金支付', '医疗机构类型', '医保类型',
    '业务流水号', '票据代码', '门诊号', '住院号', '交款人', '西药费', '中成药', '诊察费', '化验费', '检查费',
)  # fmt: skip
_PAID = re.compile(r'大写|小写|合计|金额|支付[:;]?\d')
_STAY_WORDS = ('住院号', '住院时间', '住院科别', '预缴金额', '出院', '床位费', '住院天数', '补缴金额', '退费金额')
_VISIT_WORDS = ('门诊号', '就诊日期', '就诊时间', '挂号', '门诊')
_HOSPITAL_END = re.compile(r'(?:院|所|中心|站|部|室|公司|局|区|病房)$|[)）]$')
"""How names of those end who treat people; with another end, words of the seal may have got into it."""
_TOTAL_LABELS = (
    r'小写[)]?[:;]?',
    r'(?<!医保)(?:金额合计|合计金额|费用合计|费用总额|总金额|总费用|合计|总计)[^\d]{0,8}?[:;¥]?',
)
_FIGURES = re.compile(r'[¥￥Y]?-?[\d,]*\d[.。·]\d{2}(?!\d)|¥\d+(?![\d.])')
_ELECTRONIC = re.compile(r'票据?\(电子\)|票据代码')
PAYER_CODE = 10
"""交款人统一社会信用代码 has that many characters after 交款人, with some room for misreading."""
UNOFFICIAL = 0.99
"""How much a label counts that only resembles one of the national form: never enough to be sure."""


class Medical(Kind):
    """Receipts with code, number and the split of who paid; lists with their lines."""

    kinds = (DocumentKind.MEDICAL_OUTPATIENT, DocumentKind.MEDICAL_INPATIENT, DocumentKind.MEDICAL_LIST)
    needed = ('receipt_number', 'issue_date', 'patient_name', 'total')
    sums = ('total', 'total_capital')
    forms: ClassVar[dict[DocumentKind, Sequence[Wanted]]] = {
        DocumentKind.MEDICAL_OUTPATIENT: OUTPATIENT,
        DocumentKind.MEDICAL_INPATIENT: INPATIENT,
        DocumentKind.MEDICAL_LIST: LIST,
    }

    def recognise(self, page: PageWords) -> Sign | None:
        """By the title; else by labels that only these forms have."""
        if page.other:
            return None
        words = sum(word in page.whole for word in _FORM_WORDS)
        medical = words >= 2 or bool(_MEDICAL_WORDS.search(page.whole))
        receipt = self._titled(page.head)
        listed = _LIST_TITLE.search(page.head)
        if listed and medical and not (receipt and re.search(r'大写|小写', page.whole)):
            return Sign(DocumentKind.MEDICAL_LIST, Strength.TITLE)
        if receipt:
            return Sign(receipt, Strength.TITLE)
        if _MEDICAL_TITLE.search(page.head) and medical:
            return Sign(self._by_words(page.whole), Strength.TITLE)
        if words >= 3 and _PAID.search(page.whole):
            return Sign(self._by_words(page.whole), Strength.FORM)
        return None

    def _titled(self, head: str) -> DocumentKind | None:
        if _INPATIENT_TITLE.search(head):
            return DocumentKind.MEDICAL_INPATIENT
        return DocumentKind.MEDICAL_OUTPATIENT if _OUTPATIENT_TITLE.search(head) else None

    def _by_words(self, whole: str) -> DocumentKind:
        code = re.search(r'(?<!\d)\d{2}06\d{4}(?!\d)', whole)
        told = fiscal.kind_of_code(code[0]) if code else None
        if told:
            return told
        if _LIST_TITLE.search(whole) and not re.search(r'大写|小写', whole):
            return DocumentKind.MEDICAL_LIST
        stays, visits = (sum(word in whole for word in words) for words in (_STAY_WORDS, _VISIT_WORDS))
        return DocumentKind.MEDICAL_INPATIENT if stays > visits else DocumentKind.MEDICAL_OUTPATIENT

    def code(self, text: str) -> fiscal.FiscalCode | None:
        """The code of the Ministry of Finance, or the address that a province prints instead."""
        return fiscal.parse(text)

    def extract(self, layout: Layout, source: str, kind: DocumentKind | None) -> Extract:
        """Labelled fields, total in figures and words, lines."""
        page = PageWords(layout)
        kind = kind or self._titled(page.head) or self._by_words(page.whole)
        out = Extract(source, kind, text=layout.text())
        bands = find_bands(layout)
        out.items = read_lines(layout, bands)
        labels = [place for place in places(layout, self.forms[kind]) if _is_label(place, layout, bands)]
        out.labelled = frozenset(place.wanted.name for place in labels)
        if kind is not DocumentKind.MEDICAL_LIST and _ELECTRONIC.search(page.head):
            labels = [place if place.label in NATIONAL else replace(place, likeness=UNOFFICIAL) for place in labels]
        labels = [replace(place, likeness=UNOFFICIAL) if place.label in ELSEWHERE else place for place in labels]
        found = read_labelled(layout, labels)
        self._stay(found, layout)
        found |= _totals(layout)
        hospital = found.get('hospital_name')
        if hospital and not _whole_name(hospital.value):
            found['hospital_name'] = replace(hospital, firm=False)
        top = [row for row in layout.rows if not bands or row.y < bands[0].table.row.y]
        without_labels(layout, found, top, receipt=kind is not DocumentKind.MEDICAL_LIST)
        names = (*form_of(kind).names, *(('receipt_code', 'receipt_number') if kind == self.kinds[2] else ()))
        out.fields = {name: found[name] for name in names if name in found}
        out.goes_on = kind is DocumentKind.MEDICAL_LIST and bool(out.items) and 'total' not in out.fields
        for name, said in out.fields.items():
            if said.found is not None:
                out.boxes[name] = layout.box(said.found)
        return out

    def _stay(self, found: dict[str, Candidate], layout: Layout) -> None:
        """住院时间 holds both days of a stay, on old forms over the printed signs."""
        both = found.pop('stay', None)
        days = stay(both.value) if both else ('', '')
        if not any(days):
            over = [day for day, around in days_over_signs(layout) if '住院' in around]
            if len(over) == 2:
                for name, printed in zip(('admission_date', 'discharge_date'), over, strict=True):
                    found.setdefault(name, Candidate(printed.text, printed, printed.score, firm=False))
        if both is None:
            return
        for name, day in zip(('admission_date', 'discharge_date'), days, strict=True):
            if day:
                found[name] = Candidate(day, both.found, both.score, both.firm and all(days))

    def complete(self, seen: Extract, picture: Picture, layout: Layout, reader: Recogniser) -> None:
        """Read what a red seal hides."""
        if seen.kind is not None:
            complete(seen, picture, layout, reader, places(layout, self.forms[seen.kind]))

    def enough(self, seen: Extract, fused: Fused) -> bool:
        """Whether the text layer holds the fields, sure or not: a picture of the same print would say no more."""
        needed = self.needed if seen.kind is not DocumentKind.MEDICAL_LIST else ('patient_name', 'total')
        return all(name in fused.fields or (seen.goes_on and name in self.sums) for name in needed)

    def prove(self, weighing: Weighing, kind: DocumentKind | None) -> None:
        """Who paid, words and figures, lines, dates, and what the code says."""
        MedicalProof(weighing).run(form_of(kind).names)

    def number_of(self, page: PageReading) -> str:
        """A list is known by its patient and the number of the stay; a receipt has one page."""
        if page.kind is not DocumentKind.MEDICAL_LIST:
            return ''
        said = [page.fields[name].value for name in ('patient_name', 'inpatient_number') if name in page.fields]
        return '/'.join(said)


def _whole_name(name: str) -> bool:
    """Whether a name ends as those of hospitals do, once, with every bracket closed."""
    plain = values.flat(name)
    ends = re.findall('医院|卫生院|保健院|诊所|门诊部', plain)
    return bool(_HOSPITAL_END.search(plain)) and len(ends) < 2 and plain.count('(') == plain.count(')')


def _is_label(place: Place, layout: Layout, bands: list[Band]) -> bool:
    """Whether what looks like a label is one: not a remark in the table, nor the first word of a longer label."""
    if place.wanted.name == 'patient_name':
        return '信用代码' not in place.at.row.text[place.at.end : place.at.end + PAYER_CODE]
    if type_of(place.wanted.name) is not FieldType.MONEY or not bands:
        return True
    return not in_table(layout, bands, place.at.row) or place.colon


def _totals(layout: Layout) -> dict[str, Candidate]:
    """The total in figures, beside 小写 or else 合计, and in words."""
    out: dict[str, Candidate] = {}
    best: tuple[tuple[int, float], Candidate, Label] | None = None
    for row in layout.rows:
        for match in re.finditer(values.CAPITAL_RUN.pattern, row.text):
            piece = row.piece(match.start(), match.end())
            if piece and re.search('[元圆整正]', values.capital(piece.text)):
                place = (len(match[0]) + 6 * ('大写' in row.text), row.y)
                if best is None or place > best[0]:
                    best = (place, candidate(values.capital(piece.text), piece), Label(row, 0, match.end()))
    if best:
        out['total_capital'] = best[1]
    for pattern in _TOTAL_LABELS:
        for label in reversed(layout.find(pattern)):
            if amount := _amount_after(label):
                out['total'] = amount
                return out
    # Where print stands off from the form, no label is in the row of the words; the figures are.
    if best and (amount := _amount_after(best[2])):
        out['total'] = amount
    return out


def _amount_after(label: Label) -> Candidate | None:
    """The first amount that follows in the row."""
    amount = _FIGURES.search(label.row.text, label.end)
    piece = label.row.piece(amount.start(), amount.end()) if amount and amount.start() - label.end < 40 else None
    value = values.money(piece.text) if piece else ''
    return candidate(value, piece) if piece and value and Decimal(value) >= 0 else None


MEDICAL = Medical()
