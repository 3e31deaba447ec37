"""The questions of a call to a customer, answered by typing figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from claimdesk.language import N_, _
from claimdesk.rules.after_payment import question_words
from claimdesk.ui import theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.widgets import PlainLabel, TextArea

SCORES = {
    1: N_("very dissatisfied"),
    2: N_("dissatisfied"),
    3: N_("so so"),
    4: N_("satisfied"),
    5: N_("very satisfied"),
}
_MIDDLE = 3


class ScoreRow(QWidget):
    """A question with five scores; `scored` follows a figure that is typed or clicked. The arrows try scores out."""

    scored = Signal()

    def __init__(self, question: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.score = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_12, theme.SPACE_4, 0, theme.SPACE_4)
        column.setSpacing(theme.SPACE_8)
        column.addWidget(PlainLabel(question, '', wrap=True))
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        self._group = QButtonGroup(self)
        for score, words in SCORES.items():
            button = QPushButton(str(score))
            button.setProperty('kind', 'chip')
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setToolTip(_(words))
            button.setAccessibleName(f'{score}: {_(words)}')
            button.setMinimumWidth(56)
            button.clicked.connect(lambda _checked=False, score=score: self.choose(score))
            self._group.addButton(button, score)
            row.addWidget(button)
        self._words = PlainLabel('', 'secondary')
        row.addSpacing(theme.SPACE_8)
        row.addWidget(self._words)
        row.addStretch(1)
        column.addLayout(row)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(question)

    def choose(self, score: int) -> None:
        """Take this score and go on."""
        self._show(score)
        self.scored.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() in {str(score) for score in SCORES}:
            self.choose(int(event.text()))
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            self._show(min(max(SCORES), max(min(SCORES), (self.score or _MIDDLE) + step)))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            QPainter(self).fillRect(0, 0, 3, self.height(), theme.colour('accent'))

    def _show(self, score: int) -> None:
        self.score = score
        self._group.button(score).setChecked(True)
        self._words.setText(_(SCORES[score]))
        self.setAccessibleDescription(f'{score}: {_(SCORES[score])}')


class Questionnaire(Dialog):
    """A score from 1 to 5 for each question, and a comment."""

    def __init__(self, parent: QWidget, title: str, whom: str, questions: Mapping[str, str], action: str) -> None:
        super().__init__(parent, title, whom, action, width=620)
        hint = _("Type 1 (very dissatisfied) to 5 (very satisfied); the next question follows by itself.")
        self.column.addWidget(PlainLabel(hint, 'secondary', wrap=True))
        self.rows = {code: ScoreRow(words) for code, words in questions.items()}
        self.comment = TextArea(lines=3)
        self.comment.setAccessibleName(_("Comment"))
        rows = list(self.rows.values())
        for row, after in zip(rows, [*rows[1:], self.comment], strict=True):
            row.scored.connect(lambda after=after: after.setFocus(Qt.FocusReason.TabFocusReason))
            self.column.addWidget(row)
        self.column.addWidget(PlainLabel(_("Comment"), 'caption'))
        self.column.addWidget(self.comment)
        self.accept_if = self._problem
        rows[0].setFocus()

    def _problem(self) -> str:
        for row in self.rows.values():
            if not row.score:
                row.setFocus()
                return _("Some questions have no answer.")
        return ''

    def ask(self) -> tuple[dict[str, int], str] | None:
        """The scores by question and the comment, or None."""
        if not self.run():
            return None
        return {code: row.score for code, row in self.rows.items()}, self.comment.value()


def ask_questionnaire(parent: QWidget, whom: str, questions: Sequence[str]) -> tuple[dict[str, int], str] | None:
    """What the customer answers to the office's questions."""
    asked = {question: question_words(question) for question in questions}
    return Questionnaire(parent, _("Call the customer"), whom, asked, _("Save the answers")).ask()


def ask_second_score(parent: QWidget, whom: str) -> tuple[int, str] | None:
    """How content the customer is after it was put right."""
    question = {'now': _("How satisfied is the customer now?")}
    asked = Questionnaire(parent, _("Second call"), whom, question, _("End the follow-up")).ask()
    return None if asked is None else (asked[0]['now'], asked[1])
