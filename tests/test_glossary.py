"""One term for one thing: the words of the vocabulary stand in the glossary, translated as the glossary says."""

import csv
import inspect

import pytest

from claimdesk import language, vocabulary
from claimdesk.language import _
from claimdesk.paths import resource
from claimdesk.rules import moves
from claimdesk.rules.clocks import events, limits
from claimdesk.vocabulary import Word


def glossary() -> dict[str, set[str]]:
    """English term to its Chinese ones; a word may mean two notions, each with a row of its own."""
    terms: dict[str, set[str]] = {}
    with resource('glossary.csv').open(encoding='utf-8', newline='') as file:
        for row in csv.DictReader(file):
            terms.setdefault(row['en'], set()).add(row['zh_CN'])
    return terms


def words() -> list[Word]:
    kinds = {
        kind
        for module in (vocabulary, moves, events, limits)
        for kind in vars(module).values()
        if inspect.isclass(kind) and issubclass(kind, Word) and kind.__module__ == module.__name__ and kind is not Word
    }
    return [word for kind in sorted(kinds, key=lambda kind: kind.__name__) for word in kind]


@pytest.mark.usefixtures('chinese')
def test_every_word_is_in_the_glossary_as_it_is_translated() -> None:
    assert language.current() == 'zh_CN'
    terms = glossary()
    wrong = [
        (word.label_source, _(word.label_source))
        for word in words()
        if _(word.label_source) not in terms.get(word.label_source, set())
    ]
    assert not wrong


def test_one_english_word_has_one_chinese_one() -> None:
    assert {term: chinese for term, chinese in glossary().items() if len(chinese) > 1} == {}
