"""Lists of findings as files: the same lines in each form, and nothing in them that a spreadsheet would run."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import trials

from audit.sourcing import asked, written
from audit.spoiling import ACCOUNT, audited, found, set_field
from yk.archive.cells import opened_workbook
from yk.audit.found_files import COLUMNS, write_findings
from yk.audit.rules import find_rule
from yk.errors import UnreadableError, UsageError

Finding = dict[str, Any]


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    """What is found in files of two spoiled accounts."""
    desk = trials.fresh()
    set_field(desk, "run_cap", 999.0)
    path = written(desk, tmp_path_factory.mktemp("files"), "jsonl")
    return asked(desk, path, chosen=[find_rule("D:1.1.2"), find_rule("X:1.81")]).findings


def cells(path: Path) -> list[list[str]]:
    """The rows of a list."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
    with opened_workbook(path, data_only=False) as book:
        return [[str(cell) for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_line_says_whose_the_finding_is_what_is_wrong_and_what_to_do(
    findings: list[Finding], tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"list{suffix}"
    assert write_findings(findings, path) == 2
    header, first, _ = cells(path)
    assert header == [name for name, _ in COLUMNS]
    line = dict(zip(header, first, strict=True))
    rule = find_rule("D:1.1.2")
    assert (line["规则号"], line["用户编号"], line["记录"]) == (rule.id, ACCOUNT, f"用电客户 {ACCOUNT}")
    assert "运行容量 999" in line["值"]
    assert (line["责任单位"], line["专业"]) == (findings[0]["unit"], rule.division)
    assert (line["级别"], line["原因"], line["怎么改"]) == ("错误", rule.cause, rule.fix)


def test_json_lines_hold_everything(findings: list[Finding], tmp_path: Path) -> None:
    path = tmp_path / "list.jsonl"
    write_findings(findings, path)
    assert [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] == findings


def test_the_findings_of_a_store_are_written_alike(findings: list[Finding], tmp_path: Path) -> None:
    desk = trials.fresh()
    set_field(desk, "run_cap", 999.0)
    audited(desk)
    kept = [one for one in found(desk) if one["rule"] in ("D:1.1.2", "X:1.81")]
    write_findings(kept, tmp_path / "kept.csv")
    write_findings(findings, tmp_path / "files.csv")
    assert cells(tmp_path / "kept.csv") == cells(tmp_path / "files.csv")


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_no_cell_is_a_formula(findings: list[Finding], tmp_path: Path, formula: str) -> None:
    (one, *_) = findings
    spoiled = [one | {"said": formula}]
    write_findings(spoiled, tmp_path / "list.csv")
    assert cells(tmp_path / "list.csv")[1][4] == f"'{formula}"
    write_findings(spoiled, tmp_path / "list.xlsx")
    with opened_workbook(tmp_path / "list.xlsx", data_only=False) as book:
        row = next(book.worksheets[0].iter_rows(min_row=2))
    assert (row[4].value, row[4].data_type) == (formula, "s")


def test_another_format_is_refused_and_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        write_findings([], tmp_path / "list.pdf")
    with pytest.raises(UnreadableError):
        write_findings([], tmp_path / "nowhere" / "list.csv")
