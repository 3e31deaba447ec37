"""PySide6 6.12.0 on Python 3.11 steals references to None, True and False until the process aborts: watch for it."""

from __future__ import annotations

import sys

import PySide6
import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel

CALLS = 500
ALLOWED = 50
"""What other code may add or take meanwhile; the fault takes one for each call."""


@pytest.mark.parametrize('constant', [None, True, False], ids=str)
def test_calls_into_qt_keep_the_references_of_the_constants(qapp: QApplication, constant: bool | None) -> None:
    label, box, thing = QLabel(), QCheckBox(), QObject()
    before = sys.getrefcount(constant)
    for number in range(CALLS):
        label.setText(str(number))
        box.setChecked(bool(number % 2))
        box.isChecked()
        thing.setProperty('kept', constant)
        thing.parent()
    lost = before - sys.getrefcount(constant)
    assert lost < ALLOWED


def test_the_version_is_one_without_the_fault() -> None:
    version = tuple(int(part) for part in PySide6.__version__.split('.')[:2])
    assert version < (6, 12), 'try the test above with the new version on Python 3.11 before the pin is moved'
