"""`yk audit repair`: a batch modification from its dry run to the verdict, on the command line; `yk audit open`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .conftest import Result, Yk

RULE, ACCOUNT, OTHER = "D:1.1.2", "1016000012", "1016000013"
CHAIN = ("unit_corrector", "data_steward", "division_lead", "leading_group")


@pytest.fixture
def spoiled(demo: Yk, home: Path) -> Yk:
    """A demonstration store in which two accounts run more than they may, and that is known."""
    put(demo, home, f"{ACCOUNT},999\n{OTHER},999")
    demo("audit", "run", "--rule", RULE)
    return demo


def put(yk: Yk, home: Path, lines: str) -> None:
    """Write running capacities past the flow, as an import does."""
    (home / "customer.csv").write_text(f"cons_no,run_cap\n{lines}\n", encoding="utf-8")
    assert yk("customer", "import", str(home / "customer.csv")).code == 0


def run_cap(yk: Yk, account: str = ACCOUNT) -> float:
    return float(yk("customer", "show", account, "--json").json["run_cap"])


def repair(yk: Yk, *words: str, by: str = "unit_corrector") -> Result:
    return yk("audit", "repair", *words, "--operator", by)


def planned(yk: Yk, *words: str) -> dict[str, Any]:
    usual = ("--rule", RULE, "--set", "run_cap=5", "--reason", "录错", "--billing-note", "未影响电费")
    done = repair(yk, "plan", *(words or usual), "--json")
    assert done.code == 0, done.err
    answer: dict[str, Any] = done.json
    return answer


def signed(yk: Yk) -> str:
    number = str(planned(yk)["repair"])
    for operator in CHAIN:
        done = repair(yk, "approve", number, by=operator)
        assert done.code == 0, done.err
    return number


def test_a_dry_run_is_shown_and_kept_and_writes_nothing(spoiled: Yk) -> None:
    done = repair(spoiled, "plan", "--rule", RULE, "--set", "运行容量=5", "--reason", "录错")
    assert done.code == 0
    assert "运行容量 999 kVA → 5 kVA" in done.out
    assert "写入后消除" in done.out
    assert "须写计费影响说明" in done.out
    assert run_cap(spoiled) == 999
    (line,) = spoiled("audit", "repair", "list", "--json").json
    assert (line["state"], line["rows"], line["rule"]) == ("planned", 2, RULE)
    assert spoiled("audit", "findings", "--case", line["repair"], "--json").json


def test_the_answer_of_planning_is_for_scripts(spoiled: Yk) -> None:
    answer = planned(spoiled)
    assert answer.keys() >= {
        "repair", "case", "rule", "rows", "accounts", "skipped", "findings", "billing", "sha256", "cures", "breaks", "sample",
    }  # fmt: skip
    assert answer["cures"][0].keys() == {"rule", "name", "count"}
    assert len(answer["sha256"]) == 64


def test_a_trial_of_planning_keeps_nothing(spoiled: Yk) -> None:
    done = repair(spoiled, "plan", "--rule", RULE, "--set", "run_cap=5", "--reason", "录错", "--dry-run")
    assert (done.code, "未写入" in done.out) == (0, True)
    assert spoiled("audit", "repair", "list", "--json").json == []


def test_from_dry_run_to_verdict(spoiled: Yk) -> None:
    number = signed(spoiled)
    trial = repair(spoiled, "apply", number, "--dry-run", by="system_admin")
    assert (trial.code, "未写入" in trial.out) == (0, True)
    assert run_cap(spoiled) == 999
    done = repair(spoiled, "apply", number, "--yes", "--json", by="system_admin")
    assert (done.code, done.json["state"]) == (0, "applied")
    assert any("已消除" in told for told in done.json["told"])
    assert (run_cap(spoiled), run_cap(spoiled, OTHER)) == (5, 5)
    assert repair(spoiled, "verify", number, "--note", "抽查一致").code == 0
    page = spoiled("audit", "repair", "show", number).out
    assert "已核实" in page
    assert "未影响电费" in page
    assert "同意（leading_group）" in page


def test_executing_asks_first(spoiled: Yk) -> None:
    number = signed(spoiled)
    done = repair(spoiled, "apply", number, by="system_admin")
    assert (done.code, "2 行写入档案" in done.err) == (2, True)
    assert run_cap(spoiled) == 999


def test_an_approver_who_applied_is_refused_with_the_reason(spoiled: Yk) -> None:
    spoiled(
        "operator", "add", "both", "--name", "一人两岗", "--role", "unit_corrector", "--role", "data_steward"
    )
    number = str(planned(spoiled)["repair"])
    assert repair(spoiled, "approve", number, by="both").code == 0
    done = repair(spoiled, "approve", number, "--json", by="both")
    assert done.code == 4
    assert [reason["code"] for reason in done.json["refused"]] == ["duty_conflict"]


def test_rows_that_changed_after_approval_are_refused_and_planned_anew(spoiled: Yk, home: Path) -> None:
    number = signed(spoiled)
    put(spoiled, home, f"{ACCOUNT},998")
    done = repair(spoiled, "apply", number, "--yes", by="system_admin")
    assert done.code == 4
    assert "试算时是“999 kVA”，现在是“998 kVA”" in done.err
    assert "档案又变了" in spoiled("audit", "repair", "show", number).out
    assert repair(spoiled, "reject", number, "--reason", "档案变了", by="system_admin").code == 0
    again = repair(spoiled, "plan", "--again", number)
    assert "998 kVA → 5 kVA" in again.out
    for operator in CHAIN:
        assert repair(spoiled, "approve", number, by=operator).code == 0
    assert repair(spoiled, "apply", number, "--yes", by="system_admin").code == 0
    assert run_cap(spoiled) == 5


def test_taking_back_leaves_what_somebody_changed_since_with_exit_5(spoiled: Yk, home: Path) -> None:
    number = signed(spoiled)
    repair(spoiled, "apply", number, "--yes", by="system_admin")
    early = repair(spoiled, "undo", number, "--yes", by="system_admin")
    assert (early.code, "还在核实" in early.err) == (4, True)
    repair(spoiled, "verify", number, "--faulty", "--note", "改错了")
    put(spoiled, home, f"{ACCOUNT},6")
    done = repair(spoiled, "undo", number, "--yes", by="system_admin")
    assert (done.code, "已恢复 1 行" in done.out, "1 行执行以后又改过" in done.err) == (5, True, True)
    assert (run_cap(spoiled), run_cap(spoiled, OTHER)) == (6, 999)
    (left,) = spoiled("audit", "repair", "rows", number, "--status", "未恢复", "--json").json
    assert (left["entity_id"], left["now"]) == (ACCOUNT, "运行容量 6 kVA")
    assert "没有恢复的" in spoiled("audit", "repair", "show", number).out


def test_a_list_of_rows_is_planned_and_exported(spoiled: Yk, home: Path) -> None:
    (home / "门牌.csv").write_text(f"用户编号,用电地址\n{ACCOUNT},示范市甲路1号\n", encoding="gb18030")
    number = planned(spoiled, "--list", str(home / "门牌.csv"), "--reason", "门牌改编")["repair"]
    assert (
        spoiled("audit", "repair", "rows", number, "--format", "csv", "-o", str(home / "清单.csv")).code == 0
    )
    assert "示范市甲路1号" in (home / "清单.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(("words", "code", "said"), [
    (["plan", "--rule", RULE, "--set", "status=9", "--reason", "试"], 4, "不许批量修改"),
    (["plan", "--rule", RULE, "--set", "run_cap=五", "--reason", "试"], 2, "应是数字"),
    (["plan", "--rule", RULE, "--set", "run_cap=5"], 2, "写明原因"), (["plan", "--reason", "试"], 2, "没有指明改哪些"),
    (["plan", "--again", "012611230001", "--reason", "试"], 2, "--again"), (["show", "012611239999"], 2, "没有 012611239999"),
    (["plan", "--list", "没有.csv", "--reason", "试"], 3, "没有.csv"),
    (["approve", "012611239999"], 2, "没有 012611239999"), (["list", "--state", "没有"], 2, "不在可选值里"),
])  # fmt: skip
def test_what_is_wrong_is_said(spoiled: Yk, words: list[str], code: int, said: str) -> None:
    done = repair(spoiled, *words)
    assert done.code == code
    assert said in done.err
    assert "Traceback" not in done.err


def test_a_finding_opens_a_service_flow(spoiled: Yk) -> None:
    finding = f"{RULE}/customer/{ACCOUNT}"
    trial = spoiled("audit", "open", finding, "--dry-run", "--json")
    assert trial.code == 0
    assert spoiled("case", "list", "--json").json == []
    (order,) = spoiled("audit", "open", finding, "--json").json
    assert (order["flow"], order["customer"]) == ("archive_maintenance", ACCOUNT)
    assert order["case"] in {
        one["case"] for one in spoiled("audit", "findings", "--rule", RULE, "--json").json
    }
    assert spoiled("audit", "open", finding, "--flow", "批量修改数据").code == 2


def test_an_operator_of_a_unit_is_told_that_his_unit_is_meant(spoiled: Yk) -> None:
    add = ("operator", "add", "east", "--name", "城东", "--role", "unit_corrector", "--org", "99401")
    assert spoiled(*add).code == 0
    usual = ("plan", "--rule", RULE, "--set", "run_cap=5", "--reason", "录错", "--billing-note", "未影响")
    done = repair(spoiled, *usual, by="east")
    assert (done.code, "只取经办人所在单位 示范市城东供电分公司 的问题" in done.err) == (0, True)
    assert OTHER in done.out
    assert ACCOUNT not in done.out
