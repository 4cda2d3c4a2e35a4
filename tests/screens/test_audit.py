"""数据稽核 by keys alone: a run, the life of a finding, whitelist and extension by two persons, flows, runs, themes."""

from __future__ import annotations

import pytest
import trials
from textual.pilot import Pilot

from screens.clerk import Clerk
from screens.driving import played, press, screen_text, settle, shown, type_in
from screens.steward import (
    ACCOUNT,
    OTHER,
    answer,
    app_over,
    audited,
    capacity_of,
    row,
    spoil,
    spoiled,
    states,
    to_pane,
)
from screens.test_every_screen import english
from yk.audit.looking import Wanted, findings
from yk.clock import VirtualClock
from yk.desk import Desk
from yk.screens import audit_data
from yk.screens.audit_places import VIEWS
from yk.screens.dialogs import Refusal
from yk.screens.widgets.keybar import YkKeys
from yk.screens.widgets.tabs import Pane, YkTabs
from yk.screens.words import said
from yk.text import cell_len


def test_before_the_first_run_the_screen_says_so() -> None:
    async def play(pilot: Pilot[None]) -> None:
        assert "没有稽核过" in shown(pilot.app)
        assert "规则 130" in shown(pilot.app)
        await to_pane(pilot, "待办")
        assert "还没有稽核过，按 s 稽核" in shown(pilot.app)

    played(app_over(trials.fresh()), play)


def test_a_run_by_keys_then_a_rule_its_findings_one_in_full_the_customer_and_all_the_way_back() -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "s", "enter")
        assert "通过 130" not in shown(pilot.app)
        await press(pilot, "slash")
        await answer(pilot, "D:1.1.2")
        await press(pilot, "enter")
        assert "数据稽核 › D:1.1.2" in shown(pilot.app)
        assert f"{ACCOUNT}  已发现" in shown(pilot.app)
        await press(pilot, "enter")
        assert "运行容量 999" in shown(pilot.app)
        assert "黄灯" not in shown(pilot.app)
        assert "▪ 绿灯 剩 1天14时 11-24" in shown(pilot.app)
        await press(pilot, "c")
        assert f"客户档案 › {ACCOUNT}" in shown(pilot.app)
        await press(pilot, "escape")
        assert "运行容量 999" in shown(pilot.app)
        await press(pilot, "escape", "escape")
        assert "含「D:1.1.2」" in shown(pilot.app)
        assert row(pilot)["id"] == "D:1.1.2"
        await press(pilot, "escape")
        assert "全部规则" in shown(pilot.app)

    played(app_over(spoiled()), play)


def test_from_a_hundred_columns_the_row_in_full_stands_beside_the_list() -> None:
    async def play(pilot: Pilot[None]) -> None:
        assert "D:1.1.2" in shown(pilot.app)
        assert "运行容量 999" in shown(pilot.app)

    played(app_over(audited()), play, (120, 40))


def test_a_clean_archive_passes_and_there_is_nothing_to_do() -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "s", "enter")
        assert "通过 130" in shown(pilot.app)
        await to_pane(pilot, "待办")
        assert "没有问题" in shown(pilot.app)
        await press(pilot, "a")
        assert "先选一个问题" in shown(pilot.app)

    played(app_over(trials.fresh()), play)


def test_findings_are_marked_sent_out_verified_and_corrected_until_they_are_gone() -> None:
    desk = audited()
    before = trials.fresh()

    async def play(pilot: Pilot[None]) -> None:
        await to_pane(pilot, "待办")
        await press(pilot, "asterisk")
        assert "选中 " in shown(pilot.app)
        await press(pilot, "a")
        assert "供电单位数据订正人员" in shown(pilot.app)
        await press(pilot, "enter")
        assert states(desk) == {"assigned"}
        assert "选中" not in screen_text(pilot.app)[-2]
        await press(pilot, "asterisk", "v", "enter")
        await answer(pilot, "现场铭牌 8 kVA")
        assert states(desk) == {"verified"}
        await press(pilot, "asterisk", "d")
        await answer(pilot, "")
        assert states(desk) == {"corrected"}
        assert "档案里还没有改，待下次稽核" in shown(pilot.app)
        spoil(desk, capacity=capacity_of(before))
        await press(pilot, "asterisk", "d")
        await answer(pilot, "已改档案")
        assert states(desk) == {"cleared"}
        assert "没有问题" in shown(pilot.app)

    played(app_over(desk), play)


def test_space_marks_one_after_the_other_and_only_these_are_changed() -> None:
    desk = audited(ACCOUNT, OTHER)

    async def play(pilot: Pilot[None]) -> None:
        await to_pane(pilot, "待办")
        await press(pilot, "slash")
        await answer(pilot, OTHER)
        await press(pilot, "space", "space", "v")
        await type_in(pilot, "不属实")
        await press(pilot, "enter")
        await answer(pilot, "铭牌无误")
        assert "不属实" in shown(pilot.app)
        found = {one["cons_no"]: one["state"] for one in findings(desk.store, Wanted(), "2026-11-23")}
        assert found == {ACCOUNT: "found", OTHER: "verified"}

    played(app_over(desk), play)


def test_the_unit_asks_for_the_whitelist_the_division_grants_it_and_it_can_be_withdrawn() -> None:
    desk = audited()

    async def play(pilot: Pilot[None]) -> None:
        clerk = Clerk(pilot)
        await to_pane(pilot, "待办")
        await press(pilot, "w")
        await answer(pilot, "年底")
        assert "日期「年底」不对" in shown(pilot.app)
        for _ in "年底":
            await press(pilot, "backspace")
        await answer(pilot, "2027-06-30")
        await answer(pilot, "特批容量")
        assert "白名单 1" in shown(pilot.app)
        await press(pilot, *["right_square_bracket"] * 3)
        assert "BM000001" in shown(pilot.app)
        await press(pilot, "y")
        assert "没有这个角色" in shown(pilot.app)
        await clerk.become("division_lead")
        await press(pilot, "y")
        assert "供电单位数据订正人员 申请" in shown(pilot.app)
        await press(pilot, "enter")
        assert "whitelisted" in states(desk)
        await press(pilot, "y")
        assert "有效，不能再批" in shown(pilot.app)
        await press(pilot, "u")
        await answer(pilot, "已改造")
        assert "reopened" in states(desk)
        assert "已撤回" in shown(pilot.app)

    played(app_over(desk, "unit_corrector"), play)


def test_who_asked_may_not_grant_and_is_told_why() -> None:
    desk = audited()

    async def play(pilot: Pilot[None]) -> None:
        await to_pane(pilot, "待办")
        await press(pilot, "w")
        await answer(pilot, "2027-06-30")
        await answer(pilot, "特批容量")
        await press(pilot, *["right_square_bracket"] * 3)
        await press(pilot, "y", "enter")
        assert isinstance(pilot.app.screen, Refusal)
        assert "自己申请的，请换人批" in shown(pilot.app)
        await press(pilot, "escape", "x")
        await answer(pilot, "应当订正")
        assert isinstance(pilot.app.screen, Refusal)

    played(app_over(desk), play)


def test_an_extension_is_asked_for_many_granted_by_the_specialist_and_nothing_is_late_any_more() -> None:
    desk = audited()
    assert isinstance(desk.clock, VirtualClock)
    desk.clock.advance(days=5)

    async def play(pilot: Pilot[None]) -> None:
        clerk = Clerk(pilot)
        await to_pane(pilot, "逾期")
        assert "超 " in shown(pilot.app)
        await press(pilot, "asterisk", "e")
        await answer(pilot, "2026-12-20")
        await answer(pilot, "需逐户现场核查")
        await press(pilot, *["right_square_bracket"] * 3)
        assert "YQ000001" in shown(pilot.app)
        await clerk.become("data_steward")
        await press(pilot, "y", "enter")
        assert "逾期   " in shown(pilot.app)
        await press(pilot, "enter")
        assert "延期 › YQ000001" in shown(pilot.app)
        assert "剩 " in shown(pilot.app)

    played(app_over(desk, "unit_corrector"), play)


def test_a_flow_is_begun_from_a_finding_and_escape_comes_back_to_it() -> None:
    desk = audited()

    async def play(pilot: Pilot[None]) -> None:
        await to_pane(pilot, "待办")
        here = row(pilot)["id"]
        await press(pilot, "o")
        assert "没有挂工单" in shown(pilot.app)
        await press(pilot, "n", "enter")
        assert "档案维护受理" in screen_text(pilot.app)[0]
        await press(pilot, "escape")
        assert row(pilot)["id"] == here
        await press(pilot, "enter")
        assert "已挂工单" in shown(pilot.app)
        await press(pilot, "o")
        assert "档案维护受理" in screen_text(pilot.app)[0]

    played(app_over(desk), play)


def test_runs_say_what_was_new_and_what_is_gone() -> None:
    desk = audited()
    spoil(desk, capacity=capacity_of(trials.fresh()))

    async def play(pilot: Pilot[None]) -> None:
        await to_pane(pilot, "历次")
        await press(pilot, "s")
        await type_in(pilot, "月度")
        await press(pilot, "enter")
        assert "JH000002" in shown(pilot.app)
        assert "月度" in shown(pilot.app)
        await press(pilot, "home", "enter")
        assert "历次 › JH000002" in shown(pilot.app)
        assert "已消除" in shown(pilot.app)
        await press(pilot, "escape", "down", "enter")
        assert "历次 › JH000001" in shown(pilot.app)
        assert "新发现" in shown(pilot.app)

    played(app_over(desk), play)


def test_a_monthly_run_is_refused_to_whom_it_is_not_for() -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "s", "down", "enter")
        assert isinstance(pilot.app.screen, Refusal)
        assert "月度核查由营销稽查专责办理" in shown(pilot.app)

    played(app_over(spoiled(), "unit_corrector"), play)


def test_one_account_can_be_asked_about_alone() -> None:
    desk = audited(ACCOUNT, OTHER)
    before = trials.fresh()

    async def play(pilot: Pilot[None]) -> None:
        await to_pane(pilot, "待办")
        await press(pilot, "slash")
        await answer(pilot, ACCOUNT)
        spoil(desk, capacity=capacity_of(before))
        await press(pilot, "s")
        await answer(pilot, "这一户")
        left = {one["cons_no"] for one in findings(desk.store, Wanted(only_open=True), "2026-11-23")}
        assert left == {OTHER}

    played(app_over(desk), play)


def test_a_query_of_a_theme_is_asked_and_leads_to_the_customer() -> None:
    desk = trials.fresh()
    desk.store.table("contract").truncate()

    async def play(pilot: Pilot[None]) -> None:
        await to_pane(pilot, "主题")
        await press(pilot, "slash")
        await answer(pilot, "T4.1")
        await press(pilot, "enter")
        assert "主题 › T4.1" in shown(pilot.app)
        await press(pilot, "enter")
        assert "供用电合同" in shown(pilot.app)
        await press(pilot, "c")
        assert "客户档案 › " in shown(pilot.app)
        await press(pilot, "escape", "escape", "escape", "escape")
        await press(pilot, "s")
        await answer(pilot, "客户服务")
        assert "查出 " in shown(pilot.app)

    played(app_over(desk), play)


def test_what_is_mine_depends_on_who_looks() -> None:
    desk = audited()

    async def play(pilot: Pilot[None]) -> None:
        clerk = Clerk(pilot)
        assert "我的 " in shown(pilot.app)
        await to_pane(pilot, "我的")
        assert ACCOUNT in shown(pilot.app)
        await clerk.become("leading_group")
        assert ACCOUNT not in shown(pilot.app)
        await clerk.become("unit_corrector")
        assert ACCOUNT in shown(pilot.app)

    played(app_over(desk), play)


def test_a_key_that_the_role_does_not_allow_stays_visible_and_says_why() -> None:
    async def play(pilot: Pilot[None]) -> None:
        await to_pane(pilot, "待办")
        (keys,) = pilot.app.screen.query(YkKeys)
        against = {key.name: key.against for key in keys.keys()}  # noqa: SIM118  (no mapping)
        assert "没有这个角色" in against["派发"]
        assert "没有这个角色" in against["白名单"]
        await press(pilot, "a")
        assert not pilot.app.screen.is_modal
        assert "没有这个角色" in shown(pilot.app)

    played(app_over(audited(), "archivist"), play)


def test_a_list_is_filtered_by_what_it_holds() -> None:
    async def play(pilot: Pilot[None]) -> None:
        await to_pane(pilot, "待办")
        await press(pilot, "f")
        assert "状态：已发现" in shown(pilot.app)
        assert "中心：" in shown(pilot.app)
        await answer(pilot, "合同管理")
        assert "待办、合同管理" in shown(pilot.app)
        await press(pilot, "escape")
        assert "合同管理" not in screen_text(pilot.app)[3]
        await to_pane(pilot, "延期")
        await press(pilot, "f", "escape", "escape")

    played(app_over(audited()), play)


def test_a_long_list_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_data, "MOST", 1)

    async def play(pilot: Pilot[None]) -> None:
        await to_pane(pilot, "待办")
        assert "列出前 1" in shown(pilot.app)

    played(app_over(audited()), play)


def everything() -> Desk:
    """A desk with something in every pane."""
    from yk.audit.extending import ask_extension
    from yk.audit.whitelisting import ask_exemption

    desk = audited(ACCOUNT, OTHER)
    ids = [one["finding"] for one in findings(desk.store, Wanted(), "2026-11-23")]
    ask_exemption(desk, ids[0], "特批容量", "2027-06-30")
    ask_extension(desk, [ids[-1]], "2026-12-20", "需逐户现场核查")
    return desk


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (160, 45)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_every_pane_fills_the_screen_in_chinese_and_cuts_no_character(size: tuple[int, int]) -> None:
    async def whole(pilot: Pilot[None]) -> None:
        assert [cell_len(line) for line in screen_text(pilot.app)] == [size[0]] * size[1]
        assert english(shown(pilot.app)) == []
        assert "? 帮助" in screen_text(pilot.app)[-1]

    async def play(pilot: Pilot[None]) -> None:
        for name in VIEWS.values():
            assert "主题" in screen_text(pilot.app)[2]
            assert f"▸{name}" in shown(pilot.app)
            await whole(pilot)
            await press(pilot, "tab")
            await whole(pilot)
            await press(pilot, "tab", "enter")
            await whole(pilot)
            await press(pilot, "question_mark")
            assert english(shown(pilot.app)) == []
            await press(pilot, "escape", "right_square_bracket")

    played(app_over(everything()), play, size)


def test_names_of_panes_move_together_where_the_line_would_not_fit() -> None:
    async def play(pilot: Pilot[None]) -> None:
        counts = {"todo": "9999", "late": "9999", "mine": "9999", "whitelist": "99", "extend": "99"}
        panes = [Pane(name, text, counts.get(name, "")) for name, text in VIEWS.items()]
        pilot.app.screen.query_one(YkTabs).show(panes, "todo")
        await settle(pilot)
        assert screen_text(pilot.app)[2].rstrip().endswith("主题")

    played(app_over(trials.fresh()), play)


def test_the_number_of_a_finding_is_said_without_its_english_part() -> None:
    assert said("问题 X:6.07/customer/1016000012 已消除") == "问题 X:6.07 1016000012 已消除"
