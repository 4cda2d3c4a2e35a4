"""Workbooks for people: what does not fit on a sheet goes on to the next, texts stay texts."""

from __future__ import annotations

import gc
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from yk.archive import workbooks


def test_every_kind_of_value_comes_back_as_it_was(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["<&>\"'", "  两端 ", None, 1.5],
        ["=1+1", "#N/A", "001", -3],
        ["甲" * 40_000, "行\u200b宽", "", 10**12],
    ]
    with (tmp_path / "r.xlsx").open("wb") as file, workbooks.Workbook("") as book:
        book.add_sheet("表", (("宽", 40), ("窄", 10), ("空", 10), ("数", 10)), rows)
        book.save(file)
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["表"]
    rows[2][:3] = ["甲" * 32_767, "行 宽", None]
    assert [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)] == rows
    assert {cell.data_type for row in sheet.iter_rows(min_row=2, max_col=2) for cell in row} == {"s"}
    assert sheet["A2"].alignment.wrap_text
    assert not sheet["B2"].alignment.wrap_text
    assert sheet["A1"].font.bold


def test_a_list_that_breaks_off_leaves_no_file_open(recwarn: pytest.WarningsRecorder) -> None:
    with pytest.raises(ZeroDivisionError), workbooks.Workbook("") as book:
        book.add_sheet("表", (("数", 10),), ([1 // n] for n in (2, 1, 0)))
    gc.collect()
    assert not recwarn.list


def test_what_does_not_fit_on_a_sheet_goes_to_further_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "_MOST", 2)
    file = BytesIO()
    with workbooks.Workbook("") as book:
        book.add_sheet("清单", (("户号", 12), ("户数", 8)), ([f"={n}", n] for n in range(5)))
        book.add_sheet("其余", (("户号", 12),), [])
        book.save(file)
    sheets = {sheet.title: list(sheet.values) for sheet in openpyxl.load_workbook(file)}
    head = ("户号", "户数")
    assert sheets == {
        "清单": [head, ("=0", 0), ("=1", 1)],
        "清单 (2)": [head, ("=2", 2), ("=3", 3)],
        "清单 (3)": [head, ("=4", 4)],
        "其余": [("户号",)],
    }
