"""The thin style sheet over Fusion, made from the theme's tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimdesk.paths import resource

if TYPE_CHECKING:
    from claimdesk.ui.theme import Tokens

# Properties that widgets set: QPushButton kind = primary | quiet | danger | link; QLabel role = title | section |
# secondary | caption | error | amount; QWidget surface = page | panel | rail | bar | sunken; invalid = true.
_SHEET = """
QWidget[surface="page"] { background: @window; }
QWidget[surface="panel"] { background: @surface; }
QWidget[surface="sunken"] { background: @sunken; }
QWidget[surface="card"] { background: @surface; border: 1px solid @border; border-radius: 6px; }
QWidget[surface="rail"] { background: @sunken; border-right: 1px solid @border; }
QWidget[surface="bar"] { background: @surface; border-bottom: 1px solid @border; }
QWidget[surface="status"] { background: @sunken; border-top: 1px solid @border; }
QFrame[line="true"] { background: @border; border: none; max-height: 1px; min-height: 1px; }
QFrame[line="upright"] { background: @border; border: none; max-width: 1px; min-width: 1px; }

QLabel { background: transparent; }
QLabel[role="title"] { font-size: 20px; font-weight: 600; }
QLabel[role="section"] { font-size: 15px; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="secondary"] { color: @secondary; }
QLabel[role="caption"] { color: @secondary; font-size: 12px; }
QLabel[role="error"] { color: @red; font-size: 12px; }
QLabel[role="note"] { color: @orange; font-size: 12px; }

QPushButton, QToolButton {
  background: @surface; color: @text; border: 1px solid @border_strong; border-radius: 6px;
  padding: 4px 12px; min-height: 20px; outline: none;
}
QPushButton:hover, QToolButton:hover { background: @hover; }
QPushButton:pressed, QToolButton:pressed { background: @sunken; }
QPushButton:focus, QToolButton:focus { border: 2px solid @accent; padding: 3px 11px; }
QPushButton:disabled, QToolButton:disabled { color: @disabled; border-color: @border; background: @window; }
QPushButton:checked, QToolButton:checked { background: @accent_soft; color: @accent_text; border-color: @accent; }
QPushButton[kind="primary"] {
  background: @accent; color: @on_accent; border: 1px solid @accent; font-weight: 600; padding: 4px 16px;
}
QPushButton[kind="primary"]:hover { background: @accent_hover; }
QPushButton[kind="primary"]:focus { border: 2px solid @text; padding: 3px 15px; }
QPushButton[kind="primary"]:disabled { background: @sunken; color: @disabled; border-color: @border; }
QPushButton[kind="danger"] { background: @danger; color: @on_accent; border: 1px solid @danger; font-weight: 600; }
QPushButton[kind="danger"]:hover { background: @danger_hover; }
QPushButton[kind="danger"]:focus { border: 2px solid @text; }
QPushButton[kind="quiet"], QToolButton[kind="quiet"] {
  background: transparent; border: 1px solid transparent; padding: 4px 8px;
}
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover { background: @hover; }
QPushButton[kind="quiet"]:focus, QToolButton[kind="quiet"]:focus { border: 2px solid @accent; padding: 3px 7px; }
QPushButton[kind="quiet"]:checked, QToolButton[kind="quiet"]:checked { background: @accent_soft; color: @accent_text; }
QPushButton[kind="quiet"]:disabled, QToolButton[kind="quiet"]:disabled { background: transparent; }
QPushButton[kind="link"] {
  background: transparent; border: 1px solid transparent; color: @accent_text; padding: 2px 4px; text-align: left;
}
QPushButton[kind="link"][flush="true"] { padding-left: 0; border-left: none; }
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="link"]:focus { border: 2px solid @accent; padding: 1px 3px; }
QPushButton[kind="link"]:disabled { color: @disabled; }
QToolButton[kind="icon"], QPushButton[kind="icon"] {
  background: transparent; border: 1px solid transparent; padding: 4px; min-height: 20px; min-width: 20px;
}
QToolButton[kind="icon"]:hover, QPushButton[kind="icon"]:hover { background: @hover; }
QToolButton[kind="icon"]:focus, QPushButton[kind="icon"]:focus { border: 2px solid @accent; padding: 3px; }
QToolButton[kind="icon"]:checked { background: @accent_soft; }
QToolButton[kind="rail"] {
  background: transparent; border: 2px solid transparent; border-radius: 6px; padding: 6px 0 4px 0; color: @secondary;
  font-size: 12px;
}
QToolButton[kind="rail"]:hover { background: @hover; color: @text; }
QToolButton[kind="rail"]:focus { border-color: @accent; padding: 6px 0 4px 0; }
QToolButton[kind="rail"]:checked { background: @accent_soft; color: @accent_text; font-weight: 600; }
QPushButton[kind="search"] {
  background: @window; color: @secondary; border: 1px solid @border; border-radius: 6px; padding: 4px 10px;
  text-align: left;
}
QPushButton[kind="search"]:hover { border-color: @border_strong; }
QPushButton[kind="search"]:focus { border: 2px solid @accent; padding: 3px 9px; }
QPushButton[kind="card"] {
  background: @surface; border: 1px solid @border; border-radius: 6px; text-align: left; padding: 0;
}
QPushButton[kind="card"]:hover { background: @hover; border-color: @border_strong; }
QPushButton[kind="card"]:focus { border: 2px solid @accent; padding: 0; }
QPushButton[kind="card"]:checked { background: @accent_soft; border-color: @accent; }
QToolButton::menu-indicator, QPushButton::menu-indicator { image: none; width: 0; }

QPushButton[kind="chip"], QToolButton[kind="chip"] {
  border: 1px solid @border; border-radius: 13px; padding: 2px 10px; background: @surface; min-height: 20px;
}
QPushButton[kind="chip"]:hover, QToolButton[kind="chip"]:hover { background: @hover; border-color: @border_strong; }
QPushButton[kind="chip"]:focus, QToolButton[kind="chip"]:focus { border: 2px solid @accent; padding: 1px 9px; }
QPushButton[kind="chip"]:checked, QPushButton[kind="chip"][active="true"], QToolButton[kind="chip"][active="true"] {
  background: @accent_soft; color: @accent_text; border-color: @accent;
}

QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox, QDoubleSpinBox, QDateEdit, QDateTimeEdit, QTimeEdit {
  background: @surface; color: @text; border: 1px solid @border_strong; border-radius: 6px;
  padding: 3px 8px; selection-background-color: @accent; selection-color: @on_accent;
}
QComboBox, QSpinBox, QDoubleSpinBox, QDateEdit, QDateTimeEdit { min-height: 22px; }
QLineEdit { min-height: 28px; padding: 0 7px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus,
QDateEdit:focus, QDateTimeEdit:focus { border: 2px solid @accent; padding: 2px 7px; }
QLineEdit:focus { min-height: 26px; padding: 0 6px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QSpinBox:disabled, QDateEdit:disabled {
  background: @window; color: @disabled; border-color: @border;
}
QLineEdit:read-only, QPlainTextEdit:read-only { background: @window; border-color: @border; }
QComboBox[locked="true"]:disabled, QCheckBox[locked="true"]:disabled { color: @text; }
QPlainTextEdit[invalid="true"], QComboBox[invalid="true"] { border: 2px solid @red; padding: 2px 7px; }
QLineEdit[invalid="true"] { border: 2px solid @red; padding: 0 6px; min-height: 26px; }
QLineEdit QToolButton, QLineEdit QToolButton:hover, QLineEdit QToolButton:focus {
  border: none; padding: 0; min-height: 0; background: transparent;
}
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url("@icon/chevron-down"); width: 14px; height: 14px; }
QComboBox QLineEdit, QComboBox QLineEdit:focus { border: none; padding: 0; background: transparent; min-height: 0; }
QComboBox QAbstractItemView { border: 1px solid @border_strong; outline: none; padding: 2px; }
QSpinBox::up-button, QSpinBox::down-button { border: none; background: transparent; width: 18px; }
QSpinBox::up-arrow { image: url("@icon/chevron-up"); width: 10px; height: 10px; }
QSpinBox::down-arrow { image: url("@icon/chevron-down"); width: 10px; height: 10px; }

QCheckBox, QRadioButton { spacing: 8px; padding: 2px; border: 2px solid transparent; border-radius: 6px; }
QCheckBox:focus, QRadioButton:focus { border-color: @accent; }
QCheckBox::indicator, QAbstractItemView::indicator {
  width: 14px; height: 14px; border: 1px solid @border_strong; border-radius: 4px; background: @surface;
}
QCheckBox::indicator:hover, QAbstractItemView::indicator:hover { border-color: @accent; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {
  background: @accent; border-color: @accent; image: url("@icon/check");
}
QCheckBox::indicator:disabled { border-color: @border; background: @window; }
QCheckBox::indicator:checked:disabled { background: @border_strong; }

QAbstractItemView {
  background: @surface; border: none; outline: none;
  selection-background-color: @accent_soft; selection-color: @text;
}
QAbstractItemView[framed="true"] { border: 1px solid @border; border-radius: 6px; }
QAbstractItemView:focus[framed="true"] { border: 2px solid @accent; }
QListView::item, QTreeView::item { padding: 4px 8px; border-radius: 4px; }
QListView::item:hover, QTreeView::item:hover { background: @hover; }
QListView::item:selected, QTreeView::item:selected { background: @accent_soft; color: @text; }
QTableView { gridline-color: @border; alternate-background-color: @surface; }
QHeaderView { background: @window; border: none; }
QHeaderView::section {
  background: @window; color: @secondary; font-size: 12px; border: none;
  border-bottom: 1px solid @border; padding: 4px 3px;
}
QTableView[cells="roomy"]::item, QTableView[cells="apart"]::item {
  padding-left: 6px; padding-right: 6px; border: none;
}
QTableWidget[cells="apart"]::item { padding-left: 12px; padding-right: 12px; }
QTableView[cells="roomy"] QHeaderView::section { padding: 4px 9px; }
QTableView[cells="apart"] QHeaderView::section { padding: 4px 15px; }
QHeaderView::section:hover { background: @hover; color: @text; }
QHeaderView::up-arrow { image: url("@icon/chevron-up"); width: 12px; height: 12px; }
QHeaderView::down-arrow { image: url("@icon/chevron-down"); width: 12px; height: 12px; }
QTableCornerButton::section { background: @window; border: none; }

QTabBar { background: transparent; border: none; }
QTabBar::tab {
  background: transparent; color: @secondary; padding: 6px 14px; margin: 0; border: none;
  border-bottom: 2px solid transparent;
}
QTabBar::tab:hover { color: @text; background: @hover; }
QTabBar::tab:selected { color: @accent_text; border-bottom: 2px solid @accent; font-weight: 600; }
QTabBar::close-button { image: url("@icon/x"); subcontrol-position: right; padding: 2px; border-radius: 4px; }
QTabBar::close-button:hover { background: @sunken; }
QTabBar::tab:focus { border-bottom: 2px solid @accent; background: @accent_soft; }
QTabWidget::pane { border: none; border-top: 1px solid @border; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: @border_strong; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: @secondary; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QScrollArea { border: none; background: transparent; }
QAbstractScrollArea::corner { background: transparent; }

QMenu { background: @surface; border: 1px solid @border_strong; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: @accent_soft; color: @text; }
QMenu::item:disabled { color: @disabled; }
QMenu::separator { height: 1px; background: @border; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }
QToolTip { background: @tip; color: @on_tip; border: 1px solid @tip; padding: 4px 6px; }
QProgressBar {
  background: @border; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; color: transparent;
}
QProgressBar::chunk { background: @accent; border-radius: 3px; }
QSplitter::handle { background: @border; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QGroupBox { border: none; margin-top: 20px; font-weight: 600; }
QGroupBox::title { subcontrol-origin: margin; left: 0; }
QDialog { background: @window; }
QCalendarWidget QToolButton { border: none; }
"""

_PICTURES = ('chevron-down', 'chevron-up', 'x', 'check')


def style_sheet(tokens: Tokens) -> str:
    """The whole sheet for these colours."""
    text = _SHEET
    for name in sorted(type(tokens).__dataclass_fields__, key=len, reverse=True):
        text = text.replace(f'@{name}', getattr(tokens, name))
    for name in _PICTURES:
        path = resource('icons', f'{name}-{tokens.scheme}.svg')
        text = text.replace(f'@icon/{name}', path.as_posix())
    return text
