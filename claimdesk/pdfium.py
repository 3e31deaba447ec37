"""The door to PDFium: one thread at a time, and with the program's own fonts for PDF files that bring none."""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pypdfium2.raw as raw

from claimdesk.paths import resource

SYSTEM_FONTS = ('/usr/share/fonts', '/usr/local/share/fonts', '/usr/share/X11/fonts/Type1', '/usr/share/X11/fonts/TTF')
_turn = threading.RLock()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold PDFium for this thread: open, use and close documents inside."""
    with _turn:
        _with_fonts()
        yield


@cache
def _with_fonts() -> object:
    """Start PDFium anew where it may be blind to Chinese: most e-invoices do not bring their fonts along.

    Windows and macOS have Chinese fonts of their own, and PDFium finds them by itself. What is returned (and kept by
    the cache) is memory that PDFium goes on pointing to.
    """
    if sys.platform in ('win32', 'darwin'):
        return None
    folders = [str(resource('fonts')).encode(), *(folder.encode() for folder in SYSTEM_FONTS)]
    texts = [ctypes.create_string_buffer(folder) for folder in folders]
    listed = (ctypes.POINTER(ctypes.c_char) * (len(texts) + 1))(  # the last stays empty: the end
        *(ctypes.cast(text, ctypes.POINTER(ctypes.c_char)) for text in texts)
    )
    raw.FPDF_DestroyLibrary()
    raw.FPDF_InitLibraryWithConfig(raw.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=listed))
    return listed, texts
