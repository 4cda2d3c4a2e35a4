"""A session at the desk: one operator, one clock, one store; loads, writes and logs work orders."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from yk.clock import Clock, system_clock
from yk.desk.chain import append
from yk.desk.chunk import Chunk
from yk.desk.gather import gather
from yk.desk.operators import Operator, get_operator
from yk.desk.order import OPEN, WorkOrder
from yk.desk.taking_back import keep
from yk.errors import Reason, Refused, UnreadableError, UsageError
from yk.flows.change import Change, Image
from yk.flows.facts import Facts
from yk.flows.flow import Flow, digest_of, flow_ids, leaf_steps, load
from yk.settings import Settings
from yk.settings import load as load_settings
from yk.store import Store
from yk.store.conditions import Comparison

Data = dict[str, Any]


Watch = Callable[["Session", WorkOrder, Sequence[Image], Sequence[Image] | None], list[str]]
"""What a desk calls after it has written to the archive, in the same unit of work: the desk, the order, the images just
written, and once the archive is as the order means to leave it everything the order has written. Gives what the
operator should know; may raise Refused."""

_STATUS_EVENTS = ("open", "resume")
"""Events after which an order is written at once even in a chunk, because searches look for it by status."""


class Session:
    """What every call at the desk needs. Not to be shared between threads.

    With `dry_run` every call does all its work and then takes it back, so that its result says what would change.
    """

    def __init__(
        self,
        store: Store,
        operator: str = "",
        clock: Clock = system_clock,
        settings: Settings | None = None,
        dry_run: bool = False,
        watch: Watch | None = None,
    ) -> None:
        self.store = store
        self.watch = watch
        self.clock = clock
        self.settings = settings or load_settings()
        self.dry_run = dry_run
        self._operator_name = operator
        self._now = ""
        self._operators: dict[str, Operator] = {}
        self._flows: dict[str, Flow] = {}
        self._chunk: Chunk | None = None
        self.changes: list[Data] = []
        """The archive changes of the last call: {entity, id, before, after}."""
        self.told: list[str] = []
        """What the operator should know about what the last call has written."""

    @property
    def operator(self) -> Operator:
        """Who acts, as the store knows them (read once a call or chunk). Raises UsageError."""
        name = self._operator_name
        if name not in self._operators:
            self._operators[name] = get_operator(self.store, name)
        return self._operators[name]

    def act_as(self, operator: str) -> None:
        """Go on as another operator (a run through all steps)."""
        self._operator_name = operator

    def now(self) -> str:
        """The clock's time, ISO 8601; one time for the whole of a writing call."""
        return self._now or self.clock().isoformat()

    # -- reading -------------------------------------------------------------------------------------
    def get(self, case: str) -> WorkOrder:
        """The work order with this number. Raises UsageError (`unknown_case`)."""
        case = case.strip()
        if self._chunk is not None and case in self._chunk.orders:
            return self._chunk.orders[case]
        doc = self.store.table("case").get(doc_id=case)
        if doc is None:
            raise UsageError("unknown_case", f"没有 {case} 这张工单", "yk case list 列出全部工单")
        order = WorkOrder.load(doc)
        if self._chunk is not None:
            self._chunk.orders[case] = order
        return order

    def flow_of(self, order: WorkOrder) -> Flow:
        """The flow the order was opened with, whatever the definition says today. Raises UsageError."""
        if order.digest not in self._flows:
            self._flows[order.digest] = self._pinned(order)
        return self._flows[order.digest]

    def _pinned(self, order: WorkOrder) -> Flow:
        if order.flow in flow_ids() and load(order.flow).digest == order.digest:
            return load(order.flow)
        doc = self.store.table("definition").get(doc_id=order.digest)
        if doc is None:
            raise UsageError(
                "definition_missing",
                f"工单 {order.case} 的流程定义 {order.digest} 不在存储里",
                "从备份恢复存储",
            )
        if digest_of(doc["doc"]) != order.digest:
            raise UnreadableError(
                "definition_damaged",
                f"存储里的流程定义 {order.digest} 与它的摘要不符，被改动过",
                "从备份恢复存储",
            )
        return Flow(doc["doc"], order.digest)

    def facts(self, order: WorkOrder, flow: Flow, step: str, known: Mapping[str, Any] | None = None) -> Facts:
        """The facts around `order` for what `step` asks."""
        archive = gather(self.store, order, flow.reads(step)) if known is None else known
        return Facts(
            order.case,
            self.now(),
            order.rule_set,
            self.operator.id,
            self.operator.org or str(archive.get("customer", {}).get("org_no") or ""),
            flow.name,
            order.data,
            order.materials,
            archive,
            self.settings,
        )

    def steps_at(self, order: WorkOrder) -> list[str]:
        """The steps the order stands at."""
        return leaf_steps(self.flow_of(order), order.at)

    def step_for(self, order: WorkOrder, wanted: str | None, role: str = "") -> str:
        """The step a call means: the one named, the only one, or the only one of the operator's roles."""
        flow, steps = self.flow_of(order), self.steps_at(order)
        if not wanted and len(steps) == 1:
            return steps[0]
        if wanted:
            flow.step(wanted)
            if wanted not in steps:
                asked, here = flow.step(wanted)["name"], "、".join(flow.step(s)["name"] for s in steps)
                raise Refused([Reason("not_here", f"工单 {order.case} 不在“{asked}”，现在“{here}”")])
            return wanted
        mine = [s for s in steps if flow.step(s)["role"] in self.operator.roles]
        if len(mine) != 1:
            names = "、".join(f"{flow.step(s)['name']}（{s}）" for s in steps)
            raise UsageError(
                "step_needed",
                f"工单 {order.case} 同时在 {names}，请指明环节",
                f"加 --step {(mine or steps)[0]}，环节写编号或中文名",
            )
        return mine[0]

    # -- writing -------------------------------------------------------------------------------------
    @contextmanager
    def unit(self) -> Iterator[None]:
        """One transaction around a call; inside a chunk the chunk's."""
        self.changes = []
        self.told = []
        self._now = self.clock().isoformat()
        try:
            if self._chunk is not None:
                yield
                return
            self._operators.clear()
            with self.store.transaction():
                yield
                if self.dry_run:
                    self.store.medium.doom()
        finally:
            self._now = ""

    @contextmanager
    def chunk(self) -> Iterator[None]:
        """Many calls in one transaction (batches): each order and all events are written once, at the end.

        A Refused or UsageError of one call leaves its order as it was, and the chunk may go on; whatever leaves the
        block undoes all of it.
        """
        with self.store.transaction():
            self._chunk = Chunk()
            self._operators.clear()
            try:
                yield
                self.store.table("event").put(self._chunk.events)
                written = self._chunk.dirty.items()
                self.store.table("case").put((name, order.doc()) for name, order in written)
                if self.dry_run:
                    self.store.medium.doom()
            finally:
                self._chunk = None

    def load_for_change(self, case: str, expect: int | None = None) -> WorkOrder:
        """The order, open, and still at version `expect` when one is given."""
        order = self.get(case)
        self.require_version(order, expect)
        order.require_open()
        return order

    @staticmethod
    def require_version(order: WorkOrder, expect: int | None) -> None:
        """Refuse when the order is not at version `expect` any more (`stale`); None expects nothing."""
        if expect is not None and order.version != expect:
            message = f"工单 {order.case} 已被别人办理过（版本 {expect} → {order.version}），请刷新后再办"
            raise Refused([Reason("stale", message)])

    def log(self, order: WorkOrder, event: str, role: str = "", **details: Any) -> None:
        """Append an event to the order's chain and save both."""
        record = {
            "at": self.now(),
            "operator": self.operator.id,
            "role": role,
            "event": event,
            "from": details.pop("from_", []),
            "to": details.pop("to", []),
            "reason": details.pop("reason", ""),
            "answers": details.pop("answers", {}),
            **details,
        }
        order.version += 1
        append(order, record)
        if self._chunk is not None:
            self._chunk.keep(order, record)
            if event not in _STATUS_EVENTS and order.status == OPEN:
                return
            self._chunk.dirty.pop(order.case)
        else:
            self.store.table("event").put([(record["id"], record)])
            keep(self.store, order, record)
        self.store.table("case").put([(order.case, order.doc())])

    def apply(self, order: WorkOrder, change: Change) -> list[Data]:
        """Write a change; gives the before- and after-images of the fields that really changed."""
        for name, value in change.form.items():
            if value is None:
                order.data.pop(name, None)
            else:
                order.data[name] = value
        if not order.cons_no and change.form.get("cons_no"):
            order.cons_no = str(change.form["cons_no"])  # the account this order has opened
        medium = self.store.medium
        images = []
        for entity, row in change.put:
            collection = medium.collections[entity]
            key = collection.doc_id(row)
            old = medium.rows(collection).get(key)
            if old is None:
                before, after, merged = None, {n: v for n, v in row.items() if v is not None}, row
            else:
                after = {name: value for name, value in row.items() if old.get(name) != value}
                before = {name: old.get(name) for name in after}
                merged = old | after
            if after:
                medium.apply(collection, {key: merged})
                images.append({"entity": entity, "id": key, "before": before, "after": after})
        for entity, key in change.drop:
            table = self.store.table(entity)
            old = table.get(doc_id=key)
            if old is not None:
                table.remove(doc_ids=[key])
                images.append({"entity": entity, "id": key, "before": dict(old), "after": None})
        self.changes.extend(images)
        return images

    def written(self, order: WorkOrder, images: Sequence[Image], since: Sequence[Image] | None) -> None:
        """Let whoever watches look at what was just written, see `Watch`. Raises Refused."""
        if self.watch is not None and images:
            self.told += self.watch(self, order, images, since)

    def images_of(self, order: WorkOrder) -> list[Image]:
        """Everything an order has written into the archive, in order."""
        kept = self.store.table("event").find([Comparison("case", "=", (order.case,))])
        held = self._chunk.events if self._chunk is not None else []
        events = [*(row for _, row in kept), *(row for _, row in held if row["case"] == order.case)]
        return [Image(**image) for event in events for image in event.get("changes") or ()]

    def take_back(self, images: list[Data]) -> None:
        """Undo written changes by their before-images, last first."""
        for image in reversed(images):
            table = self.store.table(image["entity"])
            if image["before"] is None:
                table.remove(doc_ids=[image["id"]])
            elif image["after"] is None:
                table.put([(image["id"], image["before"])])
            else:
                table.put([(image["id"], {**table.get(doc_id=image["id"]), **image["before"]})])
