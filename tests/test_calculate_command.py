"""`claimdesk calculate`: every example of the documentation, and one clear sentence for each wrong field."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from claimdesk import language
from claimdesk.cli import main
from claimdesk.rules.adjustment import FORMULAS
from claimdesk.rules.adjustment.inputs import specs

FORMATS = Path(__file__).resolve().parent.parent / 'docs' / 'formats.md'


def calculate(path: Path, *more: str) -> int:
    try:
        return main(['--language', 'en', 'calculate', str(path), *more], lambda _args: 0, lambda _args: 0)
    finally:
        language.use('en')


def written(folder: Path, content: Any) -> Path:
    path = folder / 'inputs.json'
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding='utf-8')
    return path


def chapter() -> str:
    return FORMATS.read_text(encoding='utf-8').partition('## `claimdesk calculate')[2].partition('\n## ')[0]


def examples() -> list[dict[str, Any]]:
    found = [json.loads(text) for text in re.findall(r'```json\n(.*?)```', chapter(), re.DOTALL)]
    return [one for one in found if 'payable' not in one]


PAYABLE = ['196363.64', '88100.00', '73810.00', '14000.00', '90900.00', '200.00', '380000.00']


@pytest.mark.parametrize('place, payable', list(enumerate(PAYABLE)))
def test_the_examples_of_the_documentation(
    place: int, payable: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(examples()) == len(PAYABLE)
    assert calculate(written(tmp_path, examples()[place]), '--json') == 0
    result = json.loads(capsys.readouterr().out)
    assert result['payable'] == payable
    assert all(part['steps'][-1]['amount'] == part['payable'] for part in result['parts'])


def test_the_documentation_names_every_formula_and_field() -> None:
    for formula in FORMULAS.values():
        (line,) = [line for line in chapter().splitlines() if line.startswith(f'| `{formula.kind}`')]
        named = set(re.findall(r'`(\w+)`', line))
        for spec in specs(formula.inputs):
            assert spec.name in named, (formula.kind, spec.name)
            for inner in specs(spec.rows) if spec.rows else ():
                assert inner.name in named, (formula.kind, spec.name, inner.name)


def test_the_documented_result_is_what_comes_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    documented = json.loads(re.findall(r'```json\n(.*?)```', chapter(), re.DOTALL)[-1])
    assert calculate(written(tmp_path, examples()[5]), '--json') == 0
    result = json.loads(capsys.readouterr().out)
    documented['parts'][0]['steps'] = result['parts'][0]['steps']
    assert result == documented


def test_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert calculate(written(tmp_path, examples()[5])) == 0
    said = capsys.readouterr().out
    assert 'Under-insurance: sum insured ÷ insured value  [300.00 × 400.00 ÷ 600.00]' in said
    assert '150.00  Still due' in said


@pytest.mark.parametrize(
    'content, fields',
    [
        ([], {'.'}),
        ({}, {'line', 'parts'}),
        ({'line': 'ship', 'parts': [{'formula': 'property'}]}, {'line'}),
        ({'line': 'motor', 'parts': [{'formula': 'own_damage'}]}, {'policy_start'}),
        ({'line': 'motor', 'policy_start': '2025-13-01', 'parts': [{'formula': 'own_damage'}]}, {'policy_start'}),
        ({'clause': 'motor_2020', 'parts': [{'formula': 'property'}]}, {'parts[0].formula'}),
        ({'clause': 'motor_2020', 'parts': [{'formula': 'own_damage', 'fault_rate': '0.2'}]}, {'parts[0].fault_rate'}),
        ({'clause': 'property_basic', 'parts': [{'formula': 'property', 'loss': '-1', 'limit': True, 'deductible_rate':
          '1.2', 'value': 'x', 'strange': 1}]},
         {'parts[0].loss', 'parts[0].limit', 'parts[0].deductible_rate', 'parts[0].value', 'parts[0].strange'}),
        ({'clause': 'motor_compulsory', 'parts': [{'formula': 'compulsory', 'victims': [{'death': 'NaN'}]}]},
         {'parts[0].victims[0].death'}),
        ({'clause': 'motor_compulsory', 'parts': [{'formula': 'injury', 'age': 30, 'died': True}]},
         {'parts[0].income', 'parts[0].monthly_wage'}),
        ({'clause': 'accident', 'parts': [{'formula': 'disability', 'limit': '1', 'grade': 11}]}, {'parts[0].grade'}),
        ({'clause': 'property_basic', 'figures': {'grade.1': '2'}, 'advanced': [], 'parts': [{'formula': 'property'}]},
         {'figures.grade.1', 'advanced'}),
    ],
)  # fmt: skip
def test_each_wrong_field_gets_one_sentence(
    content: Any, fields: set[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert calculate(written(tmp_path, content), '--json') == 1
    out, said = capsys.readouterr()
    assert out == ''
    lines = [line.partition(': ') for line in said.splitlines()]
    assert {field for field, _colon, _sentence in lines} == fields
    assert all(sentence.endswith('.') for _field, _colon, sentence in lines)


@pytest.mark.parametrize('content', ['', '{', '[1, NaN]', 'x' * 20])
def test_what_is_no_json_is_said_so(content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert calculate(written(tmp_path, content)) == 1
    assert 'is not JSON' in capsys.readouterr().err


def test_a_missing_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert calculate(tmp_path / 'nothing.json') == 1
    assert 'cannot be read' in capsys.readouterr().err
