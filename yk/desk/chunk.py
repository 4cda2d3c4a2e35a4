"""What many calls in one transaction hold back until its end."""

from __future__ import annotations

from typing import Any

from yk.desk.order import WorkOrder

Data = dict[str, Any]


class Chunk:
    """What a chunk holds back until its end: loaded orders, changed ones, events."""

    def __init__(self) -> None:
        self.orders: dict[str, WorkOrder] = {}
        self.dirty: dict[str, WorkOrder] = {}
        self.events: list[tuple[str, Data]] = []

    def keep(self, order: WorkOrder, event: Data) -> None:
        """Remember a changed order and its event."""
        self.orders[order.case] = self.dirty[order.case] = order
        self.events.append((event["id"], event))
