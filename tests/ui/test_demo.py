"""`claimdesk demo`: all results or none, in words when it cannot, and nothing left among the user's own data."""

from __future__ import annotations

import json
from pathlib import Path

import pypdf
import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QSettings, qInstallMessageHandler
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from claimdesk import cli, language, paths
from claimdesk.__main__ import _run_demo
from claimdesk.errors import Unreadable
from claimdesk.services.office_generator.invoicing import demo_invoice
from claimdesk.ui.demo import FILES, run_demo
from tests.services.paper_office import pdf, picture


@pytest.fixture(autouse=True)
def _windows_are_remembered_as_before(qapp: QApplication) -> object:
    kept = QSettings.defaultFormat()
    yield
    QSettings.setDefaultFormat(kept)
    qInstallMessageHandler(None)


@pytest.mark.timeout(900)
def test_the_demo_leaves_every_file_and_each_can_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    invoice = tmp_path / 'invoice.pdf'
    invoice.write_bytes(demo_invoice())
    out = tmp_path / 'out'
    before = set(paths.data_folder().rglob('*'))
    language.use('zh_CN')
    assert run_demo(out, invoice) == 0
    assert sorted(one.name for one in out.iterdir()) == sorted(FILES)
    said = capsys.readouterr()
    assert said.out == ''
    assert len(said.err.splitlines()) > 8
    reading = json.loads((out / 'reading.json').read_text('utf-8'))
    fields = {name: field['value'] for name, field in reading['pages'][0]['fields'].items()}
    assert (fields['total'], fields['amount'], fields['tax']) == ('6320.00', '5592.92', '727.08')
    summary = ''.join(page.extract_text() for page in pypdf.PdfReader(out / 'summary.pdf').pages)
    assert fields['invoice_number'] in summary
    assert fields['seller_name'] in summary
    assert '6,320.00' in summary
    assert len(pypdf.PdfReader(out / 'report.pdf').pages) >= 2
    assert len(load_workbook(out / 'report.xlsx').sheetnames) >= 5
    for name in ('desk.png', 'case.png', 'verify.png'):
        shot = QImage(str(out / name))
        assert (shot.width(), shot.height()) == (1440, 900)
        shades = {shot.pixelColor(x, y).lightness() for x in range(0, 1440, 9) for y in range(0, 900, 9)}
        assert len(shades) > 20
    # The throw-away office is thrown away, and nothing of it is among the user's own data.
    assert set(paths.data_folder().rglob('*')) == before


@pytest.mark.parametrize(
    'content, name',
    [(b'', 'empty.pdf'), (b'%PDF-1.4 torn', 'torn.pdf'), (b'just words', 'words.txt'), (picture(), 'white.png'),
     (pdf('no invoice at all'), 'letter.pdf')],
    ids=['empty', 'torn', 'text', 'blank', 'letter'],
)  # fmt: skip
def test_a_paper_that_is_no_invoice_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, name: str
) -> None:
    (tmp_path / name).write_bytes(content)
    out = tmp_path / 'out'
    words = ['--language', 'en', 'demo', '--out', str(out), '--invoice', str(tmp_path / name)]
    assert cli.main(words, _run_demo, _run_demo) == 1
    err = capsys.readouterr().err.splitlines()
    assert len(err) == 2
    assert err[0] == f'Reading {name}'
    assert 'Traceback' not in err[1]
    assert not out.exists()


def test_a_file_that_is_not_there_is_said_before_anything_begins(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r'no file .*gone\.pdf'):
        run_demo(tmp_path / 'out', tmp_path / 'gone.pdf')
    assert not (tmp_path / 'out').exists()
