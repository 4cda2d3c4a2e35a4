"""Guards about the end of a work order: follow-up and the paper archive."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard

VISITED = "1"
DISSATISFIED = ("4", "5")
"""Codes of satisfaction that call for action (code list satisfaction)."""


@guard(
    "不满意已登记后续处理",
    refuses="dissatisfaction_open",
    rule="A21",
    basis="客户回访（不满意限时转派并复访）",
    confidence="中",
    breaks=lambda f: Change(form={"satisfaction": "5", "visit_follow_up": None}),
    mends=lambda f: Change(form={"visit_follow_up": "已转整改工单，次日复访"}),
)
def dissatisfaction_handled(f: Facts) -> Iterator[str]:
    """A dissatisfied customer leaves a trace of what is being done."""
    if f.get("satisfaction") in DISSATISFIED and not f.get("visit_follow_up"):
        yield "客户不满意，须登记后续处理（visit_follow_up），如转派的工单号和复访时间"


@guard(
    "档案号、柜、盒位置未被占用",
    refuses="storage_slot_taken",
    rule="NX 图1-10",
    basis="NX 1.3.1.2.5",
    confidence="中",
    reads=("document_record",),
    breaks=lambda f: Change(
        put=(
            (
                "document_record",
                {
                    "rec_id": f"taken{f.case}",
                    "cons_no": f.row("customer").get("cons_no") if "customer" in f.archive else None,
                    "app_no": "019901010001",
                    "file_no": f.get("file_no"),
                    "cabinet": f.get("cabinet"),
                    "box": f.get("box"),
                },
            ),
        )
    ),
    mends=lambda f: Change(form={"file_no": f"{f.get('file_no')}-1"}),
)
def storage_slot_free(f: Facts) -> Iterator[str]:
    """One file number in one cabinet and box belongs to one work order."""
    for row in f.rows("document_record"):
        yield (
            f"档案号 {row['file_no']}（柜 {row['cabinet']} 盒 {row['box']}）已被工单 {row['app_no']} 占用，请另选"
        )


@guard(
    "必留原件齐",
    refuses="originals_missing",
    rule="材料有效性检查8",
    basis="业务单据、合同必留原件",
    breaks=lambda f: Change(form={"originals_complete": False}),
    mends=lambda f: Change(form={"originals_complete": True}),
)
def originals_kept(f: Facts) -> Iterator[str]:
    """Contract and business papers are kept as originals."""
    if f.data.get("originals_complete") is False:
        yield "合同、业务单据等必留原件未收齐（originals_complete），补齐后再归档"


@condition(
    "回访成功",
    yes=lambda f: Change(form={"visit_result": VISITED, "satisfaction": "1"}),
    no=lambda f: Change(form={"visit_result": "3"}),
)
def visit_succeeded(f: Facts) -> bool:
    """The customer was reached, so the questions were answered."""
    return f.get("visit_result") == VISITED
