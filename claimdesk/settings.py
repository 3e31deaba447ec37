"""What this workstation remembers: which office it opens, language, theme, scanner and folders.

The settings are one small JSON file in the user's settings folder; environment variables named `CLAIMDESK_...` go
before it. Passwords never reach the file: they live in the system's keyring.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import zlib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_type_hints
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from claimdesk.errors import InvalidInput, Unavailable
from claimdesk.language import _
from claimdesk.paths import settings_folder

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails
    from pydantic_settings import BaseSettings

FILE_NAME = 'settings.json'
PREFIX = 'CLAIMDESK_'
KEYRING_SERVICE = 'ClaimDesk'
SECRET_VARIABLE = 'CLAIMDESK_FILES_SECRET'
"""The secret of the document store, for a workstation without a keyring."""


USUAL_JOBS = max(1, min(8, (os.cpu_count() or 1) // 4))
"""Documents that are read at once, where nobody chose: one keeps four cores busy."""


@dataclass
class Settings:
    """The options of this workstation, each declared once with its type and default."""

    # The office: sqlite:///path or postgresql://user@host/name. Empty until the first-run dialog has been answered.
    database_url: str = ''
    language: Literal['zh_CN', 'en'] = 'zh_CN'
    theme: Literal['system', 'light', 'dark'] = 'system'
    # The device name of the scanner used last.
    scanner: str = ''
    # Paper that appears in this folder is taken in by itself. Empty: nothing is watched.
    watch_folder: str = ''
    # What happens there to a file that was taken in: moved to the sub-folder `done`, or left and remembered.
    watch_after: Literal['move', 'leave'] = 'move'
    # Where exports and reports are offered to be saved. Empty: the user's documents.
    export_folder: str = ''
    # The documents of a local office. Empty: a folder beside its SQLite file.
    files_folder: str = ''
    # How many documents are read at the same time, one process each.
    ocr_jobs: int = field(default=USUAL_JOBS, metadata={'limits': {'ge': 1, 'le': 8}})

    # A sentence for the handler when the file could not be used as it was, else ''.
    notice: str = field(default='', compare=False, metadata={'kept': False})
    _path: Path | None = field(default=None, repr=False, compare=False, metadata={'kept': False})
    # The password typed in this session, for a workstation without a keyring.
    _password: str = field(default='', repr=False, compare=False, metadata={'kept': False})
    # Secrets of document stores typed in this session, by account.
    _secrets: dict[str, str] = field(default_factory=dict, repr=False, compare=False, metadata={'kept': False})
    # What the file says of options that the environment overrides: name -> (override, value in the file).
    _overridden: dict[str, tuple[Any, Any]] = field(
        default_factory=dict, repr=False, compare=False, metadata={'kept': False}
    )

    @classmethod
    def load(cls, path: Path | None = None) -> Settings:
        """The settings of the file (default: `settings.json` in the settings folder) under those of the environment.

        A missing file gives the defaults. A damaged one is set aside, what could be used of it is kept, and `notice`
        says so. Raises `InvalidInput` for an environment variable that makes no sense.
        """
        path = path or settings_folder() / FILE_NAME
        kept, untouched, notice = _read(path)
        if not untouched:
            kept, wrong = _sound(kept)
            if wrong and not notice:
                notice = _set_aside(path, ', '.join(wrong))
        settings = cls(**kept, notice=notice, _path=path)
        if any(f'{PREFIX}{name}'.upper() in os.environ for name in _options()):
            settings._apply_environment()
        return settings

    def save(self, path: Path | None = None) -> None:
        """Write the file so that after a crash either the old or the new one is there, whole.

        A password inside `database_url` is not written. Raises `InvalidInput` by field, and `Unavailable` when the
        folder cannot be written.
        """
        path = path or self._path or settings_folder() / FILE_NAME
        values = {name: getattr(self, name) for name in _options()}
        for name, (override, in_file) in self._overridden.items():
            if values[name] == override:
                values[name] = in_file
        values['database_url'] = without_password(values['database_url'])
        _sound_or_raise(values)
        text = json.dumps({'sum': _sum(values), 'settings': values}, ensure_ascii=False, indent=1) + '\n'
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_beside(path, text)
        except OSError as error:
            raise Unavailable(
                _("The settings could not be saved in {folder}.").format(folder=path.parent),
                _("Check that the disk is not full and that you may write there. ({reason})").format(
                    reason=error.strerror or error
                ),
            ) from error
        self._path = path

    def change(self, **values: Any) -> None:
        """Set these options here and in the file. Raises `InvalidInput` by field, and `Unavailable`."""
        self.change_file(**values)
        for name, value in values.items():
            setattr(self, name, value)

    def change_file(self, **values: Any) -> None:
        """Set these options in the file for the next start; its others stay as they are, whoever wrote them.

        Raises `InvalidInput` by field, and `Unavailable` when the folder cannot be written.
        """
        kept = Settings.load(self._path)
        for name, value in values.items():
            setattr(kept, name, value)
        kept.save()

    def url_with_password(self) -> str:
        """`database_url` with the password of this session or of the keyring.

        Without either it is returned as it is; the PostgreSQL client then looks at PGPASSWORD and ~/.pgpass itself.
        """
        address = urlsplit(self.database_url)
        if not address.hostname or address.password:
            return self.database_url
        password = self._password or _from_keyring(_account(self.database_url))
        return with_password(self.database_url, password) if password else self.database_url

    def remember_password(self, password: str) -> bool:
        """Keep the password of `database_url` for this session and in the system's keyring.

        False when the workstation has no keyring: the person is asked again next time.
        """
        self._password = password
        return _to_keyring(_account(self.database_url), password)

    def secret(self, account: str) -> str:
        """The secret of the document store's `account`: of the environment, this session or the keyring, else ''."""
        if account not in self._secrets:
            found = os.environ.get(SECRET_VARIABLE, '') or _from_keyring(account)
            if not found:
                return ''
            self._secrets[account] = found  # a keyring takes its time, and this is asked for every file
        return self._secrets[account]

    def remember_secret(self, account: str, secret: str) -> bool:
        """Keep it for this session and in the system's keyring; False when the workstation has no keyring."""
        self._secrets[account] = secret
        return _to_keyring(account, secret)

    def _apply_environment(self) -> None:
        for name, value in _from_environment().items():
            self._overridden[name] = (value, getattr(self, name))
            setattr(self, name, value)


def with_password(url: str, password: str) -> str:
    """`url` with `password` in it; nothing else changes."""
    address = urlsplit(without_password(url))
    user, at, host = address.netloc.rpartition('@')
    return urlunsplit(address._replace(netloc=f'{user}:{quote(password, safe="")}{at or "@"}{host}'))


def without_password(url: str) -> str:
    """`url` without any password; a SQLite address comes back as it is."""
    address = urlsplit(url)
    if address.password is None:
        return url
    user, _at, host = address.netloc.rpartition('@')
    return urlunsplit(address._replace(netloc=f'{user.split(":", 1)[0]}@{host}'))


def _account(url: str) -> str:
    """Under which name the keyring keeps the password: user@host:port/name."""
    address = urlsplit(url)
    return f'{unquote(address.username or "")}@{address.hostname}:{address.port or 5432}{address.path}'


def _from_keyring(account: str) -> str:
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(KEYRING_SERVICE, account) or ''
    except KeyringError:
        return ''


def _to_keyring(account: str, password: str) -> bool:
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(KEYRING_SERVICE, account, password)
        return keyring.get_password(KEYRING_SERVICE, account) == password
    except KeyringError:
        return False


def _options() -> list[str]:
    return [option.name for option in fields(Settings) if option.metadata.get('kept', True)]


def _sum(values: dict[str, Any]) -> int:
    """What tells a file that this program checked and wrote from one that another hand touched."""
    return zlib.crc32(json.dumps(values, sort_keys=True).encode())


def _read(path: Path) -> tuple[dict[str, Any], bool, str]:
    """The values in the file, whether nobody but this program touched them, and a notice if it is damaged.

    Importing pydantic-settings costs as much as opening the window, so that a file is checked when it is written and
    again only when somebody else changed it.
    """
    try:
        content = json.loads(path.read_text('utf-8'))
        values = dict(content['settings'])
        untouched = content.get('sum') == _sum(values) and set(values) == set(_options())
    except FileNotFoundError:
        return {}, True, ''
    except OSError as error:
        return {}, True, _("The settings in {file} cannot be read ({reason}); the defaults are used.").format(
            file=path, reason=error.strerror
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}, True, _set_aside(path, '')
    return {name: values[name] for name in _options() if name in values}, untouched, ''


def _set_aside(path: Path, wrong: str) -> str:
    """Keep a copy of a damaged file, and say so."""
    stamp = dt.datetime.now().astimezone().strftime('%Y%m%d-%H%M%S')
    copy = path.with_name(f'{path.stem}.damaged-{stamp}.json')
    try:
        copy.write_bytes(path.read_bytes())
    except OSError:
        copy = path
    if wrong:
        return _("Some settings made no sense and were reset: {names}. The old file is kept as {file}.").format(
            names=wrong, file=copy
        )
    return _("The settings file was damaged; the defaults are used. The old file is kept as {file}.").format(file=copy)


def _checker() -> type[BaseSettings]:
    """The same options as a pydantic-settings model, which reads the environment and checks every value."""
    from pydantic import Field, create_model
    from pydantic_settings import BaseSettings, SettingsConfigDict

    class FromEnvironment(BaseSettings):
        model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True)

    hints = get_type_hints(Settings)
    options: dict[str, Any] = {
        option.name: (hints[option.name], Field(option.default, **option.metadata.get('limits', {})))
        for option in fields(Settings)
        if option.name in _options()
    }
    return create_model('Checked', __base__=FromEnvironment, **options)


def _faults(values: dict[str, Any]) -> list[ErrorDetails]:
    """What is wrong with `values` alone, whatever the environment says."""
    from pydantic import BaseModel, ConfigDict, ValidationError, create_model

    checker = _checker()
    options: dict[str, Any] = {name: (info.annotation, info) for name, info in checker.model_fields.items()}
    model: type[BaseModel] = create_model('Values', __config__=ConfigDict(strict=True), **options)
    try:
        model(**values)
    except ValidationError as error:
        return error.errors()
    return []


def _sound(values: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    wrong = sorted({str(fault['loc'][0]) for fault in _faults(values)})
    return {name: value for name, value in values.items() if name not in wrong}, wrong


def _sound_or_raise(values: dict[str, Any]) -> None:
    faults = _faults(values)
    if faults:
        raise InvalidInput(
            _("These settings cannot be kept."),
            _("Correct the marked fields."),
            {str(fault['loc'][0]): fault['msg'] for fault in faults},
        )


def _from_environment() -> dict[str, Any]:
    from pydantic import ValidationError

    try:
        checked = _checker()()
    except ValidationError as error:
        wrong = {str(fault['loc'][0]): fault['msg'] for fault in error.errors()}
        raise InvalidInput(
            _("The environment sets options to values that make no sense: {names}.").format(
                names=', '.join(f'{PREFIX}{name}'.upper() for name in wrong)
            ),
            _("Correct or remove these environment variables."),
            wrong,
        ) from error
    return {name: getattr(checked, name) for name in checked.model_fields_set}


def _write_beside(path: Path, text: str) -> None:
    beside = path.with_name(f'{path.name}.{os.getpid()}.new')
    try:
        with beside.open('w', encoding='utf-8') as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
