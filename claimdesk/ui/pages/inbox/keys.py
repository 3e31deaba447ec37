"""The keys of the inbox and its bench."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence

from claimdesk.language import _

if TYPE_CHECKING:
    from claimdesk.ui.pages.inbox.page import InboxPage


def add_keys(page: InboxPage) -> None:
    """Let the keys of the inbox do their work; each shows with its words in the list of keys (F1)."""
    bench, pages = page.bench, page.bench.pages
    canvas = pages.canvas
    for keys, do, words in (
        ('Ctrl+Return', bench.confirm, _("Confirm the document and go to the next")),
        ('Ctrl+Enter', bench.confirm, ''),
        ('F3', bench.next_unsure, _("Next unsure field")),
        ('F4', bench.checks.next_open, _("Next contradiction to the case")),
        ('F2', bench.reread, _("Read the marked place again")),
        ('Esc', lambda: page.tools.cutting.leave_or(page.walk.escape), _("Skip the document")),
        ('Ctrl+D', bench.twins.keep_both, _("Keep both copies of a duplicate")),
        ('F6', bench.twins.compare, _("Compare with the duplicate")),
        ('PgDown', lambda: pages.step(1), _("Next page")),
        ('PgUp', lambda: pages.step(-1), _("Page before")),
        ('Ctrl++', lambda: canvas.zoom(1.25), _("Larger")),
        ('Ctrl+=', lambda: canvas.zoom(1.25), ''),
        ('Ctrl+-', lambda: canvas.zoom(0.8), _("Smaller")),
        ('Ctrl+0', lambda: canvas.set_fit('page'), _("Whole page")),
        ('Ctrl+R', lambda: page.tools.turn(90), _("Turn the page right")),
        ('Ctrl+Shift+R', lambda: page.tools.turn(-90), _("Turn the page left")),
        ('Ctrl+Shift+X', page.tools.cut_out, _("Cut the sheet out of the photo")),
        ('F7', page.tools.cutting.apart, _("Cut several receipts on a sheet apart")),
        ('Ctrl+Shift+B', page.tools.remove_blank, _("Remove blank pages")),
        ('Alt+Up', lambda: page.tools.move_page(-1), _("Move the page forward")),
        ('Alt+Down', lambda: page.tools.move_page(1), _("Move the page back")),
        ('Ctrl+M', page.tools.merge, _("Merge the selected documents")),
        ('Ctrl+Down', lambda: page.walk.step(1), _("Next document")),
        ('Ctrl+Up', lambda: page.walk.step(-1), _("Document before")),
        ('Ctrl+O', page.counter.open_files, _("Open files")),
        ('Ctrl+V', page.counter.paste, _("Paste")),
        ('Ctrl+F', page.side.filter.focus, _("Choose which documents are shown")),
        ('Ctrl+Shift+U', page.card.take, _("Take over what the confirmed card says")),
        ('Ctrl+Shift+P', page.print_covers, _("Print cover sheets")),
    ):
        page.add_key(keys, do, words)
    # Plain letters only where nobody types.
    for keys, degrees in (('R', 90), ('Shift+R', -90)):
        action = QAction(pages)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _checked=False, degrees=degrees: page.tools.turn(degrees))
        pages.addAction(action)
