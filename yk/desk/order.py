"""The work order (工单): everything it needs to come back to life, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yk.errors import Reason, Refused

OPEN, SUSPENDED, COMPLETED, STOPPED = "open", "suspended", "completed", "stopped"
STATUS_NAMES = {OPEN: "在办", SUSPENDED: "挂起", COMPLETED: "已归档", STOPPED: "已终止"}


@dataclass(slots=True)
class WorkOrder:
    """A work order; `case` is its application number (申请编号).

    `at` ordered configuration; `data` the form; `materials` code -> {state: attached|deferred, ...};
    `checks` control id -> {state: done|na|failed, by, at, ...}; `steps` step -> {since, days, due, warn} for the
    steps it stands at; `done` [step, archetype, operator] of every forward move, for the separation of duties;
    `hold` why it is suspended; `parent` {case, step}; `last_hash` closes the chain of `seq` events;
    `version` counts its saves.
    """

    case: str
    flow: str
    digest: str
    cons_no: str
    rule_set: str
    opened: str
    opened_by: str
    status: str = OPEN
    closed: str = ""
    at: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    materials: dict[str, dict[str, Any]] = field(default_factory=dict)
    checks: dict[str, dict[str, Any]] = field(default_factory=dict)
    steps: dict[str, dict[str, Any]] = field(default_factory=dict)
    done: list[list[str]] = field(default_factory=list)
    hold: dict[str, Any] | None = None
    parent: str = ""
    parent_step: str = ""
    children: list[list[str]] = field(default_factory=list)
    version: int = 0
    seq: int = 0
    last_hash: str = ""

    @classmethod
    def load(cls, doc: Mapping[str, Any]) -> WorkOrder:
        """From its stored document."""
        return cls(**doc)

    def doc(self) -> dict[str, Any]:
        """Its stored document."""
        return {name: value for name in _FIELDS if (value := getattr(self, name)) is not None}

    @property
    def place(self) -> tuple[str, ...]:
        """The configuration as the driver wants it."""
        return tuple(self.at)

    def require_open(self) -> None:
        """Refuse a work order that is suspended or ended."""
        if self.status == SUSPENDED:
            assert self.hold is not None
            message = f"工单 {self.case} 已挂起（{self.hold['reason']}），先恢复再办"
            raise Refused([Reason("suspended", message)], f"yk case resume {self.case} --reason 原因")
        if self.status != OPEN:
            raise Refused(
                [Reason("order_ended", f"工单 {self.case} {STATUS_NAMES[self.status]}，不能再办理")]
            )


_FIELDS = tuple(WorkOrder.__slots__)
