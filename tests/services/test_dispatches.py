"""Surveyors sent, accepting, declining, calling the customer; what photos say; on both databases."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import ExifTags, Image
from sqlalchemy import select

from claimdesk.errors import Conflict, InvalidInput, NotAllowed
from claimdesk.models import CaseEvent, Database
from claimdesk.rules.clocks import EventKind
from claimdesk.rules.photos import Flag
from claimdesk.services.accounts import NewPerson
from claimdesk.services.dispatches import DispatchView
from claimdesk.services.documents import NewFile
from claimdesk.services.work_items import Urgency
from claimdesk.sketch import Mark, PlacedMark, Sketch, Template
from claimdesk.vocabulary import DispatchState, DocumentKind, LetterKind, Liability, Role, Stage, SurveyKind
from tests.reports.pages import squeezed, texts
from tests.services.role_office import PASSWORD, RoleOffice, role_office


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    made = role_office(database, tmp_path)
    made.bring_to(Stage.SURVEY)
    return made


def send(office: RoleOffice) -> DispatchView:
    people = office.people
    at = office.watch() + dt.timedelta(hours=2)
    return office.desk.dispatches.send(
        people[Role.SERVICE], office.case_id, SurveyKind.MOTOR, people[Role.SURVEYOR].id, at, '停车场二层', '带照相机'
    )


def test_a_surveyor_is_sent_accepts_and_calls(office: RoleOffice) -> None:
    sent, surveyor = send(office), office.people[Role.SURVEYOR]
    assert (sent.state, sent.surveyor, sent.place) == (DispatchState.OFFERED, surveyor.name, '停车场二层')
    accepted = office.desk.dispatches.accept(surveyor, sent.id, sent.version)
    assert accepted.state is DispatchState.ACCEPTED
    office.watch.forward(minutes=8)
    called = office.desk.dispatches.contacted(surveyor, sent.id, accepted.version, office.watch(), '约在现场')
    assert called.contacted_at == office.watch()
    with office.desk.context.database.read() as session:
        kinds = session.scalars(select(CaseEvent.kind).where(CaseEvent.case_id == office.case_id)).all()
    assert kinds.count(EventKind.CONTACTED.value) == 1
    done = office.desk.dispatches.finish(surveyor, sent.id, called.version)
    assert (done.state, done.live) == (DispatchState.DONE, False)
    with pytest.raises(InvalidInput, match='over'):
        office.desk.dispatches.accept(surveyor, sent.id, done.version)


def test_declining_needs_a_reason_and_makes_room_for_another(office: RoleOffice) -> None:
    sent, surveyor = send(office), office.people[Role.SURVEYOR]
    with pytest.raises(InvalidInput, match='already on the way'):
        send(office)
    with pytest.raises(InvalidInput):
        office.desk.dispatches.decline(surveyor, sent.id, sent.version, ' ')
    declined = office.desk.dispatches.decline(surveyor, sent.id, sent.version, '距离过远')
    assert (declined.state, declined.reason) == (DispatchState.DECLINED, '距离过远')
    assert [one.state for one in office.desk.dispatches.of_case(surveyor, office.case_id)] == [DispatchState.DECLINED]
    assert send(office).state is DispatchState.OFFERED


def test_only_the_surveyor_or_the_dispatcher_answers(office: RoleOffice) -> None:
    sent = send(office)
    with pytest.raises(NotAllowed):
        office.desk.dispatches.accept(office.people[Role.ASSESSOR], sent.id, sent.version)
    with pytest.raises(NotAllowed):
        office.desk.dispatches.withdraw(office.people[Role.SURVEYOR], sent.id, sent.version)
    with pytest.raises(InvalidInput):
        office.desk.dispatches.send(
            office.people[Role.SERVICE], office.case_id, SurveyKind.PROPERTY, office.people[Role.SURVEYOR].id
        )
    withdrawn = office.desk.dispatches.withdraw(office.people[Role.SERVICE], sent.id, sent.version, '改派')
    assert withdrawn.state is DispatchState.WITHDRAWN
    with pytest.raises(Conflict):
        office.desk.dispatches.accept(office.people[Role.SURVEYOR], sent.id, sent.version)


def test_the_report_keeps_answers_and_the_sketch_and_prints_them(office: RoleOffice) -> None:
    surveyor = office.people[Role.SURVEYOR]
    sketch = Sketch(Template.CROSSROAD, (PlacedMark(Mark.OWN_CAR, 480, 300, 90),), (((1, 2), (30, 40)),), '由东向西')
    fields = {
        'visited_at': office.watch(),
        'place': '现场',
        'liability': Liability.MAIN,
        'finding': '前部受损',
        'answers': {'same_vehicle': 'yes', 'impact': 'Front', 'old_damage': ''},
        'sketch': sketch,
    }
    saved = office.desk.survey.save(surveyor, office.case_id, 0, **fields)
    assert saved.sketch == sketch
    assert saved.answers == {'same_vehicle': 'yes', 'impact': 'Front'}
    kept = office.desk.survey.save(
        surveyor, office.case_id, saved.version, **{**fields, 'answers': None, 'sketch': None}
    )
    assert (kept.answers, kept.sketch) == (saved.answers, sketch)
    for wrong in ({'impact': 'Inside'}, {'ward': '3'}, {'same_vehicle': 'perhaps'}):
        with pytest.raises(InvalidInput) as caught:
            office.desk.survey.save(surveyor, office.case_id, kept.version, **{**fields, 'answers': wrong})
        assert set(caught.value.fields) == set(wrong)
    words = ''.join(texts(office.desk.letters.preview(surveyor, office.case_id, LetterKind.SURVEY_REPORT)))
    assert squeezed('前部受损') in words
    assert '由东向西' in words
    assert 'Front' in words


def photo(taken: str, *, software: str = '', place: bool = True, colour: str = 'red') -> bytes:
    """A photo with that time in it."""
    image = Image.new('RGB', (64, 48), colour)
    exif = image.getexif()
    exif[ExifTags.Base.Model] = 'P60'
    exif[ExifTags.Base.Software] = software
    if taken:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    if place:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = 'N', (31.0, 18.0, 0.0)
        gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = 'E', (120.0, 36.0, 0.0)
    out = io.BytesIO()
    image.save(out, 'JPEG', exif=exif)
    return out.getvalue()


def add(office: RoleOffice, content: bytes, key: str, case_id: int = 0) -> None:
    clerk = office.people[Role.SERVICE]
    file = NewFile(f'{key}.jpg', content, 'drop')
    [added] = office.desk.documents.add(clerk, [file], case_id or office.case_id, key)
    office.desk.documents.set_kind(clerk, added.id, added.version, DocumentKind.PHOTO)


def test_photos_say_when_and_where_and_what_to_look_at(office: RoleOffice) -> None:
    loss = office.case.loss_at.astimezone(dt.timezone(dt.timedelta(hours=8)))
    after, before = (f'{loss + dt.timedelta(hours=hours):%Y:%m:%d %H:%M:%S}' for hours in (1, -30))
    add(office, photo(after), 'good')
    add(office, photo(before, software='Adobe Photoshop 2025', place=False), 'edited')
    add(office, photo('', colour='blue'), 'silent')
    good, edited, silent = office.desk.photos.of_case(office.people[Role.AUDITOR], office.case_id)
    assert (good.flags, good.camera, good.place) == ((), 'P60', '31.30000°N 120.60000°E')
    assert good.taken_at == loss.replace(microsecond=0) + dt.timedelta(hours=1)
    assert set(edited.flags) == {Flag.EDITED, Flag.BEFORE_LOSS, Flag.NO_PLACE}
    assert silent.flags == (Flag.NO_TIME,)


def test_a_photo_that_lies_in_another_case_is_told(office: RoleOffice) -> None:
    other = office.register('another')
    add(office, photo(''), 'here')
    add(office, photo(''), 'there', other)
    [seen] = office.desk.photos.of_case(office.people[Role.AUDITOR], office.case_id)
    assert seen.flags[0] is Flag.OTHER_CASE
    assert len(seen.other_cases) == 1


def test_who_stands_in_for_a_surveyor_answers_in_their_place_as_long_as_they_are_away(office: RoleOffice) -> None:
    sent, surveyor, today = send(office), office.people[Role.SURVEYOR], office.desk.context.today()
    created = office.desk.accounts.create(
        office.people[Role.ADMINISTRATOR], NewPerson('two', '第二查勘', (Role.SURVEYOR,), PASSWORD)
    )
    other = replace(surveyor, id=created.id, name=created.name, login='two')

    def visits() -> list[str]:
        groups = office.desk.workbench.today(other).groups
        return [item.number for group in groups if group.urgency is Urgency.VISITS for item in group.items]

    assert visits() == []
    with pytest.raises(NotAllowed):
        office.desk.dispatches.accept(other, sent.id, sent.version)
    office.desk.accounts.note_absence(surveyor, surveyor.id, today, today, created.id)
    assert visits() == [office.case.number]
    assert office.desk.dispatches.of_case(other, office.case_id)[0].mine
    accepted = office.desk.dispatches.accept(other, sent.id, sent.version)
    assert (accepted.state, accepted.surveyor) == (DispatchState.ACCEPTED, surveyor.name)
    office.watch.forward(days=1)
    assert visits() == []
    with pytest.raises(NotAllowed):
        office.desk.dispatches.finish(other, accepted.id, accepted.version)
