"""The close gate: what must not be left open when a case ends, whichever way it ends.

Each sentence here may be overridden by somebody with the permission and a written reason. What is never overridden (an
unpaid amount, a payment on its way, a refusal notice not sent) stands among the conditions of the move itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from claimdesk.language import _, ngettext

if TYPE_CHECKING:
    from claimdesk.rules.moves import Facts

Check = Callable[['Facts'], str]


def missing_documents(facts: Facts) -> str:
    """Required documents that are not here."""
    count = facts.missing_documents
    words = ngettext("{count} required document is missing.", "{count} required documents are missing.", count)
    return words.format(count=count) if count else ''


def open_tasks(facts: Facts) -> str:
    """Tasks beside the step that the move itself ends."""
    count = facts.open_tasks
    words = ngettext("{count} task is still open.", "{count} tasks are still open.", count)
    return words.format(count=count) if count else ''


def open_complaints(facts: Facts) -> str:
    """Complaints that nobody has answered."""
    count = facts.open_complaints
    words = ngettext("{count} complaint is not answered.", "{count} complaints are not answered.", count)
    return words.format(count=count) if count else ''


def unset_estimate(facts: Facts) -> str:
    """No estimate was ever set."""
    return '' if facts.has_estimate else _("The estimate was never set.")


def unsent_notice(facts: Facts) -> str:
    """The claimant handed papers in, some are missing, and was never told which."""
    told = facts.notice_sent or not facts.claim_received or not facts.missing_documents
    return '' if told else _("The claimant has not been told which documents are missing.")


GATES: Mapping[str, tuple[Check, ...]] = {
    'close': (missing_documents, open_tasks, unset_estimate, open_complaints),
    'send_refusal': (open_tasks, open_complaints),
    'cancel_report': (open_tasks, open_complaints),
    'cancel_case': (open_tasks, open_complaints),
    'zero_close': (unsent_notice, open_tasks, unset_estimate, open_complaints),
}
"""By the value of the move that ends a case: what is looked at. A cancelled claim owes no documents and no estimate."""


def held_by(move: str, facts: Facts) -> list[str]:
    """Every sentence of the gate that holds `move` back; empty for a move that ends nothing."""
    return [sentence for check in GATES.get(move, ()) if (sentence := check(facts))]
