"""Random days at the desk: whatever anybody does in whatever order, every call is whole and every order stays sound."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from walks import EVERYTHING, everything, rename
from world import COMPANY, PERSON, RENAME, TWIN, World

from yk.desk import Desk
from yk.desk.order import OPEN, SUSPENDED
from yk.errors import Refused, UsageError, YkError
from yk.flows.flow import Flow, ended, leaf_steps

CUSTOMERS = (COMPANY, TWIN, PERSON)
VALUES: dict[str, Any] = {name: value for _, data in RENAME.values() for name, value in data.items()}
VALUES |= {"remark": "x", "finding": "合格", "scheme": "甲", "agreement_name": "示范新厂"}
MATERIALS = ("M01", "M02", "M03", "M05", "M31", "M99")


class Day:
    """Random calls, each drawn by chance; half of them sensible."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.world = World(separation_of_duties=False)
        self.cases: list[str] = []
        self.desk = self.world.desk()
        self.operators = [
            *{role for role, _ in RENAME.values()},
            "trainer",
            "supervisor",
            "cashier",
            "fee_clerk",
        ]

    def act(self) -> None:
        """One call; raises what it raises."""
        pick = self.rng.choice
        self.desk.act_as("trainer" if self.rng.random() < 0.8 else pick(self.operators))
        if not self.cases or self.rng.random() < 0.06:
            self.cases.append(self.desk.open(pick(["rename", "everything"]), pick(CUSTOMERS)).case)
            return
        case = pick(self.cases)
        order = self.desk.get(case)
        flow = self.desk.flow_of(order)
        step = pick(self.desk.steps_at(order) or [None])
        calls: list[Callable[[], Any]] = [
            lambda: self._fill(case, flow, step),
            lambda: self._fill(case, flow, step),
            lambda: self._hand_in(case),
            lambda: self.desk.confirm(case, [], every=True, step=step),
            lambda: self.desk.send(case, step=step),
            lambda: self.desk.send(case, step=step, expect=self.rng.choice([None, order.version, 0])),
            lambda: self._prepared(case, flow, step),
            lambda: self._prepared(case, flow, step),
            lambda: self.desk.return_(case, pick([*flow.steps]), "退", step=step),
            lambda: self.desk.fail(case, "不合格", step=step),
            lambda: self.desk.sign(
                case, pick(["mkt", "ops", "dev"]), pick(["agree"] * 4 + ["reject"]), reason="因"
            ),
            lambda: self.desk.resume(case, "好了") if order.status == SUSPENDED else None,
        ]
        rare = [
            lambda: self.desk.suspend(case, "等"),
            lambda: self.desk.stop(case, pick(["撤", ""])),
            lambda: list(self.desk.sweep()),
            lambda: self.world.unpaid(pick(CUSTOMERS), pick([0.0, 5.0])),
            lambda: self.world.put("violation", vio_id="V", cons_no=pick(CUSTOMERS), found_date="2026-09-01"),
            lambda: self.world.clock.advance(hours=self.rng.randint(1, 30)),
        ]
        pick(rare if self.rng.random() < 0.12 else calls)()

    def _fill(self, case: str, flow: Flow, step: str | None) -> Any:
        fields = [f["name"] for f in flow.fields_at(step or "") if not f["readonly"]] or ["remark"]
        return self.desk.fill(case, {self.rng.choice(fields): self.rng.choice([*VALUES.values(), "", None])})

    def _hand_in(self, case: str) -> Any:
        until = self.rng.choice([None, None, self.world.clock().date().isoformat(), "2020-01-01"])
        return self.desk.attach(case, self.rng.choice(MATERIALS), defer=until)

    def _prepared(self, case: str, flow: Flow, step: str | None) -> Any:
        """Make everything right and send."""
        known = {f["name"]: VALUES[f["name"]] for f in flow.fields_at(step or "") if f["name"] in VALUES}
        if flow.id == "rename":
            for code in ("M01", "M02", "M03", "M31"):
                self.desk.attach(case, code)
        self.desk.fill(case, known)
        self.desk.confirm(case, [], every=True, step=step)
        return self.desk.send(case, step=step)


def check(day: Day) -> None:
    """What is true of every order at every time."""
    desk: Desk = day.world.desk("trainer")
    locked: dict[str, int] = {}
    for order in desk.orders():
        flow = desk.flow_of(order)
        assert desk.verify(order.case) == []
        assert desk.replay_of(flow).driver.menu(order.place) is not None
        here = leaf_steps(flow, order.at)
        assert set(order.steps) == set(here)
        assert bool(here) is (order.status in (OPEN, SUSPENDED))
        assert ended(order.at) == (order.status if not here else "")
        assert (order.hold is not None) is (order.status == SUSPENDED)
        assert bool(order.closed) is (not here)
        if here and "status_before" in order.data:
            locked[order.cons_no] = locked.get(order.cons_no, 0) + 1
    for cons_no in CUSTOMERS:
        status = day.world.row("customer", cons_no)["status"]
        assert (status == "3") is (locked.get(cons_no, 0) > 0), (cons_no, status, locked)


@pytest.mark.parametrize("seed", range(4))
def test_a_random_day_leaves_every_order_sound(seed: int, install: Any) -> None:
    """Refused calls change nothing, and nothing but expected failures comes out."""
    install(everything=EVERYTHING)
    day, refusals, moves = Day(seed), 0, 0
    for number in range(250):
        before = day.world.dump()
        try:
            day.act()
        except (Refused, UsageError):
            refusals += 1
            if len(day.cases) > 0 and not _partly(before, day.world.dump()):
                assert day.world.dump() == before
        if number % 10 == 0:
            check(day)
    check(day)
    moves = sum(1 for c in day.cases for e in day.desk.events(c) if e["from"] != e["to"])
    assert refusals > 20
    assert moves > 8


def _partly(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Did only orders and events change? (`_prepared` is several calls, of which the last may be refused.)"""
    return all(before[name] == after[name] for name in before if name not in ("case", "event"))


@pytest.mark.parametrize("seed", range(3))
def test_a_random_day_in_chunks_keeps_what_went_well(seed: int, install: Any) -> None:
    """Refusals within a chunk leave no trace in it."""
    install(everything=EVERYTHING)
    day = Day(100 + seed)
    for _ in range(12):
        with day.desk.chunk():
            for _ in range(20):
                try:
                    day.act()
                except YkError:
                    continue
        check(day)


@pytest.mark.parametrize("seed", range(2))
def test_the_same_day_in_chunks_and_call_by_call_ends_the_same(seed: int, install: Any) -> None:
    install(everything=EVERYTHING)
    single, chunked = Day(200 + seed), Day(200 + seed)
    for _ in range(8):
        for _ in range(15):
            _try(single)
        with chunked.desk.chunk():
            for _ in range(15):
                _try(chunked)
    assert chunked.cases == single.cases
    assert chunked.world.dump() == single.world.dump()


def _try(day: Day) -> None:
    try:
        day.act()
    except YkError:
        return


def test_the_flows_of_these_days_are_sound() -> None:
    from yk.flows.explore import explore

    assert explore(everything()).sound
    assert explore(rename()).sound
