"""What the cover sheet of a document did: how it is kept, and the sentence that people read."""

from __future__ import annotations

from claimdesk.language import N_, _
from claimdesk.vocabulary import DocumentKind, label

FILED, KIND, UNKNOWN, CLOSED, FOREIGN, DAMAGED, ALONE, LAID = (
    'filed', 'kind', 'unknown', 'closed', 'foreign', 'damaged', 'alone', 'laid',
)  # fmt: skip
SENTENCES = {
    FILED: N_("A cover sheet put it into case {what}."),
    KIND: N_("A cover sheet says what it is: {what}."),
    UNKNOWN: N_("Its cover sheet names case {what}, which this office does not have. Say where it belongs."),
    CLOSED: N_("Its cover sheet names case {what}, which is closed. Say where it belongs."),
    FOREIGN: N_("Its cover sheet is of another office ({what}). Say where it belongs."),
    DAMAGED: N_("The code of its cover sheet is damaged. Say where it belongs."),
    LAID: N_("A cover sheet: what came after it was sorted by it."),
    ALONE: N_("This file is only a cover sheet. Scan it in one go with the pages that belong to it."),
}


def cover_words(cover: str) -> str:
    """What the cover sheet of a document did, as a sentence; '' for a document that had none."""
    outcome, _space, what = cover.partition(' ')
    if not outcome:
        return ''
    if outcome == KIND:
        what = label(DocumentKind(what))
    return _(SENTENCES[outcome]).format(what=what)


def noted(outcome: str, what: str) -> str:
    """As `Document.cover` keeps it."""
    return f'{outcome} {what}'[:120]
