"""Batches and their rows as people look at them: how far a batch is, its rows in a line each, one row with everything."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from yk.archive.codes import code_lists
from yk.archive.dictionary import entities
from yk.batch.filling import kind_of
from yk.batch.kinds import Kind, order_flow
from yk.batch.ordering import checklist
from yk.batch.rows import (
    APPLIED,
    APPLYING,
    PLANNED,
    STATUSES,
    Doc,
    Row,
    get_batch,
    images_of,
    loaded,
    public_batch,
    public_row,
    row_id,
)
from yk.desk import changes
from yk.desk.checklist import DONE as ANSWERED
from yk.desk.desk import Desk
from yk.desk.order import OPEN, STATUS_NAMES
from yk.desk.views import coded, operator_name
from yk.flows.change import Image
from yk.store import Store
from yk.store.conditions import Comparison

_HEADLINES = (("customer", "status"), ("power_source", "line_id"), ("power_source", "station_id"))
"""What of its changes a row is known by: entity and field."""
_SAID = {"closure": ("closing_reading",), "line-area": (), "lv-new": ("cap", "new_asset_no")}
"""Kind -> columns of the list that a row's line repeats."""


def batches(desk: Desk) -> list[Doc]:
    """Every batch as `public_batch` has it, the newest first, with `kind_name` and `planned_by_name`."""
    found = [_named(desk, dict(doc)) for doc in desk.store.table("batch").all()]
    return sorted(found, key=lambda one: (one["planned_at"], one["batch"]), reverse=True)


def overview(desk: Desk, number: str) -> Doc:
    """How far a batch is: `public_batch`, and `kind_name`, `looked_at`, `left`, `order`, `at`, how much is still asked
    (`open`), and whether there is something to go on with (`begun`). Raises UsageError (`unknown_batch`)."""
    doc = get_batch(desk.store, number)
    order = desk.get(doc["batch"])
    state, running = doc["state"], order.status == OPEN
    asked = checklist(desk, doc) if running else []
    return _named(desk, doc) | {
        "looked_at": min(int(doc["next"]) - 1, int(doc["rows"])),
        "left": int(doc.get("left") or 0),
        "order": order.status,
        "order_name": STATUS_NAMES[order.status],
        "at": "、".join(desk.flow_of(order).step(step)["name"] for step in desk.steps_at(order)),
        "open": sum(1 for item in asked if item["required"] and item["state"] not in ANSWERED),
        "begun": running and (state == APPLYING or (state in (PLANNED, APPLIED) and bool(order.done))),
        "applied_at": doc["applied_at"],
        "undone_at": doc["undone_at"],
    }


def _named(desk: Desk, doc: Doc) -> Doc:
    names = {"kind_name": kind_of(doc).name, "planned_by_name": operator_name(desk, doc["planned_by"])}
    return public_batch(doc) | names


# -- rows ----------------------------------------------------------------------------------------------------
def matching(
    store: Store, batch: str, first: int, last: int, statuses: Collection[str] = (), word: str = ""
) -> list[int]:
    """The numbers of the rows from `first` to `last` that have one of `statuses` (any when empty) and whose account or
    list entry holds `word`."""
    medium = store.medium
    wanted = [
        Comparison("row_id", ">=", (row_id(batch, first),)),
        Comparison("row_id", "<=", (row_id(batch, last),)),
    ]
    fields = ("row", "status", "cons_no", "given") if word else ("row", "status")
    found = medium.pick(medium.collections["batch_row"], fields, wanted)
    chosen = (one for one in found if not statuses or one[1] in statuses)
    return sorted(one[0] for one in chosen if not word or _holds(one[2], one[3], word))


def _holds(account: str | None, given: str | None, word: str) -> bool:
    if word in (account or ""):
        return True
    return word in (given or "") and any(word in str(value) for value in (loaded(given) or {}).values())


def briefs(store: Store, doc: Mapping[str, Any], numbers: Sequence[int]) -> list[Row]:
    """These rows in a line each: `{row, line, customer, name, status, status_name, text}`; `text` says what changes, or
    why it does not."""
    batch, kind = doc["batch"], kind_of(doc)
    wanted = [Comparison("row_id", "in", tuple(row_id(batch, number) for number in numbers))]
    rows = [row for _, row in store.table("batch_row").find(wanted)]
    names = _names(store, (row["cons_no"] for row in rows if row["cons_no"]))
    return [_brief(kind, row, names) for row in rows]


def _names(store: Store, accounts: Iterable[str]) -> dict[str, str]:
    wanted = tuple(dict.fromkeys(accounts))
    if not wanted:
        return {}
    medium = store.medium
    found = medium.pick(
        medium.collections["customer"], ("cons_no", "cons_name"), [Comparison("cons_no", "in", wanted)]
    )
    return {number: name or "" for number, name in found}


def _brief(kind: Kind, row: Row, names: Mapping[str, str]) -> Row:
    given, reasons = loaded(row["given"]) or {}, loaded(row["reasons"])
    told = [_bare(reason["message"], row) for reason in reasons]
    if not told:
        told = [*_said(kind, given), *_headline(images_of(row))]
        told += [f"提示：{notice['message']}" for notice in loaded(row["notices"])]
    return {
        "row": row["row"],
        "line": row["line"],
        "customer": row["cons_no"] or "",
        "name": str(names.get(row["cons_no"] or "") or given.get("new_name") or ""),
        "status": row["status"],
        "status_name": STATUSES[row["status"]],
        "text": ("；" if reasons else "，").join(told),
    }


def _bare(message: str, row: Row) -> str:
    """A reason without the line and the account that stand beside it."""
    for known in (f"第 {row['line']} 行", f"用户 {row['cons_no']}", f"户号 {row['cons_no']}"):
        message = message.removeprefix(known).lstrip()
    return message


def _headline(images: Sequence[Image]) -> list[str]:
    """What a row is about: the account that is new, or the few fields that say it."""
    told = [f"新户 {i.id}" for i in images if i.entity == "customer" and i.before is None]
    for image in images:
        if image.before is None or image.after is None:
            continue
        fields = [field for entity, field in _HEADLINES if entity == image.entity and field in image.after]
        for name, old, new in changes.told(*image).parts if fields else ():
            if name in [_label(image.entity, field) for field in fields]:
                told.append(_change_text(name, old, new))
    return list(dict.fromkeys(told)) or ([f"改动 {len(images)} 处"] if images else [])


def _change_text(name: str, old: str, new: str) -> str:
    """A change in few words; that an account is normal or closed needs no name of a field."""
    if name == _label("customer", "status"):
        return " → ".join(word.removesuffix("客户") for word in (old, new))
    return f"{name} {old or '空'} → {new or '空'}"


def _label(entity: str, field: str) -> str:
    return entities()[entity].fields[field].zh


def _said(kind: Kind, given: Mapping[str, Any]) -> list[str]:
    values = [(kind.column(name).label, given.get(name)) for name in _SAID[kind.id]]
    return [
        f"{label} {value:g}" if isinstance(value, float) else f"{label} {value}"
        for label, value in values
        if value not in (None, "")
    ]


def whole_row(desk: Desk, number: str, row: int) -> Row:
    """One row with everything, personal data masked: `public_row`, and `name`, `step` by name, `said` (column of the list,
    value), `told` (changes in words, see `yk.desk.changes`). {} when there is none."""
    store, doc = desk.store, get_batch(desk.store, number)
    stored = store.table("batch_row").get(doc_id=row_id(doc["batch"], row))
    if stored is None:
        return {}
    kind = kind_of(doc)
    found = public_row(dict(stored))
    steps = order_flow(kind.id).steps
    names = _names(store, [found["customer"]] if found["customer"] else [])
    return found | {
        "name": names.get(found["customer"] or "") or found["given"].get("new_name") or "",
        "step": steps[found["at"]]["name"] if found["at"] in steps else STATUS_NAMES.get(found["at"], ""),
        "said": _list_entry(kind, found["given"]),
        "told": [changes.told(*image) for image in images_of(dict(stored))],
    }


def _list_entry(kind: Kind, given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the list says of the row, by the columns' names."""
    found = []
    for column in kind.columns:
        if (value := given.get(column.name)) not in (None, ""):
            text = f"{value:g}" if isinstance(value, float) else str(value)
            found.append((column.label, coded(column.name, text) if column.name in code_lists() else text))
    for asset, reading in (given.get("readings") or {}).items():
        found.append((f"表 {asset} 示数", f"{reading:g}"))
    return found
