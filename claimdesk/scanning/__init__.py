"""Where does paper come from? Scanners, folders and files give pages: an image or a page of a PDF, and its origin."""

from claimdesk.scanning.pdf import PageRef, write_pdf
from claimdesk.scanning.scanner import Device, Scanner, ScanOptions, local_scanner
from claimdesk.scanning.watch import Arrival, FolderWatch

__all__ = ['Arrival', 'Device', 'FolderWatch', 'PageRef', 'ScanOptions', 'Scanner', 'local_scanner', 'write_pdf']
