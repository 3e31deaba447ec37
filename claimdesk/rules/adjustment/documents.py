"""A calculation as a file says it: JSON in, a request or one sentence for each wrong field out; a result as JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from claimdesk.language import N_, _
from claimdesk.rules.adjustment.figures import Figures, wrong_figures
from claimdesk.rules.adjustment.formulas import FORMULAS, Adjustment, Part, Request, clause_for, formulas_for, problems
from claimdesk.rules.adjustment.inputs import NOTHING, amount, from_json, specs
from claimdesk.rules.adjustment.sheet import Step
from claimdesk.vocabulary import ClauseVersion, Line


@dataclass(frozen=True, slots=True)
class _Advanced:
    advanced: Decimal = amount(N_("Paid in advance"))


_KNOWN = ('line', 'compulsory', 'policy_start', 'clause', 'parts', 'figures', 'advanced')


def read_request(data: Any) -> tuple[Request | None, dict[str, str]]:
    """The request that a file holds, and what is wrong with it by field; the request is None if anything is."""
    wrong: dict[str, str] = {}
    if not isinstance(data, Mapping):
        return None, {'.': _("This must be an object with named fields.")}
    for name in data:
        if name not in _KNOWN:
            wrong[str(name)] = _("There is no such field. Known: {names}.").format(names=', '.join(_KNOWN))
    clause = _clause(data, wrong)
    figures = _figures(data.get('figures', {}), wrong)
    parts = _parts(data.get('parts'), clause, wrong)
    advanced = _advanced(data, wrong)
    if wrong or clause is None:
        return None, wrong
    request = Request(clause, parts, figures, advanced)
    wrong = problems(request)
    return (None, wrong) if wrong else (request, {})


def _clause(data: Mapping[str, Any], wrong: dict[str, str]) -> ClauseVersion | None:
    if 'clause' in data:
        try:
            return ClauseVersion(data['clause'])
        except (ValueError, TypeError):
            wrong['clause'] = _("Enter one of: {words}.").format(words=', '.join(one.value for one in ClauseVersion))
            return None
    try:
        line = Line(data['line'])
    except (KeyError, ValueError, TypeError):
        wrong['line'] = _("Enter one of: {words}.").format(words=', '.join(one.value for one in Line))
        return None
    compulsory = data.get('compulsory', False)
    if not isinstance(compulsory, bool):
        wrong['compulsory'] = _("Enter true or false.")
        return None
    try:
        start = dt.date.fromisoformat(data['policy_start'])
    except KeyError:
        wrong['policy_start'] = _("Enter the first day of the policy, or name the clause.")
        return None
    except (ValueError, TypeError):
        wrong['policy_start'] = _("Enter a day as YYYY-MM-DD.")
        return None
    return clause_for(line, start, compulsory_cover=compulsory)


def _figures(data: Any, wrong: dict[str, str]) -> Figures:
    if not isinstance(data, Mapping):
        wrong['figures'] = _("This must be an object with named fields.")
        return Figures.of()
    wrong.update({f'figures.{key}': sentence for key, sentence in wrong_figures(data).items()})
    return Figures.of({str(key): str(text) for key, text in data.items()})


def _parts(data: Any, clause: ClauseVersion | None, wrong: dict[str, str]) -> tuple[Part, ...]:
    if not isinstance(data, list) or not data:
        wrong['parts'] = _("This must be a list of at least one cover.")
        return ()
    parts = []
    for place, one in enumerate(data):
        path = f'parts[{place}]'
        if not isinstance(one, Mapping):
            wrong[path] = _("This must be an object with named fields.")
            continue
        part = _part(one, clause, wrong, path)
        if part is not None:
            parts.append(part)
    return tuple(parts)


def _part(
    one: Mapping[str, Any], clause: ClauseVersion | None, wrong: dict[str, str], path: str
) -> Part | None:
    known = set(FORMULAS) if clause is None else {formula.kind for formula in formulas_for(clause)} | {'injury'}
    kind = one.get('formula')
    if not isinstance(kind, str) or kind not in known:
        wrong[f'{path}.formula'] = _("Enter one of: {words}.").format(words=', '.join(sorted(known)))
        return None
    formula = FORMULAS[kind]
    fields = {name: value for name, value in one.items() if name not in ('formula', 'cover')}
    if clause is not None:
        fit = {spec.name for spec in formula.fields(clause)}
        for spec in specs(formula.inputs):
            if spec.name in fields and spec.name not in fit:
                wrong[f'{path}.{spec.name}'] = _("The clause {clause} does not know this.").format(clause=clause.value)
    cover = one.get('cover', '')
    if not isinstance(cover, str):
        wrong[f'{path}.cover'] = _("Enter a text of at most 200 characters.")
        cover = ''
    return Part(kind, cover, from_json(formula.inputs, fields, wrong, f'{path}.'))


def _advanced(data: Mapping[str, Any], wrong: dict[str, str]) -> Any:
    if 'advanced' not in data:
        return NOTHING
    return from_json(_Advanced, {'advanced': data['advanced']}, wrong).advanced


def result_json(request: Request, result: Adjustment) -> dict[str, Any]:
    """The result as a program reads it: each cover's steps, what is payable, and the figures that were used."""
    return {
        'clause': request.clause.value,
        'parts': [
            {
                'formula': part.kind,
                'cover': part.title,
                'steps': [step_json(step) for step in sheet.steps],
                'payable': str(sheet.payable),
                'limit_used': str(sheet.limit_used),
                'deductible_used': str(sheet.deductible_used),
            }
            for part, sheet in zip(request.parts, result.sheets, strict=True)
        ],
        'payable': str(result.payable),
        'advanced': str(result.advanced),
        'due': str(result.due),
        'owed_back': str(result.owed_back),
        'figures': request.figures_used(),
    }


def step_json(step: Step) -> dict[str, Any]:
    """A step with its words in the language in use."""
    return {
        'name': step.title,
        'formula': step.formula,
        'amount': None if step.amount is None else str(step.amount),
        'basis': step.cited,
    }
