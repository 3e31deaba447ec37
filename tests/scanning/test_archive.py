"""A ZIP of papers: what belongs to it comes out by its name, and no bomb, lock or path does harm."""

import io
import stat
import zipfile
from pathlib import Path

import pytest

from claimdesk.errors import Unreadable
from claimdesk.scanning import archive as module
from claimdesk.scanning.archive import LeftOut, Paper, is_archive, papers
from tests.ocr.paper import as_ofd, make

PDF = b'%PDF-1.7\n%%EOF'


def zipped(files: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def came(content: bytes) -> tuple[dict[str, bytes], list[LeftOut]]:
    out = list(papers('pile.zip', content))
    return {one.name: one.content for one in out if isinstance(one, Paper)}, [
        one for one in out if isinstance(one, LeftOut)
    ]


def test_papers_come_in_the_order_of_their_names_and_the_rest_is_named() -> None:
    found, left = came(zipped({'b/2.pdf': PDF + b'2', '1.PNG': b'1', 'notes.docx': b'x', 'folder/': b''}))
    assert list(found) == ['1.PNG', '2.pdf']
    assert left == [LeftOut('notes.docx')]


def test_names_that_lead_elsewhere_are_only_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = ['../../../etc/a.pdf', '/root/b.pdf', 'C:\\Windows\\c.pdf', '..\\d.pdf', 'x/../../e.pdf']
    found, _left = came(zipped(dict.fromkeys(names, PDF)))
    assert sorted(found) == ['a.pdf', 'b.pdf', 'c.pdf', 'd.pdf', 'e.pdf']
    assert list(tmp_path.iterdir()) == []


def test_names_of_chinese_windows_and_of_macs_are_read() -> None:
    raw = zipped({'ABCDEFGH.pdf': PDF})
    found, _left = came(raw.replace(b'ABCDEFGH', '门诊收据'.encode('gbk')))
    assert list(found) == ['门诊收据.pdf']
    mac = zipped({'ABCDEFGHIJKL.pdf': PDF})  # UTF-8 that is not marked as such
    assert list(came(mac.replace(b'ABCDEFGHIJKL', '门诊收据'.encode()))[0]) == ['门诊收据.pdf']
    assert list(came(zipped({'住院.pdf': PDF}))[0]) == ['住院.pdf']


def test_links_hidden_files_and_droppings_are_passed_over() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w') as archive:
        link = zipfile.ZipInfo('link.pdf')
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, '/etc/passwd')
        for name in ('__MACOSX/._a.pdf', '.hidden.pdf', 'Thumbs.db', 'a/Thumbs.db', '.Trash/b.pdf', '~$draft.pdf'):
            archive.writestr(name, PDF)
    assert came(out.getvalue()) == ({}, [])


def test_an_empty_file_is_named() -> None:
    assert came(zipped({'empty.pdf': b''})) == ({}, [LeftOut('empty.pdf', 'The file empty.pdf is empty.')])


def test_a_bomb_is_left_out_unopened() -> None:
    found, left = came(zipped({'bomb.pdf': bytes(80_000_000), 'good.pdf': PDF}))
    assert list(found) == ['good.pdf']
    assert 'far more than a paper' in left[0].reason


def test_a_bomb_that_lies_about_its_size_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, 'MAX_FILE_BYTES', 50_000)
    raw = bytearray(zipped({'liar.pdf': bytes(400_000)}))
    for mark, offset in ((b'PK\x03\x04', 22), (b'PK\x01\x02', 24)):
        at = raw.index(mark) + offset
        raw[at : at + 4] = (1000).to_bytes(4, 'little')
    found, left = came(bytes(raw))
    assert found == {}
    assert left[0].name == 'liar.pdf'
    assert left[0].reason


def test_all_together_have_a_limit() -> None:
    budget = module._Budget(files=10, size=250)
    content = zipped({f'{number}.pdf': b'%PDF' + bytes(96) for number in range(5)}, method=zipfile.ZIP_STORED)
    out = list(module._papers('pile.zip', content, budget, 1, lambda *_a: None))
    assert [isinstance(one, Paper) for one in out] == [True, True, False, False, False]


def test_too_many_files_are_refused() -> None:
    with pytest.raises(Unreadable, match='more than 2000 files') as caught:
        came(zipped({f'{number}.pdf': PDF for number in range(2001)}))
    assert caught.value.advice


def test_a_zip_in_a_zip_is_opened_and_a_deeper_one_is_not() -> None:
    deep = zipped({'deep.pdf': PDF})
    middle = zipped({'middle.pdf': PDF, 'deep.zip': deep})
    found, left = came(zipped({'middle.zip': middle, 'top.pdf': PDF, 'torn.zip': b'PK\x03\x04 torn'}))
    assert sorted(found) == ['middle.pdf', 'top.pdf']
    assert [one.name for one in left] == ['deep.zip', 'torn.zip']
    assert 'deep inside others' in left[0].reason
    assert 'damaged' in left[1].reason


def test_a_protected_file_is_left_out_with_advice() -> None:
    raw = bytearray(zipped({'secret.pdf': PDF}))
    for mark, offset in ((b'PK\x03\x04', 6), (b'PK\x01\x02', 8)):
        raw[raw.index(mark) + offset] |= 1
    _found, left = came(bytes(raw))
    assert 'protected by a password' in left[0].reason


def test_a_damaged_file_spoils_none_of_the_others() -> None:
    raw = bytearray(zipped({'a.pdf': PDF * 50, 'b.pdf': PDF}, method=zipfile.ZIP_STORED))
    raw[raw.index(b'%PDF') + 3] ^= 0xFF
    found, left = came(bytes(raw))
    assert list(found) == ['b.pdf']
    assert 'damaged inside' in left[0].reason


@pytest.mark.parametrize('content', [b'', b'PK', b'no zip', b'PK\x03\x04' + bytes(100)])
def test_what_is_no_zip_says_so(content: bytes) -> None:
    with pytest.raises(Unreadable, match=r'pile\.zip is damaged'):
        came(content)


def test_an_ofd_invoice_is_no_pile() -> None:
    assert not is_archive(as_ofd(make(3, 'digital_normal')))
    assert not is_archive(PDF)
    assert is_archive(zipped({'a.pdf': PDF}))
