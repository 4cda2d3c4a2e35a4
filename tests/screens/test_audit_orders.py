"""数据稽核: work orders begun from findings and themes, and the reports."""

from __future__ import annotations

from pathlib import Path

import pytest
import trials
from textual.pilot import Pilot

from screens.clerk import Clerk
from screens.driving import played, press, screen_text, shown, type_in
from screens.steward import ACCOUNT, OTHER, answer, app_over, audited, row, states, to_pane
from yk.audit.looking import Wanted, findings
from yk.audit.running import run
from yk.desk import Desk
from yk.screens import folders
from yk.screens.dialogs import Refusal


def emptied() -> Desk:
    """Two accounts that are told nothing of their bills, found by a run."""
    desk = trials.fresh()
    table = desk.store.table("customer")
    for number in (ACCOUNT, OTHER):
        table.put([(number, {**(table.get(doc_id=number) or {}), "notify_mode": None})])
    run(desk.store, desk.clock, desk.settings, by="trainer")
    return desk


def test_several_findings_get_the_same_value_after_a_trial_that_writes_nothing() -> None:
    desk = emptied()

    async def play(pilot: Pilot[None]) -> None:
        await to_pane(pilot, "待办")
        await press(pilot, "asterisk", "b")
        assert "电费通知方式" in shown(pilot.app)
        await press(pilot, "enter", "enter")
        await answer(pilot, "漏填")
        assert "试算" in shown(pilot.app)
        assert "2 行，2 户" in shown(pilot.app)
        assert "消除 2 个" in shown(pilot.app)
        assert not any(one["case"] for one in findings(desk.store, Wanted(), "2026-11-23"))
        await press(pilot, "y")
        assert "批量修改数据" in screen_text(pilot.app)[0]
        assert all(one["case"] for one in findings(desk.store, Wanted(), "2026-11-23"))
        await press(pilot, "escape")
        await press(pilot, *["right_square_bracket"] * 5)
        assert "2 行，" in shown(pilot.app)
        await press(pilot, "tab")
        assert "写入后消除 2 个" in shown(pilot.app)
        await press(pilot, "tab", "enter")
        assert "批量修改数据" in screen_text(pilot.app)[0]

    played(app_over(desk), play)


def test_a_trial_that_is_not_agreed_to_leaves_no_order() -> None:
    desk = emptied()

    async def play(pilot: Pilot[None]) -> None:
        await to_pane(pilot, "待办")
        await press(pilot, "b", "enter", "enter")
        await answer(pilot, "漏填")
        await press(pilot, "n")
        assert not list(desk.orders())

    played(app_over(desk), play)


def test_what_may_not_be_changed_in_a_batch_says_so() -> None:
    desk = trials.fresh()
    sections = desk.store.table("reading_section")
    one = dict(next(iter(sections.all())))
    sections.put([(one["sect_no"], {**one, "org_no": "99409"})])
    run(desk.store, desk.clock, desk.settings)

    async def play(pilot: Pilot[None]) -> None:
        await to_pane(pilot, "待办")
        await press(pilot, "b")
        await answer(pilot, "抄表段部门")
        assert not pilot.app.screen.is_modal
        assert "抄表段部门不能批量修改，按 n 办流程" in shown(pilot.app)

    played(app_over(desk), play)


def test_orders_for_several_accounts_are_begun_at_once_and_listed() -> None:
    desk = audited(ACCOUNT, OTHER)

    async def play(pilot: Pilot[None]) -> None:
        await to_pane(pilot, "待办")
        await press(pilot, "asterisk", "n", "enter")
        assert "2 户各登记一张工单" in shown(pilot.app)
        await press(pilot, "enter")
        assert "已登记 2 张工单" in shown(pilot.app)
        await press(pilot, *["right_square_bracket"] * 5)
        assert "共 2 张" in shown(pilot.app)
        assert {ACCOUNT, OTHER} == {order.cons_no for order in desk.orders()}
        assert row(pilot)["findings"] == len(states(desk)) * 3

    played(app_over(desk), play)


def test_tasks_are_planned_from_what_a_query_finds() -> None:
    desk = trials.fresh()
    desk.store.table("contract").truncate()

    async def play(pilot: Pilot[None]) -> None:
        clerk = Clerk(pilot)
        await to_pane(pilot, "主题")
        await press(pilot, "slash")
        await answer(pilot, "T4.1")
        await press(pilot, "n")
        assert "没有这个角色" in shown(pilot.app)
        await clerk.become("data_steward")
        await press(pilot, "n", "enter")
        await answer(pilot, "一些")
        assert "写一个数" in shown(pilot.app)
        await press(pilot, "backspace", "backspace")
        await answer(pilot, "1")
        assert "营销稽查" in screen_text(pilot.app)[0]
        await press(pilot, "escape")
        await press(pilot, *["left_square_bracket"] * 2)
        assert "，1 条，有结论 0" in row(pilot)["what"]

    played(app_over(desk, "archivist"), play)


def test_a_report_is_written_where_one_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "last_folder", lambda: tmp_path)
    monkeypatch.setattr("yk.screens.batch_ask.last_folder", lambda: tmp_path)

    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "r", "enter", "enter")
        await answer(pilot, str(tmp_path / "日报.csv"))
        assert "后缀写 .xlsx 或 .md" in shown(pilot.app)
        await press(pilot, "ctrl+u")
        await answer(pilot, str(tmp_path / "日报.md"))
        assert ACCOUNT in (tmp_path / "日报.md").read_text(encoding="utf-8")
        await press(pilot, "r", "down", "enter", "enter", "enter")
        assert (tmp_path / "稽核月报2026-11.xlsx").exists()

    played(app_over(audited()), play)


def test_a_day_is_published_once_by_whom_it_is_for() -> None:
    async def play(pilot: Pilot[None]) -> None:
        clerk = Clerk(pilot)
        await press(pilot, "r")
        await type_in(pilot, "发布")
        await press(pilot, "enter", "enter")
        assert isinstance(pilot.app.screen, Refusal)
        await press(pilot, "escape")
        await clerk.become("data_group")
        await press(pilot, "r")
        await type_in(pilot, "发布")
        await press(pilot, "enter", "enter")
        assert "合计 抽取 3，订正 0，遗留 0" in shown(pilot.app)

    played(app_over(audited(), "unit_corrector"), play)
