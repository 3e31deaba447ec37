"""First notice of loss: the handler is on the phone; policy left, what happened right, one key to register."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from claimdesk.errors import ClaimDeskError, InvalidInput
from claimdesk.identifiers import phone_ok
from claimdesk.language import _, ngettext
from claimdesk.services.intake import NewCase, PolicyView, Registered, SimilarCase, loss_time_problem
from claimdesk.ui import text, theme
from claimdesk.ui.drafts import Drafts
from claimdesk.ui.later import later
from claimdesk.ui.page import Page, Shell
from claimdesk.ui.pages.register_fields import DETAIL_FIELDS, PolicyCard
from claimdesk.ui.widgets import (
    Banner,
    Button,
    DateTimeEdit,
    EmptyState,
    FormGrid,
    MoneyEdit,
    PlainLabel,
    SearchEdit,
    SectionHeader,
    TextArea,
    required,
)
from claimdesk.vocabulary import label

if TYPE_CHECKING:
    from claimdesk.app import Desk

DRAFT = 'register'
SEARCH_AFTER_MS = 150
DRAFT_AFTER_MS = 800


class RegisterPage(Page):
    """Registering a case by phone in under a minute."""

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(desk, shell, parent)
        self.icon = 'phone'
        self.title = _("New case")
        self._policy: PolicyView | None = None
        self._key = uuid.uuid4().hex
        self._drafts = Drafts()
        self._details: dict[str, QLineEdit | QCheckBox] = {}
        self._stack = QStackedWidget()
        self._stack.addWidget(self._entry())
        self._done = EmptyState('circle-check', '')
        self._stack.addWidget(self._done)
        self.body.addWidget(self._stack, 1)
        self._search_timer = later(self, SEARCH_AFTER_MS, self._search)
        self._draft_timer = later(self, DRAFT_AFTER_MS, self._keep_draft)
        self._search_field.textChanged.connect(lambda _text: self._search_timer.start())
        self.form.edited.connect(self._edited)
        self.form.left.connect(self._left)
        self.add_key('Ctrl+Return', self.register, _("Register the case"))
        self.add_key('Ctrl+F', self._search_field.setFocus, _("Find the policy"))
        self._offer_draft()
        self._choose(None)

    def _entry(self) -> QWidget:
        entry = QWidget()
        row = QHBoxLayout(entry)
        row.setContentsMargins(theme.SPACE_24, theme.SPACE_16, theme.SPACE_24, theme.SPACE_16)
        row.setSpacing(theme.SPACE_24)
        row.addWidget(self._policy_side(), 4)
        row.addWidget(self._form_side(), 6)
        return entry

    def _policy_side(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_8)
        column.addWidget(SectionHeader(_("Policy")))
        self._search_field = SearchEdit(_("Policy number, name, plate, identity number or phone"))
        self._search_field.setAccessibleName(_("Find the policy"))
        self._found = QListWidget()
        self._found.setAccessibleName(_("Policies found"))
        self._found.setMaximumHeight(220)
        self._found.hide()
        self._found.itemActivated.connect(self._take)
        self._found.itemClicked.connect(self._take)
        self._search_field.wanted_down.connect(self._into_results)
        self._search_field.returnPressed.connect(self._take_only)
        self._nothing = PlainLabel('', 'secondary', wrap=True)
        self._nothing.hide()
        self.card = PolicyCard()
        self.similar = Banner()
        for widget in (self._search_field, self._found, self._nothing, self.similar, self.card):
            column.addWidget(widget)
        column.addStretch(1)
        return side

    def _form_side(self) -> QWidget:
        side = QWidget()
        side.setMaximumWidth(900)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_12)
        column.addWidget(SectionHeader(_("What happened")))
        self.form = FormGrid(2)
        self._loss_at = DateTimeEdit()
        self._cause = QLineEdit()
        self._place = QLineEdit()
        self._reporter = QLineEdit()
        self._phone = QLineEdit()
        self._estimate = MoneyEdit()
        self._injury = QCheckBox(_("Somebody was injured"))
        self._story = TextArea(lines=3)
        add = self.form.add
        add('reporter_name', _("Who reports"), self._reporter, required=True, check=required(self._reporter.text))
        add('reporter_phone', _("Phone"), self._phone, required=True, check=self._phone_problem)
        add('loss_at', _("Time of the loss"), self._loss_at, required=True, check=self._loss_problem)
        add('cause', _("Cause"), self._cause, required=True, check=required(self._cause.text))
        add('place', _("Place"), self._place, span=2, required=True, check=required(self._place.text))
        add('description', _("What the caller says"), self._story, span=2)
        add('estimate', _("First estimate, if known"), self._estimate, check=self._estimate.problem)
        add('injury', '', self._injury)
        for name in sorted({name for fields in DETAIL_FIELDS.values() for name, _label in fields}):
            self._details[name] = QLineEdit()
        for fields in DETAIL_FIELDS.values():
            for name, words in fields:
                if name not in self.form.names():
                    add(name, _(words), self._details[name])
        self._scroll = QScrollArea()
        self._scroll.setWidget(self.form)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        column.addWidget(self._scroll, 1)
        bar = QHBoxLayout()
        self._saved = PlainLabel('', 'caption')
        self._clear = Button(_("Start over"), self._start_over, kind='quiet')
        self.register_button = Button(_("Register the case"), self.register, kind='primary', icon='check')
        self.register_button.setToolTip('Ctrl+Enter')
        bar.addWidget(self._saved)
        bar.addStretch(1)
        bar.addWidget(self._clear)
        bar.addWidget(self.register_button)
        column.addLayout(bar)
        return side

    # The policy

    def opened(self) -> None:
        if self._policy is None:
            self._search_field.setFocus()

    def arrive(self, arguments: Any) -> None:
        if isinstance(arguments, str):
            self._search_field.setText(arguments)

    def _search(self) -> None:
        wanted = self._search_field.text().strip()
        if not wanted:
            self._found.hide()
            self._nothing.hide()
            return
        actor, intake = self.desk.signed_in, self.desk.intake
        self.run(lambda _progress: intake.find_policies(actor, wanted), self._show_found, latest='policies')

    def _show_found(self, policies: list[PolicyView]) -> None:
        self._found.clear()
        for policy in policies:
            parts = (policy.insured, policy.plate, label(policy.line), policy.number)
            item = QListWidgetItem('  ·  '.join(part for part in parts if part))
            item.setData(Qt.ItemDataRole.UserRole, policy)
            self._found.addItem(item)
        self._found.setFixedHeight(min(7, max(1, len(policies))) * 32 + 6)
        self._found.setVisible(bool(policies))
        self._nothing.setText(
            _("No policy fits. Try the whole policy number, the name, the plate or the identity number.")
        )
        self._nothing.setVisible(not policies)

    def _into_results(self) -> None:
        if self._found.count():
            self._found.setCurrentRow(0)
            self._found.setFocus()

    def _take_only(self) -> None:
        if self._found.count() == 1:
            self._take(self._found.item(0))
        else:
            self._into_results()

    def _take(self, item: QListWidgetItem) -> None:
        self._choose(item.data(Qt.ItemDataRole.UserRole))
        self._reporter.setFocus()
        self._keep_draft()

    def _choose(self, policy: PolicyView | None) -> None:
        self._policy = policy
        self._found.hide()
        self.card.show_policy(policy)
        shown = {name for name, _label in DETAIL_FIELDS[policy.line]} if policy else set()
        for name in self._details:
            self.form.set_shown(name, name in shown)
        self.similar.clear()
        if policy is None:
            return
        if not self._reporter.text():
            self._reporter.setText(policy.insured)
        if not self._phone.text():
            self._phone.setText(policy.insured_phone)
        actor, intake, line = self.desk.signed_in, self.desk.intake, policy.line
        self.run(lambda _progress: intake.causes(actor, line), self._offer_causes, latest='causes')
        self._left('loss_at')

    def _offer_causes(self, causes: list[str]) -> None:
        completer = QCompleter(causes, self._cause)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._cause.setCompleter(completer)

    # What is wrong while typing

    def _phone_problem(self) -> str:
        return '' if phone_ok(self._phone.text()) else _("This is not a phone number.")

    def _loss_problem(self) -> str:
        if self._loss_at.problem():
            return self._loss_at.problem()
        value = self._loss_at.value()
        if value is None:
            return _("Please fill this in.")
        if self._policy is None:
            return ''
        return loss_time_problem(value, self._policy.starts_at, self._policy.ends_at, self.desk.context.now())

    def _left(self, name: str) -> None:
        if name != 'loss_at' or self._policy is None or self._loss_at.value() is None:
            return
        actor, intake, policy_id, loss_at = (
            self.desk.signed_in,
            self.desk.intake,
            self._policy.id,
            self._loss_at.value(),
        )
        self.run(
            lambda _progress: intake.similar(actor, policy_id, loss_at) if loss_at else [],
            self._show_similar,
            latest='similar',
        )

    def _show_similar(self, cases: list[SimilarCase]) -> None:
        if not cases:
            self.similar.clear()
            return
        first = cases[0]
        self.similar.show_message(
            ngettext(
                "There is already a case on this policy near that time.",
                "There are already {count} cases on this policy near that time.",
                len(cases),
            ).format(count=len(cases)),
            f'{first.number} · {text.moment(first.loss_at)} · {first.cause} · {first.place}',
            'warning',
            _("Open it"),
            lambda: self.shell.open_case.emit(first.id),
        )

    # Drafts

    def has_unsaved(self) -> bool:
        return self._stack.currentIndex() == 0 and any(
            (self._reporter.text(), self._place.text(), self._cause.text(), self._story.value())
        )

    def keep(self) -> Any:
        return {'content': self._content(), 'policy': self._policy, 'key': self._key}

    def restore(self, kept: Any) -> None:
        self._key = kept['key']
        self._fill(kept['content'])
        self._choose(kept['policy'])

    def _content(self) -> dict[str, Any]:
        return {
            'policy': self._policy.number if self._policy else '',
            'reporter_name': self._reporter.text(),
            'reporter_phone': self._phone.text(),
            'loss_at': self._loss_at.text(),
            'cause': self._cause.text(),
            'place': self._place.text(),
            'description': self._story.value(),
            'estimate': self._estimate.text(),
            'injury': self._injury.isChecked(),
            'details': {name: field.text() for name, field in self._details.items() if field.text()},
        }

    def _fill(self, content: dict[str, Any]) -> None:
        self._reporter.setText(content.get('reporter_name', ''))
        self._phone.setText(content.get('reporter_phone', ''))
        self._loss_at.setText(content.get('loss_at', ''))
        self._cause.setText(content.get('cause', ''))
        self._place.setText(content.get('place', ''))
        self._story.set_value(content.get('description', ''))
        self._estimate.setText(content.get('estimate', ''))
        self._injury.setChecked(bool(content.get('injury')))
        for name, value in content.get('details', {}).items():
            if name in self._details:
                self._details[name].setText(value)

    def _edited(self, _name: str) -> None:
        self._saved.setText('')
        self._draft_timer.start()

    def _keep_draft(self) -> None:
        if self.has_unsaved():
            self._drafts.keep(DRAFT, {**self._content(), 'key': self._key})
            self._saved.setText(_("Kept as a draft on this computer"))

    def _offer_draft(self) -> None:
        draft = self._drafts.find(DRAFT)
        if draft is None:
            return
        self.banner.show_message(
            _("There is an unfinished report: {name}, {place}.").format(
                name=draft.get('reporter_name') or '–', place=draft.get('place') or '–'
            ),
            _("It was kept when the program was closed."),
            'notice',
            _("Continue it"),
            lambda: self._continue(draft),
        )

    def _continue(self, draft: dict[str, Any]) -> None:
        # The key comes along: had the case been registered just before the crash, it would not be opened twice.
        self._key = draft.get('key') or self._key
        self._fill(draft)
        number, actor, intake = draft.get('policy'), self.desk.signed_in, self.desk.intake
        if number:
            self.run(
                lambda _progress: intake.find_policies(actor, number, 1),
                lambda found: self._choose(found[0] if found else None),
                latest='policies',
            )

    def _start_over(self) -> None:
        before = self._content()
        self._drafts.drop(DRAFT)
        self._key = uuid.uuid4().hex
        policy = self._policy
        self._fill({})
        for field in self._details.values():
            field.clear()
        self.form.clear_errors()
        self.banner.clear()
        self._search_field.clear()
        self._choose(None)
        self._stack.setCurrentIndex(0)
        self._search_field.setFocus()
        if any(before.values()):
            self.shell.toast(_("The form is empty."), lambda: self._bring_back(before, policy))

    def _bring_back(self, content: dict[str, Any], policy: PolicyView | None) -> None:
        self._fill(content)
        self._choose(policy)

    # Registering

    def register(self) -> None:
        """Check, register, and say the number."""
        if self._stack.currentIndex() != 0 or not self.register_button.isEnabled():
            return
        if self._policy is None:
            self.show_error(InvalidInput(_("Choose the policy first."), _("Find it by number, name or plate.")))
            self._search_field.setFocus()
            return
        loss_at = self._loss_at.value()
        if not self.form.check() or loss_at is None:
            return
        new = NewCase(
            policy_id=self._policy.id,
            loss_at=loss_at,
            place=self._place.text(),
            cause=self._cause.text(),
            reporter_name=self._reporter.text(),
            reporter_phone=self._phone.text(),
            description=self._story.value(),
            injury=self._injury.isChecked(),
            estimate=self._estimate.value(),
            details={
                name: self._details[name].text().strip()
                for name, _label in DETAIL_FIELDS[self._policy.line]
                if self._details[name].text().strip()
            },
        )
        actor, intake, key = self.desk.signed_in, self.desk.intake, self._key
        self.register_button.setEnabled(False)
        self.run(lambda _progress: intake.register(actor, new, key), self._registered, self._refused)

    def _refused(self, error: ClaimDeskError) -> None:
        self.register_button.setEnabled(True)
        if isinstance(error, InvalidInput) and not self.form.show_errors(error.fields):
            return
        self.show_error(error)

    def _registered(self, case: Registered) -> None:
        self.register_button.setEnabled(True)
        self._drafts.drop(DRAFT)
        self.banner.clear()
        needed = _("Documents needed: {list}").format(list=_(", ").join(case.documents_needed))
        lines = [_("Handled by {name}. {why}").format(name=case.owner or '–', why=case.assigned_why)]
        if case.documents_needed:
            lines.append(needed)
        self._done.say(
            _("Case {number} is registered.").format(number=case.number),
            '\n\n'.join(lines),
            _("Open the case"),
            lambda: self._leave_for(case.case_id),
            'circle-check',
        )
        self._stack.setCurrentIndex(1)
        self._key = uuid.uuid4().hex
        self.shell.status.emit(_("Case {number} is registered.").format(number=case.number))

    def _leave_for(self, case_id: int) -> None:
        self._start_over()
        self.shell.open_case.emit(case_id)


