"""Workbooks for people: what does not fit on a sheet goes on to the next, texts stay texts."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from yk.archive import workbooks


def test_what_does_not_fit_on_a_sheet_goes_to_further_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "_MOST", 2)
    book = workbooks.new_workbook("")
    workbooks.add_sheet(book, "清单", (("户号", 12), ("户数", 8)), ([f"={n}", n] for n in range(5)))
    workbooks.add_sheet(book, "其余", (("户号", 12),), [])
    file = BytesIO()
    book.save(file)
    sheets = {sheet.title: list(sheet.values) for sheet in openpyxl.load_workbook(file)}
    head = ("户号", "户数")
    assert sheets == {
        "清单": [head, ("=0", 0), ("=1", 1)],
        "清单 (2)": [head, ("=2", 2), ("=3", 3)],
        "清单 (3)": [head, ("=4", 4)],
        "其余": [("户号",)],
    }
