"""The parts of an Excel file around the rows of a list: styles, column widths, filter, frozen heading, contents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol
from xml.sax.saxutils import escape, quoteattr

TEXT, MONEY, COUNT, MOMENT, DAY, HEADING = range(1, 7)
"""The numbers of the styles that cells name."""

_MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
_OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
_PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FORMATS = (
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
)
_FONTS = (
    '<fonts count="2"><font><sz val="11"/><name val="等线"/></font>'
    '<font><b/><sz val="11"/><name val="等线"/></font></fonts>'
)
_FILLS = (
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE7EBF0"/><bgColor indexed="64"/></patternFill></fill>'
    '</fills>'
)
_BORDERS = (
    '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border><left/><right/><top/>'
    '<bottom style="thin"><color rgb="FF9AA5B1"/></bottom><diagonal/></border></borders>'
)


def _style(number_format: int, *, right: bool = False, bold: bool = False) -> str:
    look = 'fontId="1" fillId="2" borderId="1"' if bold else 'fontId="0" fillId="0" borderId="0"'
    inside = '<alignment horizontal="right"/>' if right else ''
    return (
        f'<xf numFmtId="{number_format}" {look} xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" '
        f'applyBorder="1" applyAlignment="1">{inside}</xf>'
    )


_CELLS = ''.join(
    [
        *map(_style, (0, 49, 4, 3)),
        *(_style(number, right=True) for number in (164, 165)),
        _style(49, bold=True),
    ]
)
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}">{_FORMATS}{_FONTS}{_FILLS}{_BORDERS}'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    f'<cellXfs count="7">{_CELLS}</cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


class Sized(Protocol):
    """A column as far as its sheet's head is concerned."""

    @property
    def width(self) -> float:
        """In characters."""


def sheet_path(number: int) -> str:
    """Where sheet `number`, counted from 1, lies in the archive."""
    return f'xl/worksheets/sheet{number}.xml'


def sheet_head(columns: Sequence[Sized]) -> str:
    """What comes before the rows: the heading stays in sight, each column has its width."""
    widths = ''.join(
        f'<col min="{at}" max="{at}" width="{column.width:g}" customWidth="1"/>' for at, column in enumerate(columns, 1)
    )
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" '
        'topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{widths}</cols><sheetData>'
    )


def sheet_foot(columns: int, rows: int) -> str:
    """What comes after the rows: the filter, and paper across with the heading on each page."""
    return (
        f'</sheetData><autoFilter ref="{_area(columns, rows)}"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    )


def frame(names: Sequence[str], columns: Sequence[Sized], rows: Sequence[int]) -> Iterator[tuple[str, str]]:
    """Every other part of the archive, as its path and content; `names` and `rows` are those of the sheets."""
    count = len(names)
    yield '[Content_Types].xml', _content_types(count)
    yield '_rels/.rels', _relations([(1, 'officeDocument', 'xl/workbook.xml')])
    sheets = [(number, 'worksheet', f'worksheets/sheet{number}.xml') for number in range(1, count + 1)]
    yield 'xl/_rels/workbook.xml.rels', _relations([*sheets, (count + 1, 'styles', 'styles.xml')])
    yield 'xl/workbook.xml', _workbook(names, len(columns), rows)
    yield 'xl/styles.xml', _STYLES


def _content_types(sheets: int) -> str:
    parts = [('/xl/workbook.xml', 'sheet.main'), ('/xl/styles.xml', 'styles')]
    parts += [(f'/{sheet_path(number)}', 'worksheet') for number in range(1, sheets + 1)]
    overrides = ''.join(f'<Override PartName="{part}" ContentType="{_TYPE}.{kind}+xml"/>' for part, kind in parts)
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(targets: Sequence[tuple[int, str, str]]) -> str:
    lines = ''.join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{place}"/>' for number, kind, place in targets
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def _workbook(names: Sequence[str], columns: int, rows: Sequence[int]) -> str:
    sheets = ''.join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>' for number, name in enumerate(names, 1)
    )
    defined = ''.join(
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{at}" hidden="1">{_named(name)}!'
        f'{_area(columns, count, fixed=True)}</definedName>'
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{at}">{_named(name)}!$1:$1</definedName>'
        for at, (name, count) in enumerate(zip(names, rows, strict=True))
    )
    return (
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><bookViews><workbookView/></bookViews>'
        f'<sheets>{sheets}</sheets><definedNames>{defined}</definedNames></workbook>'
    )


def _named(name: str) -> str:
    return escape("'" + name.replace("'", "''") + "'")


def _area(columns: int, rows: int, *, fixed: bool = False) -> str:
    mark = '$' if fixed else ''
    letters = ''
    while columns:
        columns, letter = divmod(columns - 1, 26)
        letters = chr(ord('A') + letter) + letters
    return f'{mark}A{mark}1:{mark}{letters}{mark}{rows + 1}'
