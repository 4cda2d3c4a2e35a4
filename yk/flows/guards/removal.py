"""Guards about taking down: every meter with its last reading, every terminal, and who pays for what is broken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form
from yk.flows.guards.fees import fee_rows
from yk.flows.guards.metering import meter_rows

COMPENSATION = ("06", "计量装置赔偿费")
"""The fee for a broken meter, by code and name (code list fee_item)."""
LAW_1996 = "供电营业规则(1996)第32条"
Row = Mapping[str, Any]


@condition(
    "有采集终端要拆",
    reads=("terminal", "customer"),
    yes=lambda f: Change(put=(("terminal", {"term_id": f"TM{f.case}", "cons_no": _cons_no(f)}),)),
    no=lambda f: Change(drop=tuple(("terminal", str(row["term_id"])) for row in f.rows("terminal"))),
)
def terminal_standing(f: Facts) -> bool:
    """A data terminal stands at the account."""
    return bool(f.rows("terminal"))


@condition(
    "有电能表要拆",
    reads=("meter", "customer"),
    yes=lambda f: Change(put=(_unlisted_meter(f),)),
    no=lambda f: Change(drop=tuple(("meter", str(row["meter_id"])) for row in f.rows("meter"))),
)
def meter_standing(f: Facts) -> bool:
    """A meter runs at the account."""
    return bool(f.rows("meter"))


def _cons_no(f: Facts) -> object:
    return f.row("customer").get("cons_no")


def _unlisted_meter(f: Facts) -> tuple[str, dict[str, Any]]:
    """A running meter that no work slip knows, for recipes."""
    return "meter", {"meter_id": f"MX{f.case}", "asset_id": f"AX{f.case}", "cons_no": _cons_no(f)}


def listed_assets(f: Facts, numbers: Iterator[object]) -> set[str]:
    """The ids of the assets with these numbers."""
    wanted = set(numbers)
    return {str(a["asset_id"]) for a in f.rows("assets") if a["asset_no"] in wanted}


def _not_removed(f: Facts) -> list[Row]:
    """Running meters without a row of removal that has a last reading."""
    taken = (r.get("old_asset_no") for r in meter_rows(f) if r.get("old_reading") is not None)
    ids = listed_assets(f, taken)
    return [meter for meter in f.rows("meter") if meter.get("asset_id") not in ids]


@guard(
    "在装的表都有拆表记录",
    refuses="meter_left",
    rule="G-XH-05",
    basis="拆表、拆终端、拆接户线全部完成（行业通例）",
    reads=("customer", "meter", "assets"),
    breaks=lambda f: Change(put=(_unlisted_meter(f),)),
    mends=lambda f: Change(drop=tuple(("meter", str(m["meter_id"])) for m in _not_removed(f))),
)
def every_meter_removed(f: Facts) -> Iterator[str]:
    """As many removals as running meters: none is left on the wall."""
    for meter in _not_removed(f):
        yield f"在装的电能表 {meter.get('asset_id')}（计量点 {meter.get('mp_id')}）还没有拆表记录和止度"


@guard(
    "拆表止度不小于上次示数",
    refuses="reading_backwards",
    rule="G-XH-04",
    basis="末次抄表核对（行业通例）",
    confidence="中",
    reads=("meter", "meter_register", "assets"),
    breaks=lambda f: set_form(meter_work=[{**row, "old_reading": -1.0} for row in meter_rows(f)]),
    mends=lambda f: set_form(
        meter_work=[{**row, "old_reading": _register(f, row.get("old_asset_no"))} for row in meter_rows(f)]
    ),
)
def final_reading_plausible(f: Facts) -> Iterator[str]:
    """A meter does not run backwards."""
    for row in meter_rows(f):
        last, given = _register(f, row.get("old_asset_no")), row.get("old_reading")
        if given is not None and float(given) < last:
            yield f"旧表 {row.get('old_asset_no')} 止度 {float(given):g} 小于上次示数 {last:g}，请核对照片重录"


def _register(f: Facts, asset_no: object) -> float:
    """The last known total of the running meter with this asset number, 0 when there is none."""
    ids = listed_assets(f, iter((asset_no,)))
    meters = {m["meter_id"] for m in f.rows("meter") if m.get("asset_id") in ids}
    return last_total(f.rows("meter_register"), meters)


def last_total(registers: Any, meters: Any) -> float:
    """The highest active total on the registers of these meters, kWh."""
    totals = (
        float(r.get("reading") or 0)
        for r in registers
        if r.get("meter_id") in meters and r.get("read_type") in (None, "11")
    )
    return max(totals, default=0.0)


@guard(
    "用户责任的损坏已列赔偿",
    refuses="damage_not_charged",
    rule="G-XH-03",
    basis=LAW_1996,
    breaks=lambda f: set_form(damage_by_user=True, fees=None, damage_waiver=None),
    mends=lambda f: set_form(damage_by_user=True, damage_waiver="责任不清，经批准不收"),
)
def damage_charged(f: Facts) -> Iterator[str]:
    """What the customer broke is charged, or a reason says why not."""
    charged = any(row.get("item") in COMPENSATION for row in fee_rows(f))
    if f.data.get("damage_by_user") and not charged and not f.get("damage_waiver"):
        yield "拆表登记为用户责任损坏，须列计量装置赔偿费，不收的写明理由（damage_waiver）"


@guard(
    "表和终端都已拆除",
    refuses="removal_incomplete",
    rule="G-XH-05",
    basis="拆表、拆终端、拆接户线全部完成（行业通例）",
    reads=("customer", "meter", "assets", "terminal"),
    breaks=lambda f: Change(put=(_unlisted_meter(f),)),
    mends=lambda f: Change(
        drop=tuple(("meter", str(m["meter_id"])) for m in _not_removed(f)),
        form={"terminal_off_on": f.get("terminal_off_on") or f.today, "last_frozen": True},
    ),
)
def removal_complete(f: Facts) -> Iterator[str]:
    """An account is closed in the archive only when nothing of ours stands there."""
    yield from every_meter_removed(f)
    for terminal in f.rows("terminal"):
        if not f.get("terminal_off_on"):
            yield f"采集终端 {terminal.get('asset_no') or terminal['term_id']} 还没有拆除记录"
