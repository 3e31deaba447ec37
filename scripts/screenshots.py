"""Makes the pictures of the README from a demo office, always the same way: `make screenshots`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from claimdesk.app import Desk

FOLDER = ROOT / 'docs' / 'images'
SIZE = (1440, 900)
SHOTS = (
    # name, page, role, language, theme
    ('cases', 'cases', 'manager', 'zh_CN', 'light'),
    ('verify', 'inbox', 'service', 'zh_CN', 'light'),
    ('case', 'case', 'manager', 'zh_CN', 'light'),
    ('report', 'reports', 'manager', 'zh_CN', 'light'),
    ('cases-dark-en', 'cases', 'manager', 'en', 'dark'),
)


def main() -> None:
    """Make the office once and take every picture of it."""
    from claimdesk import language
    from claimdesk.app import create_demo_office
    from claimdesk.paths import data_kept_in
    from claimdesk.settings import Settings
    from claimdesk.ui.headless import without_screen
    from scripts.translations import compile_catalogues

    compile_catalogues()
    FOLDER.mkdir(parents=True, exist_ok=True)
    language.use('zh_CN')
    with tempfile.TemporaryDirectory(prefix='claimdesk-pictures-', ignore_cleanup_errors=True) as folder:
        without_screen(Path(folder))
        with data_kept_in(Path(folder)):
            desk = create_demo_office(Settings(database_url=f'sqlite:///{folder}/office.db'))
            try:
                for name, page, role, tongue, look in SHOTS:
                    _take(desk, name, page, role, tongue, look)
            finally:
                desk.close()


def _take(desk: Desk, name: str, page: str, role: str, tongue: str, look: Any) -> None:
    from claimdesk import language
    from claimdesk.ui.headless import UnseenWindow
    from claimdesk.vocabulary import Role

    language.use(tongue)
    person = next(one.id for one in desk.accounts.demo_people() if Role(role) in one.roles)
    window = UnseenWindow(desk, desk.accounts.sign_in_demo(person), look)
    try:
        if page == 'case':
            window.open_case(_telling_case(desk))
        else:
            shown = window.go(page)
            if page == 'inbox':
                window.until(lambda: _read(shown))
        path = FOLDER / f'{name}.png'
        path.write_bytes(window.picture())
        print(path.relative_to(ROOT))
    finally:
        window.close()


def _read(page: QWidget | None) -> bool:
    bench: Any = getattr(page, 'bench', None)
    return bench is not None and bench.sheet is not None and bench.sheet.reading is not None


def _telling_case(desk: Desk) -> int:
    """A motor case that has been surveyed: the page has something to show, and its next step is ahead."""
    from claimdesk.services.case_list import CaseQuery
    from claimdesk.vocabulary import Line, Stage

    query = CaseQuery(lines=frozenset({Line.MOTOR}), stages=frozenset({Stage.ASSESSMENT}))
    return desk.case_list.first(desk.signed_in, query, 1)[0].id


if __name__ == '__main__':
    main()
