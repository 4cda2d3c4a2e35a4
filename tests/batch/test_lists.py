"""Lists of clerks: whatever the file is like, its rows come out as they stand there, or one line says why not."""

from __future__ import annotations

import hashlib
import io
import os
import sys
import threading
import zipfile
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from yk.batch.columns import Column
from yk.batch.lists import BatchList, Line, read
from yk.errors import ExitCode, UnreadableError, UsageError, YkError

COLUMNS = (
    Column("cons_no", "用户编号", "account", required=True, words=("户号",)),
    Column("closing_reading", "拆表示数", "number", required=True, words=("止度", "拆表底度")),
    Column("reason", "销户原因", "text", words=("原因",), max=20),
    Column("asset_no", "电能表资产号", "code", words=("表号",)),
)
HEAD = "用户编号,拆表示数,销户原因\n"
GOOD = HEAD + "1016000001,12.5,拆迁\n1016000002,7,\n"
ROWS: list[list[Any]] = [
    ["用户编号", "拆表示数", "销户原因"],
    ["1016000001", 12.5, "拆迁"],
    ["1016000002", 7],
]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"
SHARED, TYPES = "xl/sharedStrings.xml", "[Content_Types].xml"
Read = Callable[..., BatchList]


@pytest.fixture
def load(tmp_path: Path) -> Read:
    """Read these bytes as a file of this name."""

    def loaded(content: bytes | str, name: str = "清单.csv", **options: Any) -> BatchList:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read(path, COLUMNS, **options)

    return loaded


def book(
    rows: list[list[Any]] | None = None, change: Callable[[Any], None] | None = None, **more: list[list[Any]]
) -> bytes:
    made, buffer = Workbook(), io.BytesIO()
    sheet = made.worksheets[0]
    sheet.title = "清单"
    for row in ROWS if rows is None else rows:
        sheet.append(row)
    for title, cells in more.items():
        other = made.create_sheet(title)
        for row in cells:
            other.append(row)
    if change:
        change(sheet)
    made.save(buffer)
    return buffer.getvalue()


def replaced(content: bytes, part: str, new: bytes | None) -> bytes:
    """The same archive with one part changed or left out."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in old.namelist():
            if name != part:
                made.writestr(name, old.read(name))
        if new is not None:
            made.writestr(part, new)
    return buffer.getvalue()


def packed(**parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, text in parts.items():
            made.writestr(name.replace("__", "/"), text)
    return buffer.getvalue()


def sheet_xml(rows: str, before: str = "", after: str = "") -> bytes:
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'.encode()


def row_xml(number: int, *texts: str) -> str:
    cells = "".join(f'<c r="{chr(65 + i)}{number}" t="str"><v>{t}</v></c>' for i, t in enumerate(texts))
    return f'<row r="{number}">{cells}</row>'


def with_sheet(rows: str, before: str = "", after: str = "") -> bytes:
    return replaced(book(), SHEET, sheet_xml(rows, before, after))


def with_shared_texts(texts: list[str], rows: str) -> bytes:
    """A workbook as Excel writes it: its texts stand in a part of their own."""
    items = "".join(f"<si>{text}</si>" for text in texts)
    content = replaced(with_sheet(rows), SHARED, f'<sst xmlns="{MAIN}">{items}</sst>'.encode())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        types = archive.read(TYPES).decode()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    types = types.replace("</Types>", f'<Override PartName="/{SHARED}" ContentType="{kind}"/></Types>')
    return replaced(content, TYPES, types.encode())


def values(listing: BatchList) -> list[dict[str, Any]]:
    return [line.values for line in listing.lines]


def problems(listing: BatchList) -> list[tuple[int, str]]:
    return [(line.line, code) for line in listing.lines for code, _ in line.problems]


EXPECTED = [
    {"cons_no": "1016000001", "closing_reading": 12.5, "reason": "拆迁"},
    {"cons_no": "1016000002", "closing_reading": 7.0},
]

# -- what is read ------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_in_every_usual_dress(load: Read, delimiter: str, encoding: str, end: str) -> None:
    content = GOOD.replace(",", delimiter).replace("\n", end).encode(encoding)
    listing = load(content)
    assert values(listing) == EXPECTED
    assert [line.line for line in listing.lines] == [2, 3]
    assert listing.columns == ["cons_no", "closing_reading", "reason"]
    assert listing.encoding == encoding.removesuffix("-sig")
    assert (listing.file, listing.sheet) == ("清单.csv", "")
    assert listing.sha256 == hashlib.sha256(content).hexdigest()
    assert listing.notes == (["按 GB18030 读"] if encoding == "gb18030" else [])


def test_a_workbook(load: Read) -> None:
    listing = load(book(), "清单.xlsx")
    assert values(listing) == EXPECTED
    assert (listing.sheet, listing.encoding, listing.notes) == ("清单", "", [])


@pytest.mark.parametrize("content", [GOOD.encode(), GOOD.encode("gbk"), book()])
def test_stdin_and_pipes_hold_what_files_hold(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    listing = read(None, COLUMNS)
    assert (values(listing), listing.file) == (EXPECTED, "-")
    assert listing.sha256 == hashlib.sha256(content).hexdigest()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(content,))
    writer.start()
    assert values(read(pipe, COLUMNS)) == EXPECTED
    writer.join()


def test_content_and_not_the_name_tells_what_a_file_is(load: Read) -> None:
    listing = load(book(), "清单.csv")
    assert (values(listing), listing.notes) == (EXPECTED, ["清单.csv 的内容是工作簿，按 .xlsx 读"])
    listing = load(GOOD, "清单.xls")
    assert (values(listing), listing.notes) == (EXPECTED, ["清单.xls 的内容是文本，按 CSV 读"])


@pytest.mark.parametrize(
    "header",
    [
        "户号,止度,原因",
        "CONS_NO,Closing_Reading,reason",
        " * 用户编号（必填） ,拆表 示数(kWh),销户原因【选填】",
        "ｃｏｎｓ＿ｎｏ,\u200b拆表底度：,销户原因*",
    ],
)
def test_headers_in_many_hands(load: Read, header: str) -> None:
    listing = load(header + "\n1016000001,12.5,拆迁\n")
    assert (values(listing), listing.unknown) == (EXPECTED[:1], [])


def test_columns_in_any_order_and_unknown_ones(load: Read) -> None:
    listing = load("备注,拆表示数,户名,用户编号\n急,12.5,甲,1016000001\n")
    assert values(listing) == [{"closing_reading": 12.5, "cons_no": "1016000001"}]
    assert (listing.columns, listing.unknown) == (["closing_reading", "cons_no"], ["备注", "户名"])


def test_columns_without_a_header_are_reported_when_something_stands_in_them(load: Read) -> None:
    listing = load("用户编号,,拆表示数,\n1016000001,,1,\n1016000002,急,2,\n")
    assert (problems(listing), listing.unknown) == ([], ["第 2 列（无列名）"])
    assert load("用户编号,,拆表示数\n1016000001,,1\n").unknown == []
    listing = load(book([[*ROWS[0], "备注"], ["1016000001", 1, "", "急", None, "？"]]), "a.xlsx")
    assert (problems(listing), listing.unknown) == ([], ["备注", "F 列（无列名）"])


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_title_rows_are_passed_over_and_noted(load: Read, delimiter: str) -> None:
    listing = load(("城东所销户清单,2026年,7月\n\n制表：甲\n" + GOOD).replace(",", delimiter))
    assert values(listing) == EXPECTED
    assert [line.line for line in listing.lines] == [5, 6]
    assert listing.notes == [
        "表头在第 4 行，上面的第 1 行“城东所销户清单、2026年、7月”、第 3 行“制表：甲”没有读"
    ]


def test_blank_rows_are_passed_over_and_lines_keep_their_numbers(load: Read) -> None:
    listing = load(HEAD + '\n,,\n1016000001,1,"拆\n迁"\n \u3000,\u200b,\n\n1016000002,2,\n,,\n')
    assert [line.line for line in listing.lines] == [4, 8]
    assert listing.lines[0].values["reason"] == "拆 迁"
    blank = "".join(f'<row r="{n}"><c r="A{n}" s="0"/><c r="B{n}"/></row>' for n in range(10, 3000))
    rows = row_xml(1, "用户编号", "拆表示数") + row_xml(9, "1016000001", "1") + blank
    assert [line.line for line in load(with_sheet(rows), "a.xlsx").lines] == [9]


def test_rows_numbered_beforehand_are_blank_until_something_stands_in_them(load: Read) -> None:
    listing = load("序号,户名,用户编号,拆表示数\n1,甲,1016000001,1\n2,乙,,\n3,,,\n4,,,5\n")
    assert problems(listing) == [(3, "account_missing"), (5, "account_missing")]
    assert "没有写用户编号" in listing.lines[1].problems[0][1]


def test_converted_numbers_are_told_with_a_few_examples(load: Read) -> None:
    listing = load(book([ROWS[0], *([1016000000 + n, n] for n in range(8))]), "a.xlsx")
    assert values(listing)[7] == {"cons_no": "1016000007", "closing_reading": 7.0}
    examples = "、".join(f"第 {n + 2} 行 {1016000000 + n}" for n in range(5))
    assert listing.notes == [f"用户编号有数值单元格：{examples} 等 8 处，开头若有 0 请核对"]
    listing = load(HEAD + "１０１６０００００１,1,\n1016000002.0,2,\n")
    assert listing.notes == [
        "用户编号有全角或不可见字符：第 2 行 “１０１６０００００１”读作 1016000001",
        "用户编号有带小数的写法：第 3 行 “1016000002.0”读作 1016000002",
    ]


def test_wrong_cells_are_problems_of_their_lines_and_name_the_cell(load: Read) -> None:
    rows = [ROWS[0], [1.5, "1,200", "#REF!"], ["1016000001", 3, "好"], [10**16, datetime(2026, 7, 1)]]
    listing = load(book(rows), "a.xlsx")
    assert problems(listing) == [
        (2, "account_malformed"), (2, "bad_number"), (2, "cell_error"), (4, "account_damaged"), (4, "bad_number"),
    ]  # fmt: skip
    assert [text.split(" ")[0] for _, text in listing.lines[0].problems] == ["A2", "B2", "C2"]
    listing = load(HEAD + "1.016E+09,12度,\n")
    assert [text.partition("的")[0] for _, text in listing.lines[0].problems] == [
        "第 2 行第 1 列",
        "第 2 行第 2 列",
    ]
    assert listing.lines[0].values == {}


def test_an_unquoted_comma_shifts_the_row_and_is_a_problem(load: Read) -> None:
    listing = load(HEAD + "1016000001,1,拆迁,城东\n1016000002,1,拆迁,,\n")
    assert problems(listing) == [(2, "too_many_cells")]


def test_a_header_repeated_on_every_page_is_not_a_row(load: Read) -> None:
    listing = load(GOOD + HEAD + "1016000003,1,\n")
    assert [line.line for line in listing.lines] == [2, 3, 5]
    assert listing.notes == ["有 1 行是重复的表头，没有读"]


def test_an_earlier_result_fed_back_leaves_out_what_is_done(load: Read) -> None:
    head = "行号,用户编号,拆表示数,状态,未办原因,提示,环节,办理时间,原清单行号\n"
    listing = load(head + "1,1016000001,1,已办,,,,2026-07-01,2\n2,1016000002,2,没办成,欠费,,,,3\n")
    assert (values(listing), listing.unknown) == ([{"cons_no": "1016000002", "closing_reading": 2.0}], [])
    assert listing.notes == ["有 1 行的状态是已办，不再办"]
    listing = load("用户编号,拆表示数,原因,Status\n1016000001,1,拆迁,DONE\n1016000002,2,拆迁,\n")
    assert values(listing) == [{"cons_no": "1016000002", "closing_reading": 2.0, "reason": "拆迁"}]


def test_a_list_without_accounts_has_no_missing_ones(tmp_path: Path) -> None:
    columns = (Column("new_name", "户名", "text", required=True), Column("cap", "容量", "number"))
    path = tmp_path / "a.csv"
    path.write_text("户名,容量\n甲,8\n,9\n", encoding="utf-8")
    assert read(path, columns).lines == [
        Line(2, {"new_name": "甲", "cap": 8.0}, []),
        Line(3, {"cap": 9.0}, []),
    ]


# -- sheets ------------------------------------------------------------------------------------------


def test_a_sheet_is_named_numbered_or_the_first_with_something_in_it(load: Read) -> None:
    content = book([], 销户=ROWS, 其他=[["用户编号", "拆表示数"], ["1016000009", 9]])
    listing = load(content, "a.xlsx")
    assert (values(listing), listing.sheet) == (EXPECTED, "销户")
    assert listing.notes == ["有 3 张工作表，读“销户”（另有 清单、其他）"]
    for word in ("其他", " 其他 ", "3"):
        assert load(content, "a.xlsx", sheet=word).lines[0].values["cons_no"] == "1016000009"
    with pytest.raises(UnreadableError, match="没有 销 这张工作表，有的是：清单、销户、其他"):
        load(content, "a.xlsx", sheet="销")
    assert load(GOOD, sheet="1").notes == ["CSV 没有工作表，指定的工作表不起作用"]


def test_a_list_on_another_sheet_is_pointed_to(load: Read) -> None:
    for first in ([["填写说明"]], [["户号"], ["1016000001"]]):
        with pytest.raises(UnreadableError) as caught:
            load(book(first, 销户=ROWS, 其他=[]), "a.xlsx")
        assert caught.value.hint.endswith("清单若在别的工作表，用 --sheet 指明：销户、其他")


def test_hidden_sheets_come_last_and_hidden_rows_are_read(load: Read) -> None:
    def hide(sheet: Any) -> None:
        sheet.sheet_state = "hidden"
        sheet.parent.worksheets[1].row_dimensions[3].hidden = True

    listing = load(book([["旧"]], hide, 销户=ROWS), "a.xlsx")
    assert values(listing) == EXPECTED
    assert listing.notes[-1] == "有 1 行被筛选或隐藏，也照读"


def test_formulas_stop_in_known_columns_only(load: Read) -> None:
    rows = [["合计", "=1+1"], [*ROWS[0], "序号"], ["1016000001", 1, "", "=ROW()"], ["", "", "", "=ROW()"]]
    assert len(load(book(rows), "a.xlsx").lines) == 1
    rows[2][1] = "=1+1"
    with pytest.raises(UnreadableError, match=r"a.xlsx\[清单\] B3（拆表示数）是公式") as caught:
        load(book(rows), "a.xlsx")
    assert caught.value.code == "formula"


def test_merged_cells_stop_where_they_hide_values(load: Read) -> None:
    rows = [["销户清单"], [*ROWS[0], "备注"], *ROWS[1:], ["1016000003", 1]]
    assert len(load(book(rows, lambda s: s.merge_cells("A1:C1")), "a.xlsx").lines) == 3
    assert len(load(book(rows, lambda s: s.merge_cells("D3:D5")), "a.xlsx").lines) == 3
    assert len(load(book(rows, lambda s: s.merge_cells("A9:B9")), "a.xlsx").lines) == 3
    for ref in ("B3:B4", "A2:A3", "C2:D2"):
        with pytest.raises(UnreadableError) as caught:
            load(book(rows, lambda s, ref=ref: s.merge_cells(ref)), "a.xlsx")
        assert caught.value.code == "merged_cells"
        assert ref in caught.value.message


def test_cells_of_every_type(load: Read) -> None:
    inline = "<is><r><t>拆</t></r><r><t>迁</t></r><rPh><t>chai</t></rPh></is>"
    cells = f'<c r="A2" t="n"><v>1016000001</v></c><c r="B2"><v>1.25E1</v></c><c r="C2" t="inlineStr">{inline}</c>'
    rows = row_xml(1, "用户编号", "拆表示数", "销户原因") + f'<row r="2">{cells}</row>'
    rows += '<row><c t="str"><v>1016000002</v></c><c><v>NaN</v></c><c t="b"><v>1</v></c></row>'
    rows += '<row><c t="e"><v>#N/A</v></c><c t="d"><v>2026-07-01</v></c><c t="d"><v>2026-07-01T00:00:00</v></c></row>'
    listing = load(with_sheet(rows), "a.xlsx")
    assert values(listing) == [
        EXPECTED[0],
        {"cons_no": "1016000002", "reason": "TRUE"},
        {"reason": "2026-07-01"},
    ]
    assert problems(listing) == [(3, "bad_number"), (4, "cell_error"), (4, "bad_number")]


SHARED_TEXTS = [
    "<t>户号</t>",
    "<t>止度</t>",
    "<r><t>1016</t></r><r><t>000001</t></r><rPh sb='0' eb='1'><t>yi</t></rPh>",
    "<t> </t>",
]
SHARED_ROWS = (
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    '<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" s="0"><v>5</v></c></row>'
    '<row r="3"><c r="A3" t="s"><v>3</v></c></row>'
)


def test_texts_that_stand_in_a_part_of_their_own(load: Read) -> None:
    listing = load(with_shared_texts(SHARED_TEXTS, SHARED_ROWS), "a.xlsx")
    assert values(listing) == [{"cons_no": "1016000001", "closing_reading": 5.0}]


# -- options -----------------------------------------------------------------------------------------


def test_an_encoding_may_be_given(load: Read) -> None:
    assert load(GOOD, encoding="UTF8").encoding == "utf-8"
    listing = load(GOOD.encode("gbk"), encoding="GBK")
    assert (values(listing), listing.encoding, listing.notes) == (EXPECTED, "gb18030", [])
    with pytest.raises(UnreadableError, match="第 1 行：不是 UTF-8 编码"):
        load(GOOD.encode("gbk"), encoding="utf-8")
    with pytest.raises(UsageError, match="不认识的编码 latin") as caught:
        load(GOOD, encoding="latin")
    assert (caught.value.code, caught.value.exit_code) == ("unknown_encoding", ExitCode.USAGE)


def test_without_openpyxl_a_workbook_is_refused_with_a_remedy(
    load: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(UsageError) as caught:
        load(book(), "a.xlsx")
    assert caught.value.code == "xlsx_missing"
    assert "pip install" in caught.value.hint


def test_too_many_rows_stop_at_once(load: Read) -> None:
    assert len(load(GOOD, most=2).lines) == 2
    with pytest.raises(UnreadableError, match="超过 1 行（读到第 3 行）"):
        load(GOOD + '"never read', most=1)
    head = row_xml(1, "用户编号", "拆表示数")
    rows = head + "".join(row_xml(n, "1016000001", "1") for n in range(1048570, 1048577))
    for most in (3, 100):
        dimension = '<dimension ref="A1:B1048576"/>'
        with pytest.raises(UnreadableError, match="截断") as caught:
            load(with_sheet(rows, dimension), "a.xlsx", most=most)
        assert caught.value.code == "cut_off"


# -- what cannot be read -----------------------------------------------------------------------------

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
HTML = "<html><table><tr><td>用户编号</td></tr></table></html>"
HEAD_XML = row_xml(1, "用户编号", "拆表示数")
DOCTYPE = b'<!DOCTYPE a [<!ENTITY b "c">]>'


def declared_huge() -> bytes:
    """A workbook whose sheet says that it unpacks to 2 GiB."""
    content = bytearray(book())
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        size = archive.getinfo(SHEET).file_size.to_bytes(4, "little")
    at = content.rindex(SHEET.encode())
    place = content.index(size, at - 30, at)
    content[place : place + 4] = (1 << 31).to_bytes(4, "little")
    return bytes(content)


def locked() -> bytes:
    """A workbook whose archive says that each part has a password."""
    content = bytearray(book())
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        for name in archive.namelist():
            content[content.rindex(name.encode()) - 38] |= 1
    return bytes(content)


BAD: dict[str, tuple[str, Callable[[], bytes | str], str, str]] = {
    "empty": ("a.csv", lambda: b"", "empty_file", "a.csv"),
    "only blanks": ("a.csv", lambda: " \r\n\t\n", "empty_file", "a.csv"),
    "only delimiters": ("a.csv", lambda: ",,\n,,\n", "empty_file", "a.csv"),
    "nul bytes": ("a.csv", lambda: GOOD + "\0", "nul_bytes", "第 4 行"),
    "utf-16": ("a.csv", lambda: GOOD.encode("utf-16"), "utf16", "UTF-16"),
    "utf-16 big": ("a.txt", lambda: b"\xfe\xff" + GOOD.encode("utf-16-be"), "utf16", "a.txt"),
    "no encoding": ("a.csv", lambda: GOOD.encode() + b"\xff\xff\xff", "bad_encoding", "第 4 行"),
    "open quote": ("a.csv", lambda: GOOD + '"1016000003,1,\n1016000004,2,\n', "bad_csv", "第 4 行起"),
    "loose quote": ("a.csv", lambda: GOOD + '"10"16000003,1,\n', "bad_csv", "第 4 行起"),
    "huge cell": ("a.csv", lambda: GOOD + "1" * 200_000, "bad_csv", "第 4 行起"),
    "html as xls": ("a.xls", lambda: HTML, "html", "网页"),
    "xml table": ("a.xls", lambda: '<?xml version="1.0"?><Workbook/>', "html", "XML"),
    "web archive as xls": ("a.xls", lambda: "MIME-Version: 1.0\nX-Document-Type: Workbook\n", "html", "网页"),
    "old xls": ("a.xls", lambda: OLE, "encrypted", "a.xls"),
    "password": ("a.xlsx", lambda: OLE, "encrypted", "密码"),
    "password of the zip": ("a.xlsx", locked, "encrypted", "密码"),
    "ole as csv": ("a.csv", lambda: OLE, "encrypted", "a.csv"),
    "wps": ("a.et", lambda: OLE, "foreign_format", ".et"),
    "pdf": ("a.xlsx", lambda: b"%PDF-1.7\n", "foreign_format", "PDF"),
    "image": ("a.csv", lambda: b"\x89PNG\r\n\x1a\n", "foreign_format", "图片"),
    "rar": ("a.xlsx", lambda: b"Rar!\x1a\x07", "foreign_format", "压缩包"),
    "zip": ("a.xlsx", lambda: packed(a="b"), "foreign_format", "压缩包"),
    "ods": ("a.ods", lambda: packed(mimetype="x", **{"content.xml": "x"}), "foreign_format", ".ods"),
    "word": (
        "a.xlsx",
        lambda: packed(**{"[Content_Types].xml": "x", "word__document.xml": "x"}),
        "foreign_format",
        "Word",
    ),
    "xlsb": (
        "a.xlsb",
        lambda: packed(**{"[Content_Types].xml": "x", "xl__workbook.bin": "x"}),
        "foreign_format",
        "xlsb",
    ),
    "truncated": ("a.xlsx", lambda: book()[:-200], "bad_xlsx", "a.xlsx"),
    "cut in half": ("a.xlsx", lambda: book()[:2000], "bad_xlsx", "a.xlsx"),
    "no sheet": ("a.xlsx", lambda: replaced(book(), SHEET, None), "bad_xlsx", "a.xlsx"),
    "no types": ("a.xlsx", lambda: replaced(book(), "[Content_Types].xml", None), "bad_xlsx", "a.xlsx"),
    "no workbook": ("a.xlsx", lambda: replaced(book(), "xl/workbook.xml", b"<a/>"), "bad_xlsx", "a.xlsx"),
    "no xml": ("a.xlsx", lambda: replaced(book(), SHEET, b"<worksheet>"), "bad_xlsx", "a.xlsx"),
    "doctype": (
        "a.xlsx",
        lambda: replaced(book(), SHEET, DOCTYPE + sheet_xml(HEAD_XML)),
        "bad_xlsx",
        "a.xlsx",
    ),
    "row too far": ("a.xlsx", lambda: with_sheet(row_xml(99_999_999, "a")), "bad_xlsx", "a.xlsx"),
    "rows go back": ("a.xlsx", lambda: with_sheet(row_xml(2, "a") + row_xml(1, "a")), "bad_xlsx", "a.xlsx"),
    "column too far": (
        "a.xlsx",
        lambda: with_sheet('<row r="1"><c r="ZZZZZ1"><v>1</v></c></row>'),
        "bad_xlsx",
        "a.xlsx",
    ),
    "no shared text": (
        "a.xlsx",
        lambda: with_sheet('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'),
        "bad_xlsx",
        "a.xlsx",
    ),
    "bad merge": (
        "a.xlsx",
        lambda: with_sheet(HEAD_XML + row_xml(2, "1", "1"), after='<mergeCell ref="?"/>'),
        "bad_xlsx",
        "?",
    ),
    "huge sheet": ("a.xlsx", declared_huge, "too_large", "sheet1.xml"),
    "bomb": ("a.xlsx", lambda: with_sheet("<row/>" * 3_000_000), "too_large", "sheet1.xml"),
    "empty book": ("a.xlsx", lambda: book([]), "empty_file", "a.xlsx"),
    "no header": ("a.csv", lambda: "1016000001,5\n1016000002,6\n", "no_header", "1016000001、5"),
    "header too low": ("a.csv", lambda: "题\n" * 20 + GOOD, "no_header", "前 20 行"),
    "no header in book": ("a.xlsx", lambda: book([["甲", "乙"]]), "no_header", "a.xlsx[清单]"),
    "column missing": (
        "a.csv",
        lambda: "用户编号,示数\n1,2\n",
        "missing_column",
        "缺少列 拆表示数，现有的列：用户编号、示数",
    ),
    "account missing": (
        "a.csv",
        lambda: "题\n用电户编号,拆表示数\n1,2\n",
        "missing_column",
        "第 2 行：缺少列 用户编号",
    ),
    "same column twice": (
        "a.csv",
        lambda: "用户编号,户 号,止度\n1,2,3\n",
        "duplicate_column",
        "“用户编号”（第 1 行第 1 列）",
    ),
    "same column twice in book": (
        "a.xlsx",
        lambda: book([["户号", "止度", "cons_no"]]),
        "duplicate_column",
        "“cons_no”（C1）",
    ),
    "no rows": ("a.csv", lambda: HEAD + "\n,,\n", "no_rows", "表头下面没有数据"),
    "no rows in book": ("a.xlsx", lambda: book(ROWS[:1]), "no_rows", "a.xlsx"),
    "all done": ("a.csv", lambda: "户号,止度,状态\n1,2,已办\n", "no_rows", "1 行都已办"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_one_clear_line_with_a_remedy(load: Read, case: str) -> None:
    name, made, code, said = BAD[case]
    with pytest.raises(UnreadableError) as caught:
        load(made(), name)
    error = caught.value
    assert (error.code, error.exit_code) == (code, ExitCode.UNREADABLE)
    assert said in error.message
    assert name in error.message
    assert "\n" not in error.message + error.hint
    assert error.hint


def test_near_headers_are_asked_about(load: Read) -> None:
    with pytest.raises(UnreadableError) as caught:
        load("用户编号,拆表读数\n1,2\n")
    assert caught.value.hint == "“拆表读数”是不是拆表示数？改成这个列名"


def test_what_is_no_file_is_told_without_a_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, said in (
        (tmp_path, "这是一个文件夹"),
        (tmp_path / "无.csv", "不存在"),
        (Path("a\0b"), "空字符"),
    ):
        with pytest.raises(UnreadableError, match=said) as caught:
            read(path, COLUMNS)
        assert caught.value.code == "cannot_read"
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(UnreadableError, match="标准输入"):
        read(None, COLUMNS)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    with pytest.raises(UnreadableError, match="-：文件是空的"):
        read(None, COLUMNS)


def said_of(path: Path) -> str:
    """What the reader says against this file, "" for nothing."""
    try:
        read(path, COLUMNS)
    except YkError as error:
        return error.message + error.hint
    return ""


@cache
def samples() -> tuple[bytes, ...]:
    plain = with_sheet(HEAD_XML + row_xml(2, "1016000001", "1"))
    return GOOD.encode(), GOOD.encode("gb18030"), plain, with_shared_texts(SHARED_TEXTS, SHARED_ROWS)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_bytes_come_there_is_a_list_or_an_expected_error(
    tmp_path: Path, data: st.DataObject
) -> None:
    content = bytearray(data.draw(st.sampled_from(samples())))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content))) :]
    (tmp_path / "a.xlsx").write_bytes(content)
    assert "\n" not in said_of(tmp_path / "a.xlsx")


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_xml_a_sheet_has_there_is_a_list_or_an_expected_error(
    tmp_path: Path, data: st.DataObject
) -> None:
    part = data.draw(st.sampled_from([SHEET, "xl/workbook.xml", "xl/styles.xml", SHARED, TYPES]))
    with zipfile.ZipFile(io.BytesIO(samples()[3])) as archive:
        content = bytearray(archive.read(part))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + 1] = data.draw(st.sampled_from([b"", b"9", b"-", b"<", b'"', b"A", b"&#0;", b"e"]))
    (tmp_path / "a.xlsx").write_bytes(replaced(samples()[3], part, bytes(content)))
    assert "\n" not in said_of(tmp_path / "a.xlsx")
