"""Guards about what a transformer area and a supply unit take on when accounts are moved (批量更改线路台区)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.guards.line_area import RULE, accounts, listed, staged, unit_finder


def own_cap(customer: Any) -> float:
    """What an account may draw, kVA: its running capacity, else that of its contract."""
    return float(customer.get("run_cap") or customer.get("contract_cap") or 0)


def _fills(f: Facts, cap: float | None) -> Change:
    """A recipe: the first account's new area has this capacity."""
    made = staged(f)
    row = made.form["partners"][0]
    moved = {**row, "old_tg_no": row.get("old_tg_no") or "TG0"}
    tg_no = f"TR{f.case}"
    area = {"tg_no": tg_no, "line_no": row["new_line_no"], "status": "01", "pub_priv": "01", "cap": cap}
    rows = [{**moved, "new_tg_no": tg_no}, *made.form["partners"][1:]]
    account = ("customer", {"cons_no": row["cons_no"], "contract_cap": 8.0, "run_cap": 8.0})
    return Change(put=(*made.put, account, ("transformer_area", area)), form={"partners": rows})


@guard(
    "新台区容量接得下",
    refuses="area_full",
    rule=f"{RULE}⑦",
    basis="台区可开放容量（需用系数为参数，以省标为准）",
    confidence="低",
    reads=("partners", "areas", "area_loads"),
    level_setting="area_room_policy",
    breaks=lambda f: _fills(f, 1.0),
    mends=lambda f: Change(
        put=tuple(("transformer_area", {"tg_no": a["tg_no"], "cap": 1e6}) for a in f.rows("areas"))
    ),
)
def area_has_room(f: Facts) -> Iterator[str]:
    """The area carries what hangs on it and what comes, as much of it as is drawn at once.

    An account bigger than the whole transformer never fits. An area that is beyond its capacity already by this
    reckoning shows that the demand factor is not its own: the operations department answers for it (434.2.R3).
    """
    areas, loads, known = (
        {str(a["tg_no"]): a for a in f.rows("areas")},
        dict(f.row("area_loads")),
        accounts(f),
    )
    share = int(f.settings["area_demand_percent"]) / 100
    for row in listed(f):
        tg_no, customer = (
            str(row.get("new_tg_no") or ""),
            known.get(str(row["cons_no"]), {}).get("customer") or {},
        )
        cap, own = float(areas.get(tg_no, {}).get("cap") or 0), own_cap(customer)
        if not cap or not own or tg_no == row.get("old_tg_no"):
            continue
        before = float(loads.get(tg_no) or 0)
        loads[tg_no] = before + own
        if own > cap:
            yield f"户号 {row['cons_no']} 容量 {own:g} kVA，大于新台区 {tg_no} 的变压器 {cap:g} kVA，接不下"
        elif before * share <= cap < (before + own) * share:
            yield (
                f"新台区 {tg_no} 容量 {cap:g} kVA，已挂 {before:g} kVA，再接户号 {row['cons_no']} 的 {own:g} kVA，"
                f"按需用系数 {share:.0%} 要 {(before + own) * share:g} kVA，接不下"
            )


@guard(
    "供电单位不变或允许跨单位",
    refuses="unit_changed",
    rule=f"{RULE}⑧",
    basis="跨所切改两所都签（行业通例）",
    confidence="中",
    reads=("partners", "lines", "areas"),
    level_setting="unit_change_policy",
    breaks=lambda f: _other_unit(f),
    mends=lambda f: Change(
        put=tuple(
            ("customer", {"cons_no": row["cons_no"], "org_no": unit})
            for row in listed(f)
            if (unit := unit_finder(f)(row))
        )
    ),
)
def unit_unchanged(f: Facts) -> Iterator[str]:
    """An account that leaves its unit is told of, or refused where the setting says so."""
    known, unit_of = accounts(f), unit_finder(f)
    for row in listed(f):
        here = (known.get(str(row["cons_no"]), {}).get("customer") or {}).get("org_no")
        unit = unit_of(row)
        if here and unit and here != unit:
            yield f"户号 {row['cons_no']} 由供电单位 {here} 转到 {unit}，须两个单位都同意"


def _other_unit(f: Facts) -> Change:
    made = staged(f)
    row = made.form["partners"][0]
    account = ("customer", {"cons_no": row["cons_no"], "org_no": "00000"})
    areas = (
        (("transformer_area", {"tg_no": row["new_tg_no"], "org_no": "99401"}),)
        if row.get("new_tg_no")
        else ()
    )
    return Change(put=(*made.put, account, *areas), form=dict(set_form(**made.form).form))
