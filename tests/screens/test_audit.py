"""数据稽核: a run by key, what it found, and the way to the customer."""

from __future__ import annotations

import trials
from textual.pilot import Pilot

from screens.driving import app_on, played, press, shown, type_in
from yk.desk import Desk
from yk.screens.app import YkApp

ACCOUNT = "1016000012"


def spoiled() -> Desk:
    """The demonstration archive with one account whose running capacity is more than the contract's."""
    desk = trials.fresh()
    table = desk.store.table("customer")
    table.put([(ACCOUNT, {**(table.get(doc_id=ACCOUNT) or {}), "run_cap": 999.0})])
    return desk


def app_over(desk: Desk) -> YkApp:
    return app_on(desk.store, desk.clock, desk.settings, "trainer", "audit")


def test_before_the_first_run_the_screen_says_so() -> None:
    async def play(pilot: Pilot[None]) -> None:
        assert "没有稽核过" in shown(pilot.app)
        assert "规则 130" in shown(pilot.app)

    played(app_over(trials.fresh()), play)


def test_s_runs_the_audit_and_the_worst_rule_comes_first_with_its_findings() -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "s")
        assert "通过 130" not in shown(pilot.app)
        await press(pilot, "slash")
        await type_in(pilot, "D:1.1.2")
        await press(pilot, "enter", "tab")
        assert f"{ACCOUNT} 已发现" in shown(pilot.app)
        assert "运行容量 999" in shown(pilot.app)
        await press(pilot, "enter")
        assert f"客户档案 › {ACCOUNT}" in shown(pilot.app)

    played(app_over(spoiled()), play)


def test_a_clean_archive_passes_and_the_filter_leaves_nothing() -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "s")
        assert "通过 130" in shown(pilot.app)
        await press(pilot, "f")
        await type_in(pilot, "有问题")
        await press(pilot, "enter")
        assert "没有符合的规则" in shown(pilot.app)
        await press(pilot, "escape")
        assert "全部规则" in shown(pilot.app)

    played(app_over(trials.fresh()), play)


def test_beside_each_other_from_a_hundred_columns() -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "s")
        assert "运行容量 999" in shown(pilot.app)
        assert "D:1.1.2" in shown(pilot.app)

    played(app_over(spoiled()), play, (120, 40))
