"""Guards about swapping a broken transformer for a bigger one for a time (暂换) and back."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.change import Change
from yk.flows.dates import days_on, months_on
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.units import SWAPPED, open_stoppages, plate, running, units

UP_TO_10KV = ("AC02202", "AC03802", "AC00061", "AC00101", "AC00201")
"""Supply voltages with the shorter period (code list volt)."""
MONTHS_10KV, MONTHS_35KV = 2, 3


def longest(f: Facts) -> int:
    """How many months a swap may last: two up to 10 kV, three from 35 kV on."""
    return MONTHS_10KV if f.row("customer").get("volt_code") in UP_TO_10KV else MONTHS_35KV


def _first(f: Facts) -> str:
    return next(iter(sorted(running(f))), "")


@guard(
    "更换前申请",
    refuses="swapped_beforehand",
    rule="G-ZH-01",
    basis="供电营业规则(1996)第25条",
    breaks=lambda f: set_form(swapped_already=True, violation_clue=None),
    mends=lambda f: set_form(swapped_already=False),
)
def applied_before_swap(f: Facts) -> Iterator[str]:
    """Who swaps first and asks later has put up more than the contract; the inspectors look at it."""
    if f.data.get("swapped_already") and not f.get("violation_clue"):
        yield "变压器已先换后报，涉嫌私增容，须登记用电检查线索单号（violation_clue）再补办"


@guard(
    "原地整台更换",
    refuses="swap_not_whole",
    rule="G-ZH-02",
    basis="供电营业规则(1996)第25条",
    reads=("transformer",),
    breaks=lambda f: set_form(swap_tran_id="（台账外）"),
    mends=lambda f: set_form(
        swap_tran_id=_first(f), swap_cap=plate(units(f).get(_first(f), {})) + 100, same_place=True
    ),
)
def swapped_in_place(f: Facts) -> Iterator[str]:
    """One whole unit of the account, where it stands, by a bigger one."""
    name, new = f.get("swap_tran_id"), f.data.get("swap_cap")
    old = running(f).get(name)
    if f.data.get("same_place") is False:
        yield "不在原受电地点更换，不能按暂换办，请办迁址"
    if name and old is None:
        yield f"变压器 {name} 不在本户在运台账里，请选整台在运设备"
    elif old is not None and new is not None and float(new) <= old:
        yield f"换上 {float(new):g} kVA 不大于原来的 {old:g} kVA，同容量更换不用办暂换"


@guard(
    "暂换期限合规",
    refuses="swap_too_long",
    rule="G-ZH-03",
    basis="供电营业规则(1996)第25条（10 千伏及以下两个月，35 千伏及以上三个月）",
    reads=("customer",),
    breaks=lambda f: set_form(resume_date=days_on(_swap_ends(f), 1)),
    mends=lambda f: set_form(resume_date=_swap_ends(f)),
)
def swap_period_allowed(f: Facts) -> Iterator[str]:
    """Two months up to 10 kV, three from 35 kV on."""
    begin, end = f.get("wish_date") or f.today, f.get("resume_date")
    if end and end > _swap_ends(f):
        yield f"暂换 {begin} 至 {end} 超过 {longest(f)} 个月，最晚 {_swap_ends(f)} 换回；要长期用请办增容"
    elif end and end <= begin:
        yield f"换回日期 {end} 不晚于换上日期 {begin}，请改正"


def _swap_ends(f: Facts) -> str:
    return months_on(f.get("wish_date") or f.today, longest(f))


@guard(
    "线路和保护承得住",
    refuses="swap_not_bearable",
    rule="G-ZH-06",
    basis="勘查核线路、互感器和保护（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(bearing_checked=False),
    mends=lambda f: set_form(bearing_checked=True),
)
def swap_bearable(f: Facts) -> Iterator[str]:
    """Line, current transformers and protection bear the bigger unit."""
    if not f.data.get("bearing_checked"):
        yield "换大后线路、互感器变比和保护定值还没有核过（bearing_checked），核过才能往下办"


@guard(
    "有在期的暂换记录",
    refuses="swap_not_found",
    rule="G-ZH-03",
    basis="供电营业规则(1996)第25条",
    reads=("stoppage",),
    breaks=lambda f: Change(
        put=tuple(
            ("stoppage", {"stop_id": row["stop_id"], "resumed_date": f.today})
            for row in open_stoppages(f, SWAPPED)
        )
    ),
    mends=lambda f: Change(
        put=(
            (
                "stoppage",
                {
                    "stop_id": f"9{f.case}",
                    "cons_no": f.data.get("cons_no"),
                    "kind": SWAPPED,
                    "stop_date": days_on(f.today, -30),
                    "planned_date": days_on(f.today, 30),
                    "resumed_date": None,
                },
            ),
        )
    ),
)
def swap_on_file(f: Facts) -> Iterator[str]:
    """Only what was swapped for a time is swapped back."""
    if not open_stoppages(f, SWAPPED):
        yield "本户没有未恢复的暂换记录，没有可换回的变压器"


@guard(
    "换下的是暂换上的变压器",
    refuses="wrong_unit_out",
    rule="G-ZH-02",
    basis="供电营业规则(1996)第25条",
    reads=("transformer",),
    breaks=lambda f: set_form(restored=[{**row, "out_tran_id": None} for row in _rows(f)]),
    mends=lambda f: set_form(restored=_pairs(f)),
)
def swapped_unit_leaves(f: Facts) -> Iterator[str]:
    """The unit that came for a time leaves when the old one comes back; both together would be more than the contract."""
    for row in _rows(f):
        if str(row.get("out_tran_id")) not in running(f):
            yield f"恢复 {row.get('tran_id')} 时要换下暂换上的变压器，请填换下的在运变压器（out_tran_id）"


def _rows(f: Facts) -> list[dict[str, object]]:
    return [dict(row) for row in f.data.get("restored") or ({"tran_id": "T0"},)]


def _pairs(f: Facts) -> list[dict[str, object]]:
    alive = sorted(running(f))
    return [{**row, "out_tran_id": alive[-1] if alive else None} for row in _rows(f)]
