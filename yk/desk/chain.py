"""The event chain: every event carries the hash of the one before, so that a change to history shows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from yk.desk.order import WorkOrder

Event = dict[str, Any]


def append(order: WorkOrder, event: Event) -> None:
    """Close `event`, in place, with number, id and hashes as the next of `order`; the order remembers the hash."""
    order.seq += 1
    event["id"] = event_id(order.case, order.seq)
    event["case"], event["seq"], event["prev"] = order.case, order.seq, order.last_hash
    order.last_hash = event["hash"] = digest(event)


def event_id(case: str, seq: int) -> str:
    """The id of an event; ids sort as the events do."""
    return f"{case}.{seq:06d}"


def digest(event: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the event's canonical JSON (keys sorted, no blanks, UTF-8) without its own hash."""
    body = dict(event)
    body.pop("hash", None)
    return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()


def problems(order: WorkOrder, events: Iterable[Mapping[str, Any]]) -> list[str]:
    """What is wrong with the chain of `order`, in Chinese; empty when it is whole."""
    found, before, expected = [], "", 1
    for event in events:
        number = event.get("seq")
        if number != expected:
            found.append(f"工单 {order.case} 第 {expected} 条记录缺失或被改序")
            expected = number if type(number) is int else expected
        if event.get("prev") != before:
            found.append(f"工单 {order.case} 第 {number} 条记录与前一条接不上")
        if event.get("hash") != digest(event):
            found.append(f"工单 {order.case} 第 {number} 条记录的内容被改动过")
        before, expected = str(event.get("hash")), expected + 1
    if expected - 1 != order.seq or before != order.last_hash:
        found.append(f"工单 {order.case} 应有 {order.seq} 条记录，链尾与工单不符")
    return found
