"""The documents of a demo office: photos and invoices in its latest cases, and paper that waits in the inbox."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

from claimdesk.language import N_
from claimdesk.rules.clocks import EventKind
from claimdesk.services.identity import identity_of
from claimdesk.services.office_generator.dice import AHEAD, Dice
from claimdesk.services.office_generator.invoicing import invoice_paper, seller_side
from claimdesk.services.office_generator.ledger import Row
from claimdesk.services.office_generator.paper import InvoicePaper, Side
from claimdesk.services.office_generator.pictures import car_photo, hall_photo, with_data
from claimdesk.services.office_generator.printing import as_pdf, as_scan
from claimdesk.services.office_generator.stock import stock
from claimdesk.vocabulary import ChecklistState, DocumentKind, DocumentState, Line, LossKind, Stage

if TYPE_CHECKING:
    from claimdesk.services.office_generator.staff import Colleague
    from claimdesk.services.office_generator.story import Story

NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)
RECENT = dt.timedelta(days=40)
WAITING_IN_CASES = 4
IN_INBOX = 6
_INVOICE_LINES = {Line.MOTOR: 'repair_invoice', Line.MEDICAL: 'medical_receipts', Line.PROPERTY: 'purchase_proof'}
_PRESENT = (ChecklistState.RECEIVED, ChecklistState.VERIFIED)


class Folders:
    """Files documents into stories; `contents` are the bytes to be kept, by SHA-256."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}
        self.to_read: list[tuple[int, Colleague]] = []
        self._awaited: list[Story] = []

    def fill(self, story: Story) -> None:
        """Put photos and an invoice into a story of the last weeks, where its checklist says that they came."""
        plan, case = story.plan, story.case
        if story.world.now - plan.reported_at > RECENT or story.report is None:
            return
        item = story.papers.items.get(_INVOICE_LINES[plan.line])
        invoiced = item is not None and bool(story.losses) and not plan.compulsory
        came = item is not None and item['state'] in _PRESENT
        if invoiced and not came and case['stage'] in (Stage.ASSESSMENT, Stage.ADJUSTMENT):
            self._awaited.append(story)
        elif not story.dice.chance(0.3):
            return
        if plan.line is not Line.MEDICAL and plan.cause.name != '盗抢':
            self._photos(story)
        if item is not None and invoiced and came and not plan.customer.company:
            self._filed_invoice(story, item['code'], item['checked_at'])

    def fill_inbox(self) -> None:
        """Let the invoices that cases still wait for arrive this morning: some in their case, some in the inbox."""
        self._awaited.sort(key=lambda story: story.plan.line is not Line.MOTOR)
        for place, story in enumerate(self._awaited[: WAITING_IN_CASES + IN_INBOX]):
            at = story.world.now - dt.timedelta(minutes=20 + 35 * place)
            in_case = place < WAITING_IN_CASES
            scan = place % 3 == 2
            paper = self._paper(story, (at + AHEAD).date(), scan)
            document = self._document(story, paper, at, scan, case=in_case)
            if in_case and not scan:
                self.to_read.append((document['id'], story.clerk))
        for story in self._awaited[-1:]:
            at = story.world.now - dt.timedelta(minutes=12)
            story.ledger.save(at, story.clerk, N_("added documents"))
            stamp = f'{at + AHEAD:%Y-%m-%d %H:%M}\n{story.plan.words["place"]}'
            photo = car_photo(stamp, story.plan.customer.plate)
            self._keep(story, photo, 'IMG_2047.jpg', 'image/jpeg', at, source='drop', case_id=None)

    def _photos(self, story: Story) -> None:
        report, plan = story.report, story.plan
        if report is None:
            return
        at = report['visited_at']
        received = [event.at for event in story.events if event.kind is EventKind.CLAIM_RECEIVED]
        if not received and story.dice.chance(0.7):
            return
        stamp = f'江南理赔 查勘照片\n{at + AHEAD:%Y-%m-%d %H:%M}\n{plan.words["place"]}'
        surveyor = next(one for one in story.world.staff.people if one.id == report['surveyor_id'])
        for number in range(1, 1 + story.dice.among((1, 2))):
            if plan.line is Line.MOTOR:
                content = car_photo(stamp, plan.customer.plate, near=number > 1)
            else:
                content = hall_photo(stamp, plan.cause.name == '火灾', story.dice)
            taken = max(at, story.case['reported_at']) + dt.timedelta(minutes=number)
            content = with_data(content, at + AHEAD, Dice(f'photo {story.case["number"]} {number}'))
            story.save(taken, surveyor, N_("added documents"))
            document = self._keep(
                story, content, f'查勘照片{number}.jpg', 'image/jpeg', taken, source='folder', case_id=story.case['id']
            )
            checked = max(taken, *received) + dt.timedelta(minutes=4 + number) if received else NEVER
            if checked <= story.world.now:
                story.save(checked, story.clerk, N_("confirmed a document"))
                self._confirm(story, document, DocumentKind.PHOTO, 'photos', story.clerk)

    def _filed_invoice(self, story: Story, code: str, arrived: dt.datetime) -> None:
        dice = story.dice
        scan = dice.chance(0.15)
        before = (arrived + AHEAD).date() - dt.timedelta(days=dice.randint(0, 4))
        issued = max(before, (story.plan.loss_at + AHEAD).date())
        paper = self._paper(story, issued, scan)
        document = self._document(story, paper, arrived, scan, case=True)
        checked = min(arrived + dt.timedelta(minutes=6), story.world.now)
        story.save(checked, story.clerk, N_("confirmed an invoice"))
        self._confirm(story, document, paper.kind, code, story.clerk)
        invoice = story.ledger.insert(
            'invoice',
            document_id=document['id'],
            case_id=story.case['id'],
            identity=identity_of(paper.code, paper.number),
            code=paper.code,
            number=paper.number,
            issue_date=paper.issued_on,
            check_code=paper.check_code,
            buyer_name=paper.buyer.name,
            buyer_tax_id=paper.buyer.tax_id,
            seller_name=paper.seller.name,
            seller_tax_id=paper.seller.tax_id,
            amount=paper.amount,
            tax=paper.tax,
            total=paper.total,
            total_capital=paper.capital,
        )
        for position, line in enumerate(paper.lines):
            story.ledger.insert(
                'invoice_line',
                invoice_id=invoice['id'],
                position=position,
                name=line.name,
                specification=line.specification,
                unit=line.unit,
                quantity=line.quantity,
                unit_price=line.unit_price,
                amount=line.amount,
                tax_rate=line.rate,
                tax=line.tax,
            )

    def _paper(self, story: Story, issued_on: dt.date, scan: bool) -> InvoicePaper:
        plan, dice = story.plan, Dice(story.case['number'])
        customer, words = plan.customer, plan.words
        seller = stock().places['suppliers'][0]
        if plan.line is Line.MOTOR:
            seller = story.details['garage']
        elif plan.line is Line.MEDICAL:
            seller = words['hospital']
        lost = [(row['name'], row['claimed']) for row in story.losses if row['kind'] is not LossKind.SALVAGE]
        kind = DocumentKind.DIGITAL_NORMAL
        if scan:
            kind = DocumentKind.VAT_SPECIAL if customer.company else DocumentKind.VAT_NORMAL
        buyer = Side(customer.party['name'], customer.party['id_number'] if customer.company else '')
        day = f'{plan.loss_at + AHEAD:%Y-%m-%d}'
        note = f'车牌号：{customer.plate}　出险日期：{day}' if customer.plate else f'赔案号：{story.case["number"]}'
        side = seller_side(seller, words['city'], words['road'])
        return invoice_paper(kind, customer.city['plate'], issued_on, buyer, side, lost, note, dice)

    def _document(self, story: Story, paper: InvoicePaper, at: dt.datetime, scan: bool, *, case: bool) -> Row:
        content = as_scan(paper, story.case['id']) if scan else as_pdf(paper)
        name = f'扫描件_{at + AHEAD:%Y%m%d%H%M}.jpg' if scan else f'dzfp_{paper.number}_{paper.seller.name}.pdf'
        story.save(at, story.clerk, N_("added documents"))
        media = 'image/jpeg' if scan else 'application/pdf'
        source = 'scan' if scan else 'open'
        return self._keep(story, content, name, media, at, source=source, case_id=story.case['id'] if case else None)

    def _keep(
        self, story: Story, content: bytes, name: str, media: str, at: dt.datetime, *, source: str, case_id: int | None
    ) -> Row:
        sha256 = hashlib.sha256(content).hexdigest()
        ledger = story.ledger
        if sha256 not in self.contents:
            self.contents[sha256] = content
            ledger.insert_part(
                'stored_file', sha256=sha256, size=len(content), media_type=media, name=name, stored_at=at
            )
        actor = ledger.actor or story.clerk
        document = ledger.insert(
            'document',
            office_id=story.world.office_id,
            case_id=case_id,
            kind=DocumentKind.OTHER,
            state=DocumentState.WAITING,
            title=name.rsplit('.', 1)[0],
            source=source,
            added_by=actor.id,
            added_at=at,
        )
        ledger.insert('document_page', document_id=document['id'], position=0, sha256=sha256)
        return document

    def _confirm(self, story: Story, document: Row, kind: DocumentKind, code: str, actor: Colleague) -> None:
        story.ledger.update(
            'document',
            document,
            kind=kind,
            state=DocumentState.CONFIRMED,
            checklist_code=code,
            confirmed_by=actor.id,
            confirmed_at=story.ledger.at,
        )
        item = story.papers.items.get(code)
        if item is not None and item['state'] is ChecklistState.MISSING and not item['required']:
            story.ledger.update(
                'checklist_item',
                item,
                state=ChecklistState.RECEIVED,
                checked_by=actor.id,
                checked_at=story.ledger.at,
            )
