"""A clerk who works by keys alone: reads what the screen shows, answers, fills in, hands in, sends on."""

from __future__ import annotations

import json
from typing import Any

from textual.pilot import Pilot

from screens.driving import press, settle, shown, type_in
from yk.desk.examples import examples_of
from yk.screens.app import YkApp
from yk.screens.dialogs import AskText, Choose, Confirm
from yk.screens.step import StepScreen
from yk.screens.step_data import StepData
from yk.screens.table_editor import RowEditor, TableEditor

MOST = 400
"""Keys pressed at one step before something is wrong."""


class Clerk:
    """Works on the order that the screen 环节办理 shows. `values` are typed instead of the examples; with `bulk` the
    controls are confirmed all at once."""

    def __init__(self, pilot: Pilot[None], bulk: bool = False, **values: str) -> None:
        self.pilot, self.bulk, self.values = pilot, bulk, values

    @property
    def app(self) -> YkApp:
        assert isinstance(self.pilot.app, YkApp)
        return self.pilot.app

    @property
    def step(self) -> StepScreen:
        assert isinstance(self.app.here, StepScreen)
        return self.app.here

    @property
    def data(self) -> StepData:
        assert self.step.data is not None
        return self.step.data

    async def become(self, operator: str) -> None:
        """Change the operator, as a trainer does."""
        await press(self.pilot, "ctrl+o")
        await type_in(self.pilot, operator)
        await press(self.pilot, "enter")

    async def take_over(self) -> None:
        """Become somebody who may act at the step."""
        from yk.flows.flow import load

        for operator in (load(self.data.flow).step(self.data.step)["role"], "trainer"):
            if self.data.place is not None and not self.data.place.mine:
                await self.become(operator)
        assert self.data.place is not None
        assert self.data.place.mine, self.data.place.against

    async def do_step(self) -> None:
        """Everything the step asks, then send it on."""
        await self.take_over()
        before = self.data.step
        await self.prepare()
        if self.data.signs:
            await self.sign()
            return
        await press(self.pilot, "f9")
        assert self.app.screen is self.step, shown(self.app)
        assert before != self.data.step or self.data.status != "open", self.data.open_items

    async def sign(self) -> None:
        """Every department agrees, each by somebody of its role."""
        from yk.flows.flow import load

        departments = load(self.data.flow).step(self.data.step)["sign"]["departments"]
        for one in departments:
            await self.become(one["role"])
            await press(self.pilot, "f9")
            if one is not departments[-1]:
                await type_in(self.pilot, one["name"])
                await press(self.pilot, "enter")
            await type_in(self.pilot, "通过")
            await press(self.pilot, "enter")
            assert self.app.screen is self.step, shown(self.app)

    async def do_child(self) -> None:
        """Do the child order of the step from start to end, and come back."""
        case, (child, _) = self.data.case, self.data.children[-1]
        await self.more(child)
        assert self.data.case == child
        while self.data.status == "open":
            await self.do_step()
        await self.more(case)
        assert self.data.case == case

    async def prepare(self) -> None:
        """Fill in, hand in, confirm, until nothing is open."""
        for _ in range(MOST):
            if not self.data.open_items:
                return
            if any(i["id"] == "child_done" for i in self.data.open_items):
                await self.do_child()
                await self.take_over()
                continue
            if any(row.is_open for row in self.data.fields):
                await self.fill()
                continue
            if self.bulk and any(i["kind"] == "control" for i in self.data.open_items):
                await press(self.pilot, "a")
                await self.yes()
                continue
            item = self.step.item
            if item is None or item["state"] not in ("open", "failed") or not item["required"]:
                await press(self.pilot, "home")
                while (item := self.step.item) is not None and item not in self.data.open_items:
                    await press(self.pilot, "down")
            assert item is not None
            assert item["kind"] != "guard" or item["id"].startswith("notice:"), item
            await press(self.pilot, "space")
        raise AssertionError(self.data.open_items)

    async def fill(self) -> None:
        """One required field after the other, as `f` asks for them."""
        await press(self.pilot, "f")
        while self.app.screen is not self.step:
            dialog = self.app.screen
            name = self._field_asked()
            value = self.values.get(name) or self._example(name)
            if isinstance(dialog, TableEditor):
                await self._table(json.loads(value))
            else:
                assert isinstance(dialog, AskText | Choose), dialog
                await type_in(self.pilot, str(value))
                await press(self.pilot, "enter")
                assert self.app.screen is not dialog, (name, value, shown(self.app))

    def _field_asked(self) -> str:
        dialog: Any = self.app.screen
        label = str(dialog.query(".box").first().border_title)
        open_ = [row.id for row in self.data.fields if row.is_open and row.label == label]
        return open_[0]

    def _example(self, name: str) -> Any:
        desk_examples = self.app.office.submit(lambda desk: examples_of(desk, self.data.case, self.data.step))
        found = desk_examples.result()
        return {"true": "是", "false": "否"}.get(found[name], found[name])

    async def _table(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            await press(self.pilot, "n")
            editor = self.app.screen
            assert isinstance(editor, RowEditor)
            for column in editor._columns:
                if row.get(column["name"]) is not None:
                    await type_in(self.pilot, str(row[column["name"]]))
                await press(self.pilot, "enter")
        await press(self.pilot, "ctrl+s")

    async def say(self, text: str) -> None:
        """Answer a question for a line of text."""
        assert isinstance(self.app.screen, AskText), self.app.screen
        await type_in(self.pilot, text)
        await press(self.pilot, "enter")

    async def more(self, word: str) -> None:
        """A seldom move, by its name."""
        await press(self.pilot, "o")
        await type_in(self.pilot, word)
        await press(self.pilot, "enter")

    async def yes(self) -> None:
        """Agree to a question."""
        assert isinstance(self.app.screen, Confirm)
        await press(self.pilot, "enter")
        await settle(self.pilot)
