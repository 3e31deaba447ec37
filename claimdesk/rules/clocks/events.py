"""What happens on a case that clocks start, pause or stop by, and which of it people record themselves."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from claimdesk.language import N_
from claimdesk.vocabulary import Word


class EventKind(Word):
    """Something that happens on a case and that a clock may run by."""

    ACCIDENT = 'accident', N_("Loss occurred")
    POLICE_TOLD = 'police_told', N_("Theft reported to the police")
    REPORTED = 'reported', N_("Loss reported")
    CONTACTED = 'contacted', N_("Customer contacted for the first time")
    ANSWERED = 'answered', N_("Procedure explained to the customer")
    REGISTERED = 'registered', N_("Case registered")
    DISPATCHED = 'dispatched', N_("Surveyor sent")
    SURVEYED = 'surveyed', N_("Loss inspected")
    INJURED_CONTACTED = 'injured_contacted', N_("Injured person contacted")
    SCENE_INVESTIGATED = 'scene_investigated', N_("Scene investigated by the police")
    APPRAISED = 'appraised', N_("Result of the police appraisal arrived")
    CERTIFIED = 'certified', N_("Police accident certificate issued")
    RESCUE_ASKED = 'rescue_asked', N_("Police asked for the rescue costs")
    RESCUE_PAID = 'rescue_paid', N_("Rescue costs paid to the hospital")
    CLAIM_RECEIVED = 'claim_received', N_("Claim and first documents received")
    DOCUMENTS_TOLD = 'documents_told', N_("Customer told in writing which documents are needed")
    NOTICE_ARRIVED = 'notice_arrived', N_("One-time notice of missing documents arrived")
    SUPPLEMENT_ARRIVED = 'supplement_arrived', N_("Missing documents arrived")
    DOCUMENTS_COMPLETE = 'documents_complete', N_("Documents complete")
    DECIDED = 'decided', N_("Claim decided")
    NOTIFIED = 'notified', N_("Customer told of the decision")
    AGREED = 'agreed', N_("Agreement on the payment")
    REFUSED_DECIDED = 'refused_decided', N_("Decided not to be covered")
    REFUSAL_SENT = 'refusal_sent', N_("Refusal notice sent")
    PAID = 'paid', N_("Paid")
    CALLED_BACK = 'called_back', N_("Customer called back after the payment")
    CLOSED = 'closed', N_("Closed")
    REOPENED = 'reopened', N_("Reopened")
    GATE_OVERRIDDEN = 'gate_overridden', N_("Closed with something left open, by permission")
    COMPLAINED = 'complained', N_("Complaint received")
    COMPLAINT_ANSWERED = 'complaint_answered', N_("Complaint answered")
    RIGHT_ACQUIRED = 'right_acquired', N_("Right of recovery acquired")
    RECOVERY_ENDED = 'recovery_ended', N_("Recovery ended")


K = EventKind

BY_HAND = (
    K.CONTACTED,
    K.ANSWERED,
    K.POLICE_TOLD,
    K.SURVEYED,
    K.INJURED_CONTACTED,
    K.SCENE_INVESTIGATED,
    K.APPRAISED,
    K.CERTIFIED,
    K.RESCUE_ASKED,
    K.RESCUE_PAID,
    K.CLAIM_RECEIVED,
    K.DOCUMENTS_TOLD,
    K.NOTICE_ARRIVED,
    K.SUPPLEMENT_ARRIVED,
    K.NOTIFIED,
    K.REFUSAL_SENT,
)
"""What a person may record beside the work that records it by itself."""

CORRECTABLE = frozenset({*BY_HAND, K.DISPATCHED, K.DOCUMENTS_COMPLETE, K.AGREED})
"""Events whose time a person may correct, with a reason; the others are decisions, signatures and payments."""


@dataclass(frozen=True, slots=True)
class Event:
    """`kind` happened at `at` (aware)."""

    kind: EventKind
    at: dt.datetime
