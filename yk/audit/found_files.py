"""Lists of findings as files: a CSV file or a workbook for people, JSON lines for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any

from yk.archive.dictionary import entities
from yk.archive.exporting import quoted
from yk.archive.workbooks import Workbook
from yk.audit.rules import SEVERITIES
from yk.errors import UsageError
from yk.files import atomic_writer

Data = Mapping[str, Any]
COLUMNS = (
    ("规则号", 8), ("规则", 40), ("用户编号", 14), ("记录", 24), ("值", 60), ("责任单位", 14), ("专业", 16),
    ("中心", 14), ("级别", 6), ("原因", 40), ("怎么改", 40),
)  # fmt: skip
"""The columns of a list and how wide they are in a workbook."""


SUFFIXES = (".csv", ".jsonl", ".xlsx")
"""The kinds of files."""


def write_findings(findings: Iterable[Data], path: Path) -> int:
    """Write findings (those of `found_in`, or of `looking.findings`) to a file of its suffix's kind; how many.

    What a spreadsheet would take for a formula becomes a text. Raises UsageError (`unknown_format`, `xlsx_missing`),
    UnreadableError (`cannot_write`); the old file then stands.
    """
    writers = dict(zip(SUFFIXES, (_csv, _jsonl, _xlsx), strict=True))
    if (writer := writers.get(path.suffix.lower())) is None:
        hint = f"问题清单写成 {'、'.join(SUFFIXES)}"
        raise UsageError("unknown_format", f"不认识的文件格式：{path}", hint)
    listed = list(findings)
    with atomic_writer(path) as file:
        writer(listed, file)
    return len(listed)


def _line(one: Data) -> list[str]:
    return [
        one["rule"], one["name"], one["cons_no"], f"{entities()[one['entity']].zh} {one['entity_id']}", one["said"],
        one["unit"], one["division"], one["centre"], SEVERITIES[one["severity"]], one["cause"], one["fix"],
    ]  # fmt: skip


def _csv(findings: list[Data], file: IO[bytes]) -> None:
    """Marked UTF-8, so that spreadsheets open it rightly."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(name for name, _ in COLUMNS)
    writer.writerows([quoted(value, is_text=True) for value in _line(one)] for one in findings)
    text.flush()
    text.detach()


def _jsonl(findings: list[Data], file: IO[bytes]) -> None:
    file.writelines(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in findings)


def _xlsx(findings: list[Data], file: IO[bytes]) -> None:
    with Workbook("写成 .csv") as book:
        book.add_sheet("问题清单", COLUMNS, map(_line, findings))
        book.save(file)
