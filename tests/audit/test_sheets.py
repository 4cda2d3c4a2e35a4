"""Small tables people hand in: header words in any order, English or Chinese, CSV in two encodings, workbooks."""

from __future__ import annotations

from pathlib import Path

import pytest

from yk.audit.sheets import read_sheet
from yk.errors import UnreadableError

COLUMNS = {"cons_no": "用户编号", "cause": "原因"}


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "表.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("text", [
    "用户编号,原因\n1016000001,漏填\n", "原因;用户编号\n漏填;1016000001\n", "cons_no,原因（必填）\n1016000001,漏填\n",
    "\n\n用户编号,原因\n\n1016000001,漏填\n,\n",
])  # fmt: skip
def test_a_csv_is_read_by_its_header(tmp_path: Path, text: str, encoding: str) -> None:
    sheet = read_sheet(write(tmp_path, text, encoding), COLUMNS)
    assert [row for _, row in sheet.rows] == [{"cons_no": "1016000001", "cause": "漏填"}]
    assert sheet.unknown == []


def test_a_row_tells_its_line_and_leaves_out_what_is_empty(tmp_path: Path) -> None:
    sheet = read_sheet(write(tmp_path, "用户编号,原因,备注\n1,,x\n\n2,漏填,\n"), COLUMNS)
    assert sheet.rows == [(2, {"cons_no": "1"}), (4, {"cons_no": "2", "cause": "漏填"})]
    assert sheet.unknown == ["备注"]


def test_a_workbook_is_read_alike_and_numbers_are_no_floats(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["原因", "用户编号"], ["漏填", 1016000001], [None, None], ["重复", 1016000002.0]):
        book.active.append(row)
    book.save(tmp_path / "表.xlsx")
    rows = read_sheet(tmp_path / "表.xlsx", COLUMNS).rows
    assert [row for _, row in rows] == [
        {"cons_no": "1016000001", "cause": "漏填"},
        {"cons_no": "1016000002", "cause": "重复"},
    ]


@pytest.mark.parametrize(("text", "code"), [
    ("甲,乙\n1,2\n", "no_header"), ("用户编号,用户编号\n1,2\n", "duplicate_column"), ("用户编号\n", "no_rows"),
    ('用户编号,原因\n1,"漏\n', "bad_csv"), ("", "empty_file"),
])  # fmt: skip
def test_what_cannot_be_read_is_told(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(UnreadableError) as error:
        read_sheet(write(tmp_path, text), COLUMNS)
    assert error.value.code == code
    assert "表.csv" in error.value.message


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="读不了文件"):
        read_sheet(tmp_path / "没有.csv", COLUMNS)
