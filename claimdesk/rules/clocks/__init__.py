"""Time limits: what starts, pauses and stops the clocks of a case, when each is due, and the arithmetic in words.

The limits of law, clause and supervision and the office's own promises run at once; `run_clocks` gives them all.
"""

from claimdesk.rules.clocks.events import BY_HAND, CORRECTABLE, Event, EventKind
from claimdesk.rules.clocks.limits import (
    ALL_RULES,
    CLOCK_NAMES,
    CLOCK_RULES,
    COMPLAINT_RULES,
    PROMISES,
    RECOVERY_RULE,
    STEP,
    ClockRule,
    Duty,
    Subject,
)
from claimdesk.rules.clocks.running import (
    SOON,
    Clock,
    Pause,
    case_clocks,
    due_state,
    end_of,
    local_day,
    pauses_of,
    run_clocks,
    step_clock,
    step_due,
)
from claimdesk.rules.clocks.targets import DEFAULT_BOOK, DEFAULT_TARGETS, TARGETS_KEY, Book, Target
from claimdesk.rules.clocks.words import due_words, explain

__all__ = [
    'ALL_RULES',
    'BY_HAND',
    'CLOCK_NAMES',
    'CLOCK_RULES',
    'COMPLAINT_RULES',
    'CORRECTABLE',
    'DEFAULT_BOOK',
    'DEFAULT_TARGETS',
    'PROMISES',
    'RECOVERY_RULE',
    'SOON',
    'STEP',
    'TARGETS_KEY',
    'Book',
    'Clock',
    'ClockRule',
    'Duty',
    'Event',
    'EventKind',
    'Pause',
    'Subject',
    'Target',
    'case_clocks',
    'due_state',
    'due_words',
    'end_of',
    'explain',
    'local_day',
    'pauses_of',
    'run_clocks',
    'step_clock',
    'step_due',
]
