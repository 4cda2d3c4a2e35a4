"""`yk manual`: list, show, search, lint, export."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from manuals import copied

from yk.text import cell_len

from .conftest import Yk

LISTED = [
    "code",
    "title",
    "printed_title",
    "flow",
    "flow_name",
    "seq",
    "archetype",
    "roles",
    "sections",
    "risks",
    "controls",
]


def test_list_has_339_rows_with_the_contracts_keys(yk: Yk) -> None:
    rows = yk("manual", "list", "--json").json
    assert len(rows) == 339
    assert all(set(LISTED) <= set(row) for row in rows)
    assert (rows[0]["code"], rows[-1]["code"]) == ("YXZY-YY-144", "YXZY-YY-482")


@pytest.mark.parametrize("word", ["rename", "更名", "gm", "334"])
def test_list_of_one_flow(yk: Yk, word: str) -> None:
    rows = yk("manual", "list", "--flow", word, "--json").json
    assert [row["code"][-3:] for row in rows] == ["334", "335", "336", "337", "338"]
    assert all(row["sections"] and row["risks"] and row["controls"] for row in rows)


def test_list_of_one_archetype_and_of_what_is_written(yk: Yk) -> None:
    rows = yk("manual", "list", "--archetype", "follow_up", "--json").json
    assert {row["archetype"] for row in rows} == {"follow_up"}
    written = yk("manual", "list", "--archetype", "follow_up", "--written", "--json").json
    assert "YXZY-YY-337" in [row["code"] for row in written]
    assert all(row["sections"] for row in written)


def test_list_for_people(yk: Yk) -> None:
    lines = yk("manual", "list", "--flow", "更名").out.splitlines()
    assert lines[0].split() == ["作业项", "名称", "流程", "环节", "风险点", "预控措施"]
    assert lines[2].startswith("YXZY-YY-334  更名业务受理")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("manual", "list", "--flow", "更明"), "是不是想写 更名？"),
        (("manual", "list", "--archetype", "site_surve"), "是不是想写 site_survey？"),
        (("manual", "show", "999"), "144 到 482"),
        (("manual", "show", "更名业务受里"), "是不是想写 更名业务受理？"),
        (("manual", "shwo"), "是不是想写 show？"),
    ],
)
def test_unknown_words_are_exit_2_with_the_nearest(yk: Yk, words: tuple[str, ...], hint: str) -> None:
    result = yk(*words)
    assert result.code == 2
    assert result.out == ""
    assert hint in result.err


@pytest.mark.parametrize("code", ["334", "YXZY-YY-334", "yy334"])
def test_show_has_the_contracts_keys(yk: Yk, code: str) -> None:
    entry = yk("manual", "show", code, "--json").json
    assert (entry["code"], entry["title"]) == ("YXZY-YY-334", "更名业务受理")
    assert [section["no"] for section in entry["sections"]] == [1, 2, 3]
    for section in entry["sections"]:
        assert {"no", "name", "requirements", "procedure", "conduct", "risks"} <= set(section)
        for risk in section["risks"]:
            assert {"id", "text", "kind", "likelihood", "consequence", "origin", "controls"} <= set(risk)
            for control in risk["controls"]:
                assert {"id", "text", "kind", "required", "guard"} <= set(control)


def test_show_for_people_keeps_to_80_cells_and_tells_everything(yk: Yk) -> None:
    page = yk("manual", "show", "334").out
    assert all(cell_len(line) <= 80 for line in page.splitlines())
    for words in (
        "1 接待与甄别",
        "作业要求",
        "作业内容及步骤",
        "行为规范",
        "风险点与预控措施",
        "〔推定〕",
        "〔手册 ZJ 144(1)〕",
        "〔法规 ",
        "高风险（可能性 3，后果 4），业务",
        "〔系统，必须〕",
        "系统判断：本户无欠费（no_arrears）",
        "问：",
        "凭证：",
    ):
        assert words in page
    assert not [line for line in page.splitlines() if line.strip() == "〕"]


def test_show_follows_the_width_of_a_terminal(yk: Yk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    page = yk("manual", "show", "334", "--no-color", tty=True).out
    assert max(cell_len(line) for line in page.splitlines()) <= 60
    assert "\x1b" not in page
    assert "\x1b[1m" in yk("manual", "show", "334", tty=True).out


def test_show_as_markdown(yk: Yk) -> None:
    page = yk("manual", "show", "334", "--format", "md").out
    assert page.startswith("### YXZY-YY-334 更名业务受理\n")
    assert "| R1.C1 |" in page


def test_an_entry_that_is_not_written_says_so(yk: Yk) -> None:
    rows = yk("manual", "list", "--json").json
    unwritten = [row["code"] for row in rows if not row["written"]]
    if not unwritten:
        pytest.skip("everything is written")
    result = yk("manual", "show", unwritten[0], "--json")
    assert (result.code, result.json["error"]["code"]) == (2, "entry_not_written")


def test_search_is_ranked_with_the_contracts_keys(yk: Yk) -> None:
    found = yk("manual", "search", "更名", "--json").json
    assert all({"code", "title", "where", "text"} <= set(one) for one in found)
    assert [one["code"][-3:] for one in found[:5]] == ["334", "335", "336", "337", "338"]
    assert yk("manual", "search", "gm", "--json").json[0]["code"] == "YXZY-YY-334"
    assert yk("manual", "search", "334", "--json").json[0]["code"] == "YXZY-YY-334"
    assert {one["code"] for one in yk("manual", "search", "334", "欠费", "--json").json} == {"YXZY-YY-334"}


def test_search_for_people(yk: Yk) -> None:
    page = yk("manual", "search", "欠费")
    assert all(cell_len(line) <= 80 for line in page.out.splitlines())
    assert "YXZY-YY-334 更名业务受理  1 接待与甄别：风险点" in page.out
    limited = yk("manual", "search", "客户", "--limit", "2")
    assert limited.out.count("YXZY-YY-") <= 4
    assert "只列出前 2 条" in limited.err


def test_search_that_finds_nothing(yk: Yk) -> None:
    result = yk("manual", "search", "更明")
    assert (result.code, result.out) == (0, "")
    assert "是不是想找 更名？" in result.err
    assert yk("manual", "search", "更明", "--json").json == []
    assert yk("manual", "search").code == 2


def test_lint_of_the_program(yk: Yk) -> None:
    result = yk("manual", "lint", "--json")
    assert result.code == 0
    assert set(result.json) == {"entries", "problems", "specific"}
    assert result.json["problems"] == []
    assert result.json["specific"]["entries_with_own_content"] == result.json["entries"]
    assert "没有问题" in yk("manual", "lint").err


def test_lint_with_problems_is_exit_1(yk: Yk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = copied(tmp_path, monkeypatch).edit("entries/rename.yaml", "就不是更名,", "就不是更名。,")
    result = yk("manual", "lint", "--json")
    assert result.code == 1
    problem = result.json["problems"][0]
    assert set(problem) == {"file", "line", "code", "message"}
    assert (problem["file"], problem["line"], problem["code"]) == (
        "entries/rename.yaml",
        line,
        "trailing_stop",
    )
    people = yk("manual", "lint")
    assert people.code == 1
    assert people.out.startswith(f"entries/rename.yaml:{line} trailing_stop ")
    assert "发现 1 个问题" in people.err
    assert yk("manual", "lint", "--format", "csv").out.startswith("file,line,code,message\n")


@pytest.mark.parametrize("kind", ["md", "html", "xlsx"])
def test_export_writes_a_file(yk: Yk, tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"书.{kind}"
    result = yk("manual", "export", "--to", kind, "-o", str(file), "--json")
    assert result.code == 0
    assert result.json == {"file": str(file), "to": kind, "bytes": file.stat().st_size}
    assert file.read_bytes().startswith({"md": b"# ", "html": b"<!DOCTYPE html>", "xlsx": b"PK"}[kind])


def test_export_to_stdout_is_the_same(yk: Yk, tmp_path: Path) -> None:
    file = tmp_path / "book.md"
    yk("manual", "export", "--to", "md", "-o", str(file))
    assert yk("manual", "export", "--to", "md").out.encode() == file.read_bytes()
    assert yk("manual", "export", "--to", "xlsx").code == 2


def test_export_where_nothing_can_be_written_is_exit_3(yk: Yk, tmp_path: Path) -> None:
    result = yk("manual", "export", "--to", "md", "-o", str(tmp_path / "none" / "book.md"))
    assert result.code == 3
    assert "写不进 " in result.err


def test_export_without_openpyxl_is_exit_2(yk: Yk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    result = yk("manual", "export", "--to", "xlsx", "-o", str(tmp_path / "book.xlsx"), "--json")
    assert result.code == 2
    assert json.loads(result.out)["error"]["code"] == "xlsx_missing"
    assert not (tmp_path / "book.xlsx").exists()


def test_entry_numbers_are_completed() -> None:
    import click

    from yk.cli.manual import _complete_code

    offered = _complete_code(click.Context(click.Command("x")), click.Argument(["code"]), "33")
    assert [item.value for item in offered][:2] == ["330", "331"]
    assert ("334", "更名业务受理") in [(item.value, item.help) for item in offered]
