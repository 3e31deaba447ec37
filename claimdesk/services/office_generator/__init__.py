"""Makes offices that never were: the demo office, and an office of N cases for benchmarks.

Stories of cases are told with dice that always fall the same way, from the lists in `resources/demo`, until the
present moment; what the services would have written is loaded in bulk.
"""

from __future__ import annotations

from claimdesk.language import N_, _
from claimdesk.models.audit_chain import keep_heads
from claimdesk.progress import Progress, quiet
from claimdesk.services.context import OfficeContext
from claimdesk.services.office_generator.chronicle import write, write_many
from claimdesk.services.office_generator.folders import Folders
from claimdesk.services.office_generator.invoicing import demo_invoice
from claimdesk.services.office_generator.load import Loader
from claimdesk.services.office_generator.scaffold import Scaffold, without_log
from claimdesk.services.rows_check import tell_filling

DEMO_CASES = 1_200

__all__ = ['DEMO_CASES', 'demo_invoice', 'fill_demo_office', 'generate']


def fill_demo_office(office: OfficeContext, progress: Progress = quiet) -> None:
    """Fill an empty database with the demo office: fourteen months of every kind of case, the same each time."""
    now = office.now().replace(microsecond=0)
    calendar = office.calendar
    folders = Folders()
    with office.database.write(N_("founded the office")) as session:
        loader = Loader(session.connection())
        heads = write(loader, calendar, now, DEMO_CASES, folders, progress)
        loader.finish()
        keep_heads(session, heads)
        tell_filling(session)
        for sha256, content in folders.contents.items():
            office.files.put(session, sha256, content)
    from claimdesk.services.office_generator.morning_post import read_post
    from claimdesk.services.office_generator.reminding import remind_everybody
    from claimdesk.services.office_generator.specimens import bring_specimens

    read_post(office, folders, progress)
    bring_specimens(office, folders, progress)
    from claimdesk.services.office_generator.around import bring_around

    bring_around(office, progress)
    remind_everybody(office)
    progress(DEMO_CASES, DEMO_CASES, _("The demo office is ready."))


def generate(office: OfficeContext, cases: int, progress: Progress = quiet) -> None:
    """Fill an empty database with an office of that many cases, loaded in bulk."""
    now = office.now().replace(microsecond=0)
    calendar = office.calendar
    with without_log(office.database), office.database.write(N_("founded the office")) as session:
        scaffold = Scaffold(session.connection())
        scaffold.take_down()
        loader = Loader(session.connection())
        write_many(loader, calendar, now, cases, progress)
        loader.finish()
        scaffold.put_up(progress)
        tell_filling(session)
    progress(cases, cases, _("The office is ready."))
