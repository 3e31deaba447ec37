"""The one way to say something in the user's language: gettext, English source strings, Chinese by default.

`_('Save')` translates now. Strings in constants, enums and tables are marked with `N_('Save')` and translated where
they are shown. Catalogues live in `resources/translations/<language>/LC_MESSAGES/claimdesk.po` and are compiled to
`.mo` beside them when the program is set up.
"""

from __future__ import annotations

import gettext

from claimdesk.paths import resource

DOMAIN = 'claimdesk'
DEFAULT = 'zh_CN'
LANGUAGES = {'zh_CN': '简体中文', 'en': 'English'}

_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_current = 'en'


def use(language: str) -> None:
    """Switch every later `_()` to `language` ('zh_CN' or 'en').

    Raises `ValueError` for a language that is not in `LANGUAGES`.
    """
    global _catalogue, _current
    if language not in LANGUAGES:
        raise ValueError(language)
    if language == 'en':
        _catalogue = gettext.NullTranslations()
    else:
        _catalogue = gettext.translation(DOMAIN, localedir=resource('translations'), languages=[language])
    _current = language


def current() -> str:
    """The language in use: 'zh_CN' or 'en'."""
    return _current


def _(message: str) -> str:
    """`message` in the language in use."""
    return _catalogue.gettext(message) if message else ''


def ngettext(one: str, many: str, n: int) -> str:
    """`one` or `many`, whichever fits `n`, in the language in use."""
    return _catalogue.ngettext(one, many, n)


def pgettext(context: str, message: str) -> str:
    """`message` as meant in `context`, for words that English spells alike."""
    return _catalogue.pgettext(context, message)


def N_(message: str) -> str:
    """Mark `message` for translation where it is shown, not here."""
    return message
