"""What the letters of the standard set say: the program's texts, which the office may reword, and their placeholders.

The texts are the program's own words, not a form that the law prescribes; only what they cite is law.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from claimdesk.language import N_, _
from claimdesk.vocabulary import LetterKind

LONGEST_TITLE, LONGEST_BODY = 60, 6000
_PLACE = re.compile(r'\{([^{}]*)\}')

COMMON: Mapping[str, str] = {
    'insured': N_("Name of the insured"),
    'case': N_("Case number"),
    'policy': N_("Policy number"),
    'plate': N_("Plate"),
    'cause': N_("Cause"),
    'loss_day': N_("Day of the loss"),
    'place': N_("Place of the loss"),
    'office': N_("Name of the office"),
    'handler': N_("Handler"),
    'today': N_("Today"),
}
"""What every letter may name, and what stands there."""


@dataclass(frozen=True, slots=True)
class LetterText:
    """The words of a letter: its title, its body in paragraphs, and what it closes with."""

    title: str
    body: str
    closing: str


@dataclass(frozen=True, slots=True)
class LetterRule:
    """A letter of the standard set. `places` are its own placeholders; those of `needed` its body must contain.

    `to_customer` says that it goes out to the insured; others are prints for the file or for a colleague.
    """

    kind: LetterKind
    text: LetterText
    places: Mapping[str, str]
    needed: tuple[str, ...] = ()
    to_customer: bool = False


def _rule(
    kind: LetterKind,
    body: str,
    closing: str = '',
    places: Mapping[str, str] | None = None,
    needed: tuple[str, ...] = (),
    *,
    to_customer: bool = False,
) -> tuple[LetterKind, LetterRule]:
    return kind, LetterRule(kind, LetterText(kind.label_source, body, closing), places or {}, needed, to_customer)


K = LetterKind
LETTERS: Mapping[LetterKind, LetterRule] = dict(
    (
        _rule(
            K.REPORT_RECORD,
            N_("The report below was taken as told; whoever reported it is asked to check it and to sign."),
            N_("Taken by {handler}."),
        ),
        _rule(K.SURVEY_REPORT, N_("Survey of claim {case} under policy {policy}.")),
        _rule(
            K.LOSS_LIST,
            N_("The loss of {insured} in claim {case} was assessed as follows."),
            N_("The list states the amount of the loss. Whether and how much the policy pays is decided separately."),
        ),
        _rule(
            K.SUPPLEMENT,
            N_(
                "To decide on claim {case} (policy {policy}, loss of {loss_day}) we still need the following"
                " documents:\n{documents}"
            ),
            N_(
                "This list is complete (Insurance Law, article 22).{pause} Please hand the documents in together; for"
                " questions ask {handler}."
            ),
            {'documents': N_("The list of missing documents"), 'pause': N_("That the time of waiting does not count")},
            ('documents',),
            to_customer=True,
        ),
        _rule(
            K.PAYMENT_NOTICE,
            N_(
                "We have decided on claim {case} under policy {policy} (loss of {loss_day}). The payment is"
                " {amount} yuan ({capitals}).\n{payees}"
            ),
            N_(
                "It is due within ten days of our agreement, unless the contract sets another time (Insurance Law,"
                " article 23). If the account is wrong, please tell us at once."
            ),
            {
                'amount': N_("Amount to be paid, in yuan"),
                'capitals': N_("The amount in capitals"),
                'payees': N_("To whom it is paid, one line each"),
            },
            ('amount',),
            to_customer=True,
        ),
        _rule(
            K.REFUSAL,
            N_(
                "We have examined claim {case} under policy {policy} (loss of {loss_day}) and decided that it is not"
                " covered, for this reason:\n{reason}"
            ),
            N_(
                "This notice with its reasons is given under article 24 of the Insurance Law. If you do not agree, you"
                " may ask us for a review, complain, or take the way of dispute that the contract names."
            ),
            {'reason': N_("Reason of the refusal")},
            ('reason',),
            to_customer=True,
        ),
        _rule(
            K.URGING,
            N_(
                "Case {case} of {insured} is at the step {step} with {owner} since {since}. Its limit: {due}. Please"
                " finish the step or say what stands in its way.\n{words}"
            ),
            '',
            {
                'step': N_("The step that waits"),
                'owner': N_("Whose step it is"),
                'since': N_("Since when it waits"),
                'due': N_("By when it is due"),
                'words': N_("What the person who urges adds"),
            },
        ),
        _rule(
            K.ARCHIVE_INDEX,
            N_("Papers of claim {case}, kept until {keep_until}."),
            '',
            {'keep_until': N_("Until when the papers are kept")},
        ),
    )
)


def rule_key(kind: LetterKind) -> str:
    """Under which key the office keeps its own words of that letter."""
    return f'letter.{kind.value}'


def default_text(kind: LetterKind) -> LetterText:
    """The program's words, in the language in use."""
    text = LETTERS[kind].text
    return LetterText(_(text.title), _(text.body), _(text.closing) if text.closing else '')


def to_json(text: LetterText) -> dict[str, str]:
    """The words as the office's rule keeps them."""
    return {'title': text.title, 'body': text.body, 'closing': text.closing}


def from_json(kind: LetterKind, value: Any) -> LetterText:
    """The words of a rule of the office; what it leaves out is the program's."""
    default = default_text(kind)
    if not isinstance(value, dict):
        return default
    return LetterText(
        str(value.get('title') or default.title),
        str(value.get('body') or default.body),
        str(value.get('closing', default.closing)),
    )


def places_of(kind: LetterKind) -> dict[str, str]:
    """The placeholders that the letter may use, and what each stands for, in the language in use."""
    return {name: _(words) for name, words in {**LETTERS[kind].places, **COMMON}.items()}


def text_problems(kind: LetterKind, text: LetterText) -> dict[str, str]:
    """What is wrong with the words, by field ('title', 'body', 'closing'); empty for good ones."""
    known = places_of(kind)
    wrong: dict[str, str] = {}
    for field, words in (('title', text.title), ('body', text.body), ('closing', text.closing)):
        unknown = [name for name in _PLACE.findall(words) if name not in known]
        if unknown:
            wrong[field] = _("There is no placeholder {name}.").format(name='{' + unknown[0] + '}')
        elif '{' in _PLACE.sub('', words) or '}' in _PLACE.sub('', words):
            wrong[field] = _("A brace stands alone here.")
    missing = [name for name in LETTERS[kind].needed if '{' + name + '}' not in text.body + text.closing]
    if missing:
        wrong.setdefault('body', _("The text must contain {name}.").format(name='{' + missing[0] + '}'))
    if not text.title.strip():
        wrong['title'] = _("Enter this.")
    elif len(text.title) > LONGEST_TITLE:
        wrong['title'] = _("This is too long.")
    if not text.body.strip():
        wrong['body'] = _("Enter this.")
    elif len(text.body) + len(text.closing) > LONGEST_BODY:
        wrong['body'] = _("This is too long.")
    return wrong


def fill(words: str, values: Mapping[str, str]) -> str:
    """`words` with the placeholders replaced; one that has no value leaves nothing, and an emptied line goes."""
    filled = []
    for line in words.split('\n'):
        done = _PLACE.sub(lambda match: values.get(match[1], ''), line)
        if done.strip() or not line.strip():
            filled.append(done)
    return '\n'.join(filled).strip()
