"""What does this paper say? Pictures, PDF and structured invoices become fields with their evidence.

`read` reads in this process, `ReaderPool` in warm worker processes that survive what a hostile page does to them;
`render` and `page_count` show pages; `reread` looks again at a place. Same bytes in, same reading out.
"""

from claimdesk.ocr.engines import EngineChoice
from claimdesk.ocr.pages import page_count, render
from claimdesk.ocr.reader import read, reread
from claimdesk.ocr.reading import SURE, Box, Check, FieldReading, FileReading, ItemReading, PageReading
from claimdesk.ocr.workers import ReaderPool

__all__ = [
    'SURE',
    'Box',
    'Check',
    'EngineChoice',
    'FieldReading',
    'FileReading',
    'ItemReading',
    'PageReading',
    'ReaderPool',
    'page_count',
    'read',
    'render',
    'reread',
]
