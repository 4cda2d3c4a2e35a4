"""The form and the materials of a work order."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from walks import HEAD, flow_of
from world import COMPANY, World, refused

from yk.desk.checklist import Examination, told_once
from yk.errors import Reason, UnreadableError, UsageError
from yk.flows.facts import Facts


@pytest.fixture
def case(world: World) -> str:
    """A 更名 order at acceptance."""
    return world.open_rename().case


def usage(world: World, case: str, values: dict[str, Any]) -> UsageError:
    """The error that filling these values gives; the order stays as it was."""
    before = world.dump()
    with pytest.raises(UsageError) as caught:
        world.desk().fill(case, values)
    assert world.dump() == before
    return caught.value


def test_fields_are_named_in_english_or_chinese(world: World, case: str) -> None:
    order = world.desk().fill(case, {"contact_name": "安知行", "联系地址": "城东路"})
    assert order.data["contact_addr"] == "城东路"


def test_an_unknown_field_gets_the_nearest_one(world: World, case: str) -> None:
    error = usage(world, case, {"contact_nam": "x"})
    assert error.code == "unknown_field"
    assert "contact_name" in error.hint


@pytest.mark.parametrize(
    "field", ["cons_no", "cons_name", "org_no", "elec_addr", "orig_cap", "busi_type", "cert_no"]
)
def test_what_the_archive_filled_cannot_be_written(world: World, case: str, field: str) -> None:
    """SCR-004, SCR-005."""
    assert usage(world, case, {field: "1"}).code == "field_readonly"


@pytest.mark.parametrize("field", ["case", "status_before", "申请编号", "materials"])
def test_what_is_no_field_cannot_be_written(world: World, case: str, field: str) -> None:
    """SCR-008: nobody writes an application number by hand."""
    assert usage(world, case, {field: "1"}).code == "unknown_field"


@pytest.mark.parametrize("field", ["archive_conclusion", "agreement_no", "file_no", "visit_result"])
def test_a_field_of_another_step_cannot_be_written_here(world: World, case: str, field: str) -> None:
    error = usage(world, case, {field: "1"})
    assert error.code == "field_not_here"
    assert "受理" in error.message


def test_a_field_of_a_step_that_is_over_cannot_be_written(world: World) -> None:
    """ACC-012: after sending the step is read-only."""
    order = world.at("contract_change")
    with pytest.raises(UsageError) as caught:
        world.desk("contract_manager").fill(order.case, {"new_name": "别的"})
    assert caught.value.code == "field_not_here"


@pytest.mark.parametrize(
    ("text", "code"),
    [("行政公章", "01"), ("01", "01"), ("０１", "01"), ("合同专用章", "02"), (" 合同专用章 ", "02")],
)
def test_a_code_is_given_by_name_or_number(world: World, case: str, text: str, code: str) -> None:
    assert world.desk().fill(case, {"seal": text}).data["seal"] == code


def test_what_is_in_no_code_list_shows_what_is(world: World, case: str) -> None:
    error = usage(world, case, {"seal": "萝卜章"})
    assert error.code == "bad_value"
    assert "印章" in error.message
    assert "萝卜章" in error.message
    assert "行政公章" in error.hint


@pytest.mark.parametrize(
    ("field", "value", "part"),
    [
        ("new_cert_end", "昨天", "2026-11-21"),
        ("new_cert_end", "2026-02-30", "日期"),
        ("new_cap", "三百", "数字"),
        ("new_cap", "nan", "范围"),
        ("new_cap", "1e300", "范围"),
        ("mobile", "abc", "电话"),
        ("email", "x@", "邮箱"),
        ("postcode", "12345", "6 位"),
        ("owner_changed", "也许", "是 或 否"),
        ("new_name", "厂" * 257, "256"),
        ("equipment", "不是表", "JSON"),
        ("equipment", {"cap": 1}, "行"),
        ("equipment", [1], "行"),
    ],
)
def test_a_value_of_another_kind_is_refused_by_field_and_reason(
    world: World, case: str, field: str, value: Any, part: str
) -> None:
    error = usage(world, case, {field: value})
    assert error.code == "bad_value"
    assert f"（{field}）" in error.message
    assert part in error.message + error.hint


def test_one_wrong_value_keeps_all_of_them_out(world: World, case: str) -> None:
    usage(world, case, {"contact_name": "安知行", "mobile": "abc"})


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("new_cap", "３１５", 315.0),
        ("new_cap", "1,250.5", 1250.5),
        ("new_cert_end", "2031-1-1", None),
        ("new_cert_end", "２０３１-０１-０１", "2031-01-01"),
        ("app_time", "2026-11-20 08:30", "2026-11-20T08:30:00+08:00"),
        ("owner_changed", "是", True),
        ("owner_changed", False, False),
        ("new_name", "  示范\u202e新厂\x07 ", "示范 新厂"),
        ("mobile", "１９９ 0000 1111", "199 0000 1111"),
    ],
)
def test_values_are_kept_in_one_form(world: World, case: str, field: str, value: Any, kept: Any) -> None:
    if kept is None:
        assert usage(world, case, {field: value}).code == "bad_value"
    else:
        assert world.desk().fill(case, {field: value}).data[field] == kept


@pytest.mark.parametrize("empty", ["", None, "   ", "\u3000", "\u200b", "\x1b \x07"])
def test_an_empty_value_empties_the_field(world: World, case: str, empty: object) -> None:
    world.desk().fill(case, {"contact_name": "安知行"})
    assert "contact_name" not in world.desk().fill(case, {"contact_name": empty}).data


@pytest.mark.parametrize("field", ["new_name", "contact_name", "contact_addr"])
def test_each_required_field_left_empty_is_named_once(world: World, field: str) -> None:
    """SCR-007."""
    order = world.ready("acceptance")
    world.desk().fill(order.case, {field: ""})
    with refused("field_missing") as reasons:
        world.desk().send(order.case)
    assert f"（{field}）" in reasons[0].message


def test_a_name_nobody_can_see_is_no_name(world: World) -> None:
    """Else an account could be renamed to nothing."""
    order = world.ready("acceptance")
    world.desk().fill(order.case, {"new_name": "\u200b", "new_cert_name": "\u200b"})
    with refused("field_missing", "field_missing"):
        world.desk().send(order.case)


def test_a_required_field_that_fills_itself_is_never_missing(world: World) -> None:
    order = world.ready("acceptance")
    world.desk().fill(order.case, {"app_mode": "", "contact_kind": "", "app_time": ""})
    assert world.desk().send(order.case).data["app_mode"] == "01"


def test_a_field_required_by_a_condition_is_asked_when_it_holds(world: World) -> None:
    order = world.ready("acceptance")
    world.desk().fill(order.case, {"applicant_kind": "代办人"})
    with refused() as reasons:
        world.desk().send(order.case)
    assert {r.code for r in reasons} == {"material_missing", "proxy_missing"}
    assert sum("proxy_end" in r.message for r in reasons) == 1, "asked once, by the guard"


# -- the equipment table --------------------------------------------------------------------------------
ROW = {"device_type": "电动机", "cap": 10, "count": 3}


def test_the_total_capacity_is_computed(world: World, case: str) -> None:
    """SCR-014: 10 kW × 3 is 30."""
    order = world.desk().fill(case, {"equipment": [ROW, {**ROW, "cap": "2.5", "count": "4"}]})
    assert [row["total_cap"] for row in order.data["equipment"]] == [30.0, 10.0]


def test_a_total_written_by_hand_is_refused(world: World, case: str) -> None:
    """SCR-014."""
    error = usage(world, case, {"equipment": [{**ROW, "total_cap": 30}]})
    assert "系统计算" in error.message
    assert "第 1 行" in error.message


@pytest.mark.parametrize(
    ("row", "part"),
    [
        ({"device_type": "电动机", "cap": 10}, "台数"),
        ({"device_type": "", "cap": 10, "count": 1}, "设备类型"),
        ({**ROW, "count": "三"}, "整数"),
        ({**ROW, "count": 10**30}, "范围"),
        ({**ROW, "cap": "大"}, "数字"),
        ({**ROW, "volts": 380}, "volts"),
    ],
)
def test_a_wrong_row_is_named_by_number_and_column(
    world: World, case: str, row: dict[str, Any], part: str
) -> None:
    error = usage(world, case, {"equipment": [ROW, row]})
    assert error.code == "bad_value"
    assert part in error.message
    assert "第 2 行" in error.message


def test_rows_are_added_changed_and_dropped(world: World, case: str) -> None:
    """SCR-013."""
    desk = world.desk()
    assert len(desk.fill(case, {"equipment": [ROW]}).data["equipment"]) == 1
    assert len(desk.fill(case, {"equipment": [ROW, ROW]}).data["equipment"]) == 2
    assert desk.fill(case, {"equipment": '[{"device_type": "电焊机", "cap": 5, "count": 2}]'}).data[
        "equipment"
    ] == [
        {
            "device_type": "电焊机",
            "model": None,
            "volt": None,
            "phases": None,
            "cap": 5.0,
            "count": 2,
            "total_cap": 10.0,
        }
    ]
    assert "equipment" not in desk.fill(case, {"equipment": ""}).data


# -- materials ------------------------------------------------------------------------------------------
def test_missing_materials_are_named_with_whether_they_may_wait(world: World, case: str) -> None:
    with refused() as reasons:
        world.desk().send(case)
    shown = {r.message for r in reasons if r.code == "material_missing"}
    assert len(shown) == 3
    assert any("M31" in m and "不可容缺" in m for m in shown)
    assert any("M01" in m and "，可容缺" in m for m in shown)


def test_a_unit_brings_its_licence_and_a_person_a_card(world: World) -> None:
    unit = {i["id"] for i in world.desk().checklist(world.open_rename().case) if i["kind"] == "material"}
    person = {
        i["id"]
        for i in world.desk().checklist(world.open_rename("1016000003").case)
        if i["kind"] == "material"
    }
    assert "M03" in unit - person
    assert "M02" in person - unit


def test_a_material_is_handed_in_by_code_or_name_with_its_file(
    world: World, case: str, tmp_path: Path
) -> None:
    """SCR-015."""
    paper = tmp_path / "执照.pdf"
    paper.write_bytes(b"scan")
    world.desk().attach(case, "单位主体证明", file=paper, note="原件已核")
    handed = world.desk().attach(case, "m31").materials
    assert handed["M03"]["file"] == "执照.pdf"
    assert handed["M03"]["bytes"] == 4
    assert handed["M03"]["sha256"] == hashlib.sha256(b"scan").hexdigest()
    assert handed["M03"]["note"] == "原件已核"
    assert handed["M31"]["by"] == "acceptance_clerk"
    event = world.desk().events(case)[-1]
    assert event["event"] == "attach"
    assert event["answers"]["M31"]["state"] == "attached"


def test_a_file_that_is_not_there_is_named(world: World, case: str, tmp_path: Path) -> None:
    before = world.dump()
    with pytest.raises(UnreadableError):
        world.desk().attach(case, "M03", file=tmp_path / "none.pdf")
    assert world.dump() == before


def test_materials_may_come_one_after_the_other(world: World, case: str) -> None:
    """ACC-011: three supplements, three records."""
    for code in ("M03", "M31", "M01"):
        world.desk().attach(case, code)
    events = [e for e in world.desk().events(case) if e["event"] == "attach"]
    assert [list(e["answers"]) for e in events] == [["M03"], ["M31"], ["M01"]]


@pytest.mark.parametrize("paper", ["社区用电证明", "设备采购意向书"])
def test_papers_nobody_may_ask_for_are_not_taken(world: World, case: str, paper: str) -> None:
    with refused("forbidden_material"):
        world.desk().attach(case, paper)


def test_an_unknown_material_gets_a_hint(world: World, case: str) -> None:
    with pytest.raises(UsageError) as caught:
        world.desk().attach(case, "名称变更证")
    assert "名称变更证明" in caught.value.hint


def _deferred(world: World, until: str = "2026-11-27") -> str:
    """An order whose application paper was deferred, ready at data archiving."""
    order = world.open_rename()
    world.prepare(order.case)
    world.desk().attach(order.case, "M01", defer=until)
    world.desk().send(order.case)
    world.pass_step(order.case)
    return world.prepare(order.case).case


def test_a_material_may_wait_until_the_step_the_flow_names(world: World) -> None:
    case = _deferred(world)
    with refused("material_due") as reasons:
        world.desk("archivist").send(case)
    assert "M01" in reasons[0].message
    world.desk("archivist").attach(case, "M01")
    assert world.desk("archivist").send(case).at == ["follow_up"]


def test_a_material_overdue_holds_the_order_up_wherever_it_stands(world: World) -> None:
    order = world.open_rename()
    world.prepare(order.case)
    world.desk().attach(order.case, "M01", defer="2026-11-23")
    world.desk().send(order.case)
    world.clock.advance(days=4)
    world.prepare(order.case)
    with refused("material_overdue") as reasons:
        world.desk("contract_manager").send(order.case)
    assert "2026-11-23" in reasons[0].message


@pytest.mark.parametrize("step", ["follow_up", "document_archiving"])
def test_a_material_cannot_be_deferred_past_its_step(world: World, step: str) -> None:
    """Else an order would be archived without it."""
    order = world.ready(step)
    desk = world.desk("follow_up_agent" if step == "follow_up" else "archivist")
    desk.attach(order.case, "M01", defer="2026-11-27")
    with refused("material_due"):
        desk.send(order.case)


@pytest.mark.parametrize("code", ["M03", "M31", "M06"])
def test_only_what_the_flow_lets_wait_may_wait(world: World, case: str, code: str) -> None:
    with refused("not_deferrable"):
        world.desk().attach(case, code, defer="2026-11-27")


@pytest.mark.parametrize("until", ["2026-11-19", "2026-12-05"])
def test_a_material_waits_from_today_to_the_limit(world: World, case: str, until: str) -> None:
    with refused("deferral_out_of_range") as reasons:
        world.desk().attach(case, "M01", defer=until)
    assert "2026-11-20" in reasons[0].message
    assert "2026-12-04" in reasons[0].message


@pytest.mark.parametrize("until", ["2026-11-20", "2026-12-04"])
def test_the_first_and_the_last_day_of_the_limit_are_in_it(world: World, case: str, until: str) -> None:
    assert world.desk().attach(case, "M01", defer=until).materials["M01"]["until"] == until


def test_a_deferral_needs_a_date(world: World, case: str) -> None:
    with pytest.raises(UsageError) as caught:
        world.desk().attach(case, "M01", defer="下周")
    assert caught.value.code == "bad_value"


# -- another office ---------------------------------------------------------------------------------------
def test_an_application_taken_in_another_office_names_the_customers_own(world: World) -> None:
    """ACC-008."""
    order = world.ready("acceptance")
    world.desk().fill(order.case, {"cross_office": "是"})
    with refused("locality_missing"):
        world.desk().send(order.case)
    world.desk().fill(order.case, {"home_org": "示范市城东供电分公司"})
    assert world.desk().send(order.case).at == ["contract_change"]


def test_the_customer_of_an_order_stays_its_customer(world: World, case: str) -> None:
    assert world.desk().get(case).cons_no == COMPANY


LANES = """
materials: [{code: M14, required: true, step: draw, basis: 甲}]
steps:
  - {id: start, name: 受理, role: approver}
  - id: both
    name: 并行
    together:
      - {id: works, name: 工程, steps: [{id: draw, name: 审图, role: approver}]}
      - {id: paper, name: 合同, steps: [{id: sign, name: 签订, role: approver}]}
  - {id: last, name: 归档, role: approver}
"""


def test_a_group_beside_does_not_ask_for_the_papers_of_another_group() -> None:
    flow = flow_of(HEAD.format(id="lanes", name="并行") + LANES)

    def asked(step: str) -> str:
        facts = Facts("012611230001", "2026-11-23T09:00:00+08:00")
        return Examination(flow, {}, step, facts).material(flow.doc["materials"][0])[0]

    assert [asked(step) for step in ("start", "draw", "sign", "last")] == ["na", "missing", "na", "missing"]


def test_what_a_guard_asks_for_in_its_own_words_is_not_asked_twice() -> None:
    reasons = [
        Reason("meter_work_missing", "还没有登记装换拆的电能表（meter_work）", "", "YXZY-YY-351.1.R1.C1"),
        Reason("field_missing", "装换拆的电能表（meter_work）还没有填"),
        Reason("field_missing", "工作票号（work_ticket）还没有填"),
    ]
    assert told_once(reasons) == [reasons[0], reasons[2]]
