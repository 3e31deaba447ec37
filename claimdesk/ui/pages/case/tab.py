"""What a tab of the case page is: it reads its own part off the UI thread, shows it, and says what is unsaved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from claimdesk.errors import InvalidInput
from claimdesk.language import _
from claimdesk.rules.permissions import Permission, refusal_sentence
from claimdesk.services.context import Actor
from claimdesk.ui import theme
from claimdesk.ui.pages.case.edit_form import EditForm
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.widgets import card_column

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage

EMPTY_HEIGHT = 280


class CaseTab(QScrollArea):
    """One tab, built when it is first seen. `load` runs in a worker and must not touch a widget.

    Build the screen into `self.column`. `form_names` are the names of the forms that the tab will have.
    """

    name: ClassVar[str] = ''
    icon: ClassVar[str] = ''
    form_names: ClassVar[tuple[str, ...]] = ()

    def __init__(self, page: CasePage) -> None:
        super().__init__()
        self.page = page
        self.desk = page.desk
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.content = QWidget()
        self.content.setProperty('surface', 'page')
        self.content.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.column = QVBoxLayout(self.content)
        self.column.setContentsMargins(theme.SPACE_24, theme.SPACE_16, theme.SPACE_24, theme.SPACE_24)
        self.column.setSpacing(theme.SPACE_16)
        self.setWidget(self.content)

    @staticmethod
    def heading(file: CaseFile) -> str:
        """What the tab is called, with a count where one helps."""
        raise NotImplementedError

    def load(self, actor: Actor, case_id: int) -> Any:
        """Read what the tab shows beyond the head's `CaseFile`, in a worker."""
        return None

    def show_case(self, file: CaseFile, loaded: Any) -> None:
        """Show the case; called each time it was read again."""
        raise NotImplementedError

    def forms(self) -> list[EditForm]:
        """The forms whose edits a draft keeps."""
        return []

    def focus_part(self, part: str) -> None:
        """Put the focus where the work of `part` is done; on the row of tabs where there is nothing to do."""
        self.page.bar.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        """Ctrl+S: save the form with edits, if there is one."""

    def commands(self) -> list[Any]:
        """What the command palette offers while the tab is in front."""
        return []

    def show_problem(self, form: EditForm, error: InvalidInput) -> None:
        """Say at the fields what is wrong, and in the banner what no field takes."""
        if not error.fields or form.show_errors(error.fields):
            self.page.show_error(error)


def why_not(file: CaseFile, permission: Permission, *, open_case: bool = True) -> str:
    """Why the person may not do this now, or ''."""
    if not file.may(permission):
        return refusal_sentence(permission)
    if open_case and file.closed:
        return _("The case is closed. Reopen it before changing it.")
    return ''


def card(title_bar: QWidget | None = None, *, spacing: int = theme.SPACE_12) -> tuple[QWidget, QVBoxLayout]:
    """A surface for one group, and the column to fill."""
    box = QWidget()
    column = card_column(box, spacing=spacing)
    if title_bar is not None:
        column.addWidget(title_bar)
    return box, column
