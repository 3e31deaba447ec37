"""What corrections taught the reader: seen, forgotten, and the reader scored against everything that was corrected."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem

from claimdesk.forms import label_of
from claimdesk.language import _, ngettext
from claimdesk.rules.permissions import Permission
from claimdesk.services.corrections import Difference, Score
from claimdesk.services.learned import LearnedView
from claimdesk.ui import dialogs, text, theme
from claimdesk.ui.page import Page
from claimdesk.ui.pages.settings_section import Section
from claimdesk.ui.pages.settings_work_group import WorkGroup
from claimdesk.ui.widgets import Button, PlainLabel
from claimdesk.ui.widgets.small_table import small_table
from claimdesk.vocabulary import label

MOST_NAMED = 6
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class LearnedSection(Section):
    """Places of values by issuer, one line for each; only who manages the office makes the reader forget."""

    def __init__(self, page: Page) -> None:
        sentence = _(
            "Whoever corrects a field on the bench teaches where papers of that issuer have it. On the next one the"
            " reader looks there as well; what it finds is never sure by this alone. Values are not kept here."
        )
        super().__init__(page, _("Learned reading"), sentence, wide=True)
        self.may = self.explain_refusal(Permission.MANAGE_OFFICE)
        self._places: list[LearnedView] = []
        self.table = small_table(
            _("What was learned"),
            (_("Issuer"), _("Kind"), _("Field"), _("Stands at"), _("Last"), _("Papers")),
            {1: 170, 2: 130, 3: 170, 4: 96, 5: 80},
            stretched=(0,),
        )
        _numbers(self.table, (5,))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setMinimumHeight(8 * theme.ROW_COMPACT)
        nothing = _("Nothing was learned yet: nobody has corrected a reading.")
        self._nothing = PlainLabel(nothing, 'secondary', wrap=True)
        self.forget_button = Button(_("Forget…"), self.forget, icon='trash-2', tip='Del')
        self.column.addWidget(self._nothing)
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self.forget_button, 0, Qt.AlignmentFlag.AlignLeft)
        QShortcut(QKeySequence(Qt.Key.Key_Delete), self.table, self.forget)
        self.table.itemSelectionChanged.connect(self._light)
        self.scoring = ScoreGroup(self)
        self.column.addStretch(0)
        self._show([])

    def opened(self) -> None:
        actor, learned = self.desk.signed_in, self.desk.learned
        self.page.run(lambda _progress: learned.places(actor), self._show, self.failed, latest='learned')
        self.scoring.opened()

    def changed(self, kinds: set[str]) -> None:
        if kinds & {'document', 'invoice'}:
            self.opened()

    def chosen(self) -> list[LearnedView]:
        """The lines that are marked."""
        rows = sorted({index.row() for index in self.table.selectedIndexes()})
        return [self._places[row] for row in rows if row < len(self._places)]

    def forget(self) -> None:
        """Forget the marked lines, after asking once."""
        chosen = self.chosen()
        if not chosen or not self.may:
            return
        words = ngettext("Forget {n} place?", "Forget {n} places?", len(chosen)).format(n=text.number(len(chosen)))
        names = dict.fromkeys(f'{one.issuer} · {one.field_label}' for one in chosen)
        sentence = '\n'.join([*list(names)[:MOST_NAMED], *(['…'] if len(names) > MOST_NAMED else [])])
        if not dialogs.ask(self, words, sentence, _("Forget"), danger=True):
            return
        actor, learned = self.desk.signed_in, self.desk.learned
        ids = [id_ for one in chosen for id_ in one.ids]
        self.page.run(lambda _progress: learned.forget(actor, ids), self._forgotten, self.failed)

    def _forgotten(self, count: int) -> None:
        words = ngettext("{n} lesson is forgotten.", "{n} lessons are forgotten.", count)
        self.said(words.format(n=text.number(count)))
        self.opened()

    def _show(self, places: list[LearnedView]) -> None:
        self._places = places
        self.table.setRowCount(len(places))
        for row, one in enumerate(places):
            where = one.label or _("by its place")
            cells = (one.issuer, label(one.kind), one.field_label, where, text.day(one.last), text.number(one.papers))
            _fill(self.table, row, cells, right=(5,))
        self._nothing.setVisible(not places)
        self.table.setVisible(bool(places))
        self.forget_button.setVisible(bool(places) and self.may)
        self._light()

    def _light(self) -> None:
        self.forget_button.setEnabled(bool(self.chosen()))


class ScoreGroup(WorkGroup):
    """The papers that people corrected, read again by the present reader."""

    def __init__(self, section: Section) -> None:
        sentence = _("Papers that somebody corrected are kept as a test: read them again to see what comes out now.")
        super().__init__(section, _("Score of the reader"), sentence)
        self._count = PlainLabel('', 'secondary')
        self.column.insertWidget(2, self._count)
        self.score_button = Button(_("Read them again"), self.score, icon='scan-text')
        self.offer(self.score_button)
        self.table = small_table(
            _("Score of the reader"),
            (_("Kind"), _("Papers"), _("Fields"), _("Right then"), _("Right now"), _("Sure"), _("Sure but wrong")),
            {1: 80, 2: 80, 3: 96, 4: 96, 5: 80, 6: 120},
            stretched=(0,),
        )
        _numbers(self.table, range(1, 7))
        self.table.hide()
        self.column.addWidget(self.table)
        self.setVisible(self.desk.signed_in.may(Permission.VIEW_AUDIT))

    def opened(self) -> None:
        """Count the papers."""
        if not self.isHidden():
            actor, corrections = self.desk.signed_in, self.desk.corrections
            self.page.run(lambda _progress: corrections.count(actor), self._counted, self.failed, latest='corrections')

    def score(self) -> None:
        """Read every corrected paper again and compare."""
        actor, desk = self.desk.signed_in, self.desk
        self.work(
            lambda progress: desk.corrections.score(actor, desk.readings.again, progress),
            self._scored,
            _("Reading corrected papers again"),
        )

    def _counted(self, count: int) -> None:
        words = ngettext("{n} corrected paper", "{n} corrected papers", count).format(n=text.number(count))
        self._count.setText(words)
        self.score_button.setEnabled(count > 0)

    def _scored(self, score: Score) -> None:
        self.table.setRowCount(len(score.kinds))
        for row, one in enumerate(score.kinds):
            counts = (one.documents, one.fields, one.right_before, one.right, one.sure, one.sure_but_wrong)
            _fill(self.table, row, (label(one.kind), *map(text.number, counts)), right=range(1, 7))
        self.table.setVisible(bool(score.kinds))
        self.table.setFixedHeight((len(score.kinds) + 1) * theme.ROW_COMPACT + theme.SPACE_12)
        fields, right = sum(one.fields for one in score.kinds), sum(one.right for one in score.kinds)
        words = _("{right} of {fields} fields come out as people confirmed them.")
        sentence = words.format(right=text.number(right), fields=text.number(fields))
        bad = score.sure_but_wrong
        worse = [one for one in score.worse if not one.sure]
        lines = [*_named(_("Sure but wrong: {what}"), bad), *_named(_("Right before: {what}"), worse)]
        lines += [_("Left out: {title}. {why}").format(title=one.title, why=one.sentence) for one in score.skipped]
        shown = [*lines[:MOST_NAMED], *(['…'] if len(lines) > MOST_NAMED else [])]
        self.answer.show_message(
            sentence, '\n'.join(shown), 'error' if bad else 'warning' if score.worse else 'success'
        )


def _named(words: str, differences: Sequence[Difference]) -> list[str]:
    told = _("{case} · {title} · {field}: “{read}”, confirmed “{confirmed}”")
    return [
        words.format(
            what=told.format(
                case=one.case_number, title=one.title, field=label_of(one.field, one.kind),
                read=one.read, confirmed=one.confirmed,
            )
        )
        for one in differences
    ]  # fmt: skip


def _numbers(table: QTableWidget, columns: Sequence[int]) -> None:
    """Let the headings of numbers stand over them."""
    for column in columns:
        table.horizontalHeaderItem(column).setTextAlignment(_RIGHT)


def _fill(table: QTableWidget, row: int, cells: Sequence[str], right: Sequence[int] = ()) -> None:
    for column, words in enumerate(cells):
        item = QTableWidgetItem(words)
        item.setToolTip(words)
        if column in right:
            item.setTextAlignment(_RIGHT)
        table.setItem(row, column, item)
