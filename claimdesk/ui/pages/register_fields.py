"""Parts of the page for new cases: the fields that only one line has, and the card that shows the policy."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from claimdesk.language import N_, _
from claimdesk.services.intake import PolicyView
from claimdesk.ui import text
from claimdesk.ui.widgets import KeyValue, PlainLabel, SectionHeader, card_column
from claimdesk.vocabulary import Line, label

DETAIL_FIELDS: dict[Line, tuple[tuple[str, str], ...]] = {
    Line.MOTOR: (('driver_name', N_("Driver")), ('other_plate', N_("Other vehicle's plate"))),
    Line.MEDICAL: (('patient_name', N_("Patient")), ('hospital', N_("Hospital"))),
    Line.PROPERTY: (('premises', N_("Damaged premises")), ('occupancy', N_("Use of the premises"))),
}


class PolicyCard(QWidget):
    """The chosen policy: who, what, from when to when, with its covers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = card_column(self)
        self._head = SectionHeader('')
        self._who = KeyValue(1)
        self._covers_title = PlainLabel(_("Covers"), 'caption')
        self._covers = KeyValue(1)
        for widget in (self._head, self._who, self._covers_title, self._covers):
            column.addWidget(widget)
        self.hide()

    def show_policy(self, policy: PolicyView | None) -> None:
        """Show `policy`, or nothing."""
        self.setVisible(policy is not None)
        if policy is None:
            return
        self._head.set_title(policy.insured)
        self._head.set_note(label(policy.line))
        pairs = [
            (_("Policy number"), policy.number),
            (_("Clause"), label(policy.clause)),
            (_("In force"), f'{text.moment(policy.starts_at)} – {text.moment(policy.ends_at)}'),
            (_("Plate"), policy.plate),
            (_("Vehicle"), policy.vehicle_model),
            (_("Insured premises"), policy.insured_address),
            (_("Policyholder"), policy.holder if policy.holder != policy.insured else ''),
            (_("Cases not closed"), str(policy.open_cases) if policy.open_cases else ''),
        ]
        self._who.set_pairs([(name, value) for name, value in pairs if value])
        self._covers.set_pairs(
            [
                (
                    cover.name,
                    _("{limit} yuan, deductible {deductible}").format(
                        limit=text.money(cover.sum_insured), deductible=text.money(cover.deductible)
                    ),
                )
                for cover in policy.coverages
            ]
        )
        self._covers_title.setVisible(bool(policy.coverages))
