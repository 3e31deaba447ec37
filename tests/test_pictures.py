"""Opening pictures: HEIC photos of telephones, with and without the library for them."""

import base64
import io

import pytest
from PIL import Image

from claimdesk import pictures
from claimdesk.errors import Unreadable
from claimdesk.ocr import page_count, render
from claimdesk.pictures import decode, is_heif, open_picture
from claimdesk.scanning import PageRef, write_pdf
from claimdesk.services.files import media_type

HEIC = base64.b64decode(
    'AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAUJtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA'
    'AA5waXRtAAAAAAABAAAAImlsb2MAAAAAREAAAQABAAAAAAFmAAEAAAAAAAAAPAAAACNpaW5mAAAAAAABAAAAFWluZmUCAAAAAAEA'
    'AGh2YzEAAAAAwmlwcnAAAACkaXBjbwAAAHhodmNDAQNwAAAAAAAAAAAAHvAA/P34+AAADwMgAAEAGEABDAH//wNwAAADAJAAAAMA'
    'AAMAHroCQCEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoCCBhZbqSSmubgQEDAgAAAMACAAAAwAIQCIAAQAHRAHBcrAiQAAAABRpc3Bl'
    'AAAAAAAAAEAAAABgAAAAEHBpeGkAAAAAAwgICAAAABZpcG1hAAAAAAAAAAEAAQOBAoMAAABEbWRhdAAAADgoAa8TgOUzwJ//8FKj'
    '/91rPD8HeyqVv6WyxH0HW/+7qWPZYfUn/GLHxxQ8/30slEG+f/ud1kST3A=='
)
"""64 × 96 pixels, white, with a red quarter at the top left."""


@pytest.fixture
def library() -> None:
    pytest.importorskip('pi_heif', reason='pi-heif is not installed')


@pytest.mark.usefixtures('library')
def test_a_photo_of_an_iphone_is_a_page_like_any_other() -> None:
    image = decode(open_picture(HEIC))
    assert (image.size, image.getpixel((5, 5)), image.getpixel((60, 90))) == ((64, 96), (200, 30, 30), (255, 255, 255))
    assert page_count(HEIC) == 1
    assert Image.open(io.BytesIO(render(HEIC, width=32))).size == (32, 48)
    assert write_pdf([PageRef(HEIC)]).startswith(b'%PDF')


@pytest.mark.usefixtures('library')
def test_half_a_photo_is_damaged() -> None:
    for content in (HEIC[:300], HEIC[:40], HEIC[:200] + bytes(218)):
        with pytest.raises(Unreadable, match='damaged or incomplete'):
            decode(open_picture(content))


def test_without_the_library_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, '_heif_opens', lambda: False)
    with pytest.raises(Unreadable, match='HEIC') as caught:
        open_picture(HEIC)
    assert 'JPEG' in caught.value.advice


def test_what_is_heic_and_what_is_not() -> None:
    assert is_heif(HEIC)
    assert not is_heif(b'\0\0\0\x18ftypisom')
    assert media_type(HEIC) == 'image/heic'
    assert media_type(b'PK\x03\x04') == 'application/ofd'
