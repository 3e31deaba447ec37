"""What a surveyor checks on the spot, by line: a vehicle, damaged property, an injured person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from claimdesk.language import N_, _
from claimdesk.vocabulary import Line, SurveyKind

Kind = Literal['text', 'choice', 'yes_no']
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to check. `title` and `choices` are English source strings; `doubt` is the answer that raises one."""

    name: str
    title: str
    kind: Kind = 'text'
    choices: tuple[str, ...] = ()
    span: int = 1
    doubt: str = ''


YES_NO = ('yes', 'no')
_WORDS: Mapping[str, str] = {'yes': N_("yes"), 'no': N_("no")}


def _check(name: str, title: str, doubt: str = '') -> Question:
    return Question(name, title, 'yes_no', doubt=doubt)


def _choice(name: str, title: str, *choices: str) -> Question:
    return Question(name, title, 'choice', choices)


def _text(name: str, title: str, span: int = 1) -> Question:
    return Question(name, title, span=span)


_MOTOR = (
    _check('same_vehicle', N_("The vehicle is the insured one (plate and frame number)"), 'no'),
    _check('inspection_valid', N_("The vehicle's inspection is valid"), 'no'),
    _check('driver_licensed', N_("The driver is licensed for this vehicle"), 'no'),
    _check('driver_sober', N_("No sign of alcohol or drugs"), 'no'),
    _check('use_as_insured', N_("Used as the policy says"), 'no'),
    _check('damage_fits', N_("The damage fits the event"), 'no'),
    _choice(
        'impact', N_("First point of impact"), N_("Front"), N_("Rear"), N_("Left side"), N_("Right side"), N_("Roof"),
        N_("Underbody"),
    ),
    _choice('weather', N_("Weather"), N_("Clear"), N_("Rain"), N_("Snow or ice"), N_("Fog"), N_("Night")),
    _check('drivable', N_("The vehicle can be driven")),
    _check('airbags', N_("Airbags have opened")),
    _text('mileage', N_("Mileage")),
    _text('frame_number', N_("Frame number, last six characters")),
    _text('damaged_parts', N_("Damaged parts"), 2),
    _text('old_damage', N_("Damage from before"), 2),
    _text('other_party', N_("Other party: plate, insurer, telephone"), 2),
)  # fmt: skip
_PROPERTY = (
    _check('same_place', N_("The place is the insured one"), 'no'),
    _check('cause_fits', N_("The damage fits the cause that was told"), 'no'),
    _check('safety_kept', N_("Safety duties of the contract were kept"), 'no'),
    _check('loss_limited', N_("The insured did what limits the loss")),
    _check('inventory', N_("Inventory taken together with the insured")),
    _check('third_parties', N_("Others suffered damage too")),
    _choice('use', N_("Use of the premises"), N_("Dwelling"), N_("Shop"), N_("Factory"), N_("Warehouse"), N_("Office")),
    _choice('construction', N_("Construction"), N_("Reinforced concrete"), N_("Brick"), N_("Steel"), N_("Timber")),
    _text('seat', N_("Where it began"), 2),
    _text('damaged_things', N_("What is damaged, how far"), 2),
    _text('salvage', N_("What can still be used or sold"), 2),
    _text('books', N_("Books, stock lists, surveillance seen"), 2),
)  # fmt: skip
_INJURY = (
    _check('identity_seen', N_("The injured person's identity was seen"), 'no'),
    _check('injury_fits', N_("The injury fits the event"), 'no'),
    _check('records_seen', N_("Medical records were seen")),
    _check('old_illness', N_("Signs of an illness from before"), 'yes'),
    _choice('state', N_("Condition"), N_("Discharged"), N_("On the ward"), N_("Intensive care"), N_("Died")),
    _choice(
        'outlook', N_("Expected to remain"), N_("Nothing"), N_("Light disability"), N_("Severe disability"),
        N_("Cannot be said yet"),
    ),
    _text('ward', N_("Hospital, ward, bed")),
    _text('doctor', N_("Doctor spoken to")),
    _text('injuries', N_("Injuries and treatment so far"), 2),
    _text('costs_so_far', N_("Costs so far, and who paid them")),
    _text('costs_expected', N_("Costs still expected")),
    _text('work_income', N_("Work, employer, income")),
    _text('carer', N_("Who nurses, days expected")),
    _text('next_visit', N_("Next contact agreed"), 2),
)  # fmt: skip

FORMS: Mapping[SurveyKind, tuple[Question, ...]] = {
    SurveyKind.MOTOR: _MOTOR,
    SurveyKind.PROPERTY: _PROPERTY,
    SurveyKind.INJURY: _INJURY,
}
_OF_LINE = {Line.MOTOR: SurveyKind.MOTOR, Line.MEDICAL: SurveyKind.INJURY, Line.PROPERTY: SurveyKind.PROPERTY}


def kinds_for(line: Line, *, injury: bool) -> tuple[SurveyKind, ...]:
    """What a surveyor is sent for in a case of that line; where somebody is injured, an injury follow-up as well."""
    first = _OF_LINE[line]
    return (first, SurveyKind.INJURY) if injury and first is not SurveyKind.INJURY else (first,)


def form_for(line: Line, *, injury: bool) -> tuple[Question, ...]:
    """The questions of a case, those of the line first."""
    return tuple(question for kind in kinds_for(line, injury=injury) for question in FORMS[kind])


def answer_words(question: Question, answer: Any) -> str:
    """An answer as it is shown and printed."""
    if question.kind == 'yes_no':
        return _(_WORDS.get(str(answer), ''))
    return _(str(answer)) if question.kind == 'choice' and answer else str(answer or '')


def doubts(line: Line, answers: Mapping[str, Any], *, injury: bool) -> tuple[Question, ...]:
    """The questions whose answer raises a doubt."""
    return tuple(
        question
        for question in form_for(line, injury=injury)
        if question.doubt and answers.get(question.name) == question.doubt
    )


def answer_problems(line: Line, answers: Mapping[str, Any], *, injury: bool) -> dict[str, str]:
    """What is wrong with answers, by question; a question that the form does not have is refused."""
    known = {question.name: question for question in form_for(line, injury=injury)}
    wrong: dict[str, str] = {}
    for name, answer in answers.items():
        question = known.get(name)
        if question is None:
            wrong[name] = _("The survey form has no such question.")
        elif not isinstance(answer, str) or len(answer) > LONGEST:
            wrong[name] = _("This is too long.")
        elif answer and question.kind != 'text' and answer not in (question.choices or YES_NO):
            wrong[name] = _("Choose one of the answers.")
    return wrong
