"""Made-up papers of every kind in the inbox of the demo office, so that a newcomer can try each of them.

Most are about cases of the office, so that they are suggested, compared and added up there; one was confirmed before.
"""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Iterator

from claimdesk.language import N_, _
from claimdesk.models import Document
from claimdesk.papers import everyday, press, repairs
from claimdesk.papers.form import Form
from claimdesk.papers.glued import glued
from claimdesk.progress import Progress, quiet
from claimdesk.services.accounts import Accounts
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext
from claimdesk.services.documents import Documents, NewFile
from claimdesk.services.invoices import Invoices
from claimdesk.services.office_generator.about_cases import (
    About,
    about,
    confirmed_invoice,
    everyday_paper,
    medical_paper,
    reworded,
    saved_again,
    vehicle_words,
)
from claimdesk.services.office_generator.folders import Folders
from claimdesk.services.office_generator.morning_post import AtOnce
from claimdesk.services.reading import Readings
from claimdesk.vocabulary import DocumentKind, DocumentState, Line

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
TAUGHT_NAME = '维修清单（首次）'
COPY = '（副本）'
OWN_WORD = '离店：'
"""How one repair shop names the date of its lists. The reader does not know the word until a person shows it."""


def bring_specimens(office: OfficeContext, folders: Folders, progress: Progress) -> None:
    """Let the clerk who has the morning's post lay them into the inbox."""
    if folders.to_read:
        lay_specimens(office, Accounts(office).sign_in_demo(folders.to_read[0][1].id), progress)


def lay_specimens(office: OfficeContext, clerk: Actor, progress: Progress = quiet) -> None:
    """Lay them into the inbox, read where they carry their text; the sheet with several receipts is a picture."""
    documents, readings = Documents(office), Readings(office, AtOnce)
    with office.database.read() as session:
        motor, injured = about(session, Line.MOTOR), about(session, Line.MEDICAL)
    if motor is not None:
        _teach(office, clerk, motor)
    today = office.now().astimezone(SHANGHAI).date()
    files = [*_papers(motor, injured, today), *_copy(office, motor), NewFile(GLUED_NAME, _sheet(), 'scan')]
    for done, file in enumerate(files):
        progress(done, len(files), _("Reading papers"))
        (view,) = documents.add(clerk, [file], None, f'specimen-{done}')
        if file.name != GLUED_NAME:
            readings.read(clerk, view.id)
            continue
        with office.write(clerk, N_("read a document")) as session:
            session.get_one(Document, view.id).state = DocumentState.TO_CHECK


def _papers(motor: About | None, injured: About | None, today: dt.date) -> Iterator[NewFile]:
    for kind, name in NAMES.items():
        if kind is DocumentKind.REPAIR_ESTIMATE:
            forms = [_shop_list(SEED + 1, motor)]
        elif kind in everyday.MAKERS:
            forms = [everyday_paper(SEED, kind, motor)]
        else:
            forms = medical_paper(SEED, kind, injured, today)
        yield NewFile(f'{name}.pdf', press.as_pdf(forms), 'drop')


def _copy(office: OfficeContext, motor: About | None) -> Iterator[NewFile]:
    """An invoice that another case has confirmed, as another program saved it."""
    with office.database.read() as session:
        found = confirmed_invoice(session, motor) if motor is not None else None
        if found is not None:
            title, sha256 = found
            yield NewFile(f'{title}{COPY}.pdf', saved_again(office.files.get(session, sha256)), 'drop')


def _teach(office: OfficeContext, clerk: Actor, motor: About) -> None:
    """The first list of a shop with a word of its own for the date: the clerk types what the reader did not find."""
    documents, readings = Documents(office), Readings(office, AtOnce)
    file = NewFile(f'{TAUGHT_NAME}.pdf', press.as_pdf([_shop_list(SEED, motor)]), 'drop')
    (view,) = documents.add(clerk, [file], motor.case_id, 'specimen-taught')
    read = readings.read(clerk, view.id)
    fields = {one.name: one.value for one in read.fields} | {'issue_date': motor.day.isoformat()}
    version = documents.get(clerk, view.id).version
    Invoices(office).confirm_other(
        clerk, view.id, version, motor.case_id, DocumentKind.REPAIR_ESTIMATE, TAUGHT_NAME, fields=fields,
        items=read.items,
    )  # fmt: skip


def _shop_list(seed: int, motor: About | None) -> Form:
    """Both lists are of one shop."""
    paper, first = repairs.plain_list(random.Random(seed)), repairs.plain_list(random.Random(SEED)).truth
    swaps = {'日期：': OWN_WORD, paper.truth['seller_name']: first['seller_name']}
    if motor is not None:
        swaps |= vehicle_words(paper, motor) | {paper.truth['issue_date']: motor.day.isoformat()}
    return reworded(paper.form, swaps)


def _sheet() -> bytes:
    forms = [everyday.make(SEED + place, kind).form for place, kind in enumerate(GLUED)]
    out = io.BytesIO()
    glued(SEED, forms, 'grey').picture.save(out, 'JPEG', quality=80)
    return out.getvalue()
