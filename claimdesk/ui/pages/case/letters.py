"""The letters of a case: which can be made now, seen and changed before they go, and kept in the file."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QPlainTextEdit

from claimdesk.language import _
from claimdesk.rules.letters import LETTERS, LetterText
from claimdesk.rules.permissions import Permission
from claimdesk.services.letters import LetterOffer, LetterView
from claimdesk.ui import icons, text
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.pages.case.notice import NoticeBar
from claimdesk.ui.pages.case.overview_forms import choice_of
from claimdesk.ui.pages.case.tab import why_not
from claimdesk.ui.preview import preview_pdf
from claimdesk.ui.widgets import Button, Combo, PlainLabel, plain_tip
from claimdesk.vocabulary import Channel, LetterKind, label

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage

MOST_SENT = 12


class CaseLetters:
    """The menu of prints and letters, and what follows from a choice."""

    def __init__(self, page: CasePage) -> None:
        self._page = page
        self.menu = QMenu(page)
        self.menu.setToolTipsVisible(True)

    def open_menu(self) -> None:
        """Offer what can be printed and sent, below the button."""
        letters, actor, case_id = self._page.desk.letters, self._page.desk.signed_in, self._page.case_id
        self._page.run(
            lambda _progress: (letters.offers(actor, case_id), letters.of_case(actor, case_id)),
            lambda read: self._show_menu(*read),
            latest='letters',
        )

    def _show_menu(self, offers: list[LetterOffer], sent: list[LetterView]) -> None:
        menu = self.menu
        menu.clear()
        summary = menu.addAction(icons.icon('printer'), _("Claim summary"), self._page.print_summary)
        summary.setShortcut('Ctrl+P')
        menu.addSeparator()
        for offer in offers:
            picture = 'mail' if offer.to_customer else 'file-text'
            action = menu.addAction(icons.icon(picture), f'{label(offer.kind)}…'.replace('&', '&&'))
            action.triggered.connect(partial(self.begin, offer.kind))
            action.setData(offer.kind.value)
            action.setEnabled(not offer.why_not)
            if offer.why_not:
                why = menu.addAction(icons.icon('lock', 'secondary'), offer.why_not.replace('&', '&&'))
                why.setEnabled(False)
        if sent:
            menu.addSeparator()
            below = menu.addMenu(icons.icon('history'), _("Letters that went out"))
            for letter in sent[:MOST_SENT]:
                words = f'{letter.number} {label(letter.kind)} {text.day(letter.sent_at)}'
                below.addAction(words.replace('&', '&&'), partial(self.look_at, letter))
        button = self._page.head.print_button
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def look_at(self, letter: LetterView) -> None:
        """A letter as it went out."""
        letters, actor = self._page.desk.letters, self._page.desk.signed_in
        preview_pdf(
            self._page,
            f'{label(letter.kind)} {letter.number}',
            lambda progress: letters.pdf(actor, letter.id, progress),
            f'{letter.number}.pdf',
        )

    def begin(self, kind: LetterKind, _checked: bool = False) -> None:
        """Make the letter's words for this case, and show them before anything goes out."""
        page = self._page
        if kind is LetterKind.SUPPLEMENT:
            page.arrive('documents')
            bar = page.findChild(NoticeBar)
            if bar is not None:
                bar.ask()
            return
        letters, actor, case_id = page.desk.letters, page.desk.signed_in, page.case_id
        page.run(
            lambda _progress: letters.text(actor, case_id, kind), partial(self._ask, kind), page.show_error,
            latest='letter',
        )  # fmt: skip

    def _ask(self, kind: LetterKind, words: LetterText) -> None:
        dialog = LetterDialog(self._page, kind, words)
        if dialog.run():
            self._send(kind, dialog)

    def _send(self, kind: LetterKind, dialog: LetterDialog) -> None:
        page, file = self._page, self._page.file
        if file is None:
            return
        letters, case_id, version = page.desk.letters, page.case_id, file.case.version
        words, channel = dialog.words(), dialog.channel()
        said = _("The letter is sent and kept in the file.")
        if not LETTERS[kind].to_customer:
            said = _("A copy is kept in the file.")
        page.saving.act(
            lambda actor: letters.send(actor, case_id, version, kind, words, channel),
            said,
            failed=lambda error: page.banner.show_error(error, _("Try again"), partial(self._ask, kind, words)),
        )


class LetterDialog(Dialog):
    """The letter's words, its preview, and how it goes."""

    def __init__(self, page: CasePage, kind: LetterKind, words: LetterText) -> None:
        rule = LETTERS[kind]
        action = _("Send and keep") if rule.to_customer else _("Keep in the file")
        sentence = (
            _("It gets its number when it is sent; what went out stays in the file.")
            if rule.to_customer
            else _("A print for the file. Preview it to print it; keep a numbered copy if it is signed or handed over.")
        )
        super().__init__(page, words.title, sentence, action, cancel=_("Close"), width=620)
        self._page, self._kind, self._words = page, kind, words
        self.shown = QPlainTextEdit('\n\n'.join(filter(None, (words.body, words.closing))))
        self.shown.setMinimumHeight(190)
        self.shown.setTabChangesFocus(True)
        self.shown.setAccessibleName(_("Text of the letter"))
        self.column.addWidget(self.shown)
        self._channel = choice_of(Channel)
        self._channel.removeItem(self._channel.findData(Channel.NOTE))
        self._channel.set_value(Channel.LETTER)
        if rule.to_customer:
            self._add(_("Sent by"), self._channel)
        else:
            self._channel.setParent(self)
            self._channel.hide()
        self.buttons.insertWidget(0, Button(_("Copy the text"), self._copy, icon='copy'))
        self.preview_button = Button(_("Preview"), self.preview, icon='eye', tip=_("The letter on paper"))
        self.buttons.insertWidget(1, self.preview_button)
        why = why_not(page.file, self._permission(), open_case=rule.to_customer) if page.file is not None else ''
        self.ok_button.setEnabled(not why)
        self.ok_button.setToolTip(plain_tip(why))
        self.accept_if = lambda: '' if self.shown.toPlainText().strip() else _("The letter has no text.")
        self.preview_button.setFocus()

    def _permission(self) -> Permission:
        return Permission.MESSAGE if LETTERS[self._kind].to_customer else Permission.ATTACH_DOCUMENTS

    def _add(self, caption: str, field: Combo) -> None:
        field.setAccessibleName(caption)
        self.column.addWidget(PlainLabel(caption, 'caption'))
        self.column.addWidget(field)

    def words(self) -> LetterText:
        """The letter as it stands in the field."""
        return LetterText(self._words.title, self.shown.toPlainText().strip(), '')

    def channel(self) -> Channel:
        """How it goes."""
        return Channel(self._channel.value() or Channel.LETTER)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.shown.toPlainText())

    def preview(self) -> None:
        """The letter on paper, over the dialog."""
        desk, case_id, kind, words = self._page.desk, self._page.case_id, self._kind, self.words()
        letters, actor = desk.letters, desk.signed_in
        preview_pdf(
            self._page,
            words.title,
            lambda progress: letters.preview(actor, case_id, kind, words, '', progress),
            f'{kind.value}.pdf',
            modal=True,
        )
