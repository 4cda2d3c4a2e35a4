"""Reports of a day and of a month: what stands in them, on paper and in sheets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from audit.spoiling import ACCOUNT, OTHER, RULE, THIRD, TWIN, audited, clock, fresh, mend, set_field, spoil
from yk.audit import extending, publishing, report_day, report_lists, reporting, whitelisting
from yk.audit.occurrences import day_span, month_span
from yk.audit.report_parts import Asked
from yk.clock import parse_time
from yk.desk import Desk
from yk.errors import UnreadableError, UsageError

SOUTH, EAST = "99403", "99401"
NAME = "=1+1|城南<b>*厂*"


@pytest.fixture(scope="module")
def desk() -> Desk:
    """November: two accounts break rules on the 2nd, one is mended in time and breaks them again on the 20th; the other is
    left over, but for a finding that gets more days and one that is whitelisted. Nobody writes to it afterwards."""
    desk = fresh("data_steward")
    set_field(desk, "cons_name", NAME)
    spoil(desk)
    set_field(desk, "run_cap", 999.0, OTHER)
    run(desk, "2026-11-02T21:00")
    publishing.publish(desk)
    mend(desk)
    run(desk, "2026-11-03T21:00")
    desk.act_as("trainer")
    granted = extending.ask_extension(desk, [f"{RULE}/customer/{OTHER}"], "2026-12-20", "逐户现场核查")
    exempted = whitelisting.ask_exemption(desk, f"{THIRD}/customer/{OTHER}", "=特批", "2027-01-31")
    desk.act_as("data_steward")
    extending.decide_extension(desk, granted["extension"], True)
    desk.act_as("division_lead")
    whitelisting.decide_exemption(desk, exempted["exemption"], True)
    spoil(desk)
    run(desk, "2026-11-20T21:00")
    clock(desk).now = parse_time("2026-12-01T09:00")
    return desk


def run(desk: Desk, moment: str) -> None:
    clock(desk).now = parse_time(moment)
    audited(desk)


def asked(desk: Desk, span: str, unit: str = "", minutes: bool = False) -> Asked:
    chosen = day_span(span) if len(span) == 10 else month_span(span)
    return Asked(chosen, desk.now(), desk.settings, unit, minutes)


def page(desk: Desk, span: str, **more: Any) -> str:
    """The report as people read it: without the marks that keep Markdown from reading it."""
    return reporting.markdown(desk.store, asked(desk, span, **more)).replace("\\", "")


def sheets(desk: Desk, folder: Path, span: str, **more: Any) -> dict[str, list[list[Any]]]:
    """The rows of every sheet."""
    file = folder / "r.xlsx"
    reporting.workbook(desk.store, asked(desk, span, **more), file)
    return {
        sheet.title: [[cell.value for cell in row] for row in sheet.rows]
        for sheet in openpyxl.load_workbook(file)
    }


def records(rows: list[list[Any]]) -> list[dict[str, Any]]:
    """Rows by the names in the header."""
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def section(text: str, title: str) -> str:
    """What stands under a heading of the second level."""
    (found,) = (part for part in text.split("\n## ")[1:] if title in part.splitlines()[0])
    return found


def test_a_day_explains_every_finding_with_all_who_have_to_do_with_it(desk: Desk) -> None:
    south = section(page(desk, "2026-11-02"), "城南供电分公司")
    assert "### D:1.1.2 运行容量≤合同容量（错误，1 处）" in south
    for said in (
        "- 问题：运行容量大于合同容量",
        "- 原因：增容/减容恢复归档只改一处",
        "- 怎么改：以合同和现场设备为准核定两容量（渠道：业扩/变更流程）",
        "- 订正：示范市城南供电分公司；跟踪：客户服务中心，抄送电费管理中心；审核：合同管理",
        "- 同查：X:1.81 查的是同一处，不重复计数",
    ):
        assert said in south
    (row,) = (line for line in south.splitlines() if line.startswith(f"| {ACCOUNT}") and "合同容量" in line)
    assert "运行容量 999 kVA" in row
    assert "2026-11-03" in row


def test_what_two_numbers_find_is_listed_once_on_paper(desk: Desk) -> None:
    text = page(desk, "2026-11-02")
    assert "抽取 6 个，其中重现 0 个；同一处违规几条规则都查到的只算一处，是 4 处" in text
    assert "### X:1.81" not in text
    assert "抽取 2 处" in section(text, "城南供电分公司").splitlines()[0]


def test_a_day_says_what_was_corrected_left_over_and_published(desk: Desk) -> None:
    text = page(desk, "2026-11-03")
    assert "订正 3 个：当日 3，延期内 0，逾期 0。当日订正率" in text
    assert "尚未发布" in text
    assert "已于 2026-11-02 21:00 由 data_steward 发布：抽取 6，订正 0，遗留 0" in page(desk, "2026-11-02")


def test_the_list_to_send_out_has_rule_account_value_and_unit_in_full(desk: Desk, tmp_path: Path) -> None:
    found = records(sheets(desk, tmp_path, "2026-11-02", unit=EAST)["抽取清单"])
    assert sorted(row["规则号"] for row in found) == sorted([RULE, TWIN, THIRD])
    assert {row["户号"] for row in found} == {OTHER}
    assert {row["责任单位"] for row in found} == {"示范市城东供电分公司"}
    assert {row["规则号"]: row["计数"] for row in found} == {RULE: 1, TWIN: 0, THIRD: 1}
    assert all("运行容量 999 kVA" in row["值（抽取时）"] for row in found)
    assert {row["规则号"]: row["同查规则"] for row in found}[TWIN] == RULE


def test_a_name_that_looks_like_a_formula_is_a_text_and_on_paper_no_markup(
    desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "r.xlsx"
    reporting.workbook(desk.store, asked(desk, "2026-11-02", SOUTH), file)
    cells = [cell for sheet in openpyxl.load_workbook(file) for row in sheet.rows for cell in row]
    assert {cell.data_type for cell in cells if str(cell.value).startswith("=")} == {"s"}
    assert NAME in [cell.value for cell in cells]
    assert r"=1+1\|城南\<b\>\*厂\*" in reporting.markdown(desk.store, asked(desk, "2026-11-02"))


def test_sheets_have_a_frozen_header_and_room_for_chinese(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "r.xlsx"
    reporting.workbook(desk.store, asked(desk, "2026-11", minutes=True), file)
    book = openpyxl.load_workbook(file)
    assert {sheet.freeze_panes for sheet in book} == {"A2"}
    for sheet in book:
        for cell in sheet[1]:
            assert sheet.column_dimensions[cell.column_letter].width >= min(2 * len(cell.value), 8)


def test_a_month_has_figures_by_unit_centre_division_kind_and_rule(desk: Desk, tmp_path: Path) -> None:
    made = sheets(desk, tmp_path, "2026-11")
    for title, first in (
        ("按供电单位", "供电单位"),
        ("按中心", "中心"),
        ("按专业", "专业"),
        ("按数据类别", "数据类别"),
        ("按规则", "规则"),
    ):
        found = records(made[title])
        whole, parts = found[-1], found[:-1]
        assert whole[first] == "合计"
        for name in ("期初在册", "抽取", "期末在册", "其中遗留"):
            assert sum(row[name] for row in parts) == whole[name]
        assert (
            whole["抽取"],
            whole["其中重现"],
            whole["列白名单"],
            whole["期末在册"],
            whole["其中遗留"],
        ) == (9, 3, 1, 5, 3)
    kinds = [row["数据类别"] for row in records(made["按数据类别"])]
    assert kinds == ["客户档案", "电费发行", "基础参数", "业扩信息", "计量资产", "合计"]


def test_a_month_shows_its_course_and_the_months_before(desk: Desk) -> None:
    text = page(desk, "2026-11")
    course = section(text, "逐日走势")
    assert [line.split(" | ")[0:5] for line in course.splitlines() if line.startswith("| 2026")] == [
        ["| 2026-11-02", "JH000001", "6", "0", "6"],
        ["| 2026-11-03", "JH000002", "0", "3", "2"],
        ["| 2026-11-20", "JH000003", "3", "0", "5"],
    ]
    assert "█" * 24 in course


def test_a_month_stands_beside_those_before_it() -> None:
    desk = fresh()
    spoil(desk)
    run(desk, "2026-10-20T21:00")
    run(desk, "2026-11-05T21:00")
    rows = [
        line.split(" | ")
        for line in section(page(desk, "2026-11"), "概况").splitlines()
        if line.startswith("| 2026")
    ]
    assert [row[:5] for row in rows] == [["| 2026-10", "3", "0", "0", "3"], ["| 2026-11", "0", "0", "0", "3"]]


def test_relapses_and_leftovers_are_listed_and_leftovers_go_into_the_assessment(desk: Desk) -> None:
    text = page(desk, "2026-11")
    assert "消除以后又出现的 2 处" in section(text, "重现")
    left = section(text, "遗留")
    assert "月末还没有消除的 2 处，作为月末考核项" in left
    assert [line.split(" | ")[0] for line in left.splitlines() if ACCOUNT in line] == [
        f"| {RULE}",
        f"| {THIRD}",
    ]
    assert OTHER not in left, "one has more days, one is whitelisted"
    opinion = section(text, "考核意见")
    assert "列入月末考核的单位：示范市城南供电分公司（2 处）" in opinion
    assert "〔推定〕" in opinion
    assert "审批（领导小组）：（待填）" in opinion
    assert "audit_score_left" in section(text, "待核定的口径")


def test_extensions_and_the_whitelist_are_told(desk: Desk) -> None:
    told = section(page(desk, "2026-11"), "延期和白名单")
    assert (
        "| YQ000001 | 示范市城东供电分公司 | 2 | 逐户现场核查 | 2026-12-20 | 有效 | trainer | data_steward |"
        in told
    )
    assert f"| BM000001 | 示范市城东供电分公司 | {THIRD}/customer/{OTHER} | =特批 |" in told
    assert "逐户现场核查" not in section(page(desk, "2026-11", unit=SOUTH), "延期和白名单")


def test_what_lapsed_or_was_altered_is_not_said_to_be_in_force() -> None:
    desk = fresh()
    spoil(desk)
    run(desk, "2026-11-02T21:00")
    granted = extending.ask_extension(desk, [f"{RULE}/customer/{ACCOUNT}"], "2026-11-10", "现场核查")
    exempted = whitelisting.ask_exemption(desk, f"{THIRD}/customer/{ACCOUNT}", "特批", "2026-11-20")
    desk.act_as("data_steward")
    extending.decide_extension(desk, granted["extension"], True)
    desk.act_as("division_lead")
    whitelisting.decide_exemption(desk, exempted["exemption"], True)

    def state(table: str) -> str:
        told = section(page(desk, "2026-11"), "延期和白名单")
        (line,) = (line for line in told.splitlines() if line.startswith(f"| {table}"))
        return line.split(" | ")[5]

    assert (state("YQ"), state("BM")) == ("有效", "有效")
    clock(desk).now = parse_time("2026-11-21T09:00")
    assert (state("YQ"), state("BM")) == ("已到期", "已到期")
    table = desk.store.table("audit_exemption")
    with desk.unit():
        table.save(dict(table.get(doc_id=exempted["exemption"])) | {"until": "2027-01-31"})
    assert "改动" in state("BM")


def test_what_rules_found_that_are_no_more_in_force_is_left_out_and_said(tmp_path: Path) -> None:
    desk = fresh()
    spoil(desk)
    run(desk, "2026-11-02T21:00")
    table = desk.store.table("finding")
    doc = dict(table.get(doc_id=f"{RULE}/customer/{ACCOUNT}"))
    with desk.unit():
        table.save(doc | {"finding": f"D:0.0/customer/{ACCOUNT}", "rule": "D:0.0"})
    clock(desk).now = parse_time("2026-12-01T09:00")
    for span in ("2026-11-02", "2026-11"):
        text = page(desk, span)
        assert "- 规则已不在用 1 个，不计" in text
        assert "D:0.0" not in text
    assert "D:0.0" not in str(sheets(desk, tmp_path, "2026-11"))


def test_a_day_that_is_not_over_says_what_is_due_tonight() -> None:
    desk = fresh()
    spoil(desk)
    run(desk, "2026-11-02T21:00")
    run(desk, "2026-11-03T20:00")
    publishing.publish(desk)
    text = page(desk, "2026-11-03")
    assert "未到期：待办 3 个，今晚 24:00 到期" in text
    assert "发布的数不再变（发布时未到期）" in text
    clock(desk).now = parse_time("2026-11-04T08:00")
    assert "未到期：" not in page(desk, "2026-11-03")


def test_the_billing_centre_gets_its_copies_listed_and_does_not_own_them(desk: Desk) -> None:
    told = section(page(desk, "2026-11"), "各中心分析")
    (billing,) = (part for part in told.split("### ") if part.startswith("电费管理中心"))
    assert "本月没有要跟踪的问题。" in billing
    assert "- 抄送（电费相关的规则，由其他中心跟踪，不算本中心的，附注 2）：抽取 " in billing
    assert f"最多的规则：{RULE} 运行容量≤合同容量" in billing
    assert TWIN not in billing
    assert "抄送（" not in told.replace(billing, "")


def test_each_centre_has_an_analysis_drawn_from_the_rules(desk: Desk) -> None:
    told = section(page(desk, "2026-11"), "各中心分析")
    service = told.split("### ")[1]
    assert service.startswith("客户服务中心")
    assert "抽取最多的规则：D:1.1.2 运行容量≤合同容量（3）" in service
    assert "遗留最多的单位：示范市城南供电分公司（3）" in service
    assert "增容/减容恢复归档只改一处" in service
    assert "先堵住来源再订正" in service
    assert "### 电能计量中心\n\n本月没有问题。" in told


def test_the_minutes_are_filled_with_data_work_and_measures(desk: Desk, tmp_path: Path) -> None:
    assert "例会" not in page(desk, "2026-11")
    told = section(page(desk, "2026-11", minutes=True), "专题分析例会记录")
    for part in ("### 异常数据", "### 已开展的工作", "### 拟采取的措施", "### 议定事项"):
        assert part in told
    assert "稽核 3 次，消除问题 3 个" in told
    assert "准予延期 2" in told
    assert "客户服务中心 | D:1.1.2 运行容量≤合同容量" in told
    assert {"例会异常数据", "例会措施"} <= sheets(desk, tmp_path, "2026-11", minutes=True).keys()


def test_one_unit_alone_has_nothing_of_the_others(desk: Desk) -> None:
    text = page(desk, "2026-11", unit=EAST)
    assert text.startswith("# 营销数据核查月报 2026-11（示范市城东供电分公司）")
    assert ACCOUNT not in text
    assert "城南" not in text


def test_a_month_that_goes_on_says_so(desk: Desk) -> None:
    assert "本月还没有过完" not in page(desk, "2026-11")
    early = asked(desk, "2026-11")._replace(now="2026-11-21T08:00:00+08:00")
    assert "本月还没有过完" in reporting.markdown(desk.store, early)


def test_long_lists_are_cut_on_paper_and_whole_in_the_workbook(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_lists, "MOST", 1)
    left = section(page(desk, "2026-11"), "遗留")
    assert "共 2 行，这里列前 1 行；全部见工作簿" in left
    assert len(records(sheets(desk, tmp_path, "2026-11")["遗留清单"])) == 3


def test_many_of_one_rule_and_unit_are_cut_on_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_day, "_EACH", 1)
    desk = fresh()
    spoil(desk)
    other = next(
        d["cons_no"]
        for d in desk.store.table("customer").all()
        if d["org_no"] == SOUTH and d["cons_no"] > ACCOUNT
    )
    set_field(desk, "run_cap", 99999.0, other)
    run(desk, "2026-11-02T21:00")
    told = section(page(desk, "2026-11-02"), "城南供电分公司").split("### ")
    (part,) = (one for one in told if one.startswith(RULE))
    assert "（错误，2 处）" in part
    assert "共 2 行，这里列前 1 行" in part


@pytest.mark.parametrize(
    ("span", "code"), [("2026-11-04", "no_run"), ("2026-09", "no_run"), ("2027-01", "day_ahead")]
)
def test_without_a_run_there_is_nothing_to_report(desk: Desk, span: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as wrong:
        page(desk, span)
    assert wrong.value.code == code
    with pytest.raises(UsageError):
        sheets(desk, tmp_path, span)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="写不进"):
        reporting.workbook(desk.store, asked(desk, "2026-11"), tmp_path / "none" / "r.xlsx")
