"""The manual as a book: Markdown, a page that needs nothing else, a workbook without formulas."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from manuals import Manual, copied

from yk.errors import UsageError
from yk.flows.book import KINDS, book
from yk.flows.book.chapters import SECTION_COLUMNS, chapters
from yk.flows.catalogue import catalogue
from yk.flows.entries import STATEMENTS, entries_of

WHOLE = "更名只换叫法，地址、容量、类别和产权原封不动；有一样在动，就不是更名"
HOSTILE = "=1+1<script>|*_`甲"


@pytest.fixture
def manual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Manual:
    return copied(tmp_path, monkeypatch)


def texts() -> list[str]:
    """Every statement, risk and control of 更名."""
    found = []
    for entry in entries_of("rename").values():
        for section in entry["sections"]:
            found += [item["text"] for kind in STATEMENTS for item in section[kind]]
            for risk in section["risks"]:
                found += [risk["text"], *(control["text"] for control in risk["controls"])]
    return found


class Page(HTMLParser):
    """The text of a page, its tags, and everything it fetches."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.words += data


def test_every_chapter_of_the_contents_is_there_in_order() -> None:
    parts = chapters()
    assert len(parts) == 46
    assert sum(len(part.listings) for part in parts) == 339
    assert [part.codes for part in parts if part.flow in ("rename", "application_confirmation")] == [
        "YXZY-YY-144",
        "YXZY-YY-334 至 338",
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_everything_written_is_in_the_book(kind: str) -> None:
    made = book(kind)
    if kind == "xlsx":
        workbook = openpyxl.load_workbook(BytesIO(made))
        words = "\n".join(str(cell.value) for sheet in workbook for row in sheet.iter_rows() for cell in row)
    else:
        words = Page(made.decode()).words if kind == "html" else made.decode().replace("\\", "")
    assert [text for text in texts() if text not in words] == []
    for listing in catalogue().values():
        if kind == "xlsx" or listing.flow == "rename":
            assert listing.title in words
    assert "〔推定〕" in words
    assert "〔手册 ZJ 145(1)〕" in words


def test_the_page_needs_nothing_else_and_has_the_six_columns() -> None:
    content = book("html").decode()
    page = Page(content)
    assert all(link.startswith(("#", "data:image/svg+xml;base64,")) for link in page.links)
    assert not {"script", "link", "iframe"} & set(page.tags)
    assert all(f"<th>{name}</th>" in content for name in SECTION_COLUMNS)
    assert "@page" in content
    assert 'lang="zh-CN"' in content
    assert 'id="YXZY-YY-334.1.R3.C2"' in content
    targets = [link[1:] for link in page.links if link.startswith("#")]
    assert all(f'id="{target}"' in content for target in targets)


def test_the_map_of_every_defined_flow_is_in_the_book() -> None:
    """HBK-002."""
    assert "┌" in book("md").decode()
    assert "data:image/svg+xml;base64," in book("html").decode()


def test_words_stay_words(manual: Manual) -> None:
    manual.edit("entries/rename.yaml", "更名只换叫法", HOSTILE)
    assert "<script>" not in book("html").decode()
    assert HOSTILE in Page(book("html").decode()).words
    markdown = book("md").decode()
    assert "=1+1\\<script\\>\\|\\*\\_\\`甲" in markdown
    for line in markdown.splitlines():
        if line.startswith("| R"):
            assert len(re.findall(r"(?<!\\)\|", line)) == 7


def test_cells_are_never_formulas(manual: Manual) -> None:
    manual.edit("entries/rename.yaml", WHOLE, "'=1+1'")
    workbook = openpyxl.load_workbook(BytesIO(book("xlsx")))
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value == "=1+1"] == ["s"]
    assert "f" not in {cell.data_type for cell in cells}


def test_the_workbook_lists_all_entries_and_every_control() -> None:
    workbook = openpyxl.load_workbook(BytesIO(book("xlsx")))
    assert workbook.sheetnames == ["目录", "作业内容", "风险与预控", "说明"]
    assert workbook["目录"].max_row == 340
    ids = [row[0].value for row in workbook["风险与预控"].iter_rows(min_row=2)]
    assert len(ids) == len(set(ids))
    assert "YXZY-YY-338.3.R1.C2" in ids


def test_without_openpyxl_the_workbook_is_refused_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(UsageError) as caught:
        book("xlsx")
    assert caught.value.code == "xlsx_missing"
    assert "pip install" in caught.value.hint
