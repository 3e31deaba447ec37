"""Marking the page in hand: tools, keys, undo, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError
from claimdesk.language import N_, _, ngettext
from claimdesk.rules.permissions import Permission, refusal_sentence
from claimdesk.services.context import Actor
from claimdesk.services.page_marks import LONGEST_NOTE, Mark, Place
from claimdesk.services.page_texts import turned_box
from claimdesk.ui import dialogs, theme
from claimdesk.ui.later import later
from claimdesk.ui.pages.case.file_canvas import FileCanvas, Shown
from claimdesk.ui.pages.case.file_shelf import Leaf
from claimdesk.ui.widgets import Button
from claimdesk.ui.widgets.labels import plain_tip
from claimdesk.vocabulary import MarkKind

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage
    from claimdesk.ui.pages.inbox.canvas import Box

TOOLS = (
    (MarkKind.HIGHLIGHT, N_("Highlight"), 'highlighter', 'Ctrl+H'),
    (MarkKind.BOX, N_("Frame"), 'square', 'Ctrl+B'),
    (MarkKind.NOTE, N_("Page note"), 'message-square', 'Ctrl+M'),
    (MarkKind.BLACKOUT, N_("Black out"), 'eye-off', 'Ctrl+D'),
)
STEP, PAUSE_MS = 0.002, 500
"""An arrow key moves a mark by so much of the page; so long after the last one the new place is kept."""
_ARROWS = {'Left': (-1, 0), 'Right': (1, 0), 'Up': (0, -1), 'Down': (0, 1)}

Undo = Callable[[Actor], object]


class FileMarks(QObject):
    """The marks of a case and the tools for them. `changed` whenever they were read again."""

    changed = Signal()

    def __init__(self, page: CasePage, canvas: FileCanvas, window: Any) -> None:
        super().__init__(window)
        self._page, self._canvas, self._window = page, canvas, window
        self._leaf: Leaf | None = None
        self._found: tuple[Box, ...] = ()
        self._all: list[Mark] = []
        self._undo: list[Undo] = []
        self._versions: dict[int, int] = {}
        self._tool: MarkKind | None = None
        self._moved: tuple[Mark, Box] | None = None
        self.chosen = 0
        may = page.desk.signed_in.may(Permission.ATTACH_DOCUMENTS)
        self.buttons: dict[MarkKind, Button] = {}
        self.bar = QWidget()
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_4)
        for kind, words, icon, key in TOOLS:
            button = Button(_(words), partial(self.use, kind), kind='quiet', icon=icon)
            button.setCheckable(True)
            button.setEnabled(may)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            tip = _("Draw on the page, or press {key} for a drawn place or a place found").format(key=key)
            button.setToolTip(plain_tip(tip if may else refusal_sentence(Permission.ATTACH_DOCUMENTS)))
            self.buttons[kind] = button
            row.addWidget(button)
            if may:
                window.add_key(key, partial(self.use, kind))
        if may:
            self._add_keys()
        self._keep_place = later(self, PAUSE_MS, self._keep_moved)
        canvas.marked.connect(self._drawn)
        canvas.mark_clicked.connect(self.choose)

    def _add_keys(self) -> None:
        window = self._window
        window.add_key('Del', self.remove)
        window.add_key('Ctrl+Z', self.undo)
        window.add_key('F2', self.edit)
        window.add_key('F6', partial(self.choose_next, 1))
        window.add_key('Shift+F6', partial(self.choose_next, -1))
        for name, (right, down) in _ARROWS.items():
            window.add_key(f'Alt+{name}', partial(self.nudge, right, down, grow=False))
            window.add_key(f'Alt+Shift+{name}', partial(self.nudge, right, down, grow=True))

    # What is there

    def load(self) -> None:
        """Read the marks of the case."""
        actor, case_id, marks = self._page.desk.signed_in, self._page.case_id, self._page.desk.page_marks
        self._page.shell.tasks.run(
            self, lambda _progress: marks.of_case(actor, case_id), self._show, self._failed, latest='marks'
        )

    def show_leaf(self, leaf: Leaf | None, found: Sequence[Box] = ()) -> None:
        """Another page is in hand; `found` is where the hit in hand lies on it."""
        self._keep_moved()
        if leaf != self._leaf:
            self.chosen = 0
        self._leaf, self._found = leaf, tuple(found)
        self._draw()

    def marked_pages(self) -> frozenset[tuple[str, int]]:
        """The pages that bear a mark: SHA-256 and page in the file."""
        return frozenset((mark.sha256, mark.page_index) for mark in self._all)

    def here(self) -> list[Mark]:
        """The marks of the page in hand."""
        if self._leaf is None:
            return []
        page = self._leaf.page
        return [mark for mark in self._all if (mark.sha256, mark.page_index) == (page.sha256, page.page_index)]

    def _show(self, marks: list[Mark]) -> None:
        self._all = marks
        self._know((mark.id, mark.version) for mark in marks)
        if all(mark.id != self.chosen for mark in marks):
            self.chosen = 0
        self._draw()
        self.changed.emit()

    def _draw(self) -> None:
        turn = self._leaf.page.rotation if self._leaf is not None else 0
        moved = self._moved
        self._canvas.show_marks(
            [
                Shown(
                    mark.id, mark.kind,
                    turned_box(moved[1] if moved is not None and moved[0].id == mark.id else mark.box, turn), mark.note,
                )
                for mark in self.here()
            ],
            self.chosen,
        )  # fmt: skip

    # Making marks

    def use(self, kind: MarkKind) -> None:
        """Mark what is drawn, else the place found; else take the tool in hand, or put it down."""
        places = [box] if (box := self._canvas.selection()) is not None else list(self._found)
        if places and self._tool is not kind:
            self._take(None)
            self.add(kind, places)
        else:
            self._take(None if self._tool is kind else kind)

    def add(self, kind: MarkKind, boxes: Sequence[Box]) -> None:
        """Mark places on the page in hand."""
        leaf = self._leaf
        if leaf is None:
            return
        self.add_places(kind, [Place(leaf.document.id, leaf.position, box) for box in boxes])

    def add_places(self, kind: MarkKind, places: Sequence[Place]) -> None:
        """Mark places on any pages, in one go that is undone in one go."""
        note = self._ask_note('') if kind is MarkKind.NOTE else ''
        if note is None:
            return
        case_id, marks = self._page.case_id, self._page.desk.page_marks
        self._act(lambda actor: marks.add(actor, case_id, kind, places, note), self._added)

    def _added(self, made: list[Mark]) -> None:
        marks = self._page.desk.page_marks
        ids = [mark.id for mark in made]
        self._know((mark.id, mark.version) for mark in made)
        self._undo.append(lambda actor: marks.remove(actor, [(one, self._versions[one]) for one in ids]))
        self._canvas.clear_selection()
        self.chosen = made[-1].id if len(made) == 1 else 0

    def _drawn(self, box: Box) -> None:
        if self._tool is not None:
            self.add(self._tool, [box])

    def _take(self, kind: MarkKind | None) -> None:
        self._tool = kind
        for tool, button in self.buttons.items():
            button.setChecked(tool is kind)

    # Changing marks

    def choose(self, mark_id: int) -> None:
        """Take a mark in hand (0: none)."""
        self._keep_moved()
        self.chosen = mark_id
        self._draw()

    def choose_next(self, by: int) -> None:
        """The next mark on the page; round from the last to the first."""
        ids = [mark.id for mark in self.here()]
        if ids:
            at = ids.index(self.chosen) + by if self.chosen in ids else (0 if by > 0 else -1)
            self.choose(ids[at % len(ids)])
            box = next(mark.box for mark in self._canvas.marks if mark.id == self.chosen)
            self._canvas.approach(box)

    def escape(self) -> bool:
        """Put down what is in hand; False if there was nothing."""
        had = self._tool is not None or self.chosen != 0
        self._take(None)
        self.choose(0)
        return self._canvas.clear_selection() or had

    def remove(self) -> None:
        """Remove the mark in hand."""
        mark = self._in_hand()
        if mark is None:
            return
        marks = self._page.desk.page_marks

        def removed(gone: list[tuple[int, int]]) -> None:
            self._know(gone)
            self._undo.append(lambda actor: marks.restore(actor, [(mark.id, self._versions[mark.id])]))

        self._act(lambda actor: marks.remove(actor, [(mark.id, mark.version)]), removed)

    def edit(self) -> None:
        """Change the note of the mark in hand; any mark may bear one."""
        mark = self._in_hand()
        note = self._ask_note(mark.note) if mark is not None else None
        if mark is not None and note is not None and note != mark.note:
            self._change(mark, note=note)

    def nudge(self, right: int, down: int, *, grow: bool) -> None:
        """Move the mark in hand a little, or make it larger or smaller."""
        mark = next((mark for mark in self.here() if mark.id == self.chosen), None)
        if mark is None or self._leaf is None:
            return
        turn = self._leaf.page.rotation
        before = self._moved[1] if self._moved is not None and self._moved[0].id == mark.id else mark.box
        x, y, wide, high = turned_box(before, turn)
        if grow:
            wide, high = max(2 * STEP, wide + right * STEP), max(2 * STEP, high + down * STEP)
        else:
            x, y = x + right * STEP, y + down * STEP
        x, y = min(max(0.0, x), 1 - wide), min(max(0.0, y), 1 - high)
        self._moved = (mark, turned_box((x, y, wide, high), -turn))
        self._keep_place.start()
        self._draw()

    def undo(self) -> None:
        """Take back what was done last."""
        self._keep_moved()
        if self._undo:
            self._act(self._undo.pop(), self._undone)

    def _undone(self, result: Mark | list[tuple[int, int]]) -> None:
        self._know([(result.id, result.version)] if isinstance(result, Mark) else result)

    def _know(self, versions: Iterable[tuple[int, int]]) -> None:
        """What is undone later is undone from the newest version."""
        self._versions.update(versions)

    def _keep_moved(self) -> None:
        """Keep where a mark was moved to."""
        self._keep_place.stop()
        if self._moved is not None:
            (mark, box), self._moved = self._moved, None
            self._change(mark, box=box)

    def _change(self, mark: Mark, *, box: Box | None = None, note: str | None = None) -> None:
        marks = self._page.desk.page_marks
        back: dict[str, Any] = {'box': mark.box} if note is None else {'note': mark.note}

        def changed(now: Mark) -> None:
            self._know([(now.id, now.version)])
            self._undo.append(lambda actor: marks.change(actor, now.id, self._versions[now.id], **back))

        self._act(lambda actor: marks.change(actor, mark.id, mark.version, box=box, note=note), changed)

    def _in_hand(self) -> Mark | None:
        self._keep_moved()
        return next((mark for mark in self.here() if mark.id == self.chosen), None)

    def _ask_note(self, note: str) -> str | None:
        return dialogs.ask_text(
            self._window, _("Note on the page"), _("It is shown on the screen, and on copies where they show marks."),
            _("Keep"), label=_("Note"), value=note,
            check=lambda typed: '' if len(typed) <= LONGEST_NOTE else _too_long(),
        )  # fmt: skip

    def _act(self, work: Callable[[Actor], Any], done: Callable[[Any], object]) -> None:
        actor = self._page.desk.signed_in

        def finished(result: Any) -> None:
            self._window.banner.clear()
            done(result)
            self.load()

        self._page.shell.tasks.run(self, lambda _progress: work(actor), finished, self._failed)

    def _failed(self, error: ClaimDeskError) -> None:
        self._window.banner.show_error(error)
        self._draw()


def _too_long() -> str:
    return ngettext("At most {count} character.", "At most {count} characters.", LONGEST_NOTE).format(
        count=LONGEST_NOTE
    )
