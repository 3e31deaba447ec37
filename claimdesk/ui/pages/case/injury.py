"""Injury items: damages by formula from the province's yearly figures, and into the loss assessment with one key."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError, InvalidInput
from claimdesk.language import _
from claimdesk.rules.adjustment import Adjustment
from claimdesk.rules.adjustment.injury import Injury
from claimdesk.rules.adjustment.inputs import Kind, specs
from claimdesk.services.injuries import ProvinceYear
from claimdesk.ui import dialogs, theme
from claimdesk.ui.later import later
from claimdesk.ui.pages.case.figure_fields import field_for, problem_of, put_value, value_of
from claimdesk.ui.pages.case.sheet import Sheet
from claimdesk.ui.widgets import Combo, FormGrid, PlainLabel
from claimdesk.vocabulary import LossKind

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage

PREVIEW_AFTER_MS = 180
_STATISTICS = ('income', 'spending', 'monthly_wage')


_KINDS = {
    "Medical expenses by receipts and records": LossKind.MEDICAL,
    "Meals in hospital": LossKind.HOSPITAL_MEALS,
    "Nutrition": LossKind.NUTRITION,
    "Lost income": LossKind.LOST_INCOME,
    "Nursing": LossKind.NURSING,
    "Compensation for disability": LossKind.DISABILITY,
    "Compensation for death": LossKind.DEATH,
    "Living expenses of those supported, together": LossKind.DEPENDANTS,
    "Funeral expenses": LossKind.FUNERAL,
    "Travel and lodging": LossKind.TRAVEL,
    "Aids for the disabled": LossKind.AIDS,
    "Solace for mental harm": LossKind.SOLACE,
}
"""The kind of loss that each item of the sheet is."""


def ask_injury(page: CasePage) -> None:
    """Read the provinces' figures, then open the dialog."""
    desk, actor = page.desk, page.desk.signed_in
    page.run(lambda _progress: desk.injuries.provinces(actor), partial(_open, page), latest='injury')


def _open(page: CasePage, provinces: list[ProvinceYear]) -> None:
    dialog = InjuryDialog(page, provinces)
    if not dialog.run() or dialog.result_shown is None:
        return
    whose, lines = dialog.whose.text().strip(), dialog.loss_lines()
    desk, case_id = page.desk, page.case_id
    page.saving.act(
        lambda actor: desk.injuries.add_items(actor, case_id, whose, lines),
        _("The injury items are in the loss assessment."),
    )


class InjuryDialog(dialogs.Dialog):
    """The items on the left, the sheet of damages on the right, live."""

    def __init__(self, page: CasePage, provinces: list[ProvinceYear]) -> None:
        super().__init__(
            page,
            _("Injury items"),
            _("Damages by the judicial interpretation of 2022; the province's figures are those of the year before."),
            _("Add to the loss assessment"),
        )
        self._page, self._provinces = page, provinces
        self.result_shown: Adjustment | None = None
        self._specs = specs(Injury)
        self._timer = later(self, PREVIEW_AFTER_MS, self._preview)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_16)
        row.addWidget(_scrolled(self._inputs()), 1)
        row.addWidget(_scrolled(self._sheet()), 1)
        self.column.addLayout(row, 1)
        self.resize(min(1180, page.width() - 40), min(720, page.window().height() - 60))
        self.accept_if = self._problem
        self.whose.setFocus(Qt.FocusReason.OtherFocusReason)
        self._preview()

    def _inputs(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, theme.SPACE_8, 0)
        self.form = FormGrid(2)
        self.whose = QLineEdit()
        self.province = Combo(placeholder=_("Choose province and year"))
        for one in self._provinces:
            self.province.add(one, f'{one.province} {one.year}')
        self.province.activated.connect(lambda _row: self._take_province())
        self.form.add('whose', _("Injured person"), self.whose)
        hint = '' if self._provinces else _("The office has entered none yet: Settings, “Injury figures”.")
        self.form.add('province', _("Province and year"), self.province, hint=hint)
        for spec in self._specs:
            field = field_for(spec)
            put_value(spec, field, getattr(Injury(), spec.name))
            wide = 2 if spec.kind is Kind.ROWS else 1
            check = partial(problem_of, spec, field)
            self.form.add(spec.name, _(spec.label), field, span=wide, hint=_(spec.hint), check=check)
            if spec.kind is Kind.FLAG:
                field.toggled.connect(lambda _on: self._timer.start())
        self.form.edited.connect(lambda _name: self._timer.start())
        column.addWidget(self.form)
        column.addStretch(1)
        return box

    def _sheet(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(theme.SPACE_8, 0, theme.SPACE_8, 0)
        self.sheet = Sheet()
        self.said = PlainLabel('', 'note', wrap=True)
        column.addWidget(self.sheet)
        column.addWidget(self.said)
        column.addStretch(1)
        return box

    def inputs(self) -> Injury | None:
        """The items as they are typed; None while a field cannot be read."""
        values = {}
        for spec in self._specs:
            field: Any = self.form.field(spec.name)
            if problem_of(spec, field):
                return None
            values[spec.name] = value_of(spec, field)
        return Injury(**values)

    def loss_lines(self) -> list[tuple[LossKind, str, Any]]:
        """The lines of the loss assessment that the sheet comes to, each of its own kind."""
        assert self.result_shown is not None
        return [(_KINDS[step.name], step.title, step.amount) for step in _items(self.result_shown)]

    def _take_province(self) -> None:
        one: ProvinceYear | None = self.province.value()
        if one is None:
            return
        for spec in self._specs:
            if spec.name in _STATISTICS:
                put_value(spec, self.form.field(spec.name), getattr(one, spec.name))
        self._preview()

    def _preview(self) -> None:
        inputs = self.inputs()
        if inputs is None:
            return
        desk, actor, case_id = self._page.desk, self._page.desk.signed_in, self._page.case_id
        self._page.run(
            lambda _progress: desk.injuries.preview(actor, case_id, inputs), self._show, self._refused, latest='damages'
        )

    def _show(self, result: Adjustment) -> None:
        self.form.clear_errors()
        self.said.setText('')
        self.result_shown = result
        self.sheet.show_result([''], result)

    def _refused(self, error: ClaimDeskError) -> None:
        self.result_shown = None
        self.sheet.clear()
        fields = error.fields if isinstance(error, InvalidInput) else {}
        left = []
        for path, sentence in fields.items():
            name = path.partition('.')[2].partition('[')[0]
            if name in self.form.names():
                self.form.set_error(name, sentence)
            else:
                left.append(sentence)
        self.said.setText(' '.join(left) if fields else str(error))

    def _problem(self) -> str:
        if self.result_shown is None or not self.result_shown.payable:
            return _("Nothing has been computed yet.")
        if not self.whose.text().strip():
            return _("Enter who was injured.")
        return ''


def _items(result: Adjustment) -> list[Any]:
    """The steps that are items of their own: not the spans of years, not the sum at the end."""
    steps = result.sheets[0].steps[:-1]
    return [step for step in steps if step.amount and 'years' not in step.about]


def _scrolled(content: QWidget) -> QScrollArea:
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(content)
    return scroll
