"""环节办理: the form by tabs, fields by their kind, tables, materials, undo; all by keys."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot
from world import COMPANY, NEW_NAME, World

from screens.clerk import Clerk
from screens.driving import _send, app_of, played, press, settle, shown, type_in
from yk.screens.step import StepScreen


@pytest.fixture
def case(world: World) -> str:
    """An order of 更名 at the counter."""
    return world.desk().open("rename", COMPANY, {"new_name": NEW_NAME}).case


def here(pilot: Pilot[None]) -> StepScreen:
    assert isinstance(pilot.app.screen, StepScreen), pilot.app.screen
    return pilot.app.screen


def go_to(pilot: Pilot[None], field: str) -> None:
    here(pilot).query_one("#form").go_to(field)  # type: ignore[attr-defined]


def test_the_form_has_its_tabs_once_each_and_arrows_go_from_one_to_the_next(world: World, case: str) -> None:
    async def play(pilot: Pilot[None]) -> None:
        seen = []
        for _ in range(3):
            await press(pilot, "right")
            seen.append(here(pilot).row.label)
        assert seen == ["证照与申请人", "用电设备信息", "申请信息"]
        await press(pilot, "left")
        labels = [row.label for row in here(pilot).data.fields if not row.spec]  # type: ignore[union-attr]
        assert len(labels) == len(set(labels))

    played(app_of(world, screen="step", case=case), play)


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("contact_name", "安知行", "安知行"),
        ("new_cert_end", "2031-01-01", "2031-01-01"),
        ("mobile", "19900001111", "19900001111"),
        ("seal", "01", "01"),
    ],
)
def test_a_field_takes_what_is_typed(world: World, case: str, field: str, typed: str, value: Any) -> None:
    async def play(pilot: Pilot[None]) -> None:
        here(pilot).show_pane("form")
        go_to(pilot, field)
        await press(pilot, "enter")
        await type_in(pilot, typed)
        await press(pilot, "enter")
        assert here(pilot)

    played(app_of(world, screen="step", case=case), play)
    assert world.desk().get(case).data[field] == value


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [("new_cert_end", "明年", "应是日期"), ("mobile", "abc", "应是电话号码"), ("email", "x", "应是电子邮箱")],
)
def test_a_wrong_value_is_told_where_it_is_typed_and_nothing_is_filled(
    world: World, case: str, field: str, typed: str, told: str
) -> None:
    before = world.desk().get(case).version

    async def play(pilot: Pilot[None]) -> None:
        here(pilot).show_pane("form")
        go_to(pilot, field)
        await press(pilot, "enter")
        await type_in(pilot, typed)
        await press(pilot, "enter")
        assert told in shown(pilot.app)
        assert pilot.app.screen.is_modal
        await press(pilot, "escape")

    played(app_of(world, screen="step", case=case), play)
    assert world.desk().get(case).version == before


def test_a_field_the_system_fills_in_cannot_be_changed(world: World, case: str) -> None:
    async def play(pilot: Pilot[None]) -> None:
        here(pilot).show_pane("form")
        go_to(pilot, "cons_no")
        await press(pilot, "e")
        assert "先选一个要填的栏目" in shown(pilot.app)

    played(app_of(world, screen="step", case=case), play)


def test_rows_of_equipment_are_added_changed_and_taken_out_and_their_sum_is_the_systems(
    world: World, case: str
) -> None:
    async def play(pilot: Pilot[None]) -> None:
        here(pilot).show_pane("form")
        go_to(pilot, "equipment")
        await press(pilot, "enter")
        for name, cap, count in (("电动机", "10", "3"), ("照明", "2", "1")):
            await press(pilot, "n")
            for text in (name, "", "", "", cap, count):
                await type_in(pilot, text)
                await press(pilot, "enter")
        assert " 30 " in shown(pilot.app)
        await press(pilot, "d")
        await press(pilot, "ctrl+s")

    played(app_of(world, screen="step", case=case), play)
    (row,) = world.desk().get(case).data["equipment"]
    assert (row["device_type"], row["total_cap"]) == ("电动机", 30)


def test_a_row_without_what_it_needs_is_told_and_esc_leaves_the_table_as_it_was(
    world: World, case: str
) -> None:
    async def play(pilot: Pilot[None]) -> None:
        here(pilot).show_pane("form")
        go_to(pilot, "equipment")
        await press(pilot, "enter", "n", "ctrl+s")
        assert "设备类型不能为空" in shown(pilot.app)
        await press(pilot, "escape", "escape")
        assert here(pilot)

    played(app_of(world, screen="step", case=case), play)
    assert "equipment" not in world.desk().get(case).data


def test_a_material_is_handed_in_and_deferred_only_where_the_flow_allows(world: World, case: str) -> None:
    async def play(pilot: Pilot[None]) -> None:
        here(pilot).show_pane("papers")
        papers = here(pilot).query_one("#papers")
        papers.go_to("M31")  # type: ignore[attr-defined]
        await press(pilot, "d")
        assert "先选一份可容缺的材料" in shown(pilot.app)
        await press(pilot, "space")
        assert "✓ 已收 名称变更证明" in shown(pilot.app)

    played(app_of(world, screen="step", case=case), play)
    assert world.desk().get(case).materials["M31"]["state"] == "attached"


def test_u_undoes_the_last_step_after_asking(world: World, case: str) -> None:
    async def play(pilot: Pilot[None]) -> None:
        clerk = Clerk(pilot)
        await press(pilot, "space")
        assert world.desk().get(case).checks
        await press(pilot, "u")
        await clerk.yes()
        assert not world.desk().get(case).checks
        assert clerk.data.events[0]["event"] == "撤销上一步"

    played(app_of(world, "acceptance_clerk", screen="step", case=case), play)


def test_what_was_not_met_needs_a_reason_and_keeps_the_order_here(world: World, case: str) -> None:
    async def play(pilot: Pilot[None]) -> None:
        clerk = Clerk(pilot)
        item = clerk.step.item
        assert item is not None
        await press(pilot, "x", "enter")
        assert "不能为空" in shown(pilot.app)
        await clerk.say("来人未带授权书")
        assert clerk.data.item(item["id"])["state"] == "failed"  # type: ignore[index]
        assert item["id"] in [one["id"] for one in clerk.data.open_items]

    played(app_of(world, screen="step", case=case), play)


def test_ending_an_order_wants_its_number_typed(world: World, case: str) -> None:
    async def play(pilot: Pilot[None]) -> None:
        clerk = Clerk(pilot)
        await clerk.more("终止")
        await type_in(pilot, "012600000000")
        await press(pilot, "enter")
        assert "编号不对" in shown(pilot.app)
        assert world.desk().get(case).status == "open"
        await press(pilot, *["backspace"] * 12)
        await type_in(pilot, case)
        await press(pilot, "enter")
        await clerk.say("客户撤回")

    played(app_of(world, screen="step", case=case), play)
    assert world.desk().get(case).status == "stopped"


def test_markup_in_data_is_shown_as_it_is(world: World) -> None:
    case = world.desk().open("rename", COMPANY, {"new_name": "示[red]新[/b]厂"}).case

    async def play(pilot: Pilot[None]) -> None:
        here(pilot).show_pane("form")
        go_to(pilot, "new_name")
        await settle(pilot)
        assert "示[red]新[/b]厂" in shown(pilot.app)

    played(app_of(world, screen="step", case=case), play)


def test_the_question_of_undo_names_what_was_filled_in(world: World, case: str) -> None:
    async def play(pilot: Pilot[None]) -> None:
        world.desk("trainer").fill(case, {"contact_name": "安知行"})
        await press(pilot, "f5", "u")
        assert "填写 11-20 09:00：联系人" in shown(pilot.app)
        await press(pilot, "escape")

    played(app_of(world, screen="step", case=case), play)


def test_the_deadline_of_an_order_on_hold_stands_still_on_its_screen(world: World, case: str) -> None:
    world.desk().suspend(case, "等客户补件")

    async def play(pilot: Pilot[None]) -> None:
        assert "时限停走" in shown(pilot.app)
        assert "绿灯" not in shown(pilot.app)

    played(app_of(world, screen="step", case=case), play)


def test_the_digit_of_the_flow_map_stays_on_the_order(world: World, case: str) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "2")
        assert f"流程图 › 更名 {case}" in shown(pilot.app)
        await press(pilot, "3")
        assert f"更名 {case} › 业务受理" in shown(pilot.app)

    played(app_of(world, screen="step", case=case), play)


def test_keys_typed_ahead_of_the_flows_go_into_the_question(world: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "4")
        for key in ("ctrl+n", "g", "m"):
            _send(pilot, key, key if len(key) == 1 else None)
        await settle(pilot)
        await press(pilot, "enter")
        assert "更名：哪一户" in shown(pilot.app)

    played(app_of(world), play)
