"""One made-up paper of every kind in the inbox of the demo office, so that a newcomer can try each of them."""

from __future__ import annotations

import io
from collections.abc import Iterator

from claimdesk.language import N_, _
from claimdesk.models import Document
from claimdesk.papers import everyday, medical, press
from claimdesk.papers.glued import glued
from claimdesk.progress import Progress, quiet
from claimdesk.services.accounts import Accounts
from claimdesk.services.context import Actor, OfficeContext
from claimdesk.services.documents import Documents, NewFile
from claimdesk.services.office_generator.folders import Folders
from claimdesk.services.office_generator.morning_post import AtOnce
from claimdesk.services.reading import Readings
from claimdesk.vocabulary import DocumentKind, DocumentState

SEED = 7
NAMES = {
    DocumentKind.MEDICAL_OUTPATIENT: '门诊收费票据',
    DocumentKind.MEDICAL_INPATIENT: '住院收费票据',
    DocumentKind.MEDICAL_LIST: '住院费用清单',
    DocumentKind.TRAIN_TICKET: '火车票',
    DocumentKind.TAXI_RECEIPT: '出租车票',
    DocumentKind.ID_CARD: '身份证',
    DocumentKind.DRIVING_LICENCE: '驾驶证',
    DocumentKind.VEHICLE_LICENCE: '行驶证',
    DocumentKind.BANK_CARD: '银行卡',
    DocumentKind.REPAIR_ESTIMATE: '维修清单',
}
"""What the files are called; the office is Chinese in every language of the screen."""
GLUED = (DocumentKind.TAXI_RECEIPT, DocumentKind.TAXI_RECEIPT, DocumentKind.TRAIN_TICKET, DocumentKind.TAXI_RECEIPT)
GLUED_NAME = '票据粘贴单.jpg'


def bring_specimens(office: OfficeContext, folders: Folders, progress: Progress) -> None:
    """Let the clerk who has the morning's post lay them into the inbox."""
    if folders.to_read:
        lay_specimens(office, Accounts(office).sign_in_demo(folders.to_read[0][1].id), progress)


def lay_specimens(office: OfficeContext, clerk: Actor, progress: Progress = quiet) -> None:
    """Lay them into the inbox, read where they carry their text; the sheet with several receipts is a picture."""
    documents, readings = Documents(office), Readings(office, AtOnce)
    files = [*_papers(), NewFile(GLUED_NAME, _sheet(), 'scan')]
    for done, file in enumerate(files):
        progress(done, len(files), _("Reading papers"))
        (view,) = documents.add(clerk, [file], None, f'specimen-{done}')
        if file.name != GLUED_NAME:
            readings.read(clerk, view.id)
            continue
        with office.write(clerk, N_("read a document")) as session:
            session.get_one(Document, view.id).state = DocumentState.TO_CHECK


def _papers() -> Iterator[NewFile]:
    for kind, name in NAMES.items():
        forms = (
            [everyday.make(SEED, kind).form] if kind in everyday.MAKERS else medical.forms_of(medical.make(SEED, kind))
        )
        yield NewFile(f'{name}.pdf', press.as_pdf(forms), 'drop')


def _sheet() -> bytes:
    forms = [everyday.make(SEED + place, kind).form for place, kind in enumerate(GLUED)]
    out = io.BytesIO()
    glued(SEED, forms, 'grey').picture.save(out, 'JPEG', quality=80)
    return out.getvalue()
