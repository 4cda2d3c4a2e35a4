"""`yk case`: dry runs that leave nothing, runs to a goal, changed records, several clerks at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .conftest import Result, Yk

CASE = "012611230001"
PERSONAL = ("91990001000000000K", "13800001111", "19900000001")


@pytest.fixture
def opened(demo: Yk) -> Yk:
    """A store with one work order at its first step, its form half filled."""
    words = ["--set", "new_name=示范新里电气有限公司", "--set", "mobile=13800001111"]
    assert demo("case", "open", "更名", "--customer", "1016000001", *words).code == 0
    return demo


def dump(yk: Yk) -> Any:
    """All that is in the store."""
    assert yk("store", "dump", "dump.json").code == 0
    content = json.loads(Path("dump.json").read_text(encoding="utf-8"))
    Path("dump.json").unlink()
    return content


# -- dry runs ------------------------------------------------------------------------------------------

WRITES: list[list[str]] = [
    ["init", "--force", "--demo"],
    ["operator", "add", "li01", "--name", "李示范", "--role", "approver"],
    ["operator", "add", "trainer", "--name", "李示范", "--role", "approver"],
    ["customer", "import", "customer.csv"],
    ["case", "open", "更名", "--customer", "1016000008"],
    ["case", "set", CASE, "contact_name=安知行"],
    ["case", "attach", CASE, "M03"],
    ["case", "attach", CASE, "M01", "--defer", "2026-12-01"],
    ["case", "confirm", CASE, "--all"],
    ["case", "confirm", CASE, "3.R1.C2", "--na", "--reason", "全电子"],
    ["case", "suspend", CASE, "--reason", "等件"],
    ["case", "stop", CASE, "--reason", "撤单"],
    ["case", "run", CASE, "--confirm-all", "--fill"],
    ["case", "run", "更名", "--customer", "1016000008", "--confirm-all", "--fill"],
]


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("words", WRITES, ids=" ".join)
def test_a_dry_run_says_what_would_be_and_writes_nothing(opened: Yk, words: list[str], as_json: bool) -> None:
    Path("customer.csv").write_text("cons_no,cons_name\n1016000001,示范甲\n", encoding="utf-8")
    before = dump(opened)
    result = opened(*words, "--dry-run", *(["--json"] if as_json else []))
    assert result.code == 0
    assert dump(opened) == before
    if as_json:
        assert result.json["dry_run"] is True
    else:
        assert "（试算，未写入）" in result.out + result.err


def at_contract(yk: Yk) -> None:
    assert yk("case", "run", CASE, "--until", "合同变更", "--confirm-all", "--fill").code == 0


@pytest.mark.parametrize(
    "words",
    [
        ["send", CASE, "--operator", "acceptance_clerk"],
        ["return", CASE, "--to", "业务受理", "--reason", "退"],
        ["resume", CASE, "--reason", "好了"],
        ["sweep", "--now", "2026-12-20"],
    ],
    ids=lambda words: words[0],
)
def test_a_dry_move_writes_nothing(opened: Yk, words: list[str]) -> None:
    if words[0] == "return":
        at_contract(opened)
    elif words[0] == "resume":
        opened("case", "suspend", CASE, "--reason", "等件")
    elif words[0] == "sweep":
        opened("case", "attach", CASE, "M01", "--defer", "2026-11-24")
    else:
        opened(
            "case",
            "set",
            CASE,
            "new_cert_name=示范新里电气有限公司",
            "contact_name=安",
            "contact_addr=路",
            "seal=01",
        )
        for material in ("M01", "M03", "M31"):
            opened("case", "attach", CASE, material)
        opened("case", "confirm", CASE, "--all")
    before = dump(opened)
    result = opened("case", *words, "--dry-run")
    assert result.code == 0
    assert result.out.startswith("（试算，未写入）工单 012611230001")
    assert dump(opened) == before
    assert opened("case", *words).code == 0
    assert dump(opened) != before


def test_a_dry_run_shows_the_archive_changes_masked(opened: Yk) -> None:
    words = ["case", "run", CASE, "--confirm-all", "--fill", "--dry-run"]
    people = opened(*words).out
    assert "用户名称 城东竹川测试电气有限公司 → 示范新里电气有限公司" in people
    assert "客户状态 正常用电客户 → 当前变更客户" in people
    changes = opened(*words, "--json").json["changes"]
    assert {change["entity"] for change in changes} >= {"customer", "former_name", "contact"}
    assert not [number for number in PERSONAL if number in people + json.dumps(changes)]


# -- runs --------------------------------------------------------------------------------------------------


def test_a_run_stops_where_the_flow_skips_its_goal(demo: Yk) -> None:
    words = [
        "--set",
        "是否变更合同=否",
        "--set",
        "不变更合同理由=无合同",
        "--confirm-all",
        "--fill",
        "--json",
    ]
    answer = demo("case", "run", "更名", "--customer", "1016000001", "--until", "合同变更", *words).json
    assert [place["step"] for place in answer["at"]] == ["data_archiving"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--until", "业务受理"], "step_passed"),
        (["--set", "new_name=x"], "field_not_here"),
        (["--set", "nothing=x"], "unknown_field"),
    ],
)
def test_a_run_does_not_go_back(opened: Yk, words: list[str], code: str) -> None:
    at_contract(opened)
    before = dump(opened)
    result = opened("case", "run", CASE, *words, "--confirm-all", "--fill", "--json")
    assert (result.code, result.json["error"]["code"]) == (2, code)
    assert dump(opened) == before


def test_a_refused_run_tells_where_it_stands(demo: Yk) -> None:
    result = demo("case", "run", "更名", "--customer", "1016000002", "--confirm-all", "--fill")
    assert result.code == 4
    assert result.err.startswith(f"工单 {CASE} 停在“业务受理”，这次办了 0 个环节\n✗ 本户 1016000002 欠费")
    assert demo("case", "list", "--json").json[0]["case"] == CASE


def test_an_ended_order_is_run_no_further(demo: Yk) -> None:
    demo("case", "run", "更名", "--customer", "1016000001", "--confirm-all", "--fill")
    result = demo("case", "run", CASE)
    assert (result.code, result.err) == (4, f"✗ 工单 {CASE} 已归档，不能再办理\n")


# -- damage and company ----------------------------------------------------------------------------------------


def test_a_changed_record_is_found(opened: Yk) -> None:
    assert opened("store", "dump", "a.json").code == 0
    content = Path("a.json").read_text(encoding="utf-8")
    Path("a.json").write_text(content.replace('"event":"open"', '"event":"set"'), encoding="utf-8")
    assert opened("store", "load", "a.json", "--yes").code == 0
    people, scripts = opened("case", "verify", CASE), opened("case", "verify", CASE, "--json")
    assert (people.code, scripts.code) == (3, 3)
    assert people.out == f"✗ 工单 {CASE} 第 1 条记录的内容被改动过\n"
    assert scripts.json == {
        "case": CASE,
        "whole": False,
        "problems": [f"工单 {CASE} 第 1 条记录的内容被改动过"],
    }


def several(*lines: list[str]) -> list[Result]:
    """Run command lines at once, each in a process of its own."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "yk", *line],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        )
        for line in lines
    ]
    done = [process.communicate() for process in started]
    return [
        Result(p.returncode, out.decode(), err.decode()) for p, (out, err) in zip(started, done, strict=True)
    ]


def test_of_several_processes_on_one_customer_one_wins(demo: Yk) -> None:
    results = several(*[["case", "open", "更名", "--customer", "1016000001"]] * 4)
    assert sorted(result.code for result in results) == [0, 4, 4, 4]
    assert all("还有在途工单" in result.err for result in results if result.code)
    assert demo("store", "check").code == 0


def test_several_processes_lose_nothing(demo: Yk) -> None:
    customers = [
        row["cons_no"] for row in demo("customer", "list", "--where", "客户状态=0", "--json").json[:4]
    ]
    results = several(*(["case", "open", "更名", "--customer", number, "--json"] for number in customers))
    assert {result.code for result in results} == {0}
    assert sorted(result.json["case"] for result in results) == [f"01261123000{n}" for n in range(1, 5)]
    assert len(demo("case", "list", "--json").json) == 4
    assert demo("store", "check").code == 0
