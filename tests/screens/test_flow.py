"""流程图: the drawing, the cursor on it, the card of a step, the place and the log of an order."""

from __future__ import annotations

import re

import pytest
from textual.pilot import Pilot
from textual.widgets import Input
from walks import everything
from world import World

from screens.driving import app_of, played, press, settle, shown, type_in
from yk.flows.diagram.graph import graph
from yk.flows.flow import Flow, flow_ids, load
from yk.screens.flow import FlowScreen
from yk.screens.flow_card import HistoryDialog
from yk.screens.widgets.cards import History
from yk.screens.widgets.facts import Fact, dense, listed
from yk.screens.widgets.flow_map import FlowMap
from yk.screens.widgets.flow_places import drawn, row_of, side_of
from yk.text import cell_len

WIDE, TALL = (120, 24), (120, 40)


def drawing(pilot: Pilot[None]) -> FlowMap:
    """The drawing that is shown."""
    return pilot.app.screen.query_one(FlowMap)


def step(pilot: Pilot[None]) -> str:
    """The step under the cursor."""
    return drawing(pilot).cursor


def opened(pilot: Pilot[None]) -> list[tuple[str, dict[str, str]]]:
    """What is opened from now on, instead of opening it."""
    calls: list[tuple[str, dict[str, str]]] = []

    async def open_screen(name: str, **place: str) -> None:
        calls.append((name, place))

    pilot.app.open_screen = open_screen  # type: ignore[attr-defined]
    return calls


@pytest.mark.parametrize("width", [56, 76, 100, 140])
@pytest.mark.parametrize("flow", [*flow_ids(), "everything"])
def test_the_arrow_keys_reach_every_step_of_every_flow(flow: str, width: int) -> None:
    chosen: Flow = everything() if flow == "everything" else load(flow)
    graphed = graph(chosen, [chosen.first])
    found = {place.id: place for place in drawn(graphed, width)[0].places}
    places = {one.id: found[one.id] for one in graphed.steps}
    reached, todo = set(), [chosen.first]
    while todo:
        here = todo.pop()
        if here not in reached:
            reached.add(here)
            todo += [side_of(places, here, by) for by in (-1, 1)]
            todo += [row_of(places, here, by, column) for by in (-1, 1) for column in (0, width)]
    assert reached == set(chosen.steps)


def test_an_order_is_shown_at_its_place(world: World) -> None:
    case = world.at("data_archiving").case

    async def play(pilot: Pilot[None]) -> None:
        text = shown(pilot.app)
        for words in ("✓ 业务受理", "✓ 合同变更", "❯ 信息归档", "☐ 客户回访", "已办 2/5", f"更名 {case}"):
            assert words in text
        assert step(pilot) == "data_archiving"
        for words in ("YXZY-YY-336 更名信息归档", "❯ 当前", "绿灯", "归档人员", "可退回业务受理、合同变更"):
            assert words in text

    played(app_of(world, screen="flow", case=case), play)


def test_what_was_done_says_who_did_it_and_when(world: World) -> None:
    case = world.at("data_archiving").case

    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "home")
        assert re.search("经办 11-2. ..:.. 业务受理人员 发送", shown(pilot.app))

    played(app_of(world, screen="flow", case=case), play)


def test_a_flow_by_itself_has_no_marks_and_its_keys_say_why(world: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        text = shown(pilot.app)
        assert "流程图 › 过户" in text
        assert "若" in text
        assert not re.search("[✓❯☐]|当前环节", text.replace("c 当前", ""))
        assert pilot.app.screen.why_not("history")  # type: ignore[attr-defined]
        assert pilot.app.screen.why_not("current")  # type: ignore[attr-defined]

    played(app_of(world, screen="flow", flow="ownership_transfer"), play)


def test_without_a_place_it_is_the_flow_rename(world: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        assert "流程图 › 更名" in shown(pilot.app)
        assert step(pilot) == "acceptance"

    played(app_of(world, screen="flow"), play)


def test_the_entry_asked_for_is_under_the_cursor(world: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        assert "流程图 › 高压新装" in shown(pilot.app)
        assert "YXZY-YY-163" in shown(pilot.app)

    played(app_of(world, screen="flow", entry="YXZY-YY-163"), play)


def test_the_keys_move_over_the_boxes_and_the_box_stays_in_view(world: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        for key, wanted in (
            ("right", "survey_dispatch"),
            ("left", "acceptance"),
            ("left", "acceptance"),
            ("n", "survey_dispatch"),
            ("p", "acceptance"),
            ("end", "document_archiving"),
        ):
            await press(pilot, key)
            assert step(pilot) == wanted
        assert "已归档" in shown(pilot.app)
        here = drawing(pilot)
        for key in ("home", *("n",) * len(here.places)):
            await press(pilot, key)
            place, first = here.places[here.cursor], here.scroll_offset.y
            assert first <= place.top
            assert place.top + min(place.height, here.size.height) <= first + here.size.height
        await press(pilot, *("up",) * 20)
        assert here.scroll_offset.y == 0

    played(app_of(world, screen="flow", flow="hv_new_connection"), play)


def test_pages_take_the_cursor_along(world: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        here = drawing(pilot)
        await press(pilot, "pagedown")
        assert here.scroll_offset.y > 0
        assert step(pilot) != "acceptance"
        await press(pilot, *("pagedown",) * 9)
        assert step(pilot) == "document_archiving"
        await press(pilot, *("pageup",) * 9)
        assert (step(pilot), here.scroll_offset.y) == ("acceptance", 0)

    played(app_of(world, screen="flow", flow="hv_new_connection"), play)


def test_enter_opens_the_step_of_the_order_else_the_manual(world: World) -> None:
    case = world.at("data_archiving").case

    async def play(pilot: Pilot[None]) -> None:
        calls = opened(pilot)
        await press(pilot, "enter", "home", "enter", "c", "m")
        assert calls == [
            ("step", {"case": case}),
            ("manual", {"entry": "YXZY-YY-334"}),
            ("manual", {"entry": "YXZY-YY-336"}),
        ]

    played(app_of(world, screen="flow", case=case), play)


def test_a_step_without_an_entry_opens_nothing_and_says_so(world: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        calls = opened(pilot)
        await press(pilot, "n", "enter")
        assert step(pilot) == "survey_dispatch"
        assert not calls
        assert "没有作业规范" in shown(pilot.app)

    played(app_of(world, screen="flow", flow="hv_new_connection"), play)


def test_another_flow_is_found_by_its_initials(world: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "s")
        assert pilot.app.focused is pilot.app.screen.query_one(Input)
        await type_in(pilot, "gyxz")
        await press(pilot, "enter")
        assert "流程图 › 高压新装" in shown(pilot.app)
        assert step(pilot) == "acceptance"

    played(app_of(world, screen="flow", case=world.at("follow_up").case), play)


def test_the_log_is_a_dialog_where_there_is_little_room(world: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "h")
        assert isinstance(pilot.app.screen, HistoryDialog)
        assert "业务受理 ▸ 合同变更" in shown(pilot.app)
        await press(pilot, "end", "enter")
        assert step(pilot) == "acceptance"

    played(app_of(world, screen="flow", case=world.at("data_archiving").case), play)


@pytest.mark.parametrize("size", [TALL, (160, 30)])
def test_the_log_is_a_card_where_there_is_room(world: World, size: tuple[int, int]) -> None:
    async def play(pilot: Pilot[None]) -> None:
        assert "业务受理 ▸ 合同变更" in shown(pilot.app)
        await press(pilot, "h")
        assert isinstance(pilot.app.focused, History)

    played(app_of(world, screen="flow", case=world.at("data_archiving").case), play, size)


def test_the_other_ways_come_and_go(world: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        assert "图例" not in shown(pilot.app)
        await press(pilot, "o")
        assert "信息归档：可退回业务受理、合同变更" in shown(pilot.app)
        assert "图例" in shown(pilot.app)
        await press(pilot, "escape")
        assert "图例" not in shown(pilot.app)
        assert isinstance(pilot.app.screen, FlowScreen)

    played(app_of(world, screen="flow"), play)


def test_the_flow_a_step_opens_is_followed_and_left_again(world: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "home", "n", "n", "b")
        assert "流程图 › 违约用电、窃电" in shown(pilot.app)
        await press(pilot, "escape")
        assert "流程图 › 高压新装" in shown(pilot.app)
        assert step(pilot) == "site_survey"

    played(app_of(world, screen="flow", flow="hv_new_connection"), play)


def test_the_cursor_goes_along_with_an_order_that_went_on(world: World) -> None:
    case = world.at("contract_change").case

    async def play(pilot: Pilot[None]) -> None:
        assert step(pilot) == "contract_change"
        world.pass_step(case)
        pilot.app.screen.reload()  # type: ignore[attr-defined]
        await settle(pilot)
        assert step(pilot) == "data_archiving"
        await press(pilot, "home")
        world.pass_step(case)
        pilot.app.screen.reload()  # type: ignore[attr-defined]
        await settle(pilot)
        assert step(pilot) == "acceptance"

    played(app_of(world, screen="flow", case=case), play)


def test_a_new_size_keeps_the_cursor(world: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "end")
        for size in ((120, 40), (160, 50), (60, 20), (80, 24)):
            await pilot.resize_terminal(*size)
            await settle(pilot)
            assert step(pilot) == "document_archiving"
            assert "资料归档" in shown(pilot.app)
            assert "169" in shown(pilot.app)

    played(app_of(world, screen="flow", flow="hv_new_connection"), play)


def test_a_click_moves_the_cursor_and_a_second_one_opens(world: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        calls = opened(pilot)
        place = drawing(pilot).places["contract_change"]
        await pilot.click(FlowMap, offset=(place.left + 3, place.top + 2))
        await settle(pilot)
        assert step(pilot) == "contract_change"
        await pilot.click(FlowMap, offset=(place.left + 3, place.top + 2))
        await settle(pilot)
        assert calls == [("manual", {"entry": "YXZY-YY-335"})]

    played(app_of(world, screen="flow"), play)


def test_an_order_that_is_not_there_is_told_and_something_is_shown(world: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        assert "012699999999" in shown(pilot.app)
        assert "流程图 › 更名" in shown(pilot.app)

    played(app_of(world, screen="flow", case="012699999999"), play)


@pytest.mark.parametrize("size", [(80, 24), WIDE, TALL])
@pytest.mark.parametrize("flow", ["hv_new_connection", "archive_maintenance", "customer_electrician"])
def test_no_line_is_cut_and_no_english_word_stands_anywhere(
    world: World, flow: str, size: tuple[int, int]
) -> None:
    async def play(pilot: Pilot[None]) -> None:
        for key in ("o", "h", "end", "question_mark"):
            lines = shown(pilot.app).splitlines()
            assert all(cell_len(line) <= size[0] for line in lines)
            assert not [w for line in lines for w in re.findall("[A-Za-z]{4,}", line.replace("YXZY", ""))]
            await press(pilot, key)

    played(app_of(world, screen="flow", flow=flow), play, size)


def test_facts_stand_below_each_other_or_close_together() -> None:
    facts = [Fact("", "甲乙丙"), Fact("去向", "转甲"), Fact("去向", "转乙"), Fact("角色", "很长" * 8)]
    assert ["".join(text for text, _ in line) for line in listed(facts, 20)][:4] == [
        "甲乙丙",
        "去向 转甲",
        "     转乙",
        "角色 " + "很长" * 3 + "很",
    ]
    lines = ["".join(text for text, _ in line) for line in dense(facts, 30)]
    assert lines[0] == "甲乙丙  去向 转甲；转乙"
    assert all(cell_len(line) <= 30 for line in lines)
