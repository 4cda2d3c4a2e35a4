"""Judging rows: each is driven through its flow, asked every guard that is asked row by row, and says what it would change.

The guards are pure, so the archive is read once a chunk; the moves are those of the state machine, replayed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from yk.batch.asking import Asked, Row, Source
from yk.batch.closure import Closure
from yk.batch.kinds import Kind
from yk.batch.line_area import LineArea
from yk.batch.lv_new import LvNew
from yk.batch.reasons import reasons as reason_names
from yk.batch.rows import BLOCKED, SKIPPED
from yk.desk.desk import Desk
from yk.desk.in_flight import READY
from yk.desk.order import COMPLETED, WorkOrder
from yk.errors import Reason
from yk.flows import compile as machine
from yk.flows.change import Change, Image
from yk.flows.compile import Block
from yk.flows.driver import Answers, Place
from yk.flows.effects import find_effect
from yk.flows.facts import Facts
from yk.flows.flow import Flow, ended, leaf_steps, load
from yk.flows.guards import Guard, find_guard
from yk.flows.replay import ReplayMismatch

SOURCES: dict[str, type[Source]] = {"closure": Closure, "line-area": LineArea, "lv-new": LvNew}
_FIELD_NAMES = re.compile(r"（([a-z][a-z0-9_]*)）")
"""A field of the form as guards name it."""


class Verdict(NamedTuple):
    """What becomes of a row: its status, the step it comes to, reasons and notices (as refusals are shown), what it
    changes. `facts` are those it was judged on."""

    status: str
    at: str
    reasons: list[Row]
    notices: list[Row]
    images: list[Image]
    facts: Facts


class _Look(NamedTuple):
    """A row on its way to a verdict: `refused` are the guards that said no, `needless` those that need not be asked."""

    one: Asked
    facts: Facts
    status: str
    reasons: list[Row]
    notices: list[Row]
    refused: frozenset[str]
    needless: frozenset[str]


class _Asked(NamedTuple):
    """A guard that is asked of rows, and where in the flow and the manual it stands."""

    guard: Guard
    step: str
    entry: str
    control: str | None
    is_notice: bool


class Judge:
    """Judges the rows of one batch, chunk by chunk, in the order of the list."""

    def __init__(self, desk: Desk, kind: Kind, order: WorkOrder, doc: Mapping[str, Any]) -> None:
        self.desk, self.kind, self.order = desk, kind, order
        self.flow = load(kind.flow)
        base = {name: value for name, value in order.data.items() if name not in kind.row_fields}
        if kind.key == "cons_no":
            base["org_no"] = doc["unit"] or None  # who works for every unit lists accounts of every unit
        self.source = SOURCES[kind.id](desk.store, order.case, base, int(doc["first_number"]))
        columns = set(doc["columns"])
        self._asked = [
            self._placed(name)
            for name in kind.guards
            if name not in kind.asked_with or columns.intersection(kind.asked_with[name])
        ]
        self._columns = {column.name: column.label for column in kind.columns}
        self._labels = {asked.guard.code: f"不满足：{asked.guard.label}" for asked in self._asked}
        self._effects = [find_effect(name) for name in kind.effects]
        self._journeys: dict[frozenset[str], str] = {}
        self._walked = 0

    def label_of(self, reason: Mapping[str, Any]) -> str:
        """What a reason is called in totals: the guard's label, else what the list lacks."""
        code = str(reason["code"])
        return self._labels.get(code) or reason_names().get(code, str(reason["message"]))

    def _placed(self, name: str) -> _Asked:
        step = next(step for step in self.flow.steps.values() if name in step["guards"])
        control = next((c["id"] for c in step["controls"] if c["guard"] == name), None)
        guard = find_guard(name)
        notice = bool(guard.level_setting) and self.desk.settings[guard.level_setting] == "notice"
        return _Asked(guard, step["id"], step["entry"], control, notice)

    def judge(self, asked: Sequence[Asked], trusted: bool = False) -> list[Verdict]:
        """The verdicts on the rows of a chunk, in their order, with the archive as it is now.

        `trusted` rows were found ready on this very archive: they are not asked again, only what they change is made.
        """
        self.source.begin(asked, trusted)
        if trusted:
            heard = [self._trusted(one) for one in asked]
        else:
            looks = [self._look(one) for one in asked]
            quiet = self._quiet([look for look in looks if look.status == READY and not look.reasons])
            heard = [look if look.status == SKIPPED else self._heard(look, quiet) for look in looks]
        changes = [self._changes(look.facts) if look.status == READY else [] for look in heard]
        self._read_before(changes)
        found = []
        for look, made in zip(heard, changes, strict=True):
            at = self.flow.first if look.status == READY else self._at(look.refused)
            verdict = Verdict(look.status, at, look.reasons, look.notices, self._images(made), look.facts)
            found.append(verdict)
        return found

    def _trusted(self, one: Asked) -> _Look:
        return _Look(one, self._facts(*self.source.facts(one)), READY, [], [], frozenset(), frozenset())

    def _look(self, one: Asked) -> _Look:
        """The facts of a row, and what the list itself lacks for it or makes needless."""
        data, archive = self.source.facts(one)
        facts = self._facts(data, archive)
        if passed := self.source.pass_over(one, archive):
            return _Look(one, facts, SKIPPED, [Reason(*passed).as_json()], [], frozenset(), frozenset())
        problems, needless = self.source.unfit(one, archive)
        entry = self._asked[0].entry
        reasons = [Reason(code, text, entry).as_json() for code, text in problems]
        return _Look(one, facts, READY, reasons, [], frozenset({"fields"} if problems else ()), needless)

    def _quiet(self, looks: Sequence[_Look]) -> frozenset[str]:
        """The guards that have nothing to say of any of these rows: each is asked once about all of them together.

        A guard takes rows one by one, so what it does not say of many it does not say of one.
        """
        if not looks:
            return frozenset()
        facts = self._together(looks)
        silent = (a.guard.name for a in self._asked if next(iter(a.guard.check(facts)), None) is None)
        return frozenset(silent)

    def _together(self, looks: Sequence[_Look]) -> Facts:
        """The facts of several rows as one order would have them."""
        data, archive = dict(looks[0].facts.data), dict(looks[0].facts.archive)
        for name in self.kind.row_fields:
            if isinstance(data.get(name), list):
                data[name] = [row for look in looks for row in look.facts.data[name]]
        for name, value in archive.items():
            parts = [look.facts.archive[name] for look in looks]
            if isinstance(value, list):
                archive[name] = list({id(row): row for part in parts for row in part}.values())
            elif any(part is not value for part in parts):
                archive[name] = {key: row for part in parts for key, row in part.items()}
        return self._facts(data, archive)

    def _heard(self, look: _Look, quiet: frozenset[str]) -> _Look:
        """What the guards say of a row; the rows that go are taken into account for those after them."""
        reasons, notices, refused = list(look.reasons), list[Row](), set(look.refused)
        needless = look.needless | quiet if not look.reasons else look.needless
        for asked in self._asked:
            if asked.guard.name in needless:
                continue
            for message in asked.guard.check(look.facts):
                text = self._for_lists(message)
                if any(reason["message"] == text for reason in reasons):
                    continue
                said = Reason(asked.guard.code, text, asked.entry, asked.control, asked.guard.basis).as_json()
                if asked.is_notice:
                    notices.append(said)
                else:
                    reasons.append(said)
                    refused.add(asked.guard.name)
        if not reasons:
            self.source.took(look.one)
        status = BLOCKED if reasons else READY
        return look._replace(status=status, reasons=reasons, notices=notices, refused=frozenset(refused))

    def _for_lists(self, message: str) -> str:
        """A guard's message for whoever keeps the list: it names columns of the list, not fields of the form."""
        return _FIELD_NAMES.sub(self._column_named, message) if "（" in message else message

    def _column_named(self, found: re.Match[str]) -> str:
        label = self._columns.get(found[1])
        return f"（清单“{label}”列）" if label else ""

    def _facts(self, data: Row, archive: Row) -> Facts:
        desk, order = self.desk, self.order
        operator = desk.operator
        return Facts(
            order.case, desk.now(), order.rule_set, operator.id, operator.org, self.flow.name,
            data, order.materials, archive, desk.settings,
        )  # fmt: skip

    def _changes(self, facts: Facts) -> list[Change]:
        return [effect.make(facts) for effect in self._effects]

    def _read_before(self, changes: Sequence[Sequence[Change]]) -> None:
        """Read the rows that the changes touch and nobody has read, a table at a time."""
        seen, wanted = self.source.seen, dict[str, list[str]]()
        for made in changes:
            for change in made:
                for entity, row in change.put:
                    wanted.setdefault(entity, []).append(seen.ident(entity, row))
                for entity, ident in change.drop:
                    wanted.setdefault(entity, []).append(ident)
        seen.find(wanted)

    def _images(self, changes: Sequence[Change]) -> list[Image]:
        """What the changes of one row really change, one image a row of the archive, in the order first touched."""
        seen = self.source.seen
        first: dict[tuple[str, str], Row | None] = {}
        for change in changes:
            for entity, row in change.put:
                ident = seen.ident(entity, row)
                old = seen.get(entity, ident)
                first.setdefault((entity, ident), old)
                seen.put(entity, ident, {**old, **row} if old is not None else dict(row))
            for entity, ident in change.drop:
                first.setdefault((entity, ident), seen.get(entity, ident))
                seen.put(entity, ident, None)
        images = (
            _image(entity, ident, old, seen.get(entity, ident)) for (entity, ident), old in first.items()
        )
        return [image for image in images if image is not None]

    def _at(self, refused: frozenset[str]) -> str:
        """The step of the flow where a row stops whose guards `refused` say no."""
        self._walked += 1
        every = self.desk.settings.integer("verify_every")
        if refused not in self._journeys:
            self._journeys[refused] = self._walk(refused)
        elif every and self._walked % every == 0 and self._walk(refused) != self._journeys[refused]:
            raise ReplayMismatch(
                "replay_mismatch", f"{self.flow.name}：重放与状态机引擎不一致", "请停止批量操作并报告开发者"
            )
        return self._journeys[refused]

    def arrived(self) -> str:
        """Where a row comes to that nobody refuses: the end of the flow, as the state machine has it."""
        at = self._at(frozenset())
        assert at == COMPLETED, at
        return at

    def _walk(self, refused: frozenset[str]) -> str:
        """Drive a row through the flow on the state machine; optional steps are the order's, not the row's."""
        replay = self.desk.replay_of(self.flow)
        conditions = {name for step in self.flow.steps for name in self.flow.conditions_at(step)}
        place: Place = (self.flow.first,)

        def ask(block: Block) -> Answers:
            return tuple([name not in refused and name not in conditions for name in block])

        while not ended(place):
            here = leaf_steps(self.flow, place)[0]
            for event in _forward(self.flow, here):
                outcome = replay.run(place, event, ask)
                if outcome.at is None:
                    return here
                place = outcome.at
        return ended(place)


def _forward(flow: Flow, step: str) -> Iterator[str]:
    """The events that move on from a step: one, or every department's agreement."""
    sign = flow.step(step)["sign"]
    if not sign:
        yield machine.send(step)
    for department in sign.get("departments", ()):
        yield machine.sign(step, department["id"], "agree")


def _image(entity: str, ident: str, old: Row | None, new: Row | None) -> Image | None:
    """The difference between two states of a row; None when there is none."""
    if old is None:
        kept = None if new is None else {name: value for name, value in new.items() if value is not None}
        return None if kept is None else Image(entity, ident, None, kept)
    if new is None:
        return Image(entity, ident, {name: value for name, value in old.items() if value is not None}, None)
    after = {name: value for name, value in new.items() if old.get(name) != value}
    return Image(entity, ident, {name: old.get(name) for name in after}, after) if after else None
