"""档案管理功能授权: leave to correct some fields of some accounts for some days, by one person; every correction keeps both values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from asking import facts, told
from trials import fresh
from world import refused

from yk.desk import Desk
from yk.desk.operators import add_operator
from yk.desk.running import Plan, opened_for_run, run

FLOW = "archive_authorisation"
HOUSE, OTHER, WEST = "1016000003", "1016000013", "1016000014"
ADDRESS = {"entity": "customer", "field": "elec_addr"}


def partner(cons_no: str, org_no: str | None = "99401", **rows: Any) -> dict[str, Any]:
    customer = {
        "cons_no": cons_no,
        "org_no": org_no,
        "status": "0",
        "elec_addr": "甲",
        "contract_cap": 8.0,
        "run_cap": 8.0,
    }
    return {"cons_no": cons_no, "customer": customer, "orders": [], **rows}


@pytest.mark.parametrize(("asked_for", "said"), [
    ([ADDRESS], []),
    ([{"entity": "meter", "field": "multiplier"}], []),
    ([], ["没有写申请哪些功能"]),
    ([{"entity": "customer", "field": "status"}], ["不许手工更正"]),
    ([{"entity": "customer", "field": "cons_no"}], ["不许手工更正"]),
    ([{"entity": "customer", "field": "colour"}], ["没有 colour 这个字段"]),
    ([{"entity": "reading", "field": "this_num"}], ["不能用档案维护更正"]),
    ([ADDRESS, ADDRESS], ["写了不止一次"]),
])  # fmt: skip
def test_leave_is_asked_for_fields_that_nothing_else_changes(asked_for: list[Any], said: list[str]) -> None:
    reasons = told("functions_grantable", facts({"functions": asked_for}))
    assert [word in reason for word, reason in zip(said, reasons, strict=True)] == [True] * len(said)


@pytest.mark.parametrize(("partners", "said"), [
    ([partner("1")], []),
    ([partner("1", None)], []),
    ([], ["没有写申请哪些户号"]),
    ([partner("1"), partner("1")], ["写了不止一次"]),
    ([partner("1", "99402")], ["城西供电分公司"]),
    ([{"cons_no": "9", "customer": {}, "orders": []}], ["档案里没有"]),
])  # fmt: skip
def test_leave_is_asked_for_the_units_own_accounts(partners: list[Any], said: list[str]) -> None:
    form = {"partners": [{"cons_no": one["cons_no"]} for one in partners], "office": "99401"}
    reasons = told("accounts_grantable", facts(form, partners=partners))
    assert [word in reason for word, reason in zip(said, reasons, strict=True)] == [True] * len(said)


@pytest.mark.parametrize(
    ("until", "reasons"), [("2026-11-22", 1), ("2026-11-23", 0), ("2026-11-30", 0), ("2026-12-01", 1)]
)
def test_leave_is_asked_for_a_week_at_most(until: str, reasons: int) -> None:
    assert len(told("authorisation_wanted_fits", facts({"wanted_until": until}))) == reasons


@pytest.mark.parametrize(("until", "reasons"), [("2026-11-25", 0), ("2026-11-26", 1)])
def test_no_more_is_given_than_was_asked_for(until: str, reasons: int) -> None:
    f = facts({"authorised_until": until, "wanted_until": "2026-11-25"})
    assert len(told("grant_within_request", f)) == reasons


PEOPLE = [
    {"operator": "east", "name": "东", "roles": ["unit_corrector"], "org": "99401"},
    {"operator": "west", "name": "西", "roles": ["unit_corrector"], "org": "99402"},
    {"operator": "free", "name": "自由", "roles": ["unit_corrector"]},
    {"operator": "clerk", "name": "员", "roles": ["approver"]},
]


@pytest.mark.parametrize(("who", "said"), [
    ("east", ""), ("free", ""), ("west", "不是申请单位"), ("clerk", "没有供电单位数据订正人员"), ("nobody", "没有 nobody"),
])  # fmt: skip
def test_leave_is_given_to_somebody_of_the_unit_who_corrects(who: str, said: str) -> None:
    f = facts({"authorised_to": who, "office": "99401"}, operators=PEOPLE)
    assert [said in reason for reason in told("grantee_may_correct", f)] == ([True] if said else [])


def noted(cons_no: str, new: object = "乙", **other: Any) -> dict[str, Any]:
    return {**ADDRESS, "cons_no": cons_no, "new_value": new, "grounds": "试", **other}


def held_against(guard: str, *rows: dict[str, Any], **form: Any) -> list[str]:
    """What the guard has against these corrections, under leave for the addresses of accounts 1 and 2."""
    points = [{"mp_id": "P1", "mp_addr": "一"}, {"mp_id": "P2", "mp_addr": "二"}]
    partners = [partner("1", metering_point=points), partner("2")]
    data = {
        "functions": [ADDRESS],
        "partners": [{"cons_no": "1"}, {"cons_no": "2"}],
        "corrections": list(rows),
    }
    return told(guard, facts({**data, **form}, partners=partners))


@pytest.mark.parametrize(("guard", "row", "said"), [
    ("correction_account_granted", noted("1"), ""),
    ("correction_account_granted", noted("3"), "用户 3 不在授权的 2 户里"),
    ("correction_function_granted", noted("1"), ""),
    ("correction_function_granted", noted("1", field="run_cap"), "没有授权改用电客户的运行容量"),
    ("correction_allowed", noted("1"), ""),
    ("correction_allowed", noted("3"), ""),
    ("correction_allowed", noted("1", field="status"), "不许手工更正"),
    ("correction_allowed", noted("1", entity="metering_point", field="mp_addr"), "有 2 条计量点记录"),
    ("correction_allowed", noted("1", entity="metering_point", field="mp_addr", row_id="P9"), "找不到本户的计量点记录 P9"),
    ("correction_allowed", noted("2", entity="meter", field="wiring"), "本户没有运行电能表记录"),
    ("correction_value_sound", noted("1"), ""),
    ("correction_value_sound", noted("1", "甲"), "与档案现值相同"),
    ("correction_value_sound", noted("1", "00000", field="org_no"), "不在代码表里"),
    ("correction_keeps_capacity", noted("1", "8", field="run_cap"), ""),
    ("correction_keeps_capacity", noted("1", "9", field="run_cap"), "用户 1 更正后运行容量 9"),
    ("old_values_hold", noted("1"), ""),
    ("old_values_hold", noted("1", old_value="甲"), ""),
    ("old_values_hold", noted("1", old_value="丁"), "登记时原值是“丁”，现在是“甲”"),
])  # fmt: skip
def test_a_correction_keeps_to_the_leave(guard: str, row: dict[str, Any], said: str) -> None:
    assert [said in reason for reason in held_against(guard, row)] == ([True] if said else [])


def test_the_same_row_named_and_unnamed_is_one_correction() -> None:
    twice = [noted("1"), noted("1", "丙", row_id="1")]
    assert len(held_against("correction_value_sound", *twice)) == 2


def test_a_value_that_was_empty_when_noted_must_still_be_empty() -> None:
    empty = {**partner("1"), "customer": {"cons_no": "1", "elec_addr": None}}
    form = {"corrections": [noted("1", old_value="（空）")]}
    assert told("old_values_hold", facts(form, partners=[empty])) == []
    assert len(told("old_values_hold", facts(form, partners=[partner("1")]))) == 1


@pytest.mark.parametrize("account", [{"status": "8"}, {"status": "9"}])
def test_nothing_is_corrected_under_an_order_on_the_way(account: Mapping[str, str]) -> None:
    busy = partner("1")
    busy["customer"] |= account
    assert len(told("corrected_accounts_free", facts({"corrections": [noted("1")]}, partners=[busy]))) == (
        1 if account["status"] == "9" else 0
    )
    busy["orders"] = [{"case": "012611230009", "flow": "rename"}]
    assert len(told("corrected_accounts_free", facts({"corrections": [noted("1")]}, partners=[busy]))) == 1
    assert told("corrected_accounts_free", facts({"corrections": [noted("2")]}, partners=[busy])) == []


# -- on the demonstration archive ----------------------------------------------------------------------------------
def as_(desk: Desk, operator: str) -> Desk:
    desk.act_as(operator)
    return desk


def given(*fields: str, accounts: tuple[str, ...] = (HOUSE,), until: str = "2026-11-25") -> tuple[Desk, str]:
    """Leave for fields of the customer, asked for, approved and given to `unit_corrector`."""
    desk = fresh(operator="unit_corrector")
    form = {
        "functions": [{"entity": "customer", "field": name} for name in fields or ("elec_addr",)],
        "partners": [{"cons_no": cons_no} for cons_no in accounts],
        "reason": "门牌改号",
        "wanted_until": "2026-11-26",
        "office": "99401",
    }
    case = desk.open(FLOW, data=form).case
    desk.send(case)
    approved = {"approval_result": "1", "approval_opinion": "同意"}
    as_(desk, "data_steward").send(case, data=approved)
    as_(desk, "system_admin").send(case, data={"authorised_to": "unit_corrector", "authorised_until": until})
    return as_(desk, "unit_corrector"), case


def customer(desk: Desk, cons_no: str = HOUSE) -> dict[str, Any]:
    return dict(desk.store.table("customer").get(doc_id=cons_no) or {})


def test_each_correction_keeps_what_was_and_what_is_and_who_on_which_grounds() -> None:
    desk, case = given("elec_addr", "notify_mode", accounts=(HOUSE, OTHER))
    before = {one: customer(desk, one) for one in (HOUSE, OTHER)}
    rows = [noted(HOUSE, "示范市新路1号"), noted(OTHER, "示范市新路2号")]
    desk.send(case, data={"corrections": rows})
    assert [customer(desk, one)["elec_addr"] for one in (HOUSE, OTHER)] == ["示范市新路1号", "示范市新路2号"]
    records = [desk.store.table("field_change").get(doc_id=f"{case}-{n}") or {} for n in (1, 2)]
    assert [(r["cons_no"], r["old_value"], r["new_value"], r["basis"], r["changed_by"]) for r in records] == [
        (HOUSE, before[HOUSE]["elec_addr"], "示范市新路1号", "试", "unit_corrector"),
        (OTHER, before[OTHER]["elec_addr"], "示范市新路2号", "试", "unit_corrector"),
    ]
    kept = [row["old_value"] for row in desk.get(case).data["corrections"]]
    assert kept == [before[one]["elec_addr"] for one in (HOUSE, OTHER)]
    assert desk.events(case)[-1]["changes"][0]["before"] == {"elec_addr": before[HOUSE]["elec_addr"]}


def test_leave_is_used_once_and_ends_with_a_comparison() -> None:
    desk, case = given()
    desk.send(case, data={"corrections": [noted(HOUSE, "示范市新路1号")]})
    with refused("role_missing", "duty_conflict", "field_missing"):
        desk.send(case)
    as_(desk, "system_admin").send(case, data={"compared": "相符"})
    assert desk.get(case).status == "completed"


def test_a_value_that_somebody_changed_since_is_noticed_when_leave_ends() -> None:
    desk, case = given()
    desk.send(case, data={"corrections": [noted(HOUSE, "示范市新路1号")]})
    desk.store.table("customer").save({**customer(desk), "elec_addr": "示范市别路9号"})
    with refused("notice_open") as reasons:
        as_(desk, "system_admin").send(case, data={"compared": "相符"})
    assert "应更正为“示范市新路1号”，现在是“示范市别路9号”" in reasons[0].message


def test_a_billing_field_leaves_a_task_for_billing() -> None:
    desk, case = given("elec_type", accounts=(HOUSE, OTHER))
    now = customer(desk)["elec_type"]
    row = {**noted(HOUSE, "401" if now != "401" else "100"), "field": "elec_type"}
    desk.send(case, data={"corrections": [row]})
    task = desk.store.table("due_task").get(doc_id=f"{case}-15-{HOUSE}") or {}
    assert (task["cons_no"], task["due_date"]) == (HOUSE, "2026-12-23")
    assert not desk.store.table("due_task").has(f"{case}-15-{OTHER}")


@pytest.mark.parametrize(("row", "code"), [
    (noted(OTHER, "示范市新路2号"), "account_not_granted"),
    (noted(HOUSE, "02", field="notify_mode"), "function_not_granted"),
    (noted(HOUSE, old_value="别的"), "correction_overtaken"),
])  # fmt: skip
def test_what_lies_outside_the_leave_is_refused_and_nothing_written(row: dict[str, Any], code: str) -> None:
    desk, case = given()
    before = customer(desk)
    with refused(code):
        desk.send(case, data={"corrections": [row]})
    assert customer(desk) == before
    assert desk.get(case).at == ["maintenance"]


def test_leave_that_has_expired_writes_nothing_and_says_until_when_it_ran() -> None:
    desk, case = given(until="2026-11-24")
    before = customer(desk)
    desk.clock.advance(days=1)  # type: ignore[attr-defined]
    desk.fill(case, {"corrections": [noted(HOUSE)]})
    desk.clock.advance(days=1)  # type: ignore[attr-defined]
    with refused("authorisation_lapsed") as reasons:
        desk.send(case)
    assert "2026-11-24 已到期" in reasons[0].message
    assert customer(desk) == before


def test_only_the_person_who_was_given_leave_corrects() -> None:
    desk, case = given()
    add_operator(desk.store, "other", "另一位", ["unit_corrector"])
    with refused("not_authorised") as reasons:
        as_(desk, "other").send(case, data={"corrections": [noted(HOUSE)]})
    assert "授权给了 unit_corrector，不是 other" in reasons[0].message


@pytest.mark.parametrize(("second", "steps"), [("audit_approval", 0), ("grant", 0), ("grant", 1)])
def test_who_asks_who_approves_and_who_gives_are_three(second: str, steps: int) -> None:
    """The trainer holds every role: what he did before on the order keeps him from the next step."""
    desk = fresh(operator="trainer" if steps == 0 else "unit_corrector")
    case = opened_for_run(desk, FLOW, None, Plan(fill=True))
    list(run(desk, case, Plan(fill=True, until="audit_approval")))
    if second == "grant":
        who = "data_steward" if steps == 0 else "trainer"
        as_(desk, who).send(case, data={"approval_result": "1", "approval_opinion": "同意"})
    form = {"authorised_to": "unit_corrector", "authorised_until": "2026-11-24"}
    data = form if second == "grant" else {"approval_result": "1", "approval_opinion": "同意"}
    with refused("duty_conflict"):
        as_(desk, "trainer").send(case, data=data)
    assert desk.get(case).at == [second]


def test_leave_that_lapsed_is_withdrawn_by_the_sweep() -> None:
    desk, case = given()
    assert list(desk.sweep()) == []
    desk.clock.advance(days=3)  # type: ignore[attr-defined]
    (done,) = desk.sweep()
    assert done == {"case": case, "action": "stop", "reason": "档案维护授权 2026-11-25 到期，自动收回"}
    order = desk.get(case)
    assert (order.status, desk.events(case)[-1]["reason"]) == ("stopped", done["reason"])
    assert list(desk.sweep()) == []
    assert desk.verify(case) == []


@pytest.mark.parametrize("step", ["application", "audit_approval", "grant", "withdrawal"])
def test_the_sweep_ends_leave_only_while_it_could_be_used(step: str) -> None:
    desk = fresh()
    case = opened_for_run(desk, FLOW, None, Plan(fill=True))
    list(run(desk, case, Plan(fill=True, until=step)))
    desk.clock.advance(days=9)  # type: ignore[attr-defined]
    assert list(desk.sweep()) == []
    assert desk.get(case).at == [step]


def test_a_correction_of_one_account_whose_leave_lapsed_is_left_to_its_own_flow() -> None:
    desk = fresh()
    case = opened_for_run(desk, "archive_maintenance", "1016000006", Plan())
    list(run(desk, case, Plan(confirm_all=True, fill=True, until="maintenance")))
    desk.clock.advance(days=9)  # type: ignore[attr-defined]
    assert [done["action"] for done in desk.sweep()] == []
    assert desk.get(case).status == "open"
