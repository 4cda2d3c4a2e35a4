"""作业手册: browsing, searching, reading."""

from __future__ import annotations

import re

import pytest
from textual.pilot import Pilot
from world import COMPANY, NEW_NAME, World

from screens.driving import app_of, played, press, settle, shown, type_in
from yk.screens.manual_text import EntryText, parts_of, plain

ENGLISH = re.compile(r"[A-Za-z]{4,}")


def english(text: str) -> list[str]:
    """English words on a screen; the numbers of entries are none."""
    return [word for word in ENGLISH.findall(text) if word != "YXZY"]


def test_the_entries_are_listed_and_enter_reads_one(world: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        assert "共 339 项" in shown(pilot.app)
        assert "作业要求" not in shown(pilot.app), "one pane where there is room for one"
        await press(pilot, "down", "enter")
        assert "作业手册 › YXZY-YY-145" in shown(pilot.app)
        assert "作业要求" in shown(pilot.app)
        assert "共 339 项" not in shown(pilot.app)
        await press(pilot, "escape")
        assert "共 339 项" in shown(pilot.app)

    played(app_of(world, screen="manual"), play)


def test_from_100_columns_list_and_text_stand_beside_each_other(world: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        assert "共 339 项" in shown(pilot.app)
        assert "接收并审查客户资料" in shown(pilot.app)
        await press(pilot, "down")
        assert "YXZY-YY-145 用电大项目前期咨询业务受理" in shown(pilot.app)
        assert "接受申请" in shown(pilot.app), "the text follows the cursor of the list"

    played(app_of(world, screen="manual"), play, (120, 40))


def test_from_140_columns_the_risks_of_the_section_stand_beside_its_text(world: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        assert "风险点与预控措施：1 接待与甄别" in shown(pilot.app)
        await press(pilot, "right_square_bracket", "right_square_bracket")
        assert "风险点与预控措施：2 审核与录入" in shown(pilot.app)

    played(app_of(world, screen="manual", entry="334"), play, (150, 40))


def test_words_find_texts_and_enter_leads_to_the_place(world: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "slash")
        await type_in(pilot, "更名 代扣")
        await press(pilot, "enter")
        assert "含「更名 代扣」" in shown(pilot.app)
        assert "户名改了，专票抬头和银行代扣还挂旧名" in shown(pilot.app)
        await press(pilot, "enter")
        row = pilot.app.screen.query_one(EntryText).row
        assert row.id == "YXZY-YY-334.3.R3"
        assert "YXZY-YY-334.3.R3" in shown(pilot.app), "the public id of the risk under the cursor"
        await press(pilot, "escape")
        assert "含「更名 代扣」" in shown(pilot.app), "back to what was found"
        await press(pilot, "escape")
        assert "共 339 项" in shown(pilot.app)

    played(app_of(world, screen="manual"), play)


@pytest.mark.parametrize(
    ("word", "wanted"), [("334", "更名业务受理"), ("gmywsl", "更名业务受理"), ("方丈", "没有找到")]
)
def test_numbers_and_initials_find_entries(world: World, word: str, wanted: str) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "slash")
        await type_in(pilot, word)
        await press(pilot, "enter")
        assert wanted in shown(pilot.app)

    played(app_of(world, screen="manual"), play)


def test_a_statement_without_an_id_is_found_in_its_text_too(world: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "slash")
        await type_in(pilot, "更名只换叫法")
        await press(pilot, "enter", "enter")
        assert pilot.app.screen.query_one(EntryText).row.text.startswith("更名只换叫法")

    played(app_of(world, screen="manual"), play)


def test_flow_and_kind_of_work_narrow_the_list_and_the_search(world: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "f")
        await type_in(pilot, "gm")
        await press(pilot, "enter")
        assert "共 5 项" in shown(pilot.app)
        await press(pilot, "a")
        await type_in(pilot, "回访")
        await press(pilot, "enter")
        assert "更名、客户回访" in shown(pilot.app)
        assert "共 1 项" in shown(pilot.app)
        await press(pilot, "slash")
        await type_in(pilot, "客户")
        await press(pilot, "enter")
        assert "更名客户回访" in shown(pilot.app)
        assert "过户" not in shown(pilot.app)
        await press(pilot, "escape", "escape")
        assert "共 339 项" in shown(pilot.app)

    played(app_of(world, screen="manual"), play)


def test_n_and_brackets_walk_through_entries_and_sections(world: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "right_square_bracket", "right_square_bracket")
        assert "2/3 审核与录入" in shown(pilot.app)
        await press(pilot, "left_square_bracket")
        assert "1/3 接待与甄别" in shown(pilot.app)
        await press(pilot, "n")
        assert "YXZY-YY-335 更名合同变更" in shown(pilot.app)
        await press(pilot, "N", "N")
        assert "YXZY-YY-333" in shown(pilot.app)

    played(app_of(world, screen="manual", entry="334"), play)


def test_risks_tell_kind_and_level_controls_what_they_ask(world: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        text = shown(pilot.app)
        assert "高风险（可能性 3，后果 4），业务" in text
        assert "〔系统，必须〕" in text
        assert "系统判断：本户无欠费" in text
        assert "〔推定〕" in text
        assert "no_arrears" not in text

    played(app_of(world, screen="manual", entry="YXZY-YY-334.1.R3"), play)


def test_y_copies_the_text(world: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "y")
        assert "已复制 YXZY-YY-334 更名业务受理 全文" in shown(pilot.app)
        assert pilot.app.clipboard.startswith("YXZY-YY-334 更名业务受理\n")
        assert "R3  户名改了" in pilot.app.clipboard

    played(app_of(world, screen="manual", entry="334"), play)


def test_what_was_opened_from_an_order_leads_back_to_it(world: World) -> None:
    case = world.desk("acceptance_clerk").open("rename", COMPANY, {"new_name": NEW_NAME}).case

    async def play(pilot: Pilot[None]) -> None:
        await pilot.app.open_screen("manual", entry="YXZY-YY-334")  # type: ignore[attr-defined]
        await settle(pilot)
        assert "YXZY-YY-334 更名业务受理" in shown(pilot.app)
        await press(pilot, "escape")
        assert case in shown(pilot.app)

    played(app_of(world), play)


def test_a_number_that_is_not_there_is_told_and_the_list_stays(world: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        assert "手册里没有 999 这个作业项" in shown(pilot.app)
        await press(pilot, "down", "enter")
        assert "YXZY-YY-145" in shown(pilot.app)

    played(app_of(world, screen="manual", entry="999"), play)


def test_m_and_g_draw_the_flow_of_the_entry(world: World) -> None:
    for key in ("m", "g"):

        async def play(pilot: Pilot[None], key: str = key) -> None:
            await press(pilot, key)
            assert pilot.app.here.ID == "flow"  # type: ignore[attr-defined]
            assert "更名" in shown(pilot.app)

        played(app_of(world, screen="manual", entry="334"), play)


def test_resizing_keeps_the_place_in_the_text(world: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        for width, height in ((120, 40), (80, 24), (150, 40), (80, 24)):
            await pilot.resize_terminal(width, height)
            await settle(pilot)
            assert pilot.app.screen.query_one(EntryText).row.id == "YXZY-YY-334.3.R3"
            assert "户名改了，专票抬头" in shown(pilot.app)

    played(app_of(world, screen="manual", entry="YXZY-YY-334.3.R3"), play)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (150, 40)])
def test_no_english_is_seen(world: World, size: tuple[int, int]) -> None:
    async def play(pilot: Pilot[None]) -> None:
        assert english(shown(pilot.app)) == []
        await press(pilot, "enter", "pagedown", "pagedown")
        assert english(shown(pilot.app)) == []
        await press(pilot, "slash")
        assert english(shown(pilot.app)) == []

    played(app_of(world, screen="manual"), play, size)


def test_every_entry_is_drawn_within_the_width() -> None:
    from yk.flows.contents import contents
    from yk.flows.reader import entry_in_full
    from yk.text import cell_len

    pane = EntryText()
    for row in contents():
        entry = entry_in_full(row["code"])
        assert all(cell_len(line) <= 76 for line in plain(entry).splitlines())
        for part in parts_of(entry):
            for line in pane.drawn(part, 60):
                assert sum(cell_len(text) for text, _ in line) <= 60
