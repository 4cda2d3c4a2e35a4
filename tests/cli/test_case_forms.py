"""Printed forms whose flow is still to be written, and values that could break a page."""

from __future__ import annotations

from copy import deepcopy

import pytest

from yk.archive.opening import open_store
from yk.desk import Desk, WorkOrder, forms
from yk.flows.flow import Flow

from .conftest import Yk

CASE = "012611230001"


@pytest.fixture
def surveyed(demo: Yk) -> tuple[Desk, WorkOrder]:
    """An order of a flow whose second step is a site survey."""
    demo("case", "open", "更名", "--customer", "1016000001", "--set", "mobile=13800001111")
    desk = Desk(open_store("yk.db"), "trainer")
    order = desk.get(CASE)
    doc = deepcopy(desk.flow_of(order).doc)
    doc["steps"][1] |= {"archetype": "site_survey", "name": "现场勘查"}
    desk._flows[order.digest] = Flow(doc, order.digest)
    return desk, order


def test_a_survey_order_has_the_application_the_findings_and_the_controls(
    surveyed: tuple[Desk, WorkOrder],
) -> None:
    desk, order = surveyed
    text = forms.render(desk, order, "现场勘查单")
    desk.store.close()
    assert text.startswith("# 更名现场勘查单\n\n申请编号：012611230001")
    assert "| 用电地址 | 示范市开发区青禾路1号 |" in text
    assert "| 移动电话 | 138****1111 |" in text
    assert "## 现场勘查记录\n\n| 项目 | 勘查结果 |" in text
    assert "| 补充协议编号 |  |" in text
    assert "## 现场安全与预控措施" in text
    assert text.rstrip().endswith("勘查日期：＿＿＿＿＿＿")


@pytest.mark.parametrize("value", ["a|b", "a\nb", "# 假标题", "\x1b[31m红", "| --- |"])
def test_what_is_typed_cannot_break_a_form(demo: Yk, value: str) -> None:
    demo("case", "open", "更名", "--customer", "1016000001", "--set", f"新用户名={value}")
    text = demo("case", "print", CASE, "--doc", "application").out
    (row,) = [line for line in text.splitlines() if line.startswith("| 新用户名 |")]
    assert row.replace("\\|", "").count("|") == 3
    assert "\x1b" not in text


@pytest.mark.parametrize("form", [*forms.FORMS, *(title for title, _ in forms.FORMS.values())])
def test_every_form_is_found_by_id_and_title(form: str) -> None:
    assert forms.find_form(form) in forms.FORMS
