"""Guards about what becomes of an account's transformers when it is split."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.splitting import Part, is_kept, part_no, parts, whole_capacity

STOPPING = ("1", "2")
"""Kinds of a stoppage that lower the running capacity: reduction for a time, suspension (code list stoppage_kind)."""


def given_transformers(part: Part) -> list[str]:
    """The transformers that fall to a part by what was agreed."""
    return [name.strip() for name in str(part.get("tran_ids") or "").split(",") if name.strip()]


def _transformers_of(f: Facts, part: Part) -> set[str]:
    """The transformers of a part; the one that keeps the number has all that fall to no other."""
    if not is_kept(part):
        return set(given_transformers(part))
    gone = {name for other in parts(f) if not is_kept(other) for name in given_transformers(other)}
    return {str(unit["tran_id"]) for unit in f.rows("transformer")} - gone


def standing(f: Facts, part: Part) -> float:
    """How much of a part's capacity stands still for a time (reduction, suspension), kVA."""
    mine = _transformers_of(f, part)
    stopped = (
        row for row in f.rows("stoppage") if row.get("kind") in STOPPING and not row.get("resumed_date")
    )
    return sum(float(row.get("cap") or 0) for row in stopped if str(row.get("tran_id")) in mine)


@guard(
    "停用的变压器分得清",
    refuses="stopped_units_unassigned",
    rule="G-FH-08",
    basis="分户协议约定资产归属（行业通例）",
    confidence="中",
    reads=("customer", "transformer", "stoppage"),
    breaks=lambda f: Change(
        put=(
            ("transformer", {"tran_id": f"TX{f.case}", "cons_no": f.row("customer").get("cons_no")}),
            (
                "stoppage",
                {
                    "stop_id": f"SX{f.case}",
                    "cons_no": f.row("customer").get("cons_no"),
                    "kind": STOPPING[0],
                    "tran_id": f"TX{f.case}",
                    "cap": whole_capacity(f),
                },
            ),
        )
    ),
    mends=lambda f: Change(
        put=tuple(
            ("stoppage", {"stop_id": r["stop_id"], "resumed_date": f.today}) for r in f.rows("stoppage")
        )
    ),
)
def stopped_units_assigned(f: Facts) -> Iterator[str]:
    """Equipment that stands still falls to a part that is larger than it, or is started again first."""
    for part in parts(f):
        cap, stopped = float(part.get("cap") or 0), standing(f, part)
        if stopped and stopped >= cap:
            yield (
                f"分户 {part_no(part)} 容量 {cap:g} kVA，归它的停用设备就有 {stopped:g} kVA，"
                "请写明变压器归属（tran_ids），或先恢复再分户"
            )
