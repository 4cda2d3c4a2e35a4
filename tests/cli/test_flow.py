"""`yk flow` and `yk material`."""

from __future__ import annotations

from pathlib import Path

import pytest
from world import World

from yk.archive.opening import open_store
from yk.flows import definition, flow
from yk.flows.explore import Behaviour
from yk.store.maintenance import copy
from yk.text import cell_len

from .conftest import Yk


def test_list_has_the_contracts_keys(yk: Yk) -> None:
    rows = yk("flow", "list", "--json").json
    rename = next(row for row in rows if row["id"] == "rename")
    assert {"id", "name", "category", "entries", "steps", "source", "digest"} <= set(rename)
    assert (rename["name"], rename["steps"], len(rename["entries"])) == ("更名", 5, 5)
    assert "更名" in yk("flow", "list").out


@pytest.mark.parametrize("word", ["rename", "更名", "334", "YXZY-YY-336", "gm", "GM"])
def test_show_takes_id_name_entry_or_initials(yk: Yk, word: str) -> None:
    assert yk("flow", "show", word, "--json").json["id"] == "rename"


def test_show_has_the_contracts_keys(yk: Yk) -> None:
    shown = yk("flow", "show", "更名", "--json").json
    keys = {"id", "entry", "title", "role", "guards", "controls", "limit", "next", "back"}
    assert all(keys <= set(step) for step in shown["steps"])
    first, second = shown["steps"][:2]
    assert (first["entry"], first["title"], first["role"]) == (
        "YXZY-YY-334",
        "更名业务受理",
        "acceptance_clerk",
    )
    assert [(way["to"], way["when"]) for way in first["next"]] == [
        ("contract_change", "contract_change_needed"),
        ("data_archiving", None),
    ]
    assert second["back"] == ["acceptance"]
    assert first["limit"]["working_days"] == 1
    assert {"YXZY-YY-334.1.R3.C1"} <= {control["id"] for control in first["controls"]}


def test_show_for_people_keeps_to_80_cells(yk: Yk) -> None:
    page = yk("flow", "show", "更名").out
    assert all(cell_len(line) <= 80 for line in page.splitlines())
    for words in (
        "更名（rename）",
        "业务受理人员",
        "1 个工作日",
        "若需要变更供用电合同，合同变更",
        "可退回",
        "材料",
        "M31",
    ):
        assert words in page


@pytest.mark.parametrize("command", ["show", "map", "check"])
def test_an_unknown_flow_is_exit_2_with_the_nearest(yk: Yk, command: str) -> None:
    result = yk("flow", command, "更明", "--json")
    assert result.code == 2
    assert result.json["error"]["hint"] == "是不是想写 更名？"


@pytest.mark.parametrize(
    ("kind", "opening"),
    [("text", "更名  作业项"), ("mermaid", "---\n"), ("dot", 'digraph "rename" {'), ("svg", "<svg ")],
)
def test_map_draws_every_kind_and_writes_files(yk: Yk, tmp_path: Path, kind: str, opening: str) -> None:
    drawing = yk("flow", "map", "更名", "--to", kind)
    assert drawing.code == 0
    assert drawing.out.startswith(opening)
    file = tmp_path / "map"
    assert yk("flow", "map", "更名", "--to", kind, "-o", str(file)).out == ""
    assert file.read_text(encoding="utf-8") == drawing.out
    shown = yk("flow", "map", "更名", "--to", kind, "--json").json
    assert shown == {"flow": "rename", "case": None, "to": kind, "diagram": drawing.out}


def test_map_shows_where_a_work_order_is(yk: Yk, tmp_path: Path) -> None:
    """SCR-028."""
    url, case = order_at_contract_change(tmp_path)
    drawing = yk("flow", "map", "更名", "--case", case, "--store", url).out
    assert drawing.startswith(f"更名，工单 {case}")
    for words in ("✓ 业务受理", "❯ 合同变更", "☐ 信息归档", "已办 1 个环节，当前：合同变更"):
        assert words in drawing
    assert yk("flow", "map", "--case", case, "--store", url).out == drawing
    assert (
        "class s_contract_change current"
        in yk("flow", "map", "--case", case, "--to", "mermaid", "--store", url).out
    )


def test_map_of_an_order_that_is_not_there_or_of_another_flow(
    yk: Yk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, case = order_at_contract_change(tmp_path)
    assert yk("flow", "map", "更名", "--case", "1", "--store", url).code == 2
    assert yk("flow", "map").code == 2
    assert yk("flow", "map", "更名", "--case", "1", "--store", str(tmp_path / "none.db")).code == 3
    monkeypatch.setattr(flow, "find", lambda word: _other())
    result = yk("flow", "map", "过户", "--case", case, "--store", url, "--json")
    assert (result.code, result.json["error"]["code"]) == (2, "other_flow")


def _other() -> flow.Flow:
    return flow.Flow({**flow.load("rename").doc, "id": "other", "name": "过户"})


def order_at_contract_change(folder: Path) -> tuple[str, str]:
    """A store with a work order of 更名 that has left its first step; its address and the order's number."""
    world = World()
    case = world.at("contract_change").case
    url = str(folder / "a.db")
    target = open_store(url, create=True)
    with target.transaction():
        copy(world.store, target)
    target.close()
    return url, case


def test_check_explores_every_flow(yk: Yk) -> None:
    result = yk("flow", "check", "--json")
    assert result.code == 0
    assert [row["flow"] for row in result.json] == list(flow.flow_ids())
    keys = {"flow", "configurations", "rows", "dead_ends", "never_left", "bypasses"}
    assert all(keys <= set(row) for row in result.json)
    one = yk("flow", "check", "更名", "rename")
    assert one.code == 0
    assert "查了 1 个流程，没有问题" in one.err


def test_check_of_a_bad_flow_is_exit_1(yk: Yk, monkeypatch: pytest.MonkeyPatch) -> None:
    from yk.flows import views

    bad = Behaviour("rename", ("acceptance",), dead_ends=["contract_change"])
    monkeypatch.setattr(views, "explore", lambda flow: bad)
    result = yk("flow", "check", "更名", "--json")
    assert result.code == 1
    assert result.json[0]["dead_ends"] == ["contract_change"]
    assert "有问题的流程：更名" in result.err


def test_materials_of_a_flow_and_what_is_forbidden(yk: Yk) -> None:
    rows = yk("material", "list", "--flow", "更名", "--json").json
    assert all({"code", "name", "flow", "required", "deferrable_until", "basis"} <= set(row) for row in rows)
    by_code = {row["code"]: row for row in rows if row["code"]}
    assert by_code["M31"]["required"] is True
    assert by_code["M01"]["deferrable_until"] == "data_archiving"
    assert by_code["M02"]["required_when"] == "person_customer"
    assert [row["name"] for row in rows if row["forbidden"]] == ["社区用电证明", "设备采购意向书"]
    assert all(row["basis"] for row in rows)


def test_materials_for_people(yk: Yk) -> None:
    lines = yk("material", "list").out.splitlines()
    assert lines[0].split() == ["编号", "材料", "流程", "要求", "可容缺到", "依据"]
    text = "\n".join(lines)
    for words in ("客户是个人时必收", "禁止收取", "信息归档"):
        assert words in text
    assert yk("material", "list", "--flow", "更明").code == 2


def test_a_broken_definition_is_exit_2_with_file_and_line(
    yk: Yk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (definition.FOLDER / "rename.yaml").read_text(encoding="utf-8")
    (tmp_path / "rename.yaml").write_text(
        text.replace("entry: YXZY-YY-336", "entry: YXZY-YY-999", 1), encoding="utf-8"
    )
    monkeypatch.setattr(flow, "FOLDER", tmp_path)
    cached = (flow.flow_ids, flow.load, flow.find)
    for one in cached:
        one.cache_clear()
    try:
        result = yk("flow", "show", "更名", "--json")
    finally:
        for one in cached:
            one.cache_clear()
    assert result.code == 2
    assert "definitions/rename.yaml 第 " in result.json["error"]["message"]
    assert "144" in result.json["error"]["hint"]
