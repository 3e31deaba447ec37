"""After the calendar, the hours or a target has changed: the due times of the open cases, counted anew in sight."""

from __future__ import annotations

from claimdesk.language import _, ngettext
from claimdesk.ui import text
from claimdesk.ui.pages.settings_section import Section


def count_anew(section: Section) -> None:
    """Count in the background, with progress; what is stopped here is done by the next round of reminders."""
    reminders, shell = section.desk.reminders, section.shell

    def done(changed: int) -> None:
        if changed:
            words = ngettext("{n} due time has changed.", "{n} due times have changed.", changed)
            shell.status.emit(words.format(n=text.number(changed)))
            shell.refresh.emit()

    section.page.run(reminders.recount, done, section.failed, latest='recount', title=_("Counting time limits"))
