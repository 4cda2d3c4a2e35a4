"""Coverage as people see it: a table that lines up, the gaps in full, a page that needs nothing else."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from scenario.covers import but, cover, every
from yk.flows.diagram import draw
from yk.flows.flow import load
from yk.scenario.cover import Cover, parse_gate, unmet
from yk.scenario.cover_html import page
from yk.scenario.cover_names import Names
from yk.scenario.cover_table import gaps, table
from yk.scenario.obligations import dimensions
from yk.text import cell_len

LACKING = (
    "stopped",
    "contract_change>acceptance",
    "data_archiving>acceptance",
    "acceptance/no_arrears=no",
    "arrears",
)
COVER = cover(
    ("更名.yk.yaml::一路办结", but("rename", *LACKING)), ("事故.yk.yaml::<办结>", every("customer_accident"))
)
FIGURES = COVER.figures()


# -- the table -----------------------------------------------------------------------------------------------------
def test_the_table_has_a_line_a_dimension_under_each_flow_and_the_sums_below() -> None:
    lines = table(FIGURES).splitlines()
    assert [line for line in lines if not line.startswith(" ")] == [
        "客户用电事故管理（customer_accident）",
        "更名（rename）",
        "合计（2 个流程）",
    ]
    states = [line.split()[1:4] for line in lines if line.split()[0] == "状态"]
    assert states == [["3/3", "█" * 10, "100%"], ["6/7", "████████░░", "85%"], ["9/10", "█████████░", "90%"]]


def test_its_columns_line_up_in_cells() -> None:
    rows = [line for line in table(FIGURES).splitlines() if line.startswith(" ")]
    assert len(rows) == 21
    assert len({cell_len(row[: re.search("[█░]", row).start()]) for row in rows}) == 1
    assert len({cell_len(row[: row.index("%")]) for row in rows}) == 1


@pytest.mark.parametrize("width", [30, 60, 80, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(map(cell_len, table(FIGURES, width).splitlines())) <= width


def test_the_first_missing_items_stand_in_words_with_how_many_there_are() -> None:
    shown = table(FIGURES)
    assert "缺 2：合同变更→业务受理（退回）、信息归档→业务受理（退回）" in shown
    assert "缺 1：业务受理“本户无欠费”：拦下" in shown
    assert "缺 1：违反“本户无欠费”" in shown
    assert "缺 9：" in table(Cover().figures(["rename"])).split("转移")[1].splitlines()[0]


def test_a_dimension_in_which_a_flow_owes_nothing_has_no_line() -> None:
    shown = table(Cover().figures(["meter_relocation"]))
    assert "状态" in shown
    assert "风险" not in shown


def test_gaps_list_every_item_that_lacks_and_nothing_when_all_gates_are_passed() -> None:
    told = gaps(unmet(FIGURES, [parse_gate("转移=99.5"), parse_gate("灯=100")]))
    assert told.splitlines() == [
        "✗ 更名 转移 7/9（77%），门槛 99.5%，缺 2 项：",
        "  合同变更→业务受理（退回）  contract_change>acceptance",
        "  信息归档→业务受理（退回）  data_archiving>acceptance",
    ]
    assert gaps(unmet(FIGURES, [parse_gate("转移=77")])) == ""


# -- the page ------------------------------------------------------------------------------------------------------
VOID = {"meta", "br"}


class Page(HTMLParser):
    """A page taken apart: every tag is closed; the rows of items as (mark, item, scenarios)."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []
        self.rows = re.findall(
            r'<td class="mark">(.)</td><td>.*? <code>(.*?)</code></td><td class="who">(.*?)</td>', text
        )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self.addresses += [str(value) for name, value in attrs if name in ("src", "href", "xlink:href")]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


HTML = page(COVER)
PAGE = Page(HTML)


def test_the_page_is_whole_and_asks_for_nothing_from_elsewhere() -> None:
    assert HTML.startswith("<!DOCTYPE html>")
    assert PAGE.addresses == ["#customer_accident", "#rename"]
    assert set(re.findall(r"https?://[^\"' )]+", HTML)) <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<(script|link|iframe|img)|@import|url\((?!#)", HTML)


def test_it_shows_the_same_figures_as_the_table() -> None:
    for found in FIGURES.values():
        for dimension, figure in found.items():
            assert f"{figure.hit}/{figure.of} {figure.percent}%</td>" in HTML
            assert f"<h3>{dimensions()[dimension]} {figure.hit}/{figure.of}（" in HTML
    assert len(PAGE.rows) == sum(figure.of for found in FIGURES.values() for figure in found.values())
    assert sum(mark == "✗" for mark, _, _ in PAGE.rows) == len(LACKING)


def test_every_item_stands_with_the_scenarios_that_meet_it() -> None:
    who = {item: scenarios for _, item, scenarios in PAGE.rows}
    assert who["contract_change&gt;data_archiving"] == "更名.yk.yaml::一路办结"
    assert who["customer_accident"] == "事故.yk.yaml::&lt;办结&gt;"
    assert {who[item.replace(">", "&gt;")] for item in LACKING if item != "stopped"} == {""}


def test_many_scenarios_of_one_item_are_folded_away() -> None:
    many = Cover()
    for number in range(5):
        many.add(f"场景{number}", [("states", "customer_accident", "completed")])
    assert "<details><summary>5 个场景</summary>场景0<br>" in page(many)


def test_the_diagram_points_out_the_ways_nobody_takes_and_no_others() -> None:
    assert HTML.count('class="way back missed"') == 2
    assert HTML.count("✗ 退回") == 2
    assert HTML.count("✗ 粗线：还没有走过") == 1


# -- the diagram ---------------------------------------------------------------------------------------------------
def test_a_diagram_without_missed_ways_points_out_none() -> None:
    assert "✗" not in draw(load("hv_new_connection"), "svg")


@pytest.mark.parametrize(
    "name", ["hv_new_connection", "batch_line_area_change", "breach_and_theft", "rename"]
)
def test_every_way_that_is_owed_can_be_pointed_out(name: str) -> None:
    ways = Cover().figures([name])[name]["transitions"].missing
    pairs = {(source, target) for source, _, target in (way.partition(">") for way in ways)}
    assert draw(load(name), "svg", missed=pairs).count(" missed") == len(pairs)
    one = min(pairs)
    assert draw(load(name), "svg", missed={one}).count(" missed") == 1


def test_names_of_places_are_those_of_the_flow() -> None:
    names = Names(load("hv_new_connection"))
    assert names.of("transitions", "fee_collection>end") == "业务收费→本组办完"
    assert names.of("transitions", "approval>arbitration") == "审批→会签裁决（意见不一致）"
    assert names.of("transitions", "side_by_side>metering") == "并行办理→计量与采集"
    assert names.of("lamps", "energization=yellow") == "送电：黄灯"
    assert names.of("refusals", "already_signed") == "已经会签"
