"""What the contracts of imports do not show: no circles, no mapped class outside, no file past what a head holds."""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import pkgutil
import re
import typing
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import grimp
import pytest
from babel.messages.pofile import read_po

import claimdesk.services
from claimdesk.app import SERVICES as DESK
from claimdesk.app import Desk, build
from claimdesk.models.base import Base
from claimdesk.models.database import Database
from claimdesk.settings import Settings
from claimdesk.ui.page import Page
from claimdesk.ui.pages import CASE, RAIL, TABS, Entry

ROOT = Path(__file__).parents[1]
LONGEST = 450
SERVICES = [
    module.name
    for module in pkgutil.iter_modules(claimdesk.services.__path__, 'claimdesk.services.')
    if not module.ispkg
]
BANNED = {
    # what: where alone it may be imported
    'PySide6.QtSql': (),
    'PySide6.QtWidgets.QMessageBox': ('claimdesk/ui/dialogs.py',),
    'PySide6.QtWidgets.QFileDialog': ('claimdesk/ui/dialogs.py',),
    'PySide6.QtCore.QThread': ('claimdesk/ui/tasks.py',),
    'PySide6.QtCharts': (),
    'PySide6.QtWebEngineWidgets': (),
    'threading': ('claimdesk/ui/tasks.py', 'claimdesk/pdfium.py', 'claimdesk/ocr/workers.py'),
    'pickle': (),
    'fitz': (),
}
SOURCES = sorted((ROOT / 'claimdesk').rglob('*.py'))


def service_methods() -> Iterator[tuple[str, Any]]:
    for name in SERVICES:
        module = importlib.import_module(name)
        for thing_name, thing in vars(module).items():
            if getattr(thing, '__module__', '') != name or thing_name.startswith('_') or not inspect.isclass(thing):
                continue
            for method_name, method in vars(thing).items():
                if inspect.isfunction(method) and not method_name.startswith('_'):
                    yield f'{name}.{thing_name}.{method_name}', method


def classes_in(hint: Any) -> Iterator[type]:
    if inspect.isclass(hint) and not typing.get_args(hint):
        yield hint
    for part in typing.get_args(hint):
        yield from classes_in(part)


def test_no_imports_go_round_in_a_circle() -> None:
    # Imports inside a function count: they only hide a circle. What is imported for the type checker alone does not.
    graph = grimp.build_graph('claimdesk', exclude_type_checking_imports=True, cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert len(imports) > 300
    TopologicalSorter(imports).prepare()


def test_no_service_hands_out_a_mapped_class() -> None:
    checked, leaks = 0, []
    mapped = {mapper.class_.__name__ for mapper in Base.registry.mappers}
    for name, method in service_methods():
        hints = method.__annotations__
        returned = hints.get('return', '')
        checked += 1
        try:
            resolved = typing.get_type_hints(method).get('return')
        except (NameError, TypeError):
            # Names that are imported for the type checker alone; a mapped class is never one of them.
            resolved = returned
        named = set(re.findall(r'\w+', str(returned)))
        if named & mapped or any(issubclass(one, Base) for one in classes_in(resolved)):
            leaks.append(f'{name} -> {returned}')
    assert checked > 60
    assert not leaks


@functools.cache
def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text('utf-8'))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f'{node.module}.{alias.name}' for alias in node.names)
    return found


@pytest.mark.parametrize('banned', BANNED)
def test_what_has_one_owner_is_imported_nowhere_else(banned: str) -> None:
    strangers = [
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if banned in imports_of(path) and path.relative_to(ROOT).as_posix() not in BANNED[banned]
    ]
    assert not strangers


def test_no_file_is_longer_than_a_head_holds() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in SOURCES
        if 'migrations' not in path.parts and (lines := len(path.read_text('utf-8').splitlines())) > LONGEST
    }
    assert not long


def test_every_file_says_what_it_is_for() -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if 'migrations' not in path.parts and not ast.get_docstring(ast.parse(path.read_text('utf-8')))
    ]
    assert not silent


def test_nothing_is_left_for_later() -> None:
    words = ('TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX')
    left = [path.name for path in SOURCES if any(word in path.read_text('utf-8') for word in words)]
    assert not left


def test_no_translated_word_hides_inside_an_f_string() -> None:
    """Babel does not look into an f-string on Python 3.11: such words would stay English for ever."""
    with (ROOT / 'resources' / 'translations' / 'zh_CN' / 'LC_MESSAGES' / 'claimdesk.po').open('rb') as file:
        known = {word.id if isinstance(word.id, str) else word.id[0] for word in read_po(file) if word.id}
    hidden = [
        f'{path.name}:{call.lineno}'
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text('utf-8')))
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ('_', 'ngettext')
        and isinstance(call.args[0], ast.Constant)
        and call.args[0].value not in known
    ]
    assert not hidden


@pytest.mark.parametrize('entry', [*RAIL.values(), *TABS.values(), CASE], ids=lambda entry: entry.title)
def test_every_page_of_the_registry_can_be_built(entry: Entry) -> None:
    module, _colon, name = entry.where.partition(':')
    page = getattr(importlib.import_module(module), name)
    assert issubclass(page, Page)


def test_nothing_of_ours_is_imported_by_a_migration() -> None:
    versions = ROOT / 'claimdesk' / 'models' / 'migrations' / 'versions'
    for path in versions.glob('*.py'):
        assert not {name for name in imports_of(path) if name.startswith('claimdesk')}


def test_every_service_of_the_desk_can_be_made(sqlite_url: str) -> None:
    desk = build(Settings(), Database(sqlite_url))
    desk.bring_in()
    made = {name: type(getattr(desk, name)).__name__ for name in DESK}
    assert made == {name: kind for name, kind in Desk.__annotations__.items() if name in DESK}
    assert set(DESK) == set(Desk.__annotations__)
    with pytest.raises(AttributeError):
        _ = desk.no_such_service
    desk.close()
