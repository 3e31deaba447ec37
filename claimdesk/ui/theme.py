"""The look in one place: colours, sizes and fonts for light and dark, and the thin style sheet made from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from claimdesk.paths import resource
from claimdesk.ui.style_sheet import style_sheet
from claimdesk.vocabulary import DueState

Scheme = Literal['light', 'dark']
Choice = Literal['system', 'light', 'dark']

SPACE_4, SPACE_8, SPACE_12, SPACE_16, SPACE_24 = 4, 8, 12, 16, 24
BODY, SECONDARY, SECTION, TITLE = 13, 12, 15, 20
ROW_COMPACT, ROW_ROOMY = 30, 36
CORNER = 6

# One face for Latin and Chinese alike, so that a line of both has one baseline. The last is the bundled one.
FAMILIES = ('Microsoft YaHei UI', 'PingFang SC', 'Noto Sans CJK SC', 'Source Han Sans SC', 'Noto Sans SC')
CONTROL = 30


@dataclass(frozen=True)
class Tokens:
    """Every colour of one scheme as `#rrggbb`."""

    scheme: Scheme
    window: str
    surface: str
    sunken: str
    hover: str
    border: str
    border_strong: str
    text: str
    secondary: str
    disabled: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_text: str
    accent_soft: str
    red: str
    red_soft: str
    orange: str
    orange_soft: str
    amber: str
    amber_soft: str
    slate: str
    slate_soft: str
    grey: str
    grey_soft: str
    green: str
    green_soft: str
    danger: str
    danger_hover: str
    tip: str
    on_tip: str


LIGHT = Tokens(
    scheme='light',
    window='#f4f5f7',
    surface='#ffffff',
    sunken='#ebedf0',
    hover='#eef1f5',
    border='#d9dde3',
    border_strong='#8b94a1',
    text='#1a1f26',
    secondary='#566070',
    disabled='#8a93a0',
    accent='#1b5fc9',
    accent_hover='#164fa9',
    on_accent='#ffffff',
    accent_text='#1857ba',
    accent_soft='#e3edfb',
    red='#b3201a',
    red_soft='#fde9e7',
    orange='#9a4300',
    orange_soft='#fdebdc',
    amber='#755700',
    amber_soft='#fbf2d0',
    slate='#41586f',
    slate_soft='#e6edf3',
    grey='#59626e',
    grey_soft='#eceef1',
    green='#17693a',
    green_soft='#e2f3e8',
    danger='#b3201a',
    danger_hover='#931812',
    tip='#262d36',
    on_tip='#f4f5f7',
)

DARK = Tokens(
    scheme='dark',
    window='#15181c',
    surface='#1d2126',
    sunken='#101215',
    hover='#272c33',
    border='#343a42',
    border_strong='#78828f',
    text='#e7eaee',
    secondary='#a5aebb',
    disabled='#717b88',
    accent='#2c69d1',
    accent_hover='#2f6fdc',
    on_accent='#ffffff',
    accent_text='#82b1ff',
    accent_soft='#1c2f4f',
    red='#ff9c93',
    red_soft='#46201e',
    orange='#ffae73',
    orange_soft='#442a17',
    amber='#eec75b',
    amber_soft='#3a3116',
    slate='#a9c1d8',
    slate_soft='#26323e',
    grey='#aab2bd',
    grey_soft='#2a2f36',
    green='#7fd6a0',
    green_soft='#173625',
    danger='#c03b33',
    danger_hover='#b5332c',
    tip='#dfe3e8',
    on_tip='#15181c',
)

TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *((ink, paper) for ink in ('text', 'secondary') for paper in ('window', 'surface', 'sunken', 'hover')),
    *((ink, 'accent_soft') for ink in ('text', 'secondary', 'accent_text')),
    *(('accent_text', paper) for paper in ('window', 'surface', 'hover')),
    *(('on_accent', paper) for paper in ('accent', 'accent_hover', 'danger', 'danger_hover')),
    *((tone, paper) for tone in ('red', 'orange', 'amber', 'slate', 'grey', 'green')
      for paper in (f'{tone}_soft', 'surface', 'window')),
    *(('text', f'{tone}_soft') for tone in ('red', 'orange', 'amber', 'slate', 'grey', 'green')),
    ('on_tip', 'tip'),
)  # fmt: skip

DUE_TONES: dict[DueState, tuple[str, str]] = {
    DueState.OVERDUE: ('red', 'clock-alert'),
    DueState.TODAY: ('orange', 'clock'),
    DueState.SOON: ('amber', 'hourglass'),
    DueState.ON_TIME: ('', 'clock'),
    DueState.PAUSED: ('slate', 'circle-pause'),
    DueState.DONE: ('grey', 'check'),
}

_tokens = LIGHT


def tokens() -> Tokens:
    """The colours in use now; ask while painting, so that a switch of the theme shows at once."""
    return _tokens


def colour(name: str) -> QColor:
    """The colour in use now that is called `name` in `Tokens`."""
    return QColor(getattr(_tokens, name))


def apply(application: QApplication, choice: Choice = 'system') -> None:
    """Dress the whole program in light, dark, or whatever the system wears."""
    global _tokens
    hints = application.styleHints()
    hints.setColorScheme(
        {'light': Qt.ColorScheme.Light, 'dark': Qt.ColorScheme.Dark}.get(choice, Qt.ColorScheme.Unknown)
    )
    dark = hints.colorScheme() == Qt.ColorScheme.Dark if choice == 'system' else choice == 'dark'
    _tokens = DARK if dark else LIGHT
    if application.style().objectName() != 'fusion':
        application.setStyle('Fusion')
    application.setPalette(_palette(_tokens))
    application.setFont(font())
    application.setStyleSheet(style_sheet(_tokens))


def font(pixels: int = BODY, *, strong: bool = False, tabular: bool = False) -> QFont:
    """The interface font in one of the four sizes; `tabular` gives every digit the same width."""
    result = QFont()
    result.setFamilies(list(FAMILIES))
    result.setPixelSize(pixels)
    result.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    if tabular:
        result.setFeature(QFont.Tag('tnum'), 1)
    return result


def ensure_chinese_font() -> bool:
    """Load the bundled Chinese font if the system has none; True if it had to be loaded."""
    if QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese):
        return False
    for weight in ('Regular', 'SemiBold'):
        path = resource('fonts', f'NotoSansSC-{weight}.ttf')
        if path.is_file():
            QFontDatabase.addApplicationFont(str(path))
    QApplication.setFont(font())
    return True


def contrast(ink: str, paper: str) -> float:
    """The WCAG contrast ratio of two colours (1 to 21)."""
    first, second = sorted((_luminance(QColor(ink)), _luminance(QColor(paper))), reverse=True)
    return (first + 0.05) / (second + 0.05)


def restyle(widget: QWidget) -> None:
    """Let the style sheet look again at a widget whose dynamic property has changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


class SchemeWatcher(QObject):
    """Keeps 'system' true: calls back when the system changes between light and dark."""

    def __init__(self, application: QApplication, changed: object) -> None:
        super().__init__(application)
        self._changed = changed
        application.styleHints().colorSchemeChanged.connect(self._tell)

    def _tell(self) -> None:
        if callable(self._changed):
            self._changed()


def is_palette_change(event: QEvent) -> bool:
    """Whether `event` says that colours changed, so that cached pictures must be made again."""
    return event.type() in (QEvent.Type.PaletteChange, QEvent.Type.ApplicationPaletteChange)


def pixel_ratio() -> float:
    """The sharpest screen's device pixels per pixel."""
    screens = QGuiApplication.screens()
    return max((screen.devicePixelRatio() for screen in screens), default=1.0)


def _luminance(shade: QColor) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(shade.redF()) + 0.7152 * linear(shade.greenF()) + 0.0722 * linear(shade.blueF())


def _palette(t: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for part, name in (
        (role.Window, t.window),
        (role.WindowText, t.text),
        (role.Base, t.surface),
        (role.AlternateBase, t.window),
        (role.Text, t.text),
        (role.Button, t.surface),
        (role.ButtonText, t.text),
        (role.BrightText, t.on_accent),
        (role.ToolTipBase, t.tip),
        (role.ToolTipText, t.on_tip),
        (role.PlaceholderText, t.secondary),
        (role.Highlight, t.accent),
        (role.HighlightedText, t.on_accent),
        (role.Accent, t.accent),
        (role.Link, t.accent_text),
        (role.LinkVisited, t.accent_text),
        (role.Light, t.surface),
        (role.Midlight, t.hover),
        (role.Mid, t.border),
        (role.Dark, t.border_strong),
        (role.Shadow, t.sunken),
    ):
        palette.setColor(part, QColor(name))
    for part in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, part, QColor(t.disabled))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(t.border))
    return palette
