"""Colours that can be read in both schemes, icons that exist, a style sheet without a hole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from claimdesk.paths import resource
from claimdesk.ui import icons, theme
from claimdesk.ui.style_sheet import style_sheet
from claimdesk.ui.theme import DARK, LIGHT, Tokens
from claimdesk.vocabulary import DueState

UI = Path(theme.__file__).parent
NAMERS = r'icon=|icons?\.(?:icon|pixmap)\(|IconButton\(\s*|EmptyState\(\s*|set_icon\('
ICON = re.compile(rf"(?:{NAMERS})'([a-z][a-z0-9-]+)'")


@pytest.mark.parametrize('scheme', [LIGHT, DARK], ids=lambda tokens: tokens.scheme)
@pytest.mark.parametrize('pair', theme.TEXT_PAIRS, ids='-on-'.join)
def test_every_text_can_be_read_on_its_ground(scheme: Tokens, pair: tuple[str, str]) -> None:
    ink, paper = (getattr(scheme, name) for name in pair)
    assert theme.contrast(ink, paper) >= 4.5


def test_contrast_is_that_of_wcag() -> None:
    assert theme.contrast('#000000', '#ffffff') == pytest.approx(21)
    assert theme.contrast('#777777', '#ffffff') == pytest.approx(4.48, abs=0.01)
    assert theme.contrast('#ffffff', '#777777') == theme.contrast('#777777', '#ffffff')


@pytest.mark.parametrize('scheme', [LIGHT, DARK], ids=lambda tokens: tokens.scheme)
def test_the_style_sheet_names_only_colours_and_icons_that_exist(scheme: Tokens) -> None:
    sheet = style_sheet(scheme)
    assert '@' not in sheet
    for path in re.findall(r'url\("([^"]+)"\)', sheet):
        assert Path(path).is_file()


def test_a_border_of_what_can_be_pressed_stands_out() -> None:
    for scheme in (LIGHT, DARK):
        assert theme.contrast(scheme.border_strong, scheme.surface) >= 3


def test_every_icon_that_the_desk_names_is_there() -> None:
    named = {name for path in UI.rglob('*.py') for name in ICON.findall(path.read_text('utf-8'))}
    assert len(named) > 30
    missing = {name for name in named if not resource('icons', f'{name}.svg').is_file()}
    assert not missing


def test_every_due_state_is_colour_icon_and_words() -> None:
    assert set(theme.DUE_TONES) == set(DueState)
    for tone, picture in theme.DUE_TONES.values():
        assert not tone or hasattr(LIGHT, f'{tone}_soft')
        assert resource('icons', f'{picture}.svg').is_file()


def test_icons_wear_the_colours_of_the_theme(qapp: QApplication) -> None:
    for choice, tokens in (('dark', DARK), ('light', LIGHT)):
        theme.apply(qapp, choice)
        picture = icons.pixmap('check', 'text', 32).toImage()
        inks = {
            picture.pixelColor(x, y).name()
            for x in range(picture.width())
            for y in range(picture.height())
            if picture.pixelColor(x, y).alpha() == 255
        }
        assert QColor(tokens.text).name() in inks


def test_the_whole_program_changes_its_dress(qapp: QApplication) -> None:
    theme.apply(qapp, 'dark')
    assert theme.tokens() is DARK
    assert qapp.palette().window().color() == QColor(DARK.window)
    theme.apply(qapp, 'light')
    assert theme.tokens() is LIGHT
    assert qapp.palette().window().color() == QColor(LIGHT.window)
