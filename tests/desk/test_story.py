"""更名 from acceptance to archive, as the people of the five steps live it."""

from __future__ import annotations

from typing import Any

import pytest
from world import CLOSED, COMPANY, NEW_NAME, OLD_NAME, PERSON, TWIN, World, refused

from yk.errors import UsageError

ACCEPTANCE_CODES = {"arrears", "related_arrears", "name_unchanged", "certificate_invalid"}


def _codes(reasons: list[Any]) -> set[str]:
    return {reason.code for reason in reasons}


def test_four_reasons_are_refused_at_once_and_mended_one_by_one(world: World) -> None:
    """ACC-001, ACC-002: every refusal names all that is still wrong, nothing else."""
    order = world.ready("acceptance")
    desk = world.desk()
    world.unpaid(COMPANY, 1286.0)
    world.unpaid(TWIN, 77.0)
    desk.fill(order.case, {"new_name": OLD_NAME, "new_cert_name": OLD_NAME, "new_cert_end": "2026-01-01"})
    mendings = [
        (
            "arrears",
            lambda: world.put("receivable", rcv_id=f"R{COMPANY}", paid=1286.0, settled_date="2026-11-20"),
        ),
        ("related_arrears", lambda: world.put("receivable", rcv_id=f"R{TWIN}", paid=77.0)),
        ("name_unchanged", lambda: desk.fill(order.case, {"new_name": NEW_NAME, "new_cert_name": NEW_NAME})),
        ("certificate_invalid", lambda: desk.fill(order.case, {"new_cert_end": "2031-01-01"})),
    ]
    wrong = set(ACCEPTANCE_CODES)
    for code, mend in mendings:
        with refused() as reasons:
            desk.send(order.case)
        assert _codes(reasons) == wrong
        assert len(reasons) == len(wrong)
        mend()
        wrong.remove(code)
    assert desk.send(order.case).at == ["contract_change"]


def test_an_order_is_opened_with_what_the_archive_knows(world: World) -> None:
    """ACC-003, ACC-006, SCR-003, SCR-005, SCR-025."""
    order = world.open_rename()
    shown = {
        name: order.data.get(name) for name in ("cons_no", "cons_name", "elec_addr", "volt_code", "orig_cap")
    }
    assert shown == {
        "cons_no": COMPANY,
        "cons_name": OLD_NAME,
        "elec_addr": "示范市城东路1号",
        "volt_code": "AC00101",
        "orig_cap": 315.0,
    }
    assert order.data["busi_type"] == "更名"
    assert order.data["app_time"] == "2026-11-20T09:00:00+08:00"
    assert order.at == ["acceptance"]
    assert order.steps["acceptance"]["since"] == "2026-11-20T09:00:00+08:00"
    assert order.opened_by == "acceptance_clerk"


def test_what_was_saved_is_there_when_the_order_is_opened_again(world: World) -> None:
    """ACC-004."""
    order = world.open_rename()
    world.desk().fill(order.case, {"contact_name": "安知行", "app_remark": "急"})
    again = World.desk(world).get(order.case)
    assert again.data["contact_name"] == "安知行"
    assert again.data["app_remark"] == "急"


@pytest.mark.parametrize("customer", [COMPANY, PERSON])
def test_the_archive_bears_the_new_name_in_the_end_and_the_old_one_in_its_history(
    world: World, customer: str
) -> None:
    """SCR-021, SCR-026; rules.md §8: the account keeps its number."""
    before = world.row("customer", customer)
    order = world.done(customer)
    assert order.status == "completed"
    assert order.at == ["completed"]
    assert order.closed
    after = world.row("customer", customer)
    assert after == before | {"cons_name": NEW_NAME}
    (former,) = world.store.table("former_name").all()
    assert (former["former_name"], former["new_name"], former["app_no"]) == (
        before["cons_name"],
        NEW_NAME,
        order.case,
    )
    assert world.desk().verify(order.case) == []


def test_name_contact_invoice_and_contract_follow_the_name(world: World) -> None:
    order = world.done()
    assert world.row("party", "P1")["party_name"] == NEW_NAME
    assert world.row("billing_info", COMPANY)["invoice_title"] == NEW_NAME
    assert world.row("contract", "HT1")["cons_name"] == NEW_NAME
    contact = world.row("contact", "C1")
    assert (contact["name"], contact["mobile"]) == ("安知行", "19900001111")
    (change,) = world.store.table("contract_change").all()
    assert (change["old_value"], change["new_value"], change["app_no"]) == (OLD_NAME, NEW_NAME, order.case)


def test_the_papers_lie_where_the_archivist_put_them(world: World) -> None:
    """SCR-024."""
    order = world.done()
    record = world.row("document_record", order.case)
    assert (record["cabinet"], record["box"], record["cons_no"]) == ("G1", "H3", COMPANY)
    papers = {row["code"] for row in world.store.table("customer_document").all()}
    assert papers == {"M01", "M03", "M31"}


def test_a_contract_that_need_not_change_is_passed_over(world: World) -> None:
    """ACC-014."""
    order = world.open_rename()
    order = world.pass_step(order.case, contract_change="否", no_change_reason="原合同未载户名")
    assert order.at == ["data_archiving"]
    order = world.pass_step(order.case)
    assert world.store.table("contract_change").all() == []
    assert world.row("contract", "HT1")["cons_name"] == OLD_NAME
    assert world.row("customer", COMPANY)["cons_name"] == NEW_NAME


def test_a_contract_passed_over_without_a_reason_is_caught_at_archiving(world: World) -> None:
    order = world.open_rename()
    order = world.pass_step(order.case, contract_change="否")
    world.prepare(order.case)
    with refused("contract_not_recorded"):
        world.desk("archivist").send(order.case)


def test_the_account_is_locked_while_its_change_runs(world: World) -> None:
    order = world.at("contract_change")
    assert world.row("customer", COMPANY)["status"] == "3"
    assert order.data["status_before"] == "0"
    order = world.pass_step(world.pass_step(order.case).case)
    assert world.row("customer", COMPANY)["status"] == "0"
    assert "status_before" not in order.data


def test_a_second_order_for_the_same_account_is_refused_with_the_first_ones_number(world: World) -> None:
    first = world.open_rename()
    with refused("order_in_flight") as reasons:
        world.open_rename()
    assert first.case in reasons[0].message
    assert "更名" in reasons[0].message


def test_an_account_locked_by_another_business_takes_no_order(world: World) -> None:
    world.put("customer", cons_no=COMPANY, status="3")
    with refused("order_in_flight"):
        world.open_rename()


def test_a_closed_account_takes_no_order(world: World) -> None:
    with refused("account_closed") as reasons:
        world.open_rename(CLOSED)
    assert "新装" in reasons[0].message
    assert reasons[0].entry == "YXZY-YY-334"


@pytest.mark.parametrize(
    ("flow", "customer", "code"),
    [
        ("rename", None, "customer_missing"),
        ("rename", "", "customer_missing"),
        ("rename", "1016999999", "unknown_customer"),
        ("renam", COMPANY, "unknown_flow"),
    ],
)
def test_an_order_needs_a_flow_and_an_account_that_are_there(
    world: World, flow: str, customer: str | None, code: str
) -> None:
    with pytest.raises(UsageError) as caught:
        world.desk().open(flow, customer)
    assert caught.value.code == code
    assert world.store.table("case").all() == []


def test_an_account_number_may_be_full_width(world: World) -> None:
    assert world.desk().open("更名", "１０１６０００００１").cons_no == COMPANY


def test_the_rules_of_the_day_of_acceptance_hold_to_the_end(world: World) -> None:
    order = world.open_rename()
    assert order.rule_set == "R24"
    world.clock.advance(days=-4000)
    assert world.open_rename(PERSON).rule_set == "R96"
    assert world.desk().get(order.case).rule_set == "R24"


def test_a_rule_set_may_be_pinned_by_a_setting() -> None:
    assert World(rule_set="R16").open_rename().rule_set == "R16"
    with pytest.raises(UsageError) as caught:
        World(rule_set="R99").open_rename()
    assert caught.value.code == "unknown_rule_set"


def test_an_archiving_that_is_not_approved_does_not_archive(world: World) -> None:
    """SCR-018: one of two, and only one of them goes on."""
    order = world.ready("data_archiving")
    desk = world.desk("archivist")
    desk.fill(order.case, {"archive_conclusion": ""})
    with refused("field_missing"):
        desk.send(order.case)
    desk.fill(order.case, {"archive_conclusion": "不通过"})
    with refused("archive_not_approved"):
        desk.send(order.case)
    assert world.row("customer", COMPANY)["cons_name"] == OLD_NAME
    assert desk.return_(order.case, "contract_change", "协议有误").at == ["contract_change"]


def test_a_send_may_name_where_it_should_lead(world: World) -> None:
    order = world.ready("acceptance")
    with refused("other_way") as reasons:
        world.desk().send(order.case, to="data_archiving")
    assert reasons[0].message == "按当前条件下一环节是合同变更，不是信息归档"
    assert world.desk().send(order.case, to="contract_change").at == ["contract_change"]


def test_an_order_archived_takes_nothing_more(world: World) -> None:
    order = world.done()
    desk = world.desk("archivist")
    calls = [
        lambda: desk.fill(order.case, {"box": "1"}),
        lambda: desk.attach(order.case, "M01"),
        lambda: desk.confirm(order.case, [], every=True),
        lambda: desk.send(order.case),
        lambda: desk.return_(order.case, "acceptance", "错"),
        lambda: desk.suspend(order.case, "错"),
        lambda: desk.stop(order.case, "错"),
    ]
    for call in calls:
        with refused("order_ended") as reasons:
            call()
        assert "已归档" in reasons[0].message


def test_the_name_may_be_changed_again_when_the_first_change_is_archived(world: World) -> None:
    world.done()
    order = world.open_rename()
    assert order.data["cons_name"] == NEW_NAME
    world.prepare(order.case, new_name="示范再新厂", new_cert_name="示范再新厂")
    assert world.desk().send(order.case).at == ["contract_change"]


def test_a_send_may_fill_and_confirm_in_the_same_breath(world: World) -> None:
    order = world.at("contract_change")
    desk = world.desk("contract_manager")
    controls = [c["id"] for c in desk.flow_of(order).step("contract_change")["controls"] if c["required"]]
    manual = {i: "done" for i in controls if not next(
        c["guard"] for c in desk.flow_of(order).step("contract_change")["controls"] if c["id"] == i)}  # fmt: skip
    values = {"agreement_no": "XY-9", "sign_date": "2026-11-20", "begin_date": "2026-11-20"}
    order = desk.send(order.case, data=values, checks=manual)
    assert order.at == ["data_archiving"]
    assert order.data["agreement_no"] == "XY-9"
    event = desk.events(order.case)[-1]
    assert event["answers"].items() >= manual.items()
    assert event["filled"].items() >= {"agreement_no": "XY-9", "agreement_name": NEW_NAME}.items()
    assert all(order.checks[i]["by"] == "contract_manager" for i in manual)
