"""What does this paper say? Pictures, PDF and structured invoices become fields with their evidence.

`read` reads in this process, `ReaderPool` in warm worker processes that survive what a hostile page does to them;
`recalled` weighs in what an office knows about companies, `placed` where its people found values; `reread` looks again
at a place. `render` and `page_count` show pages, a `Viewer` in a process of its own; `data_runs` is what is written on
those that are drawn from data, `photo_facts` what a photo says about itself, `look_of` what a page looks like. Same
bytes in, same reading out.
"""

from claimdesk.ocr.engines import EngineChoice
from claimdesk.ocr.learned import Lesson, placed, signs_of, taught
from claimdesk.ocr.look import ALIKE, bands_of, difference, look_of, near_bands
from claimdesk.ocr.memory import KnownCompanies, recalled
from claimdesk.ocr.pages import data_runs, has_text, is_data, page_count, render
from claimdesk.ocr.photo import PhotoFacts, photo_facts
from claimdesk.ocr.photo_sight import ALIKE_PHOTOS, PhotoSight, look_at_photo
from claimdesk.ocr.plates import PlateSeen
from claimdesk.ocr.reader import read, reread
from claimdesk.ocr.reading import SURE, Box, Check, FieldReading, FileReading, ItemReading, PageReading, TextRun
from claimdesk.ocr.viewer import Viewer
from claimdesk.ocr.workers import ReaderPool

__all__ = [
    'ALIKE',
    'ALIKE_PHOTOS',
    'SURE',
    'Box',
    'Check',
    'EngineChoice',
    'FieldReading',
    'FileReading',
    'ItemReading',
    'KnownCompanies',
    'Lesson',
    'PageReading',
    'PhotoFacts',
    'PhotoSight',
    'PlateSeen',
    'ReaderPool',
    'TextRun',
    'Viewer',
    'bands_of',
    'data_runs',
    'difference',
    'has_text',
    'is_data',
    'look_at_photo',
    'look_of',
    'near_bands',
    'page_count',
    'photo_facts',
    'placed',
    'read',
    'recalled',
    'render',
    'reread',
    'signs_of',
    'taught',
]
