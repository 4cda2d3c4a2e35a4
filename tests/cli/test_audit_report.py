"""`yk audit report|publish|notice|score`: the reports, the daily notices and the scores, as they are typed."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from .conftest import Yk

ACCOUNT, SOUTH = "1016000012", "99403"
DAY = "2026-11-23"


@pytest.fixture
def audited(demo: Yk) -> Yk:
    """A store in which an account of 城南 broke three rules on 23 November; it has a name that looks like a formula."""
    Path("customer.csv").write_text(f"cons_no,cons_name,run_cap\n{ACCOUNT},'=2+2厂,999\n", encoding="utf-8")
    assert demo("customer", "import", "customer.csv").code == 0
    assert demo("audit", "run").code == 6
    return demo


def test_the_report_of_a_day_is_printed_and_sent_out_by_unit(audited: Yk) -> None:
    printed = audited("audit", "report", "--day", DAY)
    assert printed.code == 0
    assert printed.out.startswith(f"# 营销数据检查日报 {DAY}\n")
    assert "### D:1.1.2 运行容量≤合同容量（错误，1 处）" in printed.out
    sent = audited("audit", "report", "--day", DAY, "--unit", SOUTH, "--to", "xlsx", "-o", "下发.xlsx")
    assert (sent.code, sent.out) == (0, "")
    assert "已写入 下发.xlsx" in sent.err
    rows = list(openpyxl.load_workbook("下发.xlsx")["抽取清单"].values)
    columns = [rows[0].index(name) for name in ("规则号", "户号", "户名", "责任单位")]
    assert sorted(tuple(row[n] for n in columns) for row in rows[1:]) == [
        (rule, ACCOUNT, "=2+2厂", "示范市城南供电分公司") for rule in ("D:1.1.2", "D:1.1.3", "X:1.81")
    ]


def test_the_report_of_a_month_goes_to_a_file_with_the_minutes(audited: Yk) -> None:
    done = audited("audit", "report", "--month", "2026-11", "--minutes", "-o", "月报.md", "--json")
    assert done.json == {"file": "月报.md", "to": "md"}
    text = Path("月报.md").read_text(encoding="utf-8")
    assert "## 八、考核意见" in text
    assert "## 附：专题分析例会记录（2026-11）" in text
    assert "例会" not in audited("audit", "report", "--month", "2026-11").out


def test_a_day_is_published_once_and_again_on_demand(audited: Yk) -> None:
    first = audited("audit", "publish", "--json").json
    assert (first["notice"], first["total"]["extracted"], first["total"]["left"]) == (DAY, 3, 0)
    Path("customer.csv").write_text(f"cons_no,run_cap\n{ACCOUNT},1\n", encoding="utf-8")
    audited("customer", "import", "customer.csv")
    audited("audit", "run")
    assert audited("audit", "publish", "--json").json == first
    tried = audited("audit", "publish", "--again", "--dry-run")
    assert "未写入" in tried.err
    again = audited("audit", "publish", "--day", DAY, "--again", "--operator", "data_steward", "--json").json
    assert (again["by"], len(again["former"])) == ("data_steward", 1)
    assert again["total"]["corrected"] > 0
    (listed,) = audited("audit", "notice", "--json").json
    assert (listed["notice"], listed["former"], listed["corrected"]) == (DAY, 1, again["total"]["corrected"])
    shown = audited("audit", "notice", "--day", DAY)
    assert "示范市城南供电分公司" in shown.out
    assert "合计" in shown.out
    assert "第 2 次" in shown.err


def test_scores_are_rows_by_unit_centre_division_rule_and_kind(audited: Yk) -> None:
    units = {row["key"]: row for row in audited("audit", "score", "--month", "2026-11", "--json").json}
    assert (units[SOUTH]["extracted"], units[SOUTH]["distinct_extracted"], units[SOUTH]["score"]) == (
        3,
        2,
        100.0,
    )
    overdue = audited("audit", "score", "--month", "2026-11", "--json", "--now", "2026-12-01T09:00").json
    assert {row["key"]: row["score"] for row in overdue}[SOUTH] == 40.0
    sizes = {
        by: len(
            audited("audit", "score", "--month", "2026-11", "--by", by, "--format", "jsonl").out.splitlines()
        )
        for by in ("centre", "division", "rule", "kind")
    }
    assert sizes == {"centre": 3, "division": 2, "rule": 3, "kind": 5}
    shown = audited("audit", "score", "--month", "2026-11", "--by", "供电单位")
    assert "得分" in shown.out
    assert "60 × 遗留分" in shown.err
    assert "推定" in shown.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["report"], "日报写 --day，月报写 --month"),
        (["report", "--day", DAY, "--month", "2026-11"], "两者选一"),
        (["report", "--day", DAY, "--minutes"], "例会记录附在月报后面"),
        (["report", "--month", "2026-11", "--to", "xlsx"], "工作簿不能写到标准输出"),
        (["report", "--month", "11月"], "月份“11月”不对"),
        (["report", "--day", "2026-11-31"], "日期“2026-11-31”不对"),
        (["report", "--month", "2026-11", "--unit", "城北"], "没有 城北 这个供电单位"),
        (["report", "--month", "2026-10"], "2026-10 没有稽核过"),
        (["score", "--month", "2026-10"], "先稽核：yk audit run"),
        (["score", "--month", "2026-12"], "2026-12 还没有到"),
        (["publish", "--day", "2026-11-22"], "2026-11-22 没有稽核过"),
        (["notice", "--day", DAY], "还没有发布"),
    ],
)
def test_what_is_wrong_is_said_with_exit_2(audited: Yk, words: list[str], said: str) -> None:
    done = audited("audit", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_who_may_not_publish_is_told(audited: Yk) -> None:
    done = audited("audit", "publish", "--operator", "unit_corrector", "--json")
    assert done.code == 4
    assert [reason["code"] for reason in done.json["refused"]] == ["role_missing"]


def test_a_report_does_not_take_the_place_of_the_store(audited: Yk) -> None:
    for words in (["--to", "xlsx", "-o", "yk.db"], ["-o", "yk.db"]):
        done = audited("audit", "report", "--month", "2026-11", *words)
        assert (done.code, "存储文件" in done.err) == (2, True)
    assert audited("audit", "report", "--month", "2026-11", "--to", "xlsx", "-o", "none/r.xlsx").code == 3


def test_a_report_is_not_passed_off_as_json(audited: Yk) -> None:
    done = audited("audit", "report", "--month", "2026-11", "--json")
    assert (done.code, done.json["error"]["code"]) == (2, "no_json")
