"""What the case list says when it has nothing to show: which filter hides the most, and one click to loosen it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from claimdesk.language import _, ngettext
from claimdesk.progress import Progress
from claimdesk.services.case_list import CaseList, CaseQuery
from claimdesk.services.context import Actor
from claimdesk.services.paper_search import in_papers
from claimdesk.ui import icons, text, theme
from claimdesk.ui.pages.cases_filters import Choices, active, loosen, summary
from claimdesk.ui.widgets import Button, PlainLabel

_MOST = 4
MOST_COUNTED = 999


@dataclass(frozen=True)
class Loosened:
    """A query that is one filter looser, what that filter said, and how many cases it would show.

    `in_papers`: no filter is taken off, but the same words are searched for in the papers of the cases.
    """

    words: str
    query: CaseQuery
    count: int
    capped: bool = False
    in_papers: bool = False


def ways_out(
    cases: CaseList, actor: Actor, query: CaseQuery, choices: Choices, progress: Progress
) -> list[Loosened]:
    """Each filter of an empty query taken off by itself, the words searched in papers, and what that would show."""
    names, ways = active(query), []
    if (wider := in_papers(query.text)) != query.text:
        looser = replace(query, text=wider)
        count = cases.count(actor, looser, MOST_COUNTED)
        ways.append(Loosened(query.text, looser, min(count, MOST_COUNTED), count > MOST_COUNTED, in_papers=True))
    for done, name in enumerate(names):
        progress(done, len(names))
        looser = loosen(query, name)
        count = cases.count(actor, looser, MOST_COUNTED)
        words = summary(query, name, choices)
        ways.append(Loosened(words, looser, min(count, MOST_COUNTED), count > MOST_COUNTED))
    return ways


class NothingFound(QWidget):
    """An empty list and the ways out of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty('surface', 'panel')
        column = QVBoxLayout(self)
        column.setSpacing(theme.SPACE_8)
        centre = Qt.AlignmentFlag.AlignHCenter
        picture = QLabel()
        picture.setPixmap(icons.pixmap('search', 'border_strong', icons.LARGE))
        self._sentence = PlainLabel('', 'section')
        self._advice = PlainLabel('', 'secondary', wrap=True)
        self._advice.setAlignment(centre)
        self._advice.setMinimumWidth(420)
        self._ways = QVBoxLayout()
        self._ways.setSpacing(theme.SPACE_4)
        self.buttons: list[Button] = []
        column.addStretch(2)
        for widget in (picture, self._sentence, self._advice):
            column.addWidget(widget, 0, centre)
        column.addLayout(self._ways)
        column.addStretch(3)
        self.hide()

    def say(self, sentence: str, advice: str) -> None:
        """Say it, without any way out yet."""
        self._sentence.setText(sentence)
        self._advice.setText(advice)
        self.setAccessibleName(f'{sentence} {advice}')
        for button in self.buttons:
            self._ways.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = []

    def offer(self, ways: Sequence[Loosened], choose: Callable[[CaseQuery], object]) -> None:
        """Offer to take off one filter each, the most helpful first."""
        helpful = sorted((way for way in ways if way.count), key=lambda way: way.count, reverse=True)
        for way in helpful[:_MOST]:
            shown = text.number(way.count) + ('+' if way.capped else '')
            cases = ngettext("{n} case", "{n} cases", way.count).format(n=shown)
            said = _("“{filter}” in the papers: {cases}") if way.in_papers else _("Without “{filter}”: {cases}")
            words = said.format(filter=_short(way.words), cases=cases)
            self.add(words, partial(choose, way.query))

    def add(self, words: str, do: Callable[[], object], kind: str = 'link') -> None:
        """One more way out."""
        button = Button(words, do, kind=kind)
        self._ways.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.buttons.append(button)


def _short(words: str) -> str:
    return words if len(words) <= 48 else f'{words[:47]}…'
