"""Batch modifications: the dry run that is approved, four hands over it, carried out whole, taken back without harm."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from world import COMPANY, PERSON, World, refused
from world import TWIN as SECOND

from audit.spoiling import ACCOUNT, OTHER, RULE, TWIN, audited, clock, found, fresh, set_field
from yk.audit import repair_open, repair_plan, repairing
from yk.audit.owners import set_holders
from yk.audit.repair_targets import Wish
from yk.desk import Desk
from yk.desk.operators import add_operator
from yk.errors import UnreadableError, UsageError

CHAIN = ("unit_corrector", "data_steward", "division_lead", "leading_group")
"""Who signs, in order: the applicant, the audit specialist, the professional lead, the leading group."""


@pytest.fixture
def desk() -> Desk:
    """A desk over the demonstration archive in which two accounts run more than they may."""
    desk = fresh("unit_corrector")
    for account in (ACCOUNT, OTHER):
        set_field(desk, "run_cap", 999.0, account)
    audited(desk)
    return desk


def by(desk: Desk, operator: str) -> Desk:
    desk.act_as(operator)
    return desk


def planned(desk: Desk, **wish: Any) -> str:
    """A plan of the unit: the open findings of a rule get a capacity of 5 kVA unless `wish` says otherwise."""
    usual = {"reason": "录错", "rule": RULE, "values": {"run_cap": "5"}, "billing_note": "未影响电费"}
    return str(repair_plan.plan(by(desk, "unit_corrector"), Wish(**usual | wish))["repair"])


def addressed(desk: Desk, text: str = "示范市新路1号", *accounts: str) -> str:
    """A plan of a plain field."""
    named = accounts or (ACCOUNT, OTHER)
    return planned(desk, rule="", billing_note="", customers=named, values={"elec_addr": text})


def signed(desk: Desk, number: str, *people: str) -> str:
    """The list passed by these people, by all of the chain when none is named."""
    for operator in people or CHAIN:
        repairing.approve(by(desk, operator), number, "同意")
    return number


def applied(desk: Desk, number: str) -> str:
    signed(desk, number)
    repairing.apply(by(desk, "system_admin"), number)
    return number


def found_faulty(desk: Desk, number: str) -> str:
    repairing.verify(by(desk, "unit_corrector"), number, False, "门牌编错")
    return number


def state(desk: Desk, number: str) -> str:
    return str(repairing.shown(desk, number)["state"])


def customer(desk: Desk, account: str = ACCOUNT) -> dict[str, Any]:
    return dict(desk.store.table("customer").get(doc_id=account))


def everything(desk: Desk) -> dict[str, dict[str, Any]]:
    return {
        name: {doc.doc_id: dict(doc) for doc in desk.store.table(name)}
        for name in desk.store.medium.collections
    }


# -- the dry run -----------------------------------------------------------------------------------------
def test_a_dry_run_says_before_and_after_and_what_it_cures_and_writes_nothing(desk: Desk) -> None:
    before = {account: customer(desk, account) for account in (ACCOUNT, OTHER)}
    answer = repair_plan.plan(desk, Wish("录错", {"运行容量": "5"}, rule=RULE))
    assert (answer["rows"], answer["accounts"], answer["skipped"]) == (2, 2, [])
    assert answer["sample"][0]["said"] == "运行容量 999 kVA → 5 kVA"
    assert {one["rule"]: one["count"] for one in answer["cures"]}[RULE] == 2
    assert answer["breaks"] == []
    assert answer["billing"]
    assert {account: customer(desk, account) for account in before} == before


def test_what_a_change_would_newly_break_is_told_beforehand(desk: Desk) -> None:
    answer = repair_plan.plan(desk, Wish("试", {"run_cap": "9999"}, customers=["1016000003"]))
    assert RULE in {one["rule"] for one in answer["breaks"]}
    assert answer["cures"] == []


def test_findings_bear_the_order_under_both_of_their_numbers_and_stay_open(desk: Desk) -> None:
    number = planned(desk)
    linked = found(desk, case=number)
    assert {one["rule"] for one in linked} == {RULE, TWIN}
    assert {one["state"] for one in linked} == {"found"}
    assert linked[0]["history"][-1]["state"] == "linked"


def test_a_finding_that_an_order_under_way_is_about_is_left_out(desk: Desk) -> None:
    first = planned(desk, customers=[ACCOUNT])
    answer = repair_plan.plan(desk, Wish("录错", {"run_cap": "5"}, rule=RULE))
    assert [row["entity_id"] for row in answer["sample"]] == [OTHER]
    assert first in answer["skipped"][0]["why"]


def test_rows_that_have_the_value_already_are_told_and_drop_out(desk: Desk) -> None:
    set_field(desk, "elec_addr", "示范市新路1号", OTHER)
    answer = repair_plan.plan(
        desk, Wish("门牌改编", {"elec_addr": "示范市新路1号"}, customers=[ACCOUNT, OTHER])
    )
    assert answer["rows"] == 1
    assert answer["skipped"] == [
        {"entity": "customer", "entity_id": OTHER, "cons_no": OTHER, "why": "已是新值，不用改"}
    ]


def test_another_kind_of_row_is_meant_by_its_account_where_that_has_but_one(desk: Desk) -> None:
    answer = repair_plan.plan(
        desk, Wish("改", {"metering_point.mp_addr": "示范市新路1号"}, customers=["1016000001", ACCOUNT])
    )
    named = {row["cons_no"] for row in answer["sample"]} | {one["cons_no"] for one in answer["skipped"]}
    assert named == {"1016000001", ACCOUNT}
    assert all(row["entity"] == "metering_point" for row in answer["sample"])


def test_a_code_is_given_by_its_name(desk: Desk) -> None:
    answer = repair_plan.plan(desk, Wish("划转", {"org_no": "示范市城西供电分公司"}, customers=[ACCOUNT]))
    number = answer["repair"]
    assert repairing.rows(desk, number)[0]["said"].endswith("→ 示范市城西供电分公司")


@pytest.mark.parametrize(("wish", "code"), [
    ({"rule": "", "values": {}, "customers": [ACCOUNT]}, "values_needed"), ({"rule": ""}, "rows_needed"),
    ({"reason": " "}, "reason_missing"), ({"values": {"run_cap": "五"}}, "wrong_type"), ({"rule": "X:9.99"}, "unknown_rule"),
    ({"values": {"org_no": "火星"}}, "unknown_code"), ({"values": {"colour": "红"}}, "unknown_field"),
    ({"rule": "", "customers": ["9"]}, "unknown_customer"), ({"rule": "", "findings": ["X:1/customer/9"]}, "unknown_finding"),
])  # fmt: skip
def test_what_cannot_be_meant_is_told(desk: Desk, wish: dict[str, Any], code: str) -> None:
    before = everything(desk)
    with pytest.raises(UsageError) as wrong:
        planned(desk, **wish)
    assert wrong.value.code == code
    assert everything(desk) == before


@pytest.mark.parametrize(("wish", "said"), [
    ({"values": {"status": "9"}}, "不许批量修改"), ({"values": {"cons_no": "9"}}, "不许批量修改"),
    ({"rule": "", "customers": [ACCOUNT], "values": {"reading.this_num": "1"}}, "reading"),
])  # fmt: skip
def test_a_closed_field_is_refused_and_nothing_is_kept(desk: Desk, wish: dict[str, Any], said: str) -> None:
    before = everything(desk)
    with pytest.raises(Exception, match=said):
        planned(desk, **wish)
    assert everything(desk) == before


def test_a_list_longer_than_allowed_is_refused(desk: Desk) -> None:
    desk.settings = desk.settings.with_values(repair_rows_most=1)
    with refused("repair_too_many"):
        planned(desk)
    desk.settings = desk.settings.with_values(repair_rows_most=2)
    assert planned(desk)


def test_a_unit_changes_the_data_of_its_own_customers_only(desk: Desk) -> None:
    add_operator(desk.store, "east", "城东订正员", ["unit_corrector"], "99401")
    with refused("repair_other_unit") as reasons:
        both = Wish("门牌改编", {"elec_addr": "示范市新路1号"}, customers=[ACCOUNT, OTHER])
        repair_plan.plan(by(desk, "east"), both)
    assert ACCOUNT in reasons[0].message
    own = Wish("门牌改编", {"elec_addr": "示范市新路1号"}, customers=[OTHER])
    assert repair_plan.plan(by(desk, "east"), own)["rows"] == 1


def test_only_the_units_correctors_apply(desk: Desk) -> None:
    with refused("role_missing"):
        repair_plan.plan(by(desk, "data_steward"), Wish("录错", {"run_cap": "5"}, rule=RULE))


def test_a_trial_of_the_dry_run_keeps_nothing(desk: Desk) -> None:
    before = everything(desk)
    desk.dry_run = True
    assert repair_plan.plan(desk, Wish("录错", {"run_cap": "5"}, rule=RULE))["rows"] == 2
    assert everything(desk) == before


# -- lists -------------------------------------------------------------------------------------------------
def listed(desk: Desk, path: Path, text: str, **wish: Any) -> dict[str, Any]:
    path.write_text(text, encoding="utf-8")
    return repair_plan.plan(desk, Wish("门牌改编", file=path, **wish))


def test_a_list_has_a_row_each_with_its_own_values_and_blank_cells_keep_theirs(
    desk: Desk, tmp_path: Path
) -> None:
    text = f"用户编号,用电地址,用户名称\n{ACCOUNT},示范市甲路1号,\n{OTHER},示范市乙路2号,示范乙户\n"
    answer = listed(desk, tmp_path / "门牌.csv", text)
    assert [{one["field"] for one in row["changes"]} for row in answer["sample"]] == [
        {"elec_addr"},
        {"elec_addr", "cons_name"},
    ]
    assert answer["change"] == "按清单 门牌.csv 逐行修改"


def test_a_list_names_rows_by_id_or_account(desk: Desk, tmp_path: Path) -> None:
    point = next(row["mp_id"] for row in desk.store.table("metering_point") if row["cons_no"] == OTHER)
    first = listed(desk, tmp_path / "a.csv", f"entity_id,mp_addr\n{point},丙\n", entity="计量点")
    second = listed(desk, tmp_path / "b.csv", f"cons_no,mp_addr\n{OTHER},丙\n", entity="metering_point")
    assert first["sample"][0]["entity_id"] == second["sample"][0]["entity_id"] == point
    assert first["sha256"] == second["sha256"]


def test_a_workbook_is_read_as_well(desk: Desk, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for cells in (["cons_no", "elec_addr"], [ACCOUNT, "示范市甲路1号"]):
        book.active.append(cells)
    book.save(tmp_path / "a.xlsx")
    assert repair_plan.plan(desk, Wish("门牌改编", file=tmp_path / "a.xlsx"))["rows"] == 1


def test_everything_wrong_in_a_list_is_told_with_its_row(desk: Desk, tmp_path: Path) -> None:
    text = f"cons_no,run_cap,org_no\n{ACCOUNT},五,\n{OTHER},5,火星\n,5,\n"
    with refused("repair_rows_wrong", "repair_rows_wrong", "repair_rows_wrong") as reasons:
        listed(desk, tmp_path / "a.csv", text)
    assert [f"第 {n} 行" in reason.message for n, reason in zip((2, 3, 4), reasons, strict=True)] == [
        True
    ] * 3


@pytest.mark.parametrize(("text", "error"), [
    (f"cons_no,colour\n{ACCOUNT},红\n", UsageError), ("colour\n红\n", UnreadableError),
])  # fmt: skip
def test_a_list_with_a_column_nobody_knows_is_not_guessed_at(
    desk: Desk, tmp_path: Path, text: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        listed(desk, tmp_path / "a.csv", text)


def test_two_values_for_one_field_are_refused(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as wrong:
        listed(desk, tmp_path / "a.csv", f"cons_no,elec_addr\n{ACCOUNT},甲\n{ACCOUNT},乙\n")
    assert wrong.value.code == "row_twice"


def test_a_masked_value_is_not_written_into_the_archive(desk: Desk, tmp_path: Path) -> None:
    contact = next(row for row in desk.store.table("contact") if row["cons_no"] == OTHER)
    with refused("repair_rows_wrong") as reasons:
        text = f"contact_id,mobile\n{contact['contact_id']},138****0000\n"
        listed(desk, tmp_path / "a.csv", text, entity="contact")
    assert "脱敏" in reasons[0].message


# -- the way through -----------------------------------------------------------------------------------------
def test_four_sign_one_carries_out_and_the_unit_verifies(desk: Desk) -> None:
    number = planned(desk)
    for operator, then in zip(CHAIN, ("approving", "approving", "approving", "approved"), strict=True):
        signed(desk, number, operator)
        assert state(desk, number) == then
    assert customer(desk)["run_cap"] == 999.0
    order = repairing.apply(by(desk, "system_admin"), number)
    assert (customer(desk)["run_cap"], customer(desk, OTHER)["run_cap"]) == (5.0, 5.0)
    assert {(one["entity"], one["id"]) for one in desk.changes} == {
        ("customer", ACCOUNT),
        ("customer", OTHER),
    }
    assert desk.changes[0]["before"] == {"run_cap": 999.0}
    assert state(desk, number) == "applied"
    repairing.verify(by(desk, "unit_corrector"), number, True, "抽查一致")
    assert state(desk, number) == "verified"
    assert [row["status"] for row in repairing.rows(desk, number)] == ["applied", "applied"]
    assert desk.verify(order.case) == []


def test_the_accounts_are_asked_again_at_once_and_the_findings_are_gone(desk: Desk) -> None:
    number = applied(desk, planned(desk))
    assert {one["state"] for one in found(desk, rule=RULE)} == {"cleared"}
    assert found(desk, rule=RULE)[0]["history"][-1]["case"] == number


def test_what_the_change_newly_breaks_is_filed_on_the_order(desk: Desk) -> None:
    number = applied(desk, planned(desk, rule="", customers=["1016000003"], values={"run_cap": "9999"}))
    new = found(desk, cons_no="1016000003", rule=RULE)
    assert [(one["state"], one["case"]) for one in new] == [("found", number)]


def test_a_change_of_billing_fields_wants_a_word_on_the_bills(desk: Desk) -> None:
    number = planned(desk, billing_note="")
    with refused("field_missing") as reasons:
        signed(desk, number, "unit_corrector")
    assert "计费影响说明" in reasons[0].message
    repairing.approve(desk, number, values={"billing_note": "未影响电费"})
    assert state(desk, number) == "approving"


def test_the_professional_lead_states_the_rule_of_the_change(desk: Desk) -> None:
    number = signed(desk, addressed(desk), "unit_corrector", "data_steward")
    rule = "只改门牌，不改户名"
    repairing.approve(by(desk, "division_lead"), number, "同意", {"change_rule": rule})
    assert repairing.shown(desk, number)["change"] == rule


# -- separation of duties --------------------------------------------------------------------------------------
ROLES = {
    "application": "unit_corrector", "audit_review": "data_steward", "division_confirm": "division_lead",
    "board_approval": "leading_group", "execution": "system_admin", "verification": "unit_corrector",
}  # fmt: skip
APART = [
    (first, second)
    for number, first in enumerate(ROLES)
    for second in list(ROLES)[number + 1 :]
    if (first, second) != ("application", "verification")
]


def went(desk: Desk, number: str, step: str, who: Callable[[str], str]) -> None:
    """Do the step the list stands at, as whom `who` names for it."""
    desk = by(desk, who(step))
    if step == "execution":
        repairing.apply(desk, number)
    elif step == "verification":
        repairing.verify(desk, number, True, "一致")
    else:
        repairing.approve(desk, number, "同意")


@pytest.mark.parametrize(("first", "second"), APART)
def test_nobody_does_two_of_them(desk: Desk, first: str, second: str) -> None:
    """Applicant, each approver, executor and verifier differ; only the applicant may verify (第十二条 3)."""
    add_operator(desk.store, "both", "一人两岗", [ROLES[first], ROLES[second]])
    number = addressed(desk)
    for step in ROLES:
        if step == second:
            break
        went(desk, number, step, lambda name: "both" if name == first else ROLES[name])
    before = everything(desk)
    with refused("duty_conflict") as reasons:
        went(desk, number, second, lambda name: "both")
    assert "一人两岗" in reasons[0].message
    assert reasons[0].basis == "大连数据质量核查办法第十二条 3"
    assert everything(desk) == before
    went(desk, number, second, ROLES.__getitem__)


def test_the_applicant_may_verify(desk: Desk) -> None:
    number = applied(desk, addressed(desk))
    assert desk.get(number).opened_by == "unit_corrector"
    assert repairing.verify(by(desk, "unit_corrector"), number, True, "一致").status == "completed"


def test_whoever_verified_does_not_take_it_back(desk: Desk) -> None:
    add_operator(desk.store, "both", "一人两岗", ["unit_corrector", "system_admin"])
    number = applied(desk, addressed(desk))
    repairing.verify(by(desk, "both"), number, False, "编错")
    with refused("duty_conflict"):
        repairing.undo(desk, number)


# -- what changed since -------------------------------------------------------------------------------------
@pytest.mark.parametrize("signatures", range(1, 5))
def test_a_list_whose_rows_changed_is_refused_with_the_values_at_every_step(
    desk: Desk, signatures: int
) -> None:
    number = signed(desk, addressed(desk), *CHAIN[:signatures])
    set_field(desk, "elec_addr", "示范市别路9号")
    before = everything(desk)
    with refused("repair_stale") as reasons:
        if signatures < 4:
            signed(desk, number, CHAIN[signatures])
        else:
            repairing.apply(by(desk, "system_admin"), number)
    assert ACCOUNT in reasons[0].message
    assert "用电地址" in reasons[0].message
    assert "示范市别路9号" in reasons[0].message
    assert everything(desk) == before
    assert "示范市别路9号" in repairing.shown(desk, number)["moved"][0]


def test_a_row_that_is_gone_is_a_change_too(desk: Desk) -> None:
    number = signed(desk, addressed(desk))
    desk.store.table("customer").remove(doc_ids=[ACCOUNT])
    with refused("repair_stale") as reasons:
        repairing.apply(by(desk, "system_admin"), number)
    assert "已不在档案里" in reasons[0].message


def test_a_field_that_is_not_in_the_list_may_change(desk: Desk) -> None:
    number = signed(desk, addressed(desk))
    set_field(desk, "cons_name", "示范新名")
    repairing.apply(by(desk, "system_admin"), number)
    assert (customer(desk)["elec_addr"], customer(desk)["cons_name"]) == ("示范市新路1号", "示范新名")


def test_it_is_planned_anew_and_confirmed_again(desk: Desk) -> None:
    number = signed(desk, addressed(desk))
    old = repairing.shown(desk, number)["sha256"]
    set_field(desk, "elec_addr", "示范市别路9号")
    set_field(desk, "elec_addr", "示范市新路1号", OTHER)
    with refused("not_here"):
        repair_plan.again(by(desk, "unit_corrector"), number)
    repairing.reject(by(desk, "system_admin"), number, "档案变了")
    answer = repair_plan.again(by(desk, "unit_corrector"), number)
    assert [row["said"] for row in answer["sample"]] == ["用电地址 示范市别路9号 → 示范市新路1号"]
    assert answer["sha256"] != old
    assert len(answer["rounds"]) == 2
    assert state(desk, number) == "planned"
    applied(desk, number)
    assert customer(desk)["elec_addr"] == "示范市新路1号"


def test_a_stale_plan_is_refused_to_the_applicant_already(desk: Desk) -> None:
    number = addressed(desk)
    set_field(desk, "elec_addr", "示范市别路9号")
    with refused("repair_rows_wrong") as reasons:
        signed(desk, number, "unit_corrector")
    assert "重新试算" in reasons[0].message


@pytest.mark.parametrize("signatures", [1, 4])
def test_a_list_altered_in_the_store_is_found_out(desk: Desk, signatures: int) -> None:
    number = signed(desk, addressed(desk), *CHAIN[:signatures])
    table = desk.store.table("repair_row")
    row = dict(table.get(doc_id=f"{number}-000001"))
    table.put([(row["row_id"], row | {"after": '{"elec_addr":"别处"}'})])
    with refused("repair_altered"):
        went(desk, number, "execution" if signatures == 4 else "audit_review", ROLES.__getitem__)
    table.put([(row["row_id"], row)])
    went(desk, number, "execution" if signatures == 4 else "audit_review", ROLES.__getitem__)


def test_a_step_is_done_where_the_list_stands(desk: Desk) -> None:
    number = addressed(desk)
    for call in (
        lambda: repairing.apply(by(desk, "system_admin"), number),
        lambda: repairing.verify(by(desk, "unit_corrector"), number, True, "一致"),
        lambda: repairing.undo(by(desk, "system_admin"), number),
    ):
        with refused("not_here"):
            call()
    applied(desk, number)
    with refused("not_here"):
        repairing.approve(by(desk, "leading_group"), number)
    with refused("back_not_allowed"):
        repairing.reject(by(desk, "unit_corrector"), number, "不要了")


# -- taking back -----------------------------------------------------------------------------------------------
def test_what_is_found_faulty_is_taken_back(desk: Desk) -> None:
    old = customer(desk)
    number = found_faulty(desk, applied(desk, addressed(desk)))
    assert state(desk, number) == "undoing"
    assert repairing.undo(by(desk, "system_admin"), number).status == "completed"
    assert customer(desk) == old
    assert state(desk, number) == "undone"
    assert {row["status"] for row in repairing.rows(desk, number)} == {"undone"}


def test_taking_back_never_overwrites_a_later_change_and_lists_it(desk: Desk) -> None:
    old = customer(desk, OTHER)
    number = found_faulty(desk, applied(desk, addressed(desk)))
    set_field(desk, "elec_addr", "示范市别路9号")
    repairing.undo(by(desk, "system_admin"), number)
    assert customer(desk)["elec_addr"] == "示范市别路9号"
    assert customer(desk, OTHER) == old
    (left,) = repairing.shown(desk, number)["left_rows"]
    assert (left["entity_id"], left["status"], left["now"]) == (ACCOUNT, "left", "用电地址 示范市别路9号")
    assert [row["status"] for row in repairing.rows(desk, number)] == ["left", "undone"]


def test_taking_back_is_only_for_what_was_found_faulty(desk: Desk) -> None:
    number = applied(desk, addressed(desk))
    with refused("not_here"):
        repairing.undo(by(desk, "system_admin"), number)


def test_after_the_days_allowed_nothing_is_taken_back(desk: Desk) -> None:
    number = found_faulty(desk, applied(desk, addressed(desk)))
    clock(desk).advance(days=30)
    repairing.undo(Desk(desk.store, "system_admin", desk.clock, desk.settings, dry_run=True), number)
    clock(desk).advance(days=1)
    with refused("repair_undo_late"):
        repairing.undo(by(desk, "system_admin"), number)


def test_an_order_stopped_after_its_execution_leaves_nothing_of_it(desk: Desk) -> None:
    old = customer(desk)
    number = applied(desk, addressed(desk))
    set_field(desk, "elec_addr", "示范市别路9号", OTHER)
    by(desk, "unit_corrector").stop(number, "不再需要")
    assert customer(desk) == old
    assert customer(desk, OTHER)["elec_addr"] == "示范市别路9号"
    assert state(desk, number) == "undone"


def test_an_order_stopped_before_its_execution_writes_nothing(desk: Desk) -> None:
    number = signed(desk, addressed(desk))
    old = customer(desk)
    by(desk, "system_admin").stop(number, "不再需要")
    assert customer(desk) == old
    assert state(desk, number) == "cancelled"


FIELDS = {
    "elec_addr": st.text("甲乙丙丁", max_size=3),
    "cons_name": st.text("甲乙丙丁", min_size=1, max_size=3),
    "contract_cap": st.integers(1, 500).map(str),
    "org_no": st.sampled_from(["99401", "99402", "99403"]),
}
ACCOUNTS = (COMPANY, SECOND, PERSON)
LIST = st.dictionaries(
    st.sampled_from(ACCOUNTS), st.fixed_dictionaries({}, optional=FIELDS).filter(bool), min_size=1
)


def archive(world: World) -> dict[str, dict[str, Any]]:
    return {doc.doc_id: dict(doc) for doc in world.store.table("customer")}


@settings(max_examples=40, deadline=None)
@given(LIST, st.sets(st.sampled_from(ACCOUNTS)))
def test_carrying_out_and_taking_back_gives_the_archive_again_but_for_what_others_did(
    lists: dict[str, dict[str, str]], others: set[str]
) -> None:
    """A law: undo after apply is nothing; a row that somebody changed meanwhile is as they left it."""
    world = World()
    table = [
        {"entity": "customer", "row_id": account, "field": name, "new_value": value}
        for account, values in lists.items()
        for name, value in values.items()
        if str(world.row("customer", account).get(name) or "") not in (value, f"{value}.0")
    ]
    assume(table)
    before = archive(world)
    data = {"reason": "试", "change_wish": "试", "rows": table, "billing_note": "无"}
    number = world.desk("unit_corrector").open("data_batch_change", data=data).case
    for operator in CHAIN:
        repairing.approve(world.desk(operator), number, "同意")
    repairing.apply(world.desk("system_admin"), number)
    changed = {str(row["row_id"]) for row in table}
    assert {key for key, row in archive(world).items() if row != before[key]} == changed
    repairing.verify(world.desk("unit_corrector"), number, False, "试")
    touched = {row["row_id"]: row["field"] for row in table if row["row_id"] in others}
    for account, name in touched.items():
        world.put("customer", cons_no=account, **{name: 77.0 if name == "contract_cap" else "别人改的"})
    theirs = archive(world)
    repairing.undo(world.desk("system_admin"), number)
    assert archive(world) == {key: theirs[key] if key in touched else row for key, row in before.items()}
    left = {row["entity_id"] for row in repairing.rows(world.desk("trainer"), number, "left")}
    assert left == set(touched)


# -- lists of them, and service flows -----------------------------------------------------------------------------
def test_they_are_listed_by_state_and_rule(desk: Desk) -> None:
    first, second = planned(desk), signed(desk, addressed(desk), "unit_corrector")
    assert [one["repair"] for one in repairing.repairs(desk)] == [first, second]
    assert [one["repair"] for one in repairing.repairs(desk, state="approving")] == [second]
    assert [one["repair"] for one in repairing.repairs(desk, rule=RULE)] == [first]


def test_an_order_of_another_flow_is_no_batch_modification(desk: Desk) -> None:
    other = by(desk, "trainer").open("archive_maintenance", ACCOUNT).case
    for number in (other, "012611239999"):
        with pytest.raises(UsageError) as wrong:
            repairing.shown(desk, number)
        assert wrong.value.code == "unknown_repair"


def test_a_finding_opens_a_service_flow_and_is_linked(desk: Desk) -> None:
    findings = [f"{RULE}/customer/{account}" for account in (ACCOUNT, OTHER)]
    orders = repair_open.open_for(by(desk, "trainer"), [*findings, f"{TWIN}/customer/{ACCOUNT}"])
    assert [(order.flow, order.cons_no) for order in orders] == [
        ("archive_maintenance", ACCOUNT),
        ("archive_maintenance", OTHER),
    ]
    assert {one["finding"]: one["case"] for one in found(desk, rule=RULE)} == dict(
        zip(findings, [order.case for order in orders], strict=True)
    )


def test_a_finding_opens_no_flow_that_is_not_about_an_account_and_none_when_it_is_gone(desk: Desk) -> None:
    finding = f"{RULE}/customer/{ACCOUNT}"
    with pytest.raises(UsageError) as wrong:
        repair_open.open_for(by(desk, "trainer"), [finding], "data_batch_change")
    assert wrong.value.code == "flow_without_customer"
    set_field(desk, "run_cap", 5.0)
    audited(desk)
    before = everything(desk)
    with refused("finding_closed"):
        repair_open.open_for(desk, [f"{RULE}/customer/{OTHER}", finding])
    assert everything(desk) == before


# -- of a unit, of a division ----------------------------------------------------------------------------
def test_of_a_rule_a_unit_is_chosen_and_an_operator_of_one_means_his_own(desk: Desk) -> None:
    usual: dict[str, Any] = {"rule": RULE, "billing_note": "未影响电费"}
    south = repair_plan.plan(desk, Wish("录错", {"run_cap": "5"}, unit="示范市城南供电分公司", **usual))
    assert [row["cons_no"] for row in south["sample"]] == [ACCOUNT]
    add_operator(desk.store, "east", "城东订正", ["unit_corrector"], "99401")
    east = repair_plan.plan(by(desk, "east"), Wish("录错", {"run_cap": "5"}, **usual))
    assert ([row["cons_no"] for row in east["sample"]], east["unit"]) == ([OTHER], "99401")


def test_a_unit_is_only_said_of_a_rule(desk: Desk) -> None:
    with pytest.raises(UsageError, match="--unit 只能和 --rule"):
        repair_plan.plan(desk, Wish("录错", {"run_cap": "5"}, unit="99401", customers=[ACCOUNT]))


def test_planned_anew_rows_whose_finding_is_cleared_drop_out_and_are_told(desk: Desk) -> None:
    number = planned(desk)
    set_field(desk, "run_cap", 4.0, OTHER)
    audited(desk)
    answer = repair_plan.again(by(desk, "unit_corrector"), number)
    assert (answer["rows"], [row["cons_no"] for row in answer["sample"]]) == (1, [ACCOUNT])
    assert [(one["cons_no"], one["why"]) for one in answer["skipped"]] == [(OTHER, "问题已消除，不用改")]
    assert answer["findings"] == [f"{RULE}/customer/{ACCOUNT}"]
    set_field(desk, "run_cap", 4.0)
    audited(desk)
    with refused("repair_empty"):
        repair_plan.again(desk, number)


def test_the_professional_lead_is_of_the_division_of_the_findings(desk: Desk) -> None:
    division = found(desk, rule=RULE)[0]["division"]
    add_operator(desk.store, "lead2", "别的专责", ["division_lead"])
    set_holders(by(desk, "data_steward"), f"division/{division}", ["lead2"])
    number = signed(desk, planned(desk), "unit_corrector", "data_steward")
    with refused("not_the_holder"):
        repairing.approve(by(desk, "division_lead"), number)
    repairing.approve(by(desk, "lead2"), number, "同意")
    plain = signed(desk, addressed(desk), "unit_corrector", "data_steward", "division_lead")
    assert repairing.line(desk, desk.get(plain))["steps"] == "领导小组审批"


def test_sent_back_the_approvals_of_the_former_round_are_not_shown(desk: Desk) -> None:
    number = signed(desk, addressed(desk), "unit_corrector", "data_steward", "division_lead")
    assert {"review_by", "division_by"} <= repairing.shown(desk, number)["form"].keys()
    repairing.reject(by(desk, "leading_group"), number, "地址不对")
    assert not {"review_by", "division_by"} & repairing.shown(desk, number)["form"].keys()
    signed(desk, number, "unit_corrector", "data_steward")
    assert {"review_by", "division_by"} & repairing.shown(desk, number)["form"].keys() == {"review_by"}


def test_it_is_looked_at_without_being_an_operator(desk: Desk) -> None:
    number = addressed(desk)
    nobody = Desk(desk.store, "nobody", desk.clock, desk.settings)
    assert repairing.shown(nobody, number)["rows"] == len(repairing.rows(nobody, number)) == 2
