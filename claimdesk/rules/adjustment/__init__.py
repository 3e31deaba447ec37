"""What is payable: confirmed amounts brought under clause, limit, deductible and ratio, every step shown.

One module for each kind of cover holds its formula and what it asks for; `formulas` chooses by clause and puts the
covers of a calculation together, `figures` are the office's numbers with their marks, `documents` reads files.
"""

from claimdesk.rules.adjustment.figures import Figures
from claimdesk.rules.adjustment.formulas import (
    FORMULAS,
    Adjustment,
    Formula,
    Part,
    Request,
    adjust,
    clause_for,
    formula_of,
    formulas_for,
    problems,
)
from claimdesk.rules.adjustment.sheet import PartSheet, Step, percent

__all__ = [
    'FORMULAS',
    'Adjustment',
    'Figures',
    'Formula',
    'Part',
    'PartSheet',
    'Request',
    'Step',
    'adjust',
    'clause_for',
    'formula_of',
    'formulas_for',
    'percent',
    'problems',
]
