"""Tables as raw rows of cells: which delimiter a CSV file has, and what can go wrong in a file or a workbook."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any

from yk.archive.encodings import detect
from yk.errors import UnreadableError, UsageError
from yk.text import plain

DELIMITERS = ",;\t"
OLE = b"\xd0\xcf\x11\xe0"
"""How encrypted workbooks and old .xls files begin."""
HEAD = 20
"""So many lines that are not blank are looked at to tell the delimiter."""
LARGEST = 1 << 30
"""Bytes that a part of a workbook may have when it is unpacked."""
_SMALL, _TIGHTEST = 1 << 24, 500
"""A part of so many bytes or more that was packed tighter is a bomb; sheets are packed some ten or twenty times."""
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_FOREIGN = {
    b"%PDF": " PDF", b"\x89PNG": "图片", b"\xff\xd8\xff": "图片", b"GIF8": "图片", b"II*\0": "图片", b"MM\0*": "图片",
    b"Rar!": "压缩包", b"7z\xbc\xaf": "压缩包", b"\x1f\x8b\x08": "压缩包", b"{\\rtf": " RTF 文档",
}  # fmt: skip
_PACKED = {
    "xl/workbook.bin": "二进制工作簿 .xlsb", "word/document.xml": " Word 文档", "ppt/presentation.xml": "演示文稿",
    "content.xml": " ODF 文档（.ods）",
}  # fmt: skip
_OLD = frozenset((".et", ".wps", ".doc", ".ppt"))
_RESAVE = "用表格软件打开并另存为 .xlsx 或 UTF-8 编码的 CSV 后重试"
_QUOTED = re.compile(r"'+[=+\-@]")
"""A text that was written with a ' in front, so that a spreadsheet does not take it for a formula."""


class BadCsv(Exception):
    """A row of a CSV file that is not well formed: the lines where it begins and ends, and why."""

    def __init__(self, begin: int, end: int, why: str) -> None:
        super().__init__(why)
        self.begin, self.end, self.why = begin, end, why


def unquoted(cell: str) -> str:
    """A text without the ' that protects it from being taken for a formula."""
    return cell[1:] if _QUOTED.match(cell) else cell


def commonest(lines: list[str]) -> str:
    """The delimiter that the first line has most of."""
    return max(DELIMITERS, key=lines[0].count if lines else "".count)


def csv_rows(
    path: Path, encoding: str, choose: Callable[[list[str]], str] = commonest
) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file and the line where each begins, blank ones as []; `choose` tells the delimiter from the
    first lines that are not blank. Raises BadCsv, OSError."""
    import csv

    with path.open(encoding=encoding, newline="") as file:
        lines = list(islice((line for line in file if line.strip()), HEAD))
        file.seek(0)
        reader, begin = csv.reader(file, delimiter=choose(lines), strict=True), 1
        try:
            for cells in reader:
                yield begin, cells
                begin = reader.line_num + 1
        except csv.Error as error:
            raise BadCsv(begin, reader.line_num, str(error)) from None


def is_workbook(path: Path, shown: str) -> bool:
    """Is the file a workbook by its content (True), or a text (False)? Its name may say what it likes.

    Raises UnreadableError for everything else: `encrypted`, `utf16`, `html`, `foreign_format`, `bad_xlsx`, `too_large`.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(OLE) and (suffix := Path(shown).suffix.lower()) in _OLD:
        raise UnreadableError("foreign_format", f"{shown}：是 {suffix} 文件，不是 .xlsx 工作簿", _RESAVE)
    refuse_ole(path, shown)
    if head.startswith(_ZIP):
        _refuse_other_packages(path, shown)
        return True
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableError(
            "utf16", f"{shown}：是 UTF-16（Unicode 文本）编码", "另存为 UTF-8 编码的 CSV 后重试"
        )
    for begin, name in _FOREIGN.items():
        if head.startswith(begin):
            raise UnreadableError("foreign_format", f"{shown}：是{name}，不是表格", _RESAVE)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<") or text[:13].lower() == b"mime-version:":
        kind = " XML 表格" if b"<?xml" in head and b"<html" not in head.lower() else "网页（html）"
        raise UnreadableError("html", f"{shown}：内容是{kind}，不是真正的表格文件", _RESAVE)
    return False


def _refuse_other_packages(path: Path, shown: str) -> None:
    """A zip that is no workbook, or one that unpacks beyond all measure."""
    from zipfile import ZipFile

    with sound_workbook(shown), ZipFile(path) as archive:
        parts = {info.filename: info for info in archive.infolist()}
    if (
        "xl/workbook.xml" not in parts and "[Content_Types].xml" not in parts
    ) or parts.keys() & _PACKED.keys():
        name = next((word for part, word in _PACKED.items() if part in parts), "压缩包")
        raise UnreadableError("foreign_format", f"{shown}：是{name}，不是 .xlsx 工作簿", _RESAVE)
    for part, info in parts.items():
        size = info.file_size
        if info.flag_bits & 1:
            raise UnreadableError("encrypted", f"{shown}：工作簿有密码保护", "去掉密码，另存为 .xlsx 后重试")
        if size > LARGEST or (size >= _SMALL and size > _TIGHTEST * info.compress_size):
            raise UnreadableError(
                "too_large", f"{shown}：里面的 {plain(part)} 解开有 {size >> 20} MB，不像一张清单",
                "删去多余的行列和格式，或拆成几份",
            )  # fmt: skip


def encoding_of(path: Path, shown: str, wanted: str = "") -> str:
    """The encoding of a text file, for `open`: the one that is wanted, if every line is in it, else what `detect` finds.

    Raises UnreadableError as `detect` does, with `shown` for the file's name.
    """
    try:
        found = detect(path)
    except UnreadableError as error:
        if not wanted or error.code != "bad_encoding":
            message = error.message.replace(str(path), shown, 1)
            raise UnreadableError(error.code, message, error.hint) from None
    if not wanted:
        return found
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode(wanted)
            except UnicodeDecodeError:
                message = f"{shown} 第 {number} 行：不是 {wanted.upper()} 编码"
                raise UnreadableError(
                    "bad_encoding", message, "换一种编码，或另存为 UTF-8 编码后重试"
                ) from None
    return "utf-8-sig" if wanted == "utf-8" else wanted


@contextmanager
def sound_workbook(shown: str) -> Iterator[None]:
    """Everything that openpyxl and the readers below it raise over a damaged workbook, as UnreadableError."""
    from lzma import LZMAError
    from struct import error as StructError
    from zipfile import BadZipFile
    from zlib import error as ZipDataError

    broken = (
        BadZipFile,
        SyntaxError,
        ZipDataError,
        LookupError,
        ValueError,
        TypeError,
        EOFError,
        RuntimeError,
    )
    strange = (AttributeError, ArithmeticError, AssertionError, StructError, LZMAError)
    try:
        yield
    except (*broken, *strange):
        raise UnreadableError(
            "bad_xlsx", f"{shown}：不是完好的 .xlsx 工作簿", "用表格软件打开并另存为 .xlsx 后重试"
        ) from None


def refuse_ole(path: Path, shown: str) -> None:
    """Old .xls files and workbooks with a password look alike. Raises UnreadableError (`encrypted`)."""
    with path.open("rb") as file:
        if file.read(len(OLE)) == OLE:
            raise UnreadableError(
                "encrypted", f"{shown}：工作簿有密码保护，或是旧版 .xls", "去掉密码，另存为 .xlsx 后重试"
            )


@contextmanager
def opened_workbook(source: Path | IO[bytes], *, data_only: bool) -> Iterator[Any]:
    """A workbook of openpyxl for reading row by row; inside `sound_workbook`. Raises UsageError (`xlsx_missing`)."""
    import warnings

    try:
        from openpyxl import load_workbook
    except ImportError:
        raise UsageError(
            "xlsx_missing",
            "读工作簿要用到 openpyxl，还没有安装",
            "pip install 'yk[xlsx]'，或另存为 CSV 后重试",
        ) from None
    warnings.filterwarnings("ignore", module="openpyxl")
    book = load_workbook(source, read_only=True, data_only=data_only)
    try:
        yield book
    finally:
        book.close()
