"""`yk audit`: rules, runs with their exit codes, findings."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Yk

ACCOUNT = "1016000012"


def spoil(yk: Yk, home: Path, run_cap: float) -> None:
    """An account whose running capacity is more than the contract's."""
    (home / "customer.csv").write_text(f"cons_no,run_cap\n{ACCOUNT},{run_cap}\n", encoding="utf-8")
    assert yk("customer", "import", str(home / "customer.csv")).code == 0


def test_the_rules_are_listed_by_list(yk: Yk) -> None:
    rules = yk("audit", "rules", "--json").json
    assert len(rules) == 130
    assert rules[0].keys() >= {
        "id",
        "list",
        "rule_no",
        "name",
        "entity",
        "severity",
        "division",
        "centre",
        "sql",
    }
    assert len(yk("audit", "rules", "--list", "大一", "--json").json) == 30


def test_a_clean_archive_is_exit_0_and_a_defect_exit_6(demo: Yk, home: Path) -> None:
    clean = demo("audit", "run")
    assert clean.code == 0
    assert "130 条规则，130 条通过" in clean.out
    spoil(demo, home, 999)
    found = demo("audit", "run", "--json")
    assert found.code == 6
    assert found.json["findings"] == sum(one["count"] for one in found.json["by_rule"]) > 0
    assert "D:1.1.2" in [one["id"] for one in found.json["by_rule"]]
    assert demo("audit", "run", "--rule", "X:6.07").code == 0


def test_findings_are_told_with_values_and_what_to_do_and_stay_when_cleared(demo: Yk, home: Path) -> None:
    spoil(demo, home, 999)
    demo("audit", "run")
    (finding,) = demo("audit", "findings", "--rule", "D:1.1.2", "--json").json
    assert (finding["cons_no"], finding["state"]) == (ACCOUNT, "found")
    assert "运行容量 999" in finding["said"]
    spoil(demo, home, 1)
    demo("audit", "run", "--rule", "D:1.1.2")
    assert demo("audit", "findings", "--rule", "D:1.1.2", "--open", "--json").json == []
    assert demo("audit", "findings", "--rule", "D:1.1.2", "--json").json[0]["state"] == "cleared"
    assert "运行容量" in demo("audit", "findings").out


def test_a_trial_keeps_nothing(demo: Yk, home: Path) -> None:
    spoil(demo, home, 999)
    done = demo("audit", "run", "--dry-run")
    assert done.code == 6
    assert "没有记下" in done.err
    assert demo("audit", "findings", "--json").json == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "--rule", "X:9.99"], "没有 X:9.99 这条规则"),
        (["run", "--rule", "X:6.07", "--list", "dayi"], "只能选一个"),
        (["findings", "--run", "JH1"], "没有 JH1 这次稽核"),
        (["findings", "--centre", "客服"], "没有 客服 这个中心"),
    ],
)
def test_what_is_wrong_is_said_with_exit_2(demo: Yk, words: list[str], said: str) -> None:
    done = demo("audit", *words)
    assert done.code == 2
    assert said in done.err
