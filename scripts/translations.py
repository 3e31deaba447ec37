"""Keeps the translations: collects what the code says, takes in new Chinese, compiles, and finds what is missing.

    python -m scripts.translations extract          read the code, update the template and every catalogue
    python -m scripts.translations merge FOLDER     the same, then fill in the pairs of FOLDER/*.tsv
    python -m scripts.translations compile          make the .mo files that the program loads
    python -m scripts.translations check            fail when anything is untranslated, fuzzy or out of date

A line of a .tsv is `English<TAB>Chinese`, with \\n for a line break, and `one|many<TAB>Chinese` for a plural.
"""

from __future__ import annotations

import argparse
import datetime as dt
import difflib
import io
import os
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / 'resources' / 'translations'
TEMPLATE = FOLDER / 'claimdesk.pot'
LANGUAGES = ('zh_CN',)
KEYWORDS = {
    '_': None,
    'N_': None,
    'gettext': None,
    'ngettext': (1, 2),
    'pgettext': ((1, 'c'), 2),
}
PLACEHOLDER = re.compile(r'\{(\w*)(?:![rsa])?(?::[^{}]*)?\}')
# The dates of a catalogue say nothing that git does not; a fixed one keeps the differences readable.
DATE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
HEADER = '# Translations of ClaimDesk.\n# Distributed under the licence of ClaimDesk.\n#'


@dataclass
class Merged:
    """What became of the pairs that were handed in."""

    filled: int = 0
    unknown: list[str] = field(default_factory=list)
    disputed: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def catalogue_path(language: str) -> Path:
    """Where the catalogue of `language` is kept."""
    return FOLDER / language / 'LC_MESSAGES' / 'claimdesk.po'


def extracted() -> Catalog:
    """Everything the code says to people, as a template without translations."""
    template = Catalog(
        project='ClaimDesk', version='', copyright_holder='The ClaimDesk authors', header_comment=HEADER,
        creation_date=DATE, revision_date=DATE, charset='utf-8',
    )
    source = ROOT / 'claimdesk'
    found = extract_from_dir(source, [('**.py', 'python')], {'**.py': {}}, KEYWORDS, ('Translators:',))
    for name, line, messages, comments, context in found:
        template.add(messages, None, [(f'claimdesk/{name}', line)], auto_comments=comments, context=context)
    return template


def load(language: str) -> Catalog:
    """The catalogue of `language`; an empty one when there is none yet."""
    path = catalogue_path(language)
    if not path.is_file():
        return Catalog(locale=language, creation_date=DATE, revision_date=DATE)
    with path.open('rb') as file:
        return read_po(file, locale=language)


def updated(language: str, template: Catalog) -> Catalog:
    """The catalogue of `language` with exactly the messages of `template`; what the code dropped is gone."""
    catalogue = load(language)
    catalogue.update(template, no_fuzzy_matching=True, update_header_comment=True)
    catalogue.obsolete.clear()
    catalogue.revision_date = DATE
    return catalogue


def extract() -> None:
    """Bring the template and the catalogues up to the code."""
    template = extracted()
    _write(template, TEMPLATE)
    for language in LANGUAGES:
        _write(updated(language, template), catalogue_path(language))


def merge(folder: Path, language: str = 'zh_CN', replace: bool = False) -> Merged:
    """Fill the pairs of `folder`/*.tsv in; a translation that is there already stays, unless `replace`."""
    extract()
    catalogue = load(language)
    by_text = {_text(message): message for message in catalogue if message.id}
    result = Merged()
    for path in sorted(folder.glob('*.tsv')):
        for number, line in enumerate(path.read_text('utf-8-sig').splitlines(), 1):
            if line.strip() and not line.startswith('#'):
                _merge_line(f'{path.name}:{number}', line, by_text, replace, result)
    _write(catalogue, catalogue_path(language))
    return result


def compile_catalogues() -> None:
    """Make the .mo file of every catalogue that changed since."""
    for language in LANGUAGES:
        source = catalogue_path(language)
        target = source.with_suffix('.mo')
        if target.is_file() and source.is_file() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        compiled = io.BytesIO()
        write_mo(compiled, load(language))
        _replace(target, compiled.getvalue())


def faults(language: str = 'zh_CN') -> list[str]:
    """One sentence for each message that is missing, untranslated, fuzzy, stale or has other placeholders."""
    template, catalogue = extracted(), load(language)
    found = []
    for message in template:
        if not message.id:
            continue
        known = catalogue.get(message.id, message.context)
        if known is None or not all(_strings(known)):
            found.append(f'untranslated: {_text(message)}')
        elif known.fuzzy:
            found.append(f'fuzzy: {_text(message)}')
        elif not _same_placeholders(known, _strings(known)):
            found.append(f'other placeholders: {_text(message)}')
    found += [
        f'no longer said: {_text(message)}'
        for message in catalogue
        if message.id and template.get(message.id, message.context) is None
    ]
    return found


def _merge_line(place: str, line: str, by_text: dict[str, Message], replace: bool, result: Merged) -> None:
    english, tab, chinese = line.partition('\t')
    if not tab or not chinese.strip():
        result.refused.append(f'{place}: no translation: {line}')
        return
    message = next((by_text[text] for text in _spellings(english) if text in by_text), None)
    if message is None:
        near = difflib.get_close_matches(_unescaped(english), by_text, 1, 0.85)
        result.unknown.append(f'{place}: {english}' + (f'   (nearest: {near[0]})' if near else ''))
        return
    text = _unescaped(chinese.strip())
    if not _same_placeholders(message, [text]):
        result.refused.append(f'{place}: other placeholders: {line}')
        return
    former = _strings(message)[0]
    if former and former != text and not replace:
        result.disputed.append(f'{place}: {english}: {former} / {text}')
    elif former != text:
        message.string = (text,) if message.pluralizable else text
        result.filled += 1


def _spellings(english: str) -> list[str]:
    """As written, and as somebody may have written it who escaped more or less than needed."""
    plain = _unescaped(english)
    return [plain, english, plain.strip(), plain.replace('\\"', '"')]


def _unescaped(text: str) -> str:
    return text.replace('\\n', '\n').replace('\\t', '\t')


def _text(message: Message) -> str:
    return '|'.join(message.id) if isinstance(message.id, tuple | list) else str(message.id)


def _strings(message: Message) -> list[str]:
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    return [text or '' for text in strings] or ['']


def _same_placeholders(message: Message, strings: list[str]) -> bool:
    """Whether each translation fills in what the English (for a plural: the many) fills in."""
    english = message.id[-1] if isinstance(message.id, tuple | list) else str(message.id)
    wanted = set(PLACEHOLDER.findall(english))
    return all(set(PLACEHOLDER.findall(text)) == wanted for text in strings)


def _write(catalogue: Catalog, path: Path) -> None:
    text = io.BytesIO()
    write_po(text, catalogue, width=120, sort_output=True, include_lineno=False)
    _replace(path, text.getvalue())


def _replace(path: Path, content: bytes) -> None:
    """Put `content` at `path` in one step; several processes may do so at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file() and path.read_bytes() == content and path.suffix != '.mo':
        return
    beside = path.with_name(f'{path.name}.{os.getpid()}')
    beside.write_bytes(content)
    beside.replace(path)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description='Keeps the translations of ClaimDesk.')
    commands = parser.add_subparsers(dest='command', required=True)
    commands.add_parser('extract', help='bring the catalogues up to the code')
    merging = commands.add_parser('merge', help='fill in pairs from a folder of .tsv files')
    merging.add_argument('folder', type=Path)
    merging.add_argument('--replace', action='store_true', help='the new translation wins over the one that is there')
    commands.add_parser('compile', help='make the files that the program loads')
    commands.add_parser('check', help='fail when a translation is missing or out of date')
    chosen = parser.parse_args(arguments)
    if chosen.command == 'extract':
        extract()
    elif chosen.command == 'merge':
        _report(merge(chosen.folder, replace=chosen.replace))
    elif chosen.command == 'check':
        found = faults()
        print('\n'.join(found) if found else 'The translations are complete.')
        return 1 if found else 0
    compile_catalogues()
    return 0


def _report(result: Merged) -> None:
    for title, lines in (
        ('not said by the code', result.unknown),
        ('translated otherwise already', result.disputed),
        ('refused', result.refused),
    ):
        if lines:
            print(f'{title} ({len(lines)}):', *lines, sep='\n  ')
    missing = [fault for fault in faults() if fault.startswith('untranslated')]
    print(f'{result.filled} filled in, {len(missing)} still untranslated', *missing, sep='\n  ')


if __name__ == '__main__':
    sys.exit(main())
