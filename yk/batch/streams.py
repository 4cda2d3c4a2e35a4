"""A sheet of a workbook as a stream of XML.

Blank rows cost next to nothing this way, memory stays flat, and formulas, hidden rows and merged cells, which openpyxl's
reading mode does not tell, are seen in the same pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

Cells = Sequence[object]
Rows = Iterator[tuple[int, Cells]]
FORMULA = object()
"""Stands for a cell with a formula: it is never evaluated, and the value kept beside it may be stale."""
LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_CHUNK = 1 << 16
_LONGEST_CELL = 1 << 20
_NUMERIC = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")


def letters(index: int) -> str:
    """The name of a column, from 0: A, B, … AA."""
    name, number = "", index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_index(name: str) -> int:
    """The place of a column with this name, from 0. Raises ValueError for no name of a column."""
    number = 0
    for char in name:
        if not "A" <= char <= "Z" or number > _LAST_COLUMN:
            raise ValueError(name)
        number = number * 26 + ord(char) - 64
    if not 1 <= number <= _LAST_COLUMN:
        raise ValueError(name)
    return number - 1


class SheetStream:
    """The rows of one sheet that have a cell with something in it, with their numbers.

    `hidden`: numbers of those that are hidden; `merged`: ranges, known when the rows are read to their end;
    `dimension`: the range the sheet says it fills. `rows` raises ValueError, LookupError and the errors of the zip archive
    for what is damaged.
    """

    def __init__(self, book: Any, sheet: Any) -> None:
        self.hidden, self.merged, self.dimension = set[int](), list[str](), ""
        self._book, self._path = book, sheet._worksheet_path
        self._shared: Sequence[str] = sheet._shared_strings
        self._ready: list[tuple[int, Cells]] = []
        self._row, self._is_hidden, self._cells = 0, False, dict[int, object]()
        self._index, self._type, self._style, self._has_formula = -1, "n", 0, False
        self._taking, self._phonetic, self._text, self._length = False, False, list[str](), 0
        self._places: dict[str, int] = {}

    def rows(self) -> Rows:
        """Read the sheet once."""
        from xml.parsers.expat import ExpatError, ParserCreate

        parser = ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = self._data, _refuse_doctype
        with self._book._archive.open(self._path) as source:
            is_last = False
            while not is_last:
                chunk = source.read(_CHUNK)
                is_last = not chunk
                try:
                    parser.Parse(chunk, is_last)
                except ExpatError as error:
                    raise ValueError(str(error)) from None
                ready, self._ready = self._ready, []
                yield from ready

    def _start(self, tag: str, given: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "c":
            self._begin_cell(given)
        elif tag == "v" or (tag == "t" and self._type == "inlineStr" and not self._phonetic):
            self._taking = True
        elif tag == "f":
            self._has_formula = True
        elif tag == "rPh":
            self._phonetic = True
        elif tag == "row":
            number = int(given["r"]) if "r" in given else self._row + 1
            if not self._row < number <= LAST_ROW:
                raise ValueError(number)
            self._row, self._is_hidden, self._index = number, given.get("hidden") in ("1", "true"), -1
        elif tag == "mergeCell":
            self.merged.append(given["ref"])
        elif tag == "dimension":
            self.dimension = given.get("ref", "")

    def _begin_cell(self, given: dict[str, str]) -> None:
        if (ref := given.get("r")) is None:
            self._index += 1
        else:
            name = ref.rstrip("0123456789")
            if (place := self._places.get(name)) is None:
                place = self._places[name] = column_index(name)
            self._index = place
        if self._index >= _LAST_COLUMN:
            raise ValueError(self._index)
        self._type, self._style = given.get("t", "n"), int(given.get("s", 0))
        self._has_formula = self._phonetic = self._taking = False
        self._text, self._length = [], 0

    def _data(self, data: str) -> None:
        if self._taking:
            self._text.append(data)
            self._length += len(data)
            if self._length > _LONGEST_CELL:
                raise ValueError(self._length)

    def _end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag in ("v", "t"):
            self._taking = False
        elif tag == "rPh":
            self._phonetic = False
        elif tag == "c":
            if self._has_formula:
                self._cells[self._index] = FORMULA
            elif self._text:
                self._cells[self._index] = self._value("".join(self._text))
        elif tag == "row" and self._cells:
            cells: list[object] = [None] * (max(self._cells) + 1)
            for index, value in self._cells.items():
                cells[index] = value
            self._ready.append((self._row, cells))
            self._cells = {}
            if self._is_hidden:
                self.hidden.add(self._row)

    def _value(self, text: str) -> object:
        if self._type == "s":
            return self._shared[int(text)]
        if self._type == "n":
            return self._number(text.strip())
        if self._type == "b":
            return text.strip() not in ("0", "false")
        if self._type == "d":
            from openpyxl.utils import datetime as dates

            parse: Any = dates.from_ISO8601
            try:
                return parse(text)
            except ValueError:
                return text
        return text

    def _number(self, text: str) -> object:
        """A number, or the date that the cell's format makes of it; what is neither stays a text."""
        if len(text) > 400 or not _NUMERIC.fullmatch(text):
            return text
        number = int(text) if text.isdigit() else float(text)
        if self._style not in self._book._date_formats:
            return number
        from openpyxl.utils.datetime import from_excel

        try:
            return from_excel(
                number, self._book.epoch, timedelta=self._style in self._book._timedelta_formats
            )
        except (OverflowError, ValueError):
            return "#VALUE!"


def _refuse_doctype(*_: object) -> None:
    """A sheet has none; entities could blow it up."""
    raise ValueError("doctype")
