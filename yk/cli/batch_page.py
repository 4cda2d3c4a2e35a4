"""How batches look to people: pages of at most 80 cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from yk.cli.case_page import WIDTH, field_lines, folded
from yk.text import clip, pad, plain

Data = Mapping[str, Any]
PLAN_COLUMNS = [
    ("batch", "批次"),
    ("kind", "种类"),
    ("file", "清单"),
    ("rows", "行数"),
    ("ready", "可办"),
    ("blocked", "不能办"),
    ("skipped", "跳过"),
    ("changes", "改动"),
]
ROW_COLUMNS = [
    ("line", "清单行"),
    ("customer", "用户编号"),
    ("status_name", "状态"),
    ("why", "原因"),
    ("changed", "改动"),
]
_COUNTS = (
    ("ready", "可办"),
    ("blocked", "不能办"),
    ("skipped", "跳过"),
    ("done", "已办"),
    ("failed", "没办成"),
    ("undone", "已撤销"),
)
_MOST = 12
"""So many lines and areas a page shows."""
_ORIGINS = {"written": "", "set": "", "filled": "（代填，yk batch set 可改）"}


def plan_page(answer: Data) -> str:
    """A batch: what it is, its counts, why rows do not go, where the accounts hang, what the order's form says."""
    kind = {"closure": "批量销户", "line-area": "批量更改线路台区", "lv-new": "低压批量新装"}[answer["kind"]]
    head = f"批次 {answer['batch']}  {kind}  {answer['state_name']}"
    if answer.get("at"):
        head += f"  工单在“{'、'.join(answer['at'])}”"
    lines = folded("", head)
    lines += folded("  清单 ", f"{answer['file']}  SHA-256 {answer['sha256'][:12]}…")
    counted = [f"{name} {answer[key]}" for key, name in _COUNTS if answer[key] or key in ("ready", "blocked")]
    lines += folded("  ", f"共 {answer['rows']} 行：{'、'.join(counted)}；改动 {answer['changes']} 处")
    totals = answer["totals"]
    lines += _table("不能办和跳过的原因", ((one["text"], one["rows"]) for one in totals["reasons"]))
    lines += _table(
        "线路（可办户数）", ((one["line_no"] or "（空）", one["rows"]) for one in totals["lines"])
    )
    lines += _table("台区（可办户数）", ((one["tg_no"] or "（空）", one["rows"]) for one in totals["areas"]))
    if answer.get("form"):
        lines += ["", "工单栏目"]
        for field in answer["form"]:
            lines += field_lines(field["label"], f"{field['value']}{_ORIGINS[field['origin']]}")
    return "\n".join(lines) + "\n"


def _table(title: str, counted: Iterable[tuple[str, int]]) -> list[str]:
    found = list(counted)
    if not found:
        return []
    lines = ["", title]
    lines += [f"  {rows:>7}  {clip(plain(text), WIDTH - 11)}" for text, rows in found[:_MOST]]
    if len(found) > _MOST:
        lines.append(f"           …还有 {len(found) - _MOST} 项，--json 看全部")
    return lines


def row_line(row: Data) -> dict[str, Any]:
    """A row for people: its reasons in one cell, the number of its changes."""
    why = "；".join(reason["message"] for reason in row["reasons"])
    told = "；".join(f"提示：{notice['message']}" for notice in row["notices"])
    customer = row["customer"] or row["given"].get("new_name") or row["given"].get("cons_no")
    return {
        **row,
        "customer": customer,
        "why": "；".join(filter(None, (why, told))),
        "changed": len(row["changes"]) or "",
    }


def checklist_lines(items: Iterable[Data], flow_names: Mapping[str, str]) -> str:
    """What the steps ahead ask, step by step, and how much is open."""
    from yk.cli.case_page import MARKS, STATES

    lines: list[str] = []
    step, waiting = "", 0
    for item in items:
        if item["step"] != step:
            step = item["step"]
            lines += ["", flow_names[step]] if lines else [flow_names[step]]
        need = "" if item["required"] else "（可选）"
        lines += folded(f"  {MARKS[item['state']]} {STATES[item['state']]} ", item["text"] + need)
        lines.append(" " * 9 + pad(item["id"], 0))
        waiting += item["required"] and item["state"] == "open"
    lines += ["", f"还差 {waiting} 项" if waiting else "检查项已齐，可以执行"]
    return "\n".join(lines) + "\n"
