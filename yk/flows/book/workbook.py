"""The book as a workbook: the contents, every statement, every risk with its controls. Cells are values, never formulas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

from yk.archive.workbooks import Row, Workbook
from yk.flows.book.chapters import NOTES, SECTION_COLUMNS, Chapter, asked, duty, level, misprint
from yk.flows.entries import STATEMENTS
from yk.flows.origins import origin_mark

_CONTENTS = (
    ("作业项", 14),
    ("名称", 34),
    ("流程", 20),
    ("环节序号", 10),
    ("角色", 22),
    ("页码", 8),
    ("说明", 40),
)
_STATEMENTS = (
    ("作业项", 14),
    ("名称", 26),
    ("作业环节", 18),
    ("栏目", 16),
    ("序号", 8),
    ("内容", 70),
    ("出处", 30),
)
_RISKS = (
    ("编号", 24), ("名称", 26), ("作业环节", 18), ("风险点", 46), ("类别", 8), ("可能性", 8), ("后果", 8), ("等级", 8),
    ("出处", 26), ("预控措施", 50), ("性质", 8), ("必须", 8), ("检查", 46), ("凭证", 24),
)  # fmt: skip


def made(parts: list[Chapter]) -> bytes:
    """The file's content. Raises UsageError (`xlsx_missing`)."""
    file = BytesIO()
    with Workbook("改用 --to html") as book:
        book.add_sheet("目录", _CONTENTS, _contents(parts))
        book.add_sheet("作业内容", _STATEMENTS, _statements(parts))
        book.add_sheet("风险与预控", _RISKS, _risks(parts))
        book.add_sheet("说明", (("说明", 110),), ([note] for note in NOTES))
        book.save(file)
    return file.getvalue()


def _contents(parts: Iterable[Chapter]) -> Iterator[Row]:
    for part in parts:
        for item in part.listings:
            entry = part.entries.get(item.code)
            notes = "；".join(note for note in (misprint(item), "" if entry else "未编写") if note)
            yield item.code, item.title, part.name, item.seq, duty(entry) if entry else "", item.page, notes


def _statements(parts: Iterable[Chapter]) -> Iterator[Row]:
    names = dict(zip(STATEMENTS, SECTION_COLUMNS[1:4], strict=True))
    for entry, section in _sections(parts):
        place = (entry["code"], entry["title"], f"{section['no']} {section['name']}")
        for kind, name in names.items():
            for number, item in enumerate(section[kind], start=1):
                yield *place, name, number, item["text"], origin_mark(item)


def _risks(parts: Iterable[Chapter]) -> Iterator[Row]:
    for entry, section in _sections(parts):
        for risk in section["risks"]:
            grade = (risk["kind"], risk["likelihood"], risk["consequence"], level(risk), origin_mark(risk))
            for control in risk["controls"]:
                must = "是" if control["required"] else "否"
                measure = (
                    control["text"],
                    control["kind"],
                    must,
                    asked(control),
                    "、".join(control["evidence"]),
                )
                place = (control["id"], entry["title"], f"{section['no']} {section['name']}", risk["text"])
                yield *place, *grade, *measure


def _sections(parts: Iterable[Chapter]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for part in parts:
        for entry in part.entries.values():
            for section in entry["sections"]:
                yield entry, section
