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
    assert demo("audit", "runs", "--json").json == []


def test_an_import_says_which_rules_its_rows_break_and_clears_what_it_mends(demo: Yk, home: Path) -> None:
    (home / "customer.csv").write_text(f"用户编号,运行容量\n{ACCOUNT},999\n", encoding="utf-8")
    done = demo("customer", "import", str(home / "customer.csv"))
    assert "第 2 行：违反 D:1.1.2" in done.err
    assert demo("audit", "findings", "--open", "--json").json[0]["rule"] == "D:1.1.2"
    (home / "customer.csv").write_text(f"用户编号,运行容量\n{ACCOUNT},12\n", encoding="utf-8")
    done = demo("customer", "import", str(home / "customer.csv"), "--json")
    assert (done.json["broken"], done.json["breaks"]) == (0, [])
    assert demo("audit", "findings", "--open", "--json").json == []


def test_the_loop_from_hand_to_hand(demo: Yk, home: Path) -> None:
    """Sent out, verified, said corrected while it is not; the whitelist by two persons; more days by two persons."""
    spoil(demo, home, 999)
    demo("audit", "run")
    finding = f"X:1.81/customer/{ACCOUNT}"
    assert len(demo("audit", "assign", "--rule", "X:1.81", "--operator", "data_group", "--json").json) == 2
    demo("audit", "verify", finding, "--note", "现场看过", "--operator", "unit_corrector")
    demo("audit", "correct", finding, "--operator", "unit_corrector")
    page = demo("audit", "show", finding).out
    assert [
        word for word in ("已派发", "已核实", "已订正", "合同管理", "客户服务中心") if word not in page
    ] == []
    asked = demo(
        "audit",
        "whitelist",
        "add",
        f"D:1.1.3/customer/{ACCOUNT}",
        "--until",
        "2027-03-01",
        "--reason",
        "特批",
        "--json",
    )
    own = demo("audit", "whitelist", "approve", asked.json["exemption"], "--json")
    assert (own.code, own.json["refused"][0]["code"]) == (4, "duty_conflict")
    assert (
        demo("audit", "whitelist", "approve", asked.json["exemption"], "--operator", "division_lead").code
        == 0
    )
    days = demo("audit", "extend", "add", finding, "--until", "2026-12-20", "--reason", "量大", "--json").json
    assert demo("audit", "extend", "approve", days["extension"]).code == 4
    assert demo("audit", "extend", "approve", days["extension"], "--operator", "data_steward").code == 0
    answer = demo("audit", "run", "--json")
    assert (answer.code, answer.json["findings"], answer.json["whitelisted"], answer.json["back"]) == (
        6,
        2,
        1,
        2,
    )
    assert len(demo("audit", "whitelist", "list", "--json").json) == len(
        demo("audit", "extend", "list", "--json").json
    )


def test_one_customer_and_the_months_run(demo: Yk, home: Path) -> None:
    spoil(demo, home, 999)
    assert demo("audit", "run", "--customer", "1016000013").code == 0
    assert demo("audit", "run", "--customer", ACCOUNT, "--json").json["kind"] == "partly"
    assert demo("audit", "run", "--monthly", "--operator", "cashier").code == 4
    assert demo("audit", "run", "--monthly", "--operator", "data_steward", "--json").json["kind"] == "monthly"
    assert [run["kind"] for run in demo("audit", "runs", "--json").json] == ["monthly", "partly", "partly"]


def test_files_are_audited_without_a_store_with_the_same_findings(demo: Yk, home: Path) -> None:
    spoil(demo, home, 999)
    demo("customer", "export", "-o", str(home / "all.jsonl"))
    stored = demo("audit", "run", "--json").json
    there = ("audit", "run", "--source", str(home / "all.jsonl"), "--store", f"sqlite:///{home}/none.db")
    answer = demo(*there, "--findings", str(home / "found.csv"), "--json")
    assert answer.code == 6
    assert answer.json["by_rule"] == stored["by_rule"]
    assert len((home / "found.csv").read_text(encoding="utf-8-sig").splitlines()) == 1 + stored["findings"]
    assert not (home / "none.db").exists()


def test_a_list_of_findings_is_written_for_the_units(demo: Yk, home: Path) -> None:
    spoil(demo, home, 999)
    done = demo("audit", "run", "--rule", "X:1.81", "--findings", str(home / "found.jsonl"))
    assert "1 个问题写到" in done.err
    (line,) = (home / "found.jsonl").read_text(encoding="utf-8").splitlines()
    assert "示范市城南供电分公司" in line


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--source", "不在.csv"], 3, "文件或文件夹不存在"),
        (["--source", "不在.csv", "--daily"], 2, "不能同时 --daily"),
        (["--engine", "duckdb"], 2, "要和 --source 一起用"),
        (["--findings", "a.pdf"], 2, "不认识的文件格式"),
        (["--findings", "a.csv", "--dry-run"], 2, "写不出清单"),
        (["--daily", "--monthly"], 2, "只能选一个"),
        (["--monthly", "--rule", "X:6.07"], 2, "月度核查查全部规则"),
        (["--monthly", "--list", "dayi"], 2, "月度核查查全部规则"),
        (["--monthly", "--customer", ACCOUNT], 2, "月度核查查全部规则"),
    ],
)
def test_options_that_do_not_go_together_are_told(demo: Yk, words: list[str], code: int, said: str) -> None:
    done = demo("audit", "run", *words)
    assert (done.code, said in done.err) == (code, True)


def test_owners_and_posts_are_told_and_changed(demo: Yk) -> None:
    assert len(demo("audit", "owner", "--json").json) == 130
    changed = demo("audit", "owner", "X:1.37", "--division", "业扩报装", "--json").json[0]
    assert (changed["division"], changed["changed"]) == ("业扩报装", "是")
    assert demo("audit", "owner", "--division", "业扩报装").code == 2
    assert demo("audit", "post", "set", "营销稽查专责", "data_steward", "--json").json["holders"] == [
        "data_steward"
    ]
    assert demo("audit", "post", "set", "营销稽查专责", "cashier").code == 4
    assert len(demo("audit", "post", "list", "--json").json) == 21


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


@pytest.mark.parametrize(("target", "code"), [("yk.db", 2), ("nodir/x.json", 3), (".", 3)])
@pytest.mark.parametrize(
    "words", [["run"], ["assign", "--rule", "D:1.1.2"], ["publish"], ["task", "open", "T5.1"]]
)
def test_nothing_is_done_when_the_answer_cannot_be_written(
    demo: Yk, home: Path, words: list[str], target: str, code: int
) -> None:
    spoil(demo, home, 999)
    demo("audit", "run", "--rule", "D:1.1.2")
    before = demo("audit", "runs", "--json").out, demo("audit", "findings", "--json").out
    assert demo("audit", *words, "-o", target).code == code
    assert (demo("audit", "runs", "--json").out, demo("audit", "findings", "--json").out) == before
    assert demo("audit", "notice", "--json").json == demo("audit", "task", "list", "--json").json == []


def test_nothing_is_imported_when_what_it_rejects_cannot_be_written(demo: Yk, home: Path) -> None:
    (home / "customer.csv").write_text(f"cons_no,run_cap\n{ACCOUNT},999\n", encoding="utf-8")
    assert demo("customer", "import", str(home / "customer.csv"), "--rejects", "nodir/x.jsonl").code == 3
    assert demo("audit", "findings", "--json").json == []


@pytest.mark.parametrize("option", ["--findings", "-o"])
@pytest.mark.parametrize("source", ["l6", "l6/customer.csv"])
def test_a_file_that_is_audited_is_not_overwritten(demo: Yk, option: str, source: str) -> None:
    Path("l6").mkdir()
    rows = f"cons_no,run_cap\n{ACCOUNT},999\n"
    Path("l6/customer.csv").write_text(rows, encoding="utf-8")
    done = demo("audit", "run", "--source", source, option, "l6/../l6/customer.csv")
    assert (done.code, "是要查的文件" in done.err) == (2, True)
    assert Path("l6/customer.csv").read_text(encoding="utf-8") == rows
    assert demo("audit", "run", "--source", source, option, "new.csv").code in (0, 6)


def test_an_unknown_operator_neither_runs_nor_imports_and_none_may(demo: Yk, home: Path) -> None:
    (home / "customer.csv").write_text(f"cons_no,run_cap\n{ACCOUNT},999\n", encoding="utf-8")
    for words in (["audit", "run"], ["customer", "import", str(home / "customer.csv")]):
        done = demo(*words, "--operator", "nobody")
        assert (done.code, "没有 nobody 这个经办人" in done.err) == (2, True)
    assert demo("audit", "runs", "--json").json == []
    assert demo("customer", "import", str(home / "customer.csv"), "--operator", "cashier").code == 0
    assert demo("audit", "run", "--operator", "cashier", "--json").json["by"] == "cashier"
    assert demo("audit", "run", "--json").json["by"] == ""


def test_a_list_for_the_units_is_saved_with_chinese_headers(demo: Yk, home: Path) -> None:
    spoil(demo, home, 999)
    demo("audit", "run")
    done = demo("audit", "findings", "--open", "--unit", "99403", "--save", "下发.csv")
    assert (done.code, done.out, "3 个问题写到 下发.csv" in done.err) == (0, "", True)
    text = Path("下发.csv").read_text(encoding="utf-8-sig")
    assert text.startswith("规则号,规则,用户编号")
    assert "history" not in text
    assert demo("audit", "findings", "--save", "下发.pdf").code == 2
    assert demo("audit", "findings", "--save", "yk.db").code == 2


def test_chosen_by_options_what_is_sent_out_already_is_left_out_until_nothing_else_is_left(
    demo: Yk, home: Path
) -> None:
    spoil(demo, home, 999)
    demo("audit", "run")
    assert demo("audit", "assign", "--rule", "D:1.1.3").code == 0
    done = demo("audit", "assign", "--unit", "99403", "--json")
    assert ({one["rule"] for one in done.json}, "1 个已办过" in done.err) == ({"D:1.1.2", "X:1.81"}, True)
    again = demo("audit", "assign", "--unit", "99403", "--json")
    assert {reason["code"] for reason in again.json["refused"]} == {"done_already"}
