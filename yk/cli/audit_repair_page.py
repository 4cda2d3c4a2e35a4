"""How batch modifications look to people: pages of at most 80 cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from yk.cli.case_page import folded

LINE = [
    ("repair", "批量修改"),
    ("state_name", "状态"),
    ("rule", "规则"),
    ("rows", "行数"),
    ("change", "修改"),
    ("reason", "原因"),
    ("opened_by", "申请人"),
]
"""Columns of a line of batch modifications."""
MOST = 5
"""So many of what belongs together are told one by one."""


def plan_page(answer: Mapping[str, Any], dry_run: bool) -> str:
    """A dry run: what changes, what it cures and breaks, what comes next."""
    number = answer["repair"]
    trial = "（试算，未写入）" if dry_run else ""
    lines = folded("", f"{trial}批量修改 {number}  {answer['rows']} 行，{answer['accounts']} 户")
    lines += [
        line
        for row in answer["sample"]
        for line in folded(f"  ~ {row['entity_name']} {row['entity_id']}  ", row["said"], 4)
    ]
    if answer["rows"] > len(answer["sample"]):
        lines.append(f"  … 全部 {answer['rows']} 行：yk audit repair rows {number}")
    lines += _dry_run_lines(answer)
    if answer["billing"] and not answer["billing_note"]:
        lines += folded("改到计费字段，须写计费影响说明：", f"yk case set {number} billing_note=…", 2)
    if answer["in_flight"]:
        lines += folded(
            "有在途工单的户：", "、".join(answer["in_flight"][:MOST]) + _more(answer["in_flight"])
        )
    lines.append(f"清单摘要  {answer['sha256'][:12]}")
    if not dry_run:
        lines += folded("下一步：", f"yk audit repair approve {number}（申请人签送）")
    return "\n".join(lines) + "\n"


def repair_page(record: Mapping[str, Any]) -> str:
    """A batch modification: its state, dry run, opinions, what moved, what was left."""
    lines = folded("", f"批量修改 {record['repair']}  {record['state_name']}  {record['rows']} 行")
    form = record["form"]
    for label, text in (
        ("规则", f"{record['rule']} {record['rule_name']}".strip()),
        ("原因", record["reason"]),
        ("修改", record["change"]),
        ("计费", form.get("billing_note")),
        ("现在", record["steps"]),
        ("稽查", _opinion(form, "review_opinion", "review_by")),
        ("专业", _opinion(form, "division_opinion", "division_by")),
        ("领导", _opinion(form, "board_opinion", "board_by")),
        ("执行", _opinion(form, "applied_at", "executed_by")),
        ("核实", _opinion(form, "verify_note", "verify_by")),
        ("撤销", form.get("undo_reason") if form.get("undone_at") else ""),
        ("摘要", record["sha256"][:12]),
    ):
        if text:
            lines += folded(f"{label}  ", str(text))
    if "skipped" in record:
        lines += _dry_run_lines(record)
    for title, told in (
        ("试算以后档案又变了，须退回重新试算：", record["moved"]),
        (
            "没有恢复的：",
            [f"{row['entity_name']} {row['entity_id']}  现在 {row['now']}" for row in record["left_rows"]],
        ),
    ):
        if told:
            lines += [title, *(line for one in told[:MOST] for line in folded("  ", one)), *_rest(told)]
    return "\n".join(lines) + "\n"


def _opinion(form: Mapping[str, Any], said: str, by: str) -> str:
    text = str(form.get(said) or "")
    if said == "applied_at":
        text = text[:16].replace("T", " ")
    return f"{text}（{form.get(by)}）" if text else ""


def _dry_run_lines(answer: Mapping[str, Any]) -> list[str]:
    lines = []
    for why, count in Counter(one["why"] for one in answer["skipped"]).most_common(MOST):
        lines += folded("  - 不改 ", f"{count} 行：{why}")
    for title, found in (("写入后消除", answer["cures"]), ("写入后新增", answer["breaks"])):
        for one in found:
            lines += folded(f"{title}  {one['count']:>5} 个  {one['rule']} ", one["name"])
    return lines


def _more(found: list[Any]) -> str:
    return f" 等 {len(found)} 户" if len(found) > MOST else ""


def _rest(told: Iterable[Any]) -> list[str]:
    count = len(list(told)) - MOST
    return [f"  还有 {count} 处"] if count > 0 else []
