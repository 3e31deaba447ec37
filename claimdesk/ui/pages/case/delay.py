"""An overdue step is finished only once somebody has said why it is late: asked right before the move."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from claimdesk.language import _
from claimdesk.ui.pages.case.clock_forms import ask_delay
from claimdesk.vocabulary import DueState

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage


def explain_first(page: CasePage, go_on: Callable[[], object]) -> None:
    """Ask why the step of `page` is late, keep it, then `go_on`; nothing happens where the handler thinks better."""
    if page.file is None:
        return
    late = [clock for clock in page.file.clocks if clock.counts and clock.state is DueState.OVERDUE]
    answer = ask_delay(page, late[0].name if late else _("Target of this step"))
    if answer is not None:
        delays, actor, case_id = page.desk.delays, page.desk.signed_in, page.case_id
        page.run(lambda _progress: delays.explain(actor, case_id, *answer), lambda _none: go_on(), page.show_error)
