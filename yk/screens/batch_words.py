"""What the screen 批量 says: the rail of stages, the tiles, a row and a batch in paragraphs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual.content import Content
from textual.widget import Widget

from yk.batch.rows import APPLIED, APPLYING, PLANNED, PLANNING, STATES, STATUSES, TAKEN_BACK, UNDOING
from yk.desk.changes import GONE, NEW, Told
from yk.screens.batch_rows import SIGNS
from yk.screens.widgets.prose import Piece
from yk.screens.widgets.table import Column
from yk.screens.words import said, source_line
from yk.text import cell_len

Data = Mapping[str, Any]
STAGES = ("选清单", "校验", "试算差异", "执行", "结果")
LEFT = ("blocked", "failed", "skipped", "ready")
"""Statuses of rows that did not go."""
_AT = {PLANNING: 1, PLANNED: 2, APPLYING: 3, APPLIED: 5, UNDOING: 4, TAKEN_BACK: 5}
"""State of a batch -> how many of the stages are behind it."""
MOST = 8
"""So many lines, areas and reasons a page names."""


class BatchRail(Widget):
    """The five stages: what is behind, where one is, what is to come."""

    COMPONENT_CLASSES = {"batchrail--done", "batchrail--here", "batchrail--ahead"}
    DEFAULT_CSS = """
    BatchRail { height: 1; padding: 0 1; }
    BatchRail > .batchrail--done { color: $success; }
    BatchRail > .batchrail--here { color: $accent; text-style: bold; }
    BatchRail > .batchrail--ahead { color: $faint; }
    """

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._behind, self._names = 0, list(STAGES)

    def say(self, behind: int, last: str = "") -> None:
        """So many stages are behind; `last` is what the last one is called."""
        self._behind, self._names = behind, [*STAGES[:-1], last or STAGES[-1]]
        self.refresh()

    def render(self) -> Content:
        """The rail; where it does not fit the names of the others go."""
        parts = [self._stage(number, name) for number, name in enumerate(self._names)]
        line = Content(" ── ").join(parts)
        return line if line.cell_length <= self.size.width else Content(" ─ ").join(parts)

    def _stage(self, number: int, name: str) -> Content:
        sign, tone = (
            ("✓", "done")
            if number < self._behind
            else ("❯", "here")
            if number == self._behind
            else ("☐", "ahead")
        )
        style = self.get_visual_style(f"batchrail--{tone}", partial=True)
        return Content.styled(f"{sign} {number + 1} {name}", style)


def stage_of(batch: Data) -> tuple[int, str]:
    """How many stages are behind a batch, and what the last one is called."""
    state = batch["state"]
    return _AT[state], STATES[state] if state in (UNDOING, TAKEN_BACK) else ""


def tiles(batch: Data) -> list[tuple[str, int, str]]:
    """(name, count, tone) of what a batch counts, most important first."""
    state = batch["state"]
    blocked = ("不能办", batch["blocked"], "bad" if batch["blocked"] else "")
    skipped = ("跳过", batch["skipped"], "warn" if batch["skipped"] else "")
    asked = ("还差确认", batch["open"], "warn" if batch["open"] else "good")
    if state in (PLANNING, PLANNED):
        return [("可办", batch["ready"], "good" if batch["ready"] else ""), skipped, blocked, asked]
    if state in (UNDOING, TAKEN_BACK):
        left = ("没撤销", batch["left"], "bad" if batch["left"] else "")
        return [("已撤销", batch["undone"], "good"), left, skipped, blocked]
    failed = ("没办成", batch["failed"], "bad" if batch["failed"] else "")
    waiting = [("可办", batch["ready"], "")] if batch["ready"] else [asked] if batch["open"] else []
    return [("已办", batch["done"], "good"), failed, blocked, skipped, *waiting][:5]


def batch_columns() -> list[Column]:
    """How batches stand in their list."""
    return [
        Column("批次号", 12, lambda one: str(one["batch"])),
        Column("种类", 16, lambda one: str(one["kind_name"])),
        Column("状态", 10, _state),
        Column("行数", 6, lambda one: str(one["rows"]), right=True),
        Column("可办", 6, lambda one: str(one["ready"] or ""), right=True, least=90),
        Column("已办", 6, lambda one: str(one["done"] or ""), right=True),
        Column("没办", 6, _not_done, right=True, least=84),
        Column("清单", 7, lambda one: str(one["file"]), grow=1),
        Column("日期", 5, lambda one: one["planned_at"][5:10], least=70),
        Column("时间", 5, lambda one: one["planned_at"][11:16], least=90),
        Column("经办", 8, lambda one: str(one["planned_by_name"]), least=110),
    ]


_STATE_SIGNS = {
    PLANNING: ("!", "warn"),
    PLANNED: ("☐", ""),
    APPLYING: ("!", "warn"),
    APPLIED: ("✓", "good"),
    UNDOING: ("!", "warn"),
    TAKEN_BACK: ("-", "faint"),
}


def _state(one: Data) -> tuple[str, str]:
    sign, tone = _STATE_SIGNS[one["state"]]
    return f"{sign} {one['state_name']}", tone


def _not_done(one: Data) -> tuple[str, str]:
    count = one["blocked"] + one["failed"]
    return str(count or ""), "bad" if count else ""


def about_batch(batch: Data) -> list[Piece | str]:
    """A batch in paragraphs: where it comes from, what it counts, why rows do not go, where the accounts hang."""
    pieces: list[Piece | str] = [(f"{batch['kind_name']}  {batch['batch']}", "title")]
    pieces.append(f"{batch['state_name']}" + (f"，工单在「{batch['at']}」" if batch.get("at") else ""))
    sheet = f"，工作表 {batch['sheet']}" if batch["sheet"] else ""
    pieces.append((f"清单 {batch['file']}{sheet}", "faint"))
    pieces.append((f"{batch['planned_by_name']} {_time(batch['planned_at'])} 计划", "faint"))
    for when, what in ((batch.get("applied_at"), "执行完"), (batch.get("undone_at"), "撤销完")):
        pieces += [(f"{_time(when)} {what}", "faint")] if when else []
    pieces += ["", f"共 {batch['rows']} 行，改动 {batch['changes']} 处"]
    for status, name in STATUSES.items():
        if batch[status]:
            sign, tone = SIGNS[status]
            pieces.append((f"{sign} {name} {batch[status]}", _PROSE_TONES.get(tone, "")))
    if batch["unknown_columns"]:
        pieces += ["", (f"没有用的列：{'、'.join(batch['unknown_columns'])}", "warn")]
    totals = batch["totals"]
    pieces += _counted("不能办和跳过的原因", [(one["text"], one["rows"]) for one in totals["reasons"]])
    pieces += _counted("线路", [(one["line_no"] or "（空）", one["rows"]) for one in totals["lines"]])
    return pieces + _counted("台区", [(one["tg_no"] or "（空）", one["rows"]) for one in totals["areas"]])


_PROSE_TONES = {"good": "good", "bad": "bad", "warn": "warn", "faint": "faint"}


def _counted(title: str, counts: list[tuple[str, int]]) -> list[Piece | str]:
    if not counts:
        return []
    size = max(cell_len(str(count)) for _, count in counts)
    lines: list[Piece | str] = ["", (title, "title")]
    lines += [f"{count:>{size}}  {said(text)}" for text, count in counts[:MOST]]
    return lines + ([(f"还有 {len(counts) - MOST} 项", "faint")] if len(counts) > MOST else [])


def _time(iso: str) -> str:
    return iso[:16].replace("T", " ")


# -- a row -------------------------------------------------------------------------------------------------------
def about_row(row: Data) -> list[Piece | str]:
    """A row in paragraphs: what the list says, why it does not go, what the clerk should know, what changes."""
    who = "  ".join(part for part in (row["customer"] or "", row["name"]) if part)
    sign, tone = SIGNS[row["status"]]
    step = f"，到「{row['step']}」" if row["step"] and row["status"] in ("blocked", "failed") else ""
    pieces: list[Piece | str] = [(who or "没有户号", "title")]
    pieces.append((f"{sign} {row['status_name']}{step}", _PROSE_TONES.get(tone, "")))
    pieces.append((f"清单第 {row['line']} 行", "faint"))
    if row["done_at"]:
        pieces.append((f"{_time(row['done_at'])} 办理", "faint"))
    for reason in row["reasons"]:
        pieces += ["", (f"✗ {said(reason['message'])}", "bad" if row["status"] != "skipped" else "warn")]
        pieces += _source(reason)
    for notice in row["notices"]:
        pieces += ["", (f"! {said(notice['message'])}", "warn"), *_source(notice)]
    pieces += ["", ("清单写的", "title")] if row["said"] else []
    pieces += [f"{label} {value}" for label, value in row["said"]]
    if row["told"]:
        changed = {"ready": "要改的", "done": "改了的"}.get(row["status"], "改过又恢复的")
        pieces += ["", (changed, "title")]
        for one in row["told"]:
            pieces += _change(one, row["customer"] or "")
    return pieces


def _source(reason: Data) -> list[Piece | str]:
    from yk.errors import Reason

    text = source_line(Reason(**{name: reason.get(name) or "" for name in Reason._fields}))
    return [(f"  {text}", "faint")] if text else []


def _change(one: Told, customer: str) -> list[Piece | str]:
    lines: list[Piece | str] = [(f"{one.sign} {one.head}", "faint")]
    if one.sign == GONE:
        return [(f"{one.sign} {one.head}  移除", "warn")]
    for name, old, new in one.parts:
        repeated = one.sign == NEW and (not new or new == customer or one.head.endswith(f" {new}"))
        if (old or new) and not repeated:
            was = f"{old or '空'} → " if old or one.sign == "~" else ""
            lines.append(f"  {name} {was}{new or '空'}")
    return lines
