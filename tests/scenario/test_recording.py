"""A finished work order becomes a scenario that does it again, with made-up people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from trials import fresh

from yk.archive.numbering import credit_code_check, id_card_check
from yk.desk import Desk
from yk.desk.operators import add_operator
from yk.desk.running import Plan, fill_in, opened_for_run, operator_for, run
from yk.errors import Refused, UsageError
from yk.flows.roles import roles
from yk.scenario.copying import rows_of_account
from yk.scenario.extracting import Extract
from yk.scenario.reading import load
from yk.scenario.recording import record, text
from yk.scenario.running import Run, run_scenario, world_for
from yk.scenario.telling import explain
from yk.settings import load as settings

LIBRARY = Path(__file__).parents[2] / "fixtures" / "scenarios"
NAME, ADDRESS = "恒泰铸造有限公司", "民族东路88号院3号楼"
CREDIT = (body := "91640100MA7XK3T9H") + credit_code_check(body)
ID_CARD = (digits := "64010219790812301") + id_card_check(digits)
REAL = {
    "cons_name": NAME, "party_name": NAME, "invoice_title": NAME, "elec_addr": ADDRESS, "mp_addr": ADDRESS, "addr": ADDRESS,
    "sp_name": f"{NAME}受电点", "mp_name": f"{NAME}计量点", "legal_person": "马国梁", "name": "哈斯", "mobile": "13877665544",
    "office_phone": "0951-6677889", "email": "hasi@hengtai.cn", "bank_account": "6222020409001234567", "tax_no": CREDIT,
    "cert_no": CREDIT, "doc_no": CREDIT, "postcode": "750001",
}  # fmt: skip
"""Field -> what a real customer has there."""
CLERK, ARCHIVIST = "李婷", "王静"


def company(desk: Desk, cons_no: str = "1016000001") -> str:
    """An account of the demonstration archive with everything as a real customer has it; gives its number."""
    with desk.store.transaction():
        for entity, row in list(rows_of_account(desk.store, cons_no)):
            real = {
                name: value
                for name, value in REAL.items()
                if row.get(name) and (name != "name" or entity == "contact")
            }
            desk.store.table(entity).save({**row, **real})
        add_operator(desk.store, "lt", CLERK, list(roles()))
        add_operator(desk.store, "wj", ARCHIVIST, list(roles()))
    return cons_no


def done(desk: Desk, flow: str, customer: str | None = None, **data: Any) -> str:
    """The number of an order of a flow that was run to its end, an hour a step."""
    case = opened_for_run(desk, flow, customer, Plan(data, fill=True))
    for _ in run(desk, case, Plan(data, confirm_all=True, fill=True)):
        desk.clock.advance(hours=1)  # type: ignore[attr-defined]
    return case


def steps(document: dict[str, Any]) -> list[dict[str, Any]]:
    return document["场景"][0]["当"]


def replayed(desk: Desk, case: str, folder: Path) -> str:
    """The recorded text, after it was run and found green."""
    written = text(desk.store, case)
    path = folder / "记录.yk.yaml"
    path.write_text(written, encoding="utf-8")
    result = run_scenario(load(path)[0])
    assert not result.failed, "\n".join(explain(result))
    return written


@pytest.mark.parametrize(
    "flow",
    [
        "rename", "ownership_transfer", "account_closure", "capacity_reduction", "lv_res_new_connection", "hv_new_connection",
        "archive_maintenance", "customer_electrician", "account_merge", "municipal_works",
    ],
)  # fmt: skip
def test_what_was_recorded_runs_again_to_the_same_end(flow: str, tmp_path: Path) -> None:
    desk = fresh(settings({}).with_values(application_prefix="77"))
    done(desk, "application_confirmation")  # the numbers of the day do not begin with this order
    case = done(desk, flow)
    written = replayed(desk, case, tmp_path)
    assert "状态: 已归档" in written
    assert case[:8] not in written


def test_nothing_personal_of_the_customer_or_the_people_at_the_desk_is_in_it(tmp_path: Path) -> None:
    desk = fresh(operator="trainer")
    customer = company(desk, "1016000080")
    desk.act_as("lt")
    data = {
        "contact_name": "哈斯",
        "mobile": "13877665544",
        "new_cert_name": "",
        "app_remark": f"马国梁来电 13900001234，证件 {ID_CARD}，{CLERK}接听",
    }
    case = done(desk, "rename", customer, **{name: value for name, value in data.items() if value})
    written = replayed(desk, case, tmp_path)
    for value in {*REAL.values(), customer, CLERK, ARCHIVIST, ID_CARD, "13900001234", "马国梁", "哈斯"}:
        assert value not in written
    assert "业务受理人员甲" in written
    assert "来电 199" in written


def test_the_same_stands_for_the_same_wherever_it_is() -> None:
    desk = fresh()
    document = record(desk.store, done(desk, "rename", company(desk)))
    archive = document["场景"][0]["假如"]["档案"]
    name = archive["用电客户"][0]["用户名称"]
    assert (
        name
        == archive["用电主体"][0]["主体名称"]
        == archive["票据账务信息"][0]["票据抬头"]
        == archive["供用电合同"][0]["用电方名称"]
    )
    assert archive["受电点"][0]["受电点名称"] == f"{name}受电点"
    assert archive["用电主体"][0]["证件号码"] == archive["票据账务信息"][0]["纳税人识别号"]
    assert document["场景"][0]["那么"]["档案"]["1016000001"]["former_name"][0]["曾用名"] == name


def test_the_archive_is_as_it_was_before_the_order_and_before_what_came_later() -> None:
    desk = fresh()
    before = {(entity, str(row)) for entity, row in rows_of_account(desk.store, "1016000001")}
    first = done(desk, "rename", "1016000001")
    told = record(desk.store, first)
    desk.clock.advance(days=3)  # type: ignore[attr-defined]
    done(desk, "account_closure", "1016000001")
    after = record(desk.store, first)
    assert after["场景"][0]["假如"] == told["场景"][0]["假如"]
    assert before != {(entity, str(row)) for entity, row in rows_of_account(desk.store, "1016000001")}


def test_what_the_system_fills_in_by_itself_is_left_out() -> None:
    desk = fresh()
    recorded = steps(record(desk.store, done(desk, "rename", "1016000001")))
    assert recorded[0] == {"建单": {"用户": "1016000001"}, "由": "业务受理人员甲"}
    filled = {name for step in recorded for name in step.get("数据", {})}
    assert "新用户名" in filled
    assert not filled & {"用户编号", "用户名", "证件号码", "存档人", "合同容量"}


def test_what_one_person_did_before_sending_on_is_one_step_and_the_clock_moves_between_steps() -> None:
    desk = fresh()
    recorded = steps(record(desk.store, done(desk, "rename", "1016000001")))
    assert [next(iter(step)) for step in recorded] == ["建单", "办理", *["到", "办理"] * 4]
    assert recorded[1]["资料"] == ["单位主体证明", "名称变更证明", "用电申请书"]
    assert recorded[1]["确认"] == ["全部"]
    assert next(step["到"] for step in recorded if "到" in step) == "2026-11-23 10:00"


def test_what_was_prepared_by_somebody_else_is_a_step_of_its_own(tmp_path: Path) -> None:
    desk = fresh()
    customer = company(desk)
    desk.act_as("lt")
    case = opened_for_run(desk, "rename", customer, Plan(fill=True))
    fill_in(desk, case, "acceptance")
    desk.act_as("wj")
    desk.confirm(case, [], every=True)
    desk.send(case)
    for _ in run(desk, case, Plan(confirm_all=True, fill=True)):
        pass
    recorded = steps(record(desk.store, case))
    assert [next(iter(step)) for step in recorded[:4]] == ["建单", "填写", "收资", "办理"]
    assert {step["由"] for step in recorded[:3]} == {"业务受理人员甲"}
    assert recorded[3] == {
        "办理": "业务受理",
        "由": "业务受理人员乙",
        "确认": ["全部"],
    }
    replayed(desk, case, tmp_path)


def returned(desk: Desk) -> str:
    """An order that went back, was held and taken back, with a control that does not apply and a paper that came later."""
    case = opened_for_run(desk, "rename", "1016000001", Plan(fill=True))
    fill_in(desk, case, "acceptance")
    control = desk.flow_of(desk.get(case)).asked_controls("acceptance")[0]["id"]
    desk.confirm(case, [control], "na", reason="马国梁已到场核对")
    desk.attach(case, "M01", defer="2026-11-25")
    desk.confirm(case, [], every=True)
    desk.send(case)
    desk.take_back_last(case)
    desk.send(case)
    desk.clock.advance(days=1)  # type: ignore[attr-defined]
    spec = desk.flow_of(desk.get(case)).step(desk.steps_at(desk.get(case))[0])
    desk.act_as(operator_for(desk, desk.get(case), spec).id)
    desk.suspend(case, "等马国梁来")
    desk.clock.advance(hours=5)  # type: ignore[attr-defined]
    desk.resume(case, "来了")
    desk.return_(case, spec["back"][0], "名称写错")
    desk.attach(case, "M01")
    for _ in run(desk, case, Plan(confirm_all=True, fill=True)):
        pass
    return case


def test_going_back_holding_and_taking_back_are_steps_too(tmp_path: Path) -> None:
    desk = fresh()
    company(desk)
    desk.act_as("lt")
    case = returned(desk)
    recorded = steps(record(desk.store, case))
    told = {act: step[act] for step in recorded for act in ("退回", "挂起", "恢复", "撤回") if act in step}
    assert told["退回"] == {"到": "业务受理", "因": "名称写错"}
    assert told["恢复"] == "来了"
    assert "马国梁" not in told["挂起"]
    assert told["挂起"].startswith("等")
    first = next(step for step in recorded if "办理" in step)
    assert first["资料"]["用电申请书"] == "2026-11-25"
    assert next(word for word in first["确认"].values() if word != "完成").startswith("不适用：")
    replayed(desk, case, tmp_path)


def test_what_falls_due_by_itself_is_done_again_by_itself(tmp_path: Path) -> None:
    desk = fresh()
    case = opened_for_run(desk, "rename", "1016000001", Plan(fill=True))
    desk.attach(case, "M01", defer="2026-11-24")
    fill_in(desk, case, "acceptance")
    desk.confirm(case, [], every=True)
    desk.send(case)
    desk.clock.advance(days=2)  # type: ignore[attr-defined]
    assert [one["action"] for one in desk.sweep()] == ["suspend"]
    desk.clock.advance(hours=1)  # type: ignore[attr-defined]
    desk.act_as("supervisor")
    desk.resume(case, "客户今天补交")
    desk.act_as("trainer")
    desk.attach(case, "M01")
    for _ in run(desk, case, Plan(confirm_all=True, fill=True)):
        pass
    document = record(desk.store, case)
    assert "挂起" not in [word for step in steps(document) for word in step]
    assert document["场景"][0]["那么"]["经过"][:3] == ["业务受理", "挂起", "恢复"]
    assert "到期" in document["场景"][0]["说明"]
    replayed(desk, case, tmp_path)


def test_a_sign_off_says_which_department_thinks_what(tmp_path: Path) -> None:
    desk = fresh()
    case = done(desk, "hv_new_connection")
    signed = [step["会签"] for step in steps(record(desk.store, case)) if "会签" in step]
    assert signed
    assert {word for one in signed for word in one.values()} == {"同意"}


def test_what_was_done_on_a_child_names_the_child(tmp_path: Path) -> None:
    desk = fresh()
    case = done(desk, "capacity_reduction")
    assert desk.get(case).children
    recorded = steps(record(desk.store, case))
    children = [step for step in recorded if "工单" in step]
    assert {step["工单"] for step in children} == {"子工单"}
    assert children[0]["办理"] == "起草"
    replayed(desk, case, tmp_path)


def test_a_stopped_order_ends_stopped(tmp_path: Path) -> None:
    desk = fresh()
    case = opened_for_run(desk, "account_closure", None, Plan(fill=True))
    desk.stop(case, "客户撤销申请")
    document = record(desk.store, case)
    assert steps(document)[-1] == {"终止": "客户撤销申请", "由": "业务受理人员甲"}
    assert document["场景"][0]["那么"] == {"状态": "已终止", "经过": ["终止"]}
    replayed(desk, case, tmp_path)


def test_orders_that_went_on_beside_are_told_not_played(tmp_path: Path) -> None:
    desk = fresh()
    case = done(desk, "account_closure", violation_found="是", violation_clue="XS-1")
    children = dict(desk.get(case).children)
    beside = [
        doc
        for _, doc in desk.store.table("case").find([])
        if doc["parent"] == case and doc["case"] not in children
    ]
    assert beside
    assert "只会自动建立" in record(desk.store, case)["场景"][0]["说明"]
    replayed(desk, case, tmp_path)


def test_settings_that_differ_go_along() -> None:
    desk = fresh()
    case = done(desk, "rename", "1016000001")
    changed = desk.settings.with_values(deferral_limit_days=7)
    assert record(desk.store, case, changed)["场景"][0]["假如"]["设置"] == {"deferral_limit_days": 7}
    assert "设置" not in record(desk.store, case)["场景"][0]["假如"]


def test_an_order_that_still_runs_and_a_child_alone_are_not_recorded() -> None:
    desk = fresh()
    running = opened_for_run(desk, "rename", "1016000001", Plan())
    child = desk.get(done(desk, "capacity_reduction")).children[0][0]
    for case, code in ((running, "order_running"), (child, "child_order")):
        with pytest.raises(Refused) as refused:
            record(desk.store, case)
        assert refused.value.reasons[0].code == code


def test_a_deed_that_no_step_does_is_refused_with_its_place() -> None:
    desk = fresh()
    case = opened_for_run(desk, "rename", "1016000001", Plan())
    with desk.unit():
        desk.log(desk.get(case), "demonstrate", "acceptance_clerk", reason="演示")
    desk.stop(case, "不办了")
    with pytest.raises(Refused, match="第 2 条记录“demonstrate”没有对应的场景步骤"):
        record(desk.store, case)


def test_an_unknown_number_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(UsageError):
        record(fresh().store, "019901010001")


def test_an_order_that_ended_by_itself_when_its_time_was_over_ends_so_again(tmp_path: Path) -> None:
    (scenario,) = [one for one in load(LIBRARY / "档案权限.yk.yaml") if "自动收回" in one.name]
    with world_for(scenario) as world:
        run_through = Run(scenario, world)
        run_through.begin()
        while run_through.position < len(run_through.steps):
            run_through.step()
        written = text(world.store, world.case, world.desk.settings)
    path = tmp_path / "记录.yk.yaml"
    path.write_text(written, encoding="utf-8")
    result = run_scenario(load(path)[0])
    assert result.passed, "\n".join(explain(result))


def test_a_part_of_a_row_that_was_not_there_before_is_no_row() -> None:
    """Two orders may write in the same second, and then nobody knows which came first."""
    change = {"entity": "receivable", "id": "RX1", "before": {"paid": 0.0}, "after": {"paid": 5.0}}
    made = {"entity": "receivable", "id": "RX1", "before": None, "after": {"rcv_id": "RX1", "paid": 0.0}}
    gone = {"entity": "receivable", "id": "RX1", "before": {"rcv_id": "RX1", "paid": 5.0}, "after": None}
    store = fresh().store
    assert ("receivable", "RX1") not in Extract(store, [], [change, made]).rows
    assert Extract(store, [], [gone, made]).rows["receivable", "RX1"]["paid"] == 5.0


def test_a_deed_of_the_demonstration_that_is_nobodys_is_refused_too() -> None:
    desk = fresh()
    case = opened_for_run(desk, "rename", "1016000001", Plan())
    with desk.unit():
        desk.log(desk.get(case), "demonstrate", reason="演示")
    desk.stop(case, "不办了")
    with pytest.raises(Refused, match="第 2 条记录“demonstrate”没有对应的场景步骤"):
        record(desk.store, case)
