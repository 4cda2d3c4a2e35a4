"""What the unit found of the items of a 营销稽查 task: entered one by one, or from a list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from yk.archive.codes import code_of, codes
from yk.audit.sheets import read_sheet
from yk.audit.tasks import find_task
from yk.desk import Desk
from yk.desk.order import WorkOrder
from yk.errors import UnreadableError, UsageError
from yk.flows.guards.auditing import hands_of
from yk.text import did_you_mean, halfwidth

Data = dict[str, Any]
TOLD = ("conclusion", "cause", "measure", "evidence")
COLUMNS = {
    "entity_id": "记录标识",
    "cons_no": "用户编号",
    "conclusion": "结论",
    "cause": "原因",
    "measure": "整改措施",
    "evidence": "证据",
}
"""The columns of a list of results."""


def enter_result(desk: Desk, task: str, item: str, **told: str) -> WorkOrder:
    """Fill what was found of one item: `told` are the filled ones of TOLD, the others stay as they are.

    `item` is its number in the task, its record's id, or an account that only one item is of. Raises UsageError, Refused.
    """
    order = find_task(desk, task)
    return _filled(desk, order, [(find_item(order, item), told)])


def import_results(desk: Desk, task: str, path: Path) -> tuple[WorkOrder, int, list[str]]:
    """Fill results from a CSV file or workbook with the columns of COLUMNS; a row names its item by record or account.

    All or none. Gives the order, how many items were filled, and columns that were not read. Raises UsageError,
    UnreadableError, Refused.
    """
    order = find_task(desk, task)
    sheet = read_sheet(path, COLUMNS)
    given: dict[str, tuple[Data, dict[str, str]]] = {}
    for number, row in sheet.rows:
        where = f"{path.name} 第 {number} 行"
        word = row.get("entity_id") or row.get("cons_no")
        if not word:
            raise UnreadableError("item_missing", f"{where}：没有写记录标识或用户编号", "补上后重试")
        try:
            item = find_item(order, word)
            conclusion_named(row.get("conclusion", ""))
        except UsageError as error:
            raise UsageError(error.code, f"{where}：{error.message}", error.hint) from None
        if (ident := str(item["entity_id"])) in given:
            raise UnreadableError("item_twice", f"{where}：{ident} 前面已有一行", "一条明细留一行")
        given[ident] = (item, {name: row[name] for name in TOLD if name in row})
    return _filled(desk, order, list(given.values())), len(given), sheet.unknown


def find_item(order: WorkOrder, word: str) -> Data:
    """The item of a task that is meant. Raises UsageError (`unknown_item`)."""
    wanted, items = halfwidth(word).strip(), [dict(item) for item in order.data.get("items") or ()]
    for name in ("entity_id", "cons_no"):
        found = [item for item in items if wanted == str(item.get(name))]
        if len(found) == 1:
            return found[0]
        if found:
            ids = "、".join(str(item["entity_id"]) for item in found[:5])
            raise UsageError("unknown_item", f"用户 {wanted} 有 {len(found)} 条明细", f"写记录标识：{ids}")
    if wanted.isdecimal() and 1 <= int(wanted) <= len(items):
        return items[int(wanted) - 1]
    hint = did_you_mean(wanted, [str(item["entity_id"]) for item in items]) or f"写 1 到 {len(items)} 的序号"
    raise UsageError("unknown_item", f"任务 {order.case} 没有 {word} 这条明细", hint)


def conclusion_named(word: str) -> str:
    """A conclusion by its Chinese name, '' for none. Raises UsageError (`bad_conclusion`)."""
    if not word.strip():
        return ""
    known = codes("audit_conclusion")
    if (code := code_of("audit_conclusion", word)) is None:
        raise UsageError("bad_conclusion", f"结论“{word}”不对", f"写{'、'.join(known.values())}之一")
    return known[code]


def _filled(desk: Desk, order: WorkOrder, given: list[tuple[Data, dict[str, str]]]) -> WorkOrder:
    """The order with these results laid over those it has, in the order of its items."""
    results = {str(row["entity_id"]): dict(row) for row in order.data.get("results") or ()}
    for item, told in given:
        ident = str(item["entity_id"])
        row = results.get(ident, {"entity_id": ident, "cons_no": item.get("cons_no")})
        row |= {name: value for name, value in told.items() if value}
        row["conclusion"] = conclusion_named(str(row.get("conclusion") or ""))
        row["entered_by"] = "、".join(dict.fromkeys(filter(None, (*hands_of(row), desk.operator.id))))
        results[ident] = row
    places = {str(item["entity_id"]): place for place, item in enumerate(order.data.get("items") or ())}
    rows = sorted(results.values(), key=lambda row: places.get(row["entity_id"], len(places)))
    return desk.fill(order.case, {"results": rows}, expect=order.version)
