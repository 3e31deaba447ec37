"""What a formula asks for: fields that know their name, kind and bounds, read from and written to plain JSON.

A formula's inputs are a frozen dataclass whose fields are declared with `amount`, `share`, `whole`, `flag`, `choice`,
`words` and `rows`. The screen builds its form from them, the command line checks its file by them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

from claimdesk.amounts import yuan
from claimdesk.language import _
from claimdesk.vocabulary import Word

NOTHING, WHOLE = Decimal('0.00'), Decimal(1)
MOST = Decimal('1000000000000')
T = TypeVar('T')


class Kind(Enum):
    """What may stand in a field: yuan, a share of 1, a whole number, yes or no, one of some words, text, rows."""

    MONEY = 'money'
    SHARE = 'share'
    WHOLE = 'whole'
    FLAG = 'flag'
    CHOICE = 'choice'
    TEXT = 'text'
    ROWS = 'rows'


@dataclass(frozen=True, slots=True)
class Spec:
    """A field: `label` and `hint` are English source strings, `rare` ones may be folded away.

    `clauses` are the clause versions that know the field; empty for all of them.
    """

    name: str
    label: str
    kind: Kind
    hint: str = ''
    optional: bool = False
    rare: bool = False
    most: int = 0
    choices: type[Word] | None = None
    rows: type[Any] | None = None
    clauses: frozenset[str] = frozenset()


def amount(label: str, *, hint: str = '', optional: bool = False, rare: bool = False, clauses: Any = ()) -> Any:
    """Money in yuan, never negative; None where an `optional` one is left open."""
    default = None if optional else NOTHING
    return _field(default, label, Kind.MONEY, hint=hint, optional=optional, rare=rare, clauses=frozenset(clauses))


def share(label: str, default: Decimal = WHOLE, *, hint: str = '', rare: bool = False, clauses: Any = ()) -> Any:
    """A share between 0 and 1."""
    return _field(default, label, Kind.SHARE, hint=hint, rare=rare, clauses=frozenset(clauses))


def whole(label: str, default: int = 0, *, most: int = 100_000, hint: str = '', rare: bool = False) -> Any:
    """A whole number from 0 to `most`."""
    return _field(default, label, Kind.WHOLE, hint=hint, rare=rare, most=most)


def flag(label: str, default: bool = False, *, hint: str = '', rare: bool = False, clauses: Any = ()) -> Any:
    """Yes or no."""
    return _field(default, label, Kind.FLAG, hint=hint, rare=rare, clauses=frozenset(clauses))


def choice(label: str, default: Word, *, hint: str = '', rare: bool = False) -> Any:
    """One of the words of `default`'s kind."""
    return _field(default, label, Kind.CHOICE, hint=hint, rare=rare, choices=type(default))


def words(label: str) -> Any:
    """A name."""
    return _field('', label, Kind.TEXT)


def rows(label: str, kind: type[Any], *, hint: str = '', rare: bool = False) -> Any:
    """Any number of `kind`, each with its own fields."""
    return _field((), label, Kind.ROWS, hint=hint, rows=kind, rare=rare)


def _field(default: Any, label: str, kind: Kind, **more: Any) -> Any:
    return field(default=default, metadata={'label': label, 'kind': kind, **more})


def specs(kind: type[Any]) -> tuple[Spec, ...]:
    """The fields of a formula's inputs, in their order."""
    return tuple(Spec(name=one.name, **one.metadata) for one in fields(kind))


def to_json(inputs: Any) -> dict[str, Any]:
    """The inputs as plain JSON: amounts and shares as text, rows as lists."""
    return {spec.name: _plain(spec, getattr(inputs, spec.name)) for spec in specs(type(inputs))}


def _plain(spec: Spec, value: Any) -> Any:
    if value is None:
        return None
    if spec.kind is Kind.MONEY:
        return str(yuan(value))
    if spec.kind is Kind.SHARE:
        return f'{value.normalize():f}'
    if spec.kind is Kind.CHOICE:
        return str(value.value)
    if spec.kind is Kind.ROWS:
        return [to_json(row) for row in value]
    return value


def from_json(kind: type[T], data: Any, wrong: dict[str, str], where: str = '') -> T:
    """The inputs that plain JSON says; a field that is left out keeps its default.

    What is wrong is added to `wrong`, one sentence for each field, under its path (`victims[0].medical`); such a field
    keeps its default too.
    """
    if not isinstance(data, Mapping):
        wrong[where.rstrip('.') or '.'] = _("This must be an object with named fields.")
        return kind()
    known = {spec.name: spec for spec in specs(kind)}
    for name in data:
        if name not in known:
            wrong[where + str(name)] = _("There is no such field. Known: {names}.").format(names=', '.join(known))
    values = {
        name: _read(spec, data[name], wrong, where + name) for name, spec in known.items() if name in data
    }
    return kind(**{name: value for name, value in values.items() if value is not MISSING})


def _read(spec: Spec, value: Any, wrong: dict[str, str], path: str) -> Any:
    if value is None and spec.optional:
        return None
    if spec.kind is Kind.ROWS:
        if not isinstance(value, list | tuple):
            wrong[path] = _("This must be a list.")
            return MISSING
        assert spec.rows is not None
        return tuple(from_json(spec.rows, row, wrong, f'{path}[{place}].') for place, row in enumerate(value))
    try:
        return _one(spec, value)
    except (ValueError, TypeError, ArithmeticError):
        wrong[path] = _expected(spec)
        return MISSING


def _one(spec: Spec, value: Any) -> Any:
    if isinstance(value, bool) != (spec.kind is Kind.FLAG):
        raise TypeError(value)
    if spec.kind is Kind.FLAG:
        return value
    if spec.kind is Kind.TEXT:
        return _text(value)
    if spec.kind is Kind.CHOICE:
        assert spec.choices is not None
        return spec.choices(value)
    number = _number(value)
    if spec.kind is Kind.MONEY:
        if not 0 <= number <= MOST:
            raise ValueError(value)
        return yuan(number)
    if spec.kind is Kind.SHARE:
        if not 0 <= number <= 1:
            raise ValueError(value)
        return number
    if number != number.to_integral_value() or not 0 <= number <= spec.most:
        raise ValueError(value)
    return int(number)


def _number(value: Any) -> Decimal:
    plain = isinstance(value, str) and value.isascii() and '_' not in value
    if not plain and not isinstance(value, int | Decimal):
        raise TypeError(value)
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError(value)
    return number


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 200:
        raise TypeError(value)
    return value.strip()


def _expected(spec: Spec) -> str:
    if spec.kind is Kind.MONEY:
        return _("Enter an amount of 0 or more, as text such as \"1234.50\".")
    if spec.kind is Kind.SHARE:
        return _("Enter a share between 0 and 1, as text such as \"0.7\".")
    if spec.kind is Kind.WHOLE:
        return _("Enter a whole number from 0 to {most}.").format(most=spec.most)
    if spec.kind is Kind.FLAG:
        return _("Enter true or false.")
    if spec.choices is not None:
        return _("Enter one of: {words}.").format(words=', '.join(word.value for word in spec.choices))
    return _("Enter a text of at most 200 characters.")
