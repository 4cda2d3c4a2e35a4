"""Rows of several lines for the screen 环节办理: checklist, form, papers, history."""

from __future__ import annotations

from typing import Any

from yk.screens.step_data import FieldRow, PaperRow
from yk.screens.widgets.prose import folded
from yk.screens.widgets.rows import Line, Rows
from yk.screens.words import MARKS, STATES, said
from yk.text import cell_len, clip, pad

KINDS = {"guard": "系统", "control": "人工", "field": "填写", "material": "材料"}
"""Kind of a checklist item -> who answers it."""
TONES = {"done": "good", "failed": "bad", "open": "warn", "na": "faint"}
LABEL = 16
PAPERS = {
    "attached": ("✓", "已收", "good"),
    "deferred": ("!", "容缺", "warn"),
    "due": ("✗", "到期", "bad"),
    "overdue": ("✗", "逾期", "bad"),
    "missing": ("☐", "缺", "warn"),
    "na": ("▹", "不需", "faint"),
}
"""State of a material -> sign, word, tone."""


class Checks(Rows):
    """The checklist: sign and word, who answers, what is asked; below it the risk it guards against and its number."""

    def drawn(self, row: dict[str, Any], width: int) -> list[Line]:
        state, tone = row["state"], TONES[row["state"]]
        head = f" {MARKS[state]} {STATES[state]} "
        optional = "" if row["required"] else "（可选）"
        text = folded(f"{KINDS[row['kind']]} {said(row['text'])}{optional}", width - cell_len(head) - 1)
        lines: list[Line] = [[(head, tone), (text[0], "")]]
        lines += [[(" " * cell_len(head), ""), (line, "")] for line in text[1:]]
        margin = " " * cell_len(head)
        if row["risk_text"]:
            level = f"风险{row['level']} " if row["level"] else ""
            told = folded(f"{level}{row['risk_text']}", width - 1, margin)
            lines += [[(line, "faint")] for line in told]
        if row["reason"]:
            lines += [[(line, "faint")] for line in folded(f"答复理由：{row['reason']}", width - 1, margin)]
        return lines


class Form(Rows):
    """The form: a heading a tab, then label and value a field; what must still be filled in is marked."""

    def drawn(self, row: FieldRow, width: int) -> list[Line]:
        if not row.spec:
            return [[(f" {row.label}", "accent")]]
        sign = "☐" if row.is_open else "*" if row.required and row.here else " "
        label = pad(clip(row.label, LABEL), LABEL)
        head = f" {sign} {label} "
        room = width - cell_len(head) - 1
        if not row.shown:
            text = "未填" if row.is_open else "（不可改）" if row.spec["readonly"] else ""
            return [[(head, "warn" if row.is_open else "faint"), (text, "warn" if row.is_open else "faint")]]
        tone = "" if row.given and row.here else "faint"
        value = folded(row.shown + ("" if row.given else "（自动带出）"), room)
        lines: list[Line] = [[(head, "" if row.here else "faint"), (value[0], tone)]]
        return lines + [[(" " * cell_len(head), ""), (line, tone)] for line in value[1:]]


class Papers(Rows):
    """The materials: sign and word, name, what is wrong or how it was handed in."""

    def drawn(self, row: PaperRow, width: int) -> list[Line]:
        sign, word, tone = PAPERS[row.state]
        head = f" {sign} {pad(word, 4)} "
        names = folded(row.name, width - cell_len(head) - 1)
        lines: list[Line] = [[(head, tone), (names[0], "")]]
        margin = " " * cell_len(head)
        lines += [[(f"{margin}{line}", "")] for line in names[1:]]
        told = said(row.why) or row.told
        return lines + ([[(line, "faint")] for line in folded(told, width - 1, margin)] if told else [])


class History(Rows):
    """What happened, newest first: when, who, what, from where to where, why."""

    def drawn(self, row: dict[str, Any], width: int) -> list[Line]:
        way = row["from"] if row["from"] == row["to"] or not row["to"] else f"{row['from']} ▸ {row['to']}"
        lines: list[Line] = [
            [(f" {row['at']}  ", "faint"), (clip(f"{row['event']}  {row['operator']}", width - 16), "")]
        ]
        told = "  ".join(part for part in (way.strip(" ▸"), row["reason"]) if part)
        return lines + ([[(line, "faint")] for line in folded(told, width - 1, "   ")] if told else [])
