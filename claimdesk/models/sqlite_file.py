"""Care for the SQLite file: which journal its disk can bear, and whether locks hold there before the first write."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from claimdesk.errors import Unavailable
from claimdesk.language import _
from claimdesk.models import lock_probe

if TYPE_CHECKING:
    from claimdesk.models.database import Database

NETWORK_TYPES = frozenset(
    {
        '9p', 'afs', 'ceph', 'cifs', 'coda', 'davfs', 'fuse', 'fuse.sshfs', 'fuse.rclone', 'fuse.glusterfs',
        'fuse.davfs', 'glusterfs', 'ncpfs', 'nfs', 'nfs4', 'smb2', 'smb3', 'smbfs', 'vboxsf', 'fuse.vmhgfs-fuse',
        'virtiofs', 'drvfs',
    }
)  # fmt: skip
DRIVE_REMOTE = 4
PROBE_SECONDS = 20


def prepare(database: Database) -> None:
    """Choose the journal of the file and, on a share, try the locks. Raises `Unavailable` with what is wrong."""
    path = database.path
    if path is None:
        return
    if not path.parent.is_dir():
        raise Unavailable(
            _("The folder {folder} does not exist.").format(folder=path.parent),
            _("Connect the drive, or choose another place in the settings."),
        )
    shared = on_network(path.parent)
    if shared:
        probe_locks(path)
    wanted = 'delete' if shared else 'wal'
    with database.engine.connect() as connection:
        raw = connection.connection.driver_connection
        if raw is None:
            return
        mode = str(raw.execute('PRAGMA journal_mode').fetchone()[0]).lower()
        if mode != wanted:
            raw.execute(f'PRAGMA journal_mode = {wanted}')


def on_network(folder: Path) -> bool:
    """Whether `folder` lies on another computer."""
    if sys.platform == 'win32':
        import ctypes

        resolved = str(folder.resolve())
        if resolved.startswith('\\\\'):
            return True
        drive = os.path.splitdrive(resolved)[0] + '\\'
        return bool(ctypes.windll.kernel32.GetDriveTypeW(drive) == DRIVE_REMOTE)
    return filesystem(folder) in NETWORK_TYPES


def filesystem(folder: Path, mounts: Path = Path('/proc/mounts')) -> str:
    """The type of the file system that holds `folder`, such as 'ext4'; '' where it cannot be told."""
    try:
        lines = mounts.read_text(encoding='utf-8', errors='replace').splitlines()
    except OSError:
        return ''
    where = folder.resolve()
    best, kind = -1, ''
    for line in lines:
        fields = line.split()
        if len(fields) < 3:
            continue
        point = Path(fields[1].replace('\\040', ' '))
        if (where == point or point in where.parents) and len(point.parts) >= best:
            best, kind = len(point.parts), fields[2]
    return kind


def probe_locks(path: Path) -> None:
    """Hold a lock beside `path` and let a second process try to take it. Raises `Unavailable` where it gets in."""
    import sqlite3
    from uuid import uuid4

    trial = path.with_name(f'.{path.name}-lock-{uuid4().hex[:8]}')
    connection = sqlite3.connect(trial, isolation_level=None)
    try:
        connection.execute('CREATE TABLE trial (n INTEGER)')
        connection.execute('BEGIN IMMEDIATE')
        answer = _second_desk(trial)
        connection.execute('ROLLBACK')
    finally:
        connection.close()
        trial.unlink(missing_ok=True)
        trial.with_name(f'{trial.name}-journal').unlink(missing_ok=True)
    if answer != lock_probe.LOCKED:
        raise Unavailable(
            _("Locks do not work in the folder {folder}: two desks would destroy each other's work.").format(
                folder=path.parent
            ),
            _("Keep the office on this computer's own disk, or use a PostgreSQL server for several desks."),
        )


def _second_desk(trial: Path) -> int:
    # A frozen program has no Python beside it: it starts itself. Isolated, because `types.py` stands beside the probe.
    way = ['--probe-lock'] if getattr(sys, 'frozen', False) else ['-I', str(lock_probe.__file__)]
    command = [sys.executable, *way, str(trial)]
    return subprocess.run(command, timeout=PROBE_SECONDS, check=False, stdin=subprocess.DEVNULL).returncode
