"""What goes on beside an order: orders it opens, papers on file, schemes that lapse, forms on paper."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from trials import fresh
from walks import HEAD
from world import COMPANY, World

from yk.desk import forms
from yk.desk.running import Plan, run
from yk.errors import Refused

CHILD = HEAD.format(id="inquiry", name="查处") + "steps:\n  - {id: look, name: 取证, role: inspector}\n"
PARENT = (
    HEAD.format(id="survey", name="勘查")
    + """form:
  - {name: violation_found, label: 发现违约, type: boolean, step: see}
steps:
  - {id: see, name: 看, role: surveyor, opens: [{flow: inquiry, when: violation_found}]}
  - {id: tell, name: 说, role: approver, back: [see]}
"""
)


@pytest.fixture
def two(world: World, install: Any) -> World:
    """A world with a flow that opens another beside it."""
    install(survey=PARENT, inquiry=CHILD)
    return world


def beside(world: World) -> list[str]:
    return [order.flow for order in world.desk().orders(status="open")]


def test_a_finding_opens_an_order_beside_and_nothing_waits_for_it(two: World) -> None:
    case = two.desk("surveyor").open("survey", COMPANY, {"violation_found": "是"}).case
    two.desk("surveyor").send(case)
    assert sorted(beside(two)) == ["inquiry", "survey"]
    assert two.desk("approver").send(case).status == "completed"
    assert beside(two) == ["inquiry"]


def test_no_finding_opens_nothing(two: World) -> None:
    case = two.desk("surveyor").open("survey", COMPANY, {"violation_found": "否"}).case
    two.desk("surveyor").send(case)
    assert beside(two) == ["survey"]


def test_sent_again_after_a_return_it_opens_no_second_one(two: World) -> None:
    case = two.desk("surveyor").open("survey", COMPANY, {"violation_found": "是"}).case
    two.desk("surveyor").send(case)
    two.desk("approver").return_(case, "see", "再看")
    two.desk("surveyor").send(case)
    assert sorted(beside(two)) == ["inquiry", "survey"]


def test_the_order_beside_goes_on_when_the_first_is_stopped(two: World) -> None:
    case = two.desk("surveyor").open("survey", COMPANY, {"violation_found": "是"}).case
    two.desk("surveyor").send(case)
    two.desk("approver").stop(case, "客户撤回")
    assert beside(two) == ["inquiry"]


# -- papers on file -----------------------------------------------------------------------------------------
PAPERS = HEAD.format(id="papers", name="收件") + (
    "materials:\n  - {code: M03, reuse: true, required: true, basis: 测试}\n"
    "steps:\n  - {id: take, name: 收, role: acceptance_clerk}\n"
)


@pytest.mark.parametrize(("until", "taken"), [("2027-01-01", True), ("2026-11-19", False), (None, True)])
def test_a_paper_on_file_that_still_runs_is_not_asked_for_again(
    world: World, install: Any, until: str | None, taken: bool
) -> None:
    install(papers=PAPERS)
    world.put("customer_document", doc_id="D1", cons_no=COMPANY, code="M03", name="执照", valid_to=until)
    case = world.desk().open("papers", COMPANY).case
    if taken:
        assert world.desk().get(case).materials["M03"]["source"] == "D1"
        assert world.desk().send(case).status == "completed"
    else:
        with pytest.raises(Refused) as caught:
            world.desk().send(case)
        assert [reason.code for reason in caught.value.reasons] == ["material_missing"]


# -- a scheme that lapses ------------------------------------------------------------------------------------
SCHEME = HEAD.format(id="scheme", name="方案") + (
    "form:\n  - {name: scheme_valid_until, label: 有效期, type: date, step: reply}\n"
    "  - {name: signed_on, label: 签收日期, type: date, step: reply}\n"
    "  - {name: energized_at, label: 送电时间, type: datetime, step: build}\n"
    "steps:\n  - {id: reply, name: 答复, role: scheme_replier}\n  - {id: build, name: 施工, role: works_manager}\n"
)


def test_a_scheme_that_was_replied_and_has_lapsed_suspends_its_order(world: World, install: Any) -> None:
    install(scheme=SCHEME)
    desk = world.desk("scheme_replier")
    case = desk.open("scheme", COMPANY, {"scheme_valid_until": "2026-12-01", "signed_on": "2026-11-20"}).case
    desk.send(case)
    (told,) = world.desk("supervisor").sweep()
    assert told["action"] == "remind"
    world.clock.advance(days=12)
    (done,) = world.desk("supervisor").sweep()
    assert (done["case"], done["action"]) == (case, "suspend")
    assert "2026-12-01" in done["reason"]


def test_a_scheme_whose_supply_is_on_does_not_lapse(world: World, install: Any) -> None:
    install(scheme=SCHEME)
    desk = world.desk("scheme_replier")
    case = desk.open("scheme", COMPANY, {"scheme_valid_until": "2026-12-01", "signed_on": "2026-11-20"}).case
    desk.send(case)
    world.desk("works_manager").fill(case, {"energized_at": "2026-11-20T10:00"})
    world.clock.advance(days=12)
    assert list(world.desk("supervisor").sweep()) == []


@pytest.mark.parametrize(("day", "called"), [(11, False), (12, True), (17, True), (18, False)])
def test_before_a_scheme_lapses_the_customer_is_asked_while_an_extension_is_possible(
    world: World, install: Any, day: int, called: bool
) -> None:
    install(scheme=SCHEME)
    desk = world.desk("scheme_replier")
    today = world.clock().date()
    until, signed = (str(today + timedelta(days=n)) for n in (27, 0))
    case = desk.open("scheme", COMPANY, {"scheme_valid_until": until, "signed_on": signed}).case
    desk.send(case)
    world.clock.advance(days=day)
    told = list(world.desk("supervisor").sweep())
    assert [one["action"] for one in told] == ["remind"] * called
    assert all(until in one["reason"] for one in told)


# -- forms ----------------------------------------------------------------------------------------------------
def test_every_form_of_a_high_voltage_connection_prints_as_text_and_page() -> None:
    desk = fresh()
    case = desk.open("hv_new_connection").case
    list(run(desk, case, Plan(confirm_all=True, fill=True)))
    order, printed = desk.get(case), []
    for name, (title, _) in forms.FORMS.items():
        try:
            text = forms.render(desk, order, name)
        except Refused:
            continue
        printed.append(name)
        page = forms.as_page(title, text)
        assert page.startswith("<!DOCTYPE html>")
        assert "<script" not in page
        assert title in page
        assert case in page
    assert {"application", "scheme_reply", "acceptance_record", "meter_slip", "energizing_slip"} <= set(
        printed
    )
    assert "seal_slip" not in printed


def test_a_form_escapes_what_people_wrote() -> None:
    assert "<b>" not in forms.as_page("单", "# 单\n\n| 项 | 内容 |\n|---|---|\n| 名 | <b>甲</b> |\n")


# -- a contract signed for nothing ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    "flow", ["hv_new_connection", "lv_nonres_new_connection", "metered_temporary_supply"]
)
def test_an_order_stopped_after_signing_leaves_no_contract_in_force(flow: str) -> None:
    desk = fresh()
    before = {row["contract_no"] for row in desk.store.table("contract")}
    case = desk.open(flow).case
    list(run(desk, case, Plan(confirm_all=True, fill=True, until="data_archiving")))
    desk.act_as("trainer")
    desk.stop(case, "客户撤回申请")
    made = [row for row in desk.store.table("contract") if row["contract_no"] not in before]
    assert [row["status"] for row in made] == ["终止"]
