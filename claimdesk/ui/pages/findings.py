"""What papers say otherwise than their case, one line each: shown on the page, looked at with a reason, folded then."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from claimdesk.language import _, ngettext
from claimdesk.rules.paper_checks import Severity
from claimdesk.ui import dialogs, icons, text, theme
from claimdesk.ui.widgets import Button, PlainLabel, SectionHeader, clear, separator
from claimdesk.vocabulary import label

if TYPE_CHECKING:
    from claimdesk.services.paper_checks import FindingView

_LOOKS = {Severity.WARNING: ('orange', 'triangle-alert'), Severity.NOTE: ('slate', 'info')}


class FindingRow(QWidget):
    """One finding. `show_wanted` to see its place on the page, `look_wanted` to say why it is all right, `back_wanted`
    to open it again."""

    show_wanted = Signal(object)
    look_wanted = Signal(object)
    back_wanted = Signal(object)

    def __init__(self, finding: FindingView, *, may: bool, titled: bool) -> None:
        super().__init__()
        self.finding = finding
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(theme.SPACE_8)
        tone, picture = _LOOKS[finding.severity] if finding.seen is None else ('green', 'circle-check')
        mark = QLabel()
        mark.setFixedSize(icons.SMALL, icons.SMALL)
        mark.setPixmap(icons.pixmap(picture, tone, icons.SMALL))
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        self.sentence = PlainLabel(
            finding.sentence, 'secondary' if finding.seen is not None else '', wrap=True, selectable=True
        )
        words.addWidget(self.sentence)
        self.caption = PlainLabel(_caption(finding, titled=titled), 'caption', wrap=True)
        words.addWidget(self.caption)
        row.addLayout(words, 1)
        self.show_button = Button(_("Show"), partial(self.show_wanted.emit, finding), kind='link')
        self.show_button.setToolTip(_("Show its place on the page"))
        row.addWidget(self.show_button, 0, Qt.AlignmentFlag.AlignTop)
        self.act_button = (
            Button(_("All right…"), partial(self.look_wanted.emit, finding), kind='link')
            if finding.seen is None
            else Button(_("Open again"), partial(self.back_wanted.emit, finding), kind='link')
        )
        self.act_button.setVisible(may)
        row.addWidget(self.act_button, 0, Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName(f'{label(finding.severity)}: {finding.sentence}')


class FindingList(QWidget):
    """The findings of one paper, or of all papers of a case (`titled`: each names its paper); open ones first.

    Those that were looked at stay folded under a line that says how many they are.
    """

    show_wanted = Signal(object)
    look_wanted = Signal(object)
    back_wanted = Signal(object)

    def __init__(self, title: str, *, titled: bool = False) -> None:
        super().__init__()
        self._titled = titled
        self._unfolded = False
        self._found: tuple[FindingView, ...] = ()
        self._may = False
        self.rows: list[FindingRow] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_4)
        self.head = SectionHeader(title)
        column.addWidget(self.head)
        self._column = QVBoxLayout()
        self._column.setSpacing(theme.SPACE_4)
        column.addLayout(self._column)
        self.fold_button = Button('', self._fold, kind='link', icon='chevron-right')
        column.addWidget(self.fold_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    @property
    def found(self) -> tuple[FindingView, ...]:
        """What is shown, folded ones too."""
        return self._found

    @property
    def open_ones(self) -> list[FindingView]:
        """What nobody has looked at yet."""
        return [one for one in self._found if one.seen is None]

    def show_found(self, found: Sequence[FindingView], *, may: bool) -> None:
        """Show these; nothing at all where there are none. `may`: whether the person may say that one is all right."""
        if (tuple(found), may) == (self._found, self._may) and self.rows:
            return
        self._found, self._may = tuple(found), may
        self._fill()

    def next_open(self) -> FindingView | None:
        """The open finding after the one whose button has the focus, else the first, with the focus put on it."""
        rows = [row for row in self.rows if row.finding.seen is None]
        at = next((place for place, row in enumerate(rows) if row.isAncestorOf(self.focusWidget() or self)), -1)
        if not rows:
            return None
        row = rows[(at + 1) % len(rows)]
        button = row.act_button if not row.act_button.isHidden() else row.show_button
        button.setFocus(Qt.FocusReason.TabFocusReason)
        return row.finding

    def _fill(self) -> None:
        waiting, seen = self.open_ones, [one for one in self._found if one.seen is not None]
        focused = next((at for at, row in enumerate(self.rows) if row.isAncestorOf(self.focusWidget() or self)), None)
        clear(self._column)
        self.rows = []
        for finding in [*waiting, *(seen if self._unfolded else ())]:
            if self.rows and self._titled:
                self._column.addWidget(separator())
            row = FindingRow(finding, may=self._may, titled=self._titled)
            row.show_wanted.connect(self.show_wanted)
            row.look_wanted.connect(self.look_wanted)
            row.back_wanted.connect(self.back_wanted)
            self._column.addWidget(row)
            self.rows.append(row)
        count = len(waiting)
        words = ngettext("{count} not looked at yet", "{count} not looked at yet", count).format(count=count)
        self.head.set_note(words if count else _("everything has been looked at"))
        folded = ngettext("{count} looked at", "{count} looked at", len(seen)).format(count=len(seen))
        self.fold_button.set_text(folded)
        self.fold_button.set_icon('chevron-down' if self._unfolded else 'chevron-right')
        self.fold_button.setVisible(bool(seen))
        self.setVisible(bool(self._found))
        if focused is not None and self.rows:
            self.rows[min(focused, len(self.rows) - 1)].show_button.setFocus()

    def _fold(self) -> None:
        self._unfolded = not self._unfolded
        self._fill()


def ask_why(parent: QWidget, finding: FindingView) -> str | None:
    """Ask why a finding is all right; None if the handler thought better of it."""
    return dialogs.ask_reason(
        parent, _("Why is this all right?"), finding.sentence, _("Keep the reason"), suggestions=_suggestions(finding)
    )


def _suggestions(finding: FindingView) -> tuple[str, ...]:
    match finding.code:
        case 'over_assessed' | 'over_estimate':
            return (_("The difference is not paid"), _("The reserve will be raised"))
        case 'item_words' | 'item_words_unknown' | 'item_outside' | 'item_old':
            return (_("Taken out of the amount"), _("Belongs to the loss; the survey confirms it"))
        case code if code.startswith('hospital'):
            return (_("Emergency treatment"), _("Referred there by a listed hospital"))
    return (_("Compared with the original: it is the same"), _("Explained by the customer, proof is in the file"))


def _caption(finding: FindingView, *, titled: bool) -> str:
    parts = [finding.document] if titled else []
    parts.append(finding.subject)
    if finding.unsure:
        parts.append(_("as read, not confirmed"))
    words = ' · '.join(parts)
    seen = finding.seen
    if seen is None:
        return words
    by = _("{name}, {time}: {reason}").format(name=seen.by, time=text.moment(seen.at), reason=seen.reason)
    return f'{words}\n{by}'
