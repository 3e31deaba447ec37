"""Where does paper come from? Scanners, folders and files give pages: an image or a page of a PDF, and its origin."""

from claimdesk.scanning.escl import service_address
from claimdesk.scanning.pdf import PageRef, is_locked, unlocked, write_pdf
from claimdesk.scanning.scanner import Colour, Device, PageSize, ScannerBackend, ScanOptions, Source
from claimdesk.scanning.watch import Arrival, FolderWatch, TakenFiles
from claimdesk.scanning.ways import add_network_scanner, local_scanners

__all__ = [
    'Arrival',
    'Colour',
    'Device',
    'FolderWatch',
    'PageRef',
    'PageSize',
    'ScanOptions',
    'ScannerBackend',
    'Source',
    'TakenFiles',
    'add_network_scanner',
    'is_locked',
    'local_scanners',
    'service_address',
    'unlocked',
    'write_pdf',
]
