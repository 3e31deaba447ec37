"""How a calculation is kept: what went in with its sources, and the steps, as plain JSON; and read back."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from claimdesk.language import N_, _
from claimdesk.models import Calculation
from claimdesk.rules.adjustment import FORMULAS, Figures, Part, PartSheet, Request, Step
from claimdesk.rules.adjustment.inputs import from_json, to_json
from claimdesk.vocabulary import ClauseVersion

SCHEMA = 2

FROM = {
    'loss': N_("loss item"),
    'policy': N_("policy"),
    'survey': N_("survey report"),
    'case': N_("case"),
    'claims': N_("earlier claims"),
    'calculation': N_("calculation"),
    'figure': N_("office's figure"),
    'hand': N_("entered by hand"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where an input comes from: one of `FROM`, its name there, the document with its page, or a figure's mark.

    `box` is where on that page the amount was read, as (x, y, width, height) in fractions of it.
    """

    kind: str
    words: str = ''
    document_id: int | None = None
    page: int | None = None
    amount: Decimal | None = None
    box: tuple[float, float, float, float] | None = None

    @property
    def said(self) -> str:
        """The source in words, in the language in use."""
        words = _(FROM[self.kind])
        if self.words:
            words = f'{words}: {self.words}'
        if self.page is not None:
            words += _(", page {page}").format(page=self.page)
        return words


Sources = Mapping[str, Sequence[Source]]
"""Sources by the name of the field."""


def kept_request(request: Request, sources: Sequence[Sources]) -> dict[str, Any]:
    """The request and the sources of each part's fields, as they are kept."""
    parts = [
        {
            'formula': part.kind,
            'cover': part.cover,
            'coverage_id': part.coverage_id,
            'inputs': to_json(part.inputs),
            'sources': {name: [_source(one) for one in given] for name, given in found.items()},
        }
        for part, found in zip(request.parts, sources, strict=True)
    ]
    return {
        'schema': SCHEMA,
        'clause': request.clause.value,
        'parts': parts,
        'figures': request.figures_used(),
        'advanced': str(request.advanced),
    }


def request_of(row: Calculation) -> tuple[Request, tuple[Sources, ...]]:
    """The request as it was kept, and its sources. A part without a cover of its own has the calculation's."""
    kept = row.inputs
    parts, sources = [], []
    for part in kept['parts']:
        inputs = from_json(FORMULAS[part['formula']].inputs, part['inputs'], {})
        parts.append(Part(part['formula'], part['cover'], inputs, part['coverage_id'] or row.coverage_id))
        sources.append({name: tuple(map(_read_source, found)) for name, found in part.get('sources', {}).items()})
    request = Request(
        ClauseVersion(kept['clause']), tuple(parts), Figures.of(kept['figures']), Decimal(kept['advanced'])
    )
    return request, tuple(sources)


def kept_sheets(sheets: Sequence[PartSheet]) -> list[dict[str, Any]]:
    """The sheets as they are kept: English source strings with their figures."""
    return [
        {
            'steps': [_kept_step(step) for step in sheet.steps],
            'payable': str(sheet.payable),
            'limit_used': str(sheet.limit_used),
            'deductible_used': str(sheet.deductible_used),
        }
        for sheet in sheets
    ]


def sheets_of(kept: Sequence[Mapping[str, Any]]) -> tuple[PartSheet, ...]:
    """The sheets as they were kept."""
    return tuple(
        PartSheet(
            tuple(map(_read_step, sheet['steps'])),
            Decimal(sheet['payable']),
            Decimal(sheet['limit_used']),
            Decimal(sheet['deductible_used']),
        )
        for sheet in kept
    )


def canonical(row: Calculation) -> bytes:
    """A calculation as it is signed: the same bytes for the same content, on every desk and both databases.

    UTF-8 JSON with sorted keys and no blanks: what went in with the clause, the rules used and every source, each step,
    the amounts, who made it and when. The decision on it is not part of it.
    """
    content = {
        'case': row.case_id,
        'number': row.number,
        'kind': row.kind.value,
        'inputs': row.inputs,
        'steps': row.steps,
        'payable': str(row.payable),
        'advanced': str(row.advanced),
        'made_by': row.made_by,
        'made_at': row.made_at.astimezone(dt.UTC).isoformat(timespec='microseconds'),
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(',', ':')).encode()


def _source(one: Source) -> dict[str, Any]:
    kept: dict[str, Any] = {'kind': one.kind}
    if one.words:
        kept['words'] = one.words
    if one.document_id is not None:
        kept['document_id'] = one.document_id
    if one.page is not None:
        kept['page'] = one.page
    if one.amount is not None:
        kept['amount'] = str(one.amount)
    if one.box is not None:
        kept['box'] = list(one.box)
    return kept


def _read_source(kept: Mapping[str, Any]) -> Source:
    amount, box = kept.get('amount'), kept.get('box')
    return Source(
        kept['kind'],
        kept.get('words', ''),
        kept.get('document_id'),
        kept.get('page'),
        None if amount is None else Decimal(amount),
        (box[0], box[1], box[2], box[3]) if box else None,
    )


def _kept_step(step: Step) -> dict[str, Any]:
    kept: dict[str, Any] = {'name': step.name}
    if step.formula:
        kept['formula'] = step.formula
    if step.amount is not None:
        kept['amount'] = str(step.amount)
    if step.about:
        kept['about'] = dict(step.about)
    if step.basis:
        kept['basis'] = step.basis
    return kept


def _read_step(kept: Mapping[str, Any]) -> Step:
    amount = kept.get('amount')
    return Step(
        kept['name'],
        kept.get('formula', ''),
        None if amount is None else Decimal(amount),
        kept.get('about', {}),
        kept.get('basis', ''),
    )
