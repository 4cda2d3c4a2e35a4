"""Workbooks for people: a frozen header, columns wide enough for Chinese, cells that are values and never formulas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from io import BytesIO
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from yk.errors import UsageError
from yk.text import plain

Cell = str | int | float | None
Row = Sequence[Cell]
Columns = Sequence[tuple[str, int]]
"""Header and width of each column, in half-width characters."""

_HEAD, _WRAPPED = "标题", "折行"
_WIDE = 30
"""Columns at least as wide wrap their texts."""
_MOST = 1_048_575
"""Rows below the header that a sheet can hold."""
_LONGEST = 32_767
"""Characters that a cell can hold."""
_END = b"</sheetData>"


class Workbook:
    """A workbook to write sheet by sheet, then save; to be closed.

    Frame and header are openpyxl's; the rows below it, of which there may be millions, are written as XML here: openpyxl
    takes ten times as long for a row.
    """

    def __init__(self, instead: str) -> None:
        """Raises UsageError (`xlsx_missing`); `instead` says what else to ask for."""
        self._book = _new_book(instead)
        self._sheets: list[tuple[Any, list[str], IO[bytes]]] = []
        self._files = ExitStack()

    def __enter__(self) -> Workbook:
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def add_sheet(self, title: str, columns: Columns, rows: Iterable[Row]) -> None:
        """A sheet with these rows; what does not fit on one goes to further ones, `title (2)` …"""
        cells, body, number = self._headed(title, columns)
        for row in rows:
            if number > _MOST:
                count = sum(name.partition(" (")[0] == title for name in self._book.sheetnames)
                cells, body, number = self._headed(f"{title} ({count + 1})", columns)
            number += 1
            words = "".join(_cell(start, number, value) for start, value in zip(cells, row, strict=True))
            body.write(f'<row r="{number}">{words}</row>'.encode("utf-8", "replace"))

    def save(self, file: IO[bytes]) -> None:
        """Write it all to `file`."""
        for sheet, names, _ in self._sheets:
            sheet.append([_styled(sheet, name, _HEAD) for name in names])
        frame = BytesIO()
        self._book.save(frame)
        bodies = {
            f"xl/worksheets/sheet{place}.xml": body
            for place, (_, _, body) in enumerate(self._sheets, start=1)
        }
        with ZipFile(frame) as source, ZipFile(file, "w", ZIP_DEFLATED) as target:
            for part in source.infolist():
                content = source.read(part)
                if part.filename not in bodies:
                    target.writestr(part, content)
                    continue
                body = bodies[part.filename]
                body.seek(0)
                before, end, after = content.partition(_END)
                with target.open(part.filename, "w", force_zip64=True) as whole:
                    whole.write(before)
                    copyfileobj(body, whole)
                    whole.write(end + after)

    def _headed(self, title: str, columns: Columns) -> tuple[list[str], IO[bytes], int]:
        """A new sheet, to get its header when it is saved: how a cell of each column begins, where its rows go, the number of its last row."""
        from openpyxl.utils import get_column_letter

        sheet = self._book.create_sheet(title)
        sheet.freeze_panes = "A2"
        cells = []
        for place, (_, width) in enumerate(columns, start=1):
            letter = get_column_letter(place)
            sheet.column_dimensions[letter].width = width
            style = _styled(sheet, "", _WRAPPED).style_id if width >= _WIDE else 0
            cells.append(f'<c s="{style}" r="{letter}')
        body = self._files.enter_context(TemporaryFile())  # noqa: SIM115
        self._sheets.append((sheet, [name for name, _ in columns], body))
        return cells, body, 1


def _new_book(instead: str) -> Any:
    """A workbook of openpyxl. Raises UsageError (`xlsx_missing`)."""
    try:
        from openpyxl import Workbook as Book
        from openpyxl.styles import Alignment, Font, NamedStyle
    except ImportError:
        raise UsageError(
            "xlsx_missing",
            "导出工作簿要用到 openpyxl，还没有安装",
            f"pip install 'yk[xlsx]'，或{instead}",
        ) from None
    book = Book(write_only=True)
    book.add_named_style(NamedStyle(_HEAD, font=Font(bold=True)))
    book.add_named_style(NamedStyle(_WRAPPED, alignment=Alignment(wrap_text=True, vertical="top")))
    return book


def _styled(sheet: Any, words: str, style: str) -> Any:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, words)
    cell.style = style
    return cell


def _cell(start: str, number: int, value: Cell) -> str:
    """A cell of row `number`, in XML; a text stays a text even when it looks like a formula."""
    if value is None or value == "":
        return ""
    if not isinstance(value, str):
        return f'{start}{number}"><v>{value}</v></c>'
    words = escape(plain(value[:_LONGEST]))
    return f'{start}{number}" t="inlineStr"><is><t xml:space="preserve">{words}</t></is></c>'
