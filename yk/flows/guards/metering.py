"""Guards about meters and terminals: what is put up, changed and taken down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form

IN_STOCK, RUNNING = "02", "03"
"""Codes of the state of a meter asset (code list asset_status)."""


def meter_rows(f: Facts) -> Sequence[dict[str, Any]]:
    """The rows of the table of meter work: old_asset_no, old_reading, new_asset_no, new_reading, multiplier, seal_no."""
    return [dict(row) for row in f.data.get("meter_work") or ()]


def _rows(f: Facts, **values: Any) -> Change:
    """A recipe: every row of meter work with these values (made up when there is none)."""
    rows = meter_rows(f) or [
        {"new_asset_no": f"YK{f.case}", "new_reading": 0.0, "multiplier": 1.0, "seal_no": f.case}
    ]
    return set_form(meter_work=[{**row, **values} for row in rows])


def _stock(f: Facts, status: str) -> Change:
    """A recipe: the new meters' assets in this state."""
    wanted = [str(row["new_asset_no"]) for row in meter_rows(f) if row.get("new_asset_no")]
    known = {str(a["asset_no"]): str(a["asset_id"]) for a in f.rows("assets")}
    put = tuple(
        ("meter_asset", {"asset_id": known.get(no, f"A{no}"), "asset_no": no, "asset_status": status})
        for no in wanted
    )
    return Change(put=put)


@guard(
    "新表在库可用",
    refuses="meter_not_in_stock",
    rule="D-07",
    basis="大连数据质量核查办法 小七1.26（资产号在资产库）",
    reads=("assets",),
    breaks=lambda f: Change(
        put=_stock(f, "05").put or (), form={} if meter_rows(f) else dict(_rows(f, new_asset_no="YK0").form)
    ),
    mends=lambda f: _stock(f, IN_STOCK),
)
def meter_in_stock(f: Facts) -> Iterator[str]:
    """A meter to be put up is an asset on stock."""
    known = {str(a["asset_no"]): a.get("asset_status") for a in f.rows("assets")}
    for row in meter_rows(f):
        number = row.get("new_asset_no")
        if number and number not in known:
            yield f"新表资产号 {number} 不在资产库，请核对条形码"
        elif number and known[number] != IN_STOCK:
            yield f"新表 {number} 不是库存状态，不能领用，请换一只"


@guard(
    "起止度齐",
    refuses="reading_missing",
    rule="G-ALL-10",
    basis="换装拆表须有起度、止度（行业通例）",
    breaks=lambda f: _rows(f, new_reading=None, old_reading=None, new_asset_no=f"YK{f.case}"),
    mends=lambda f: _rows(f, new_reading=0.0, old_reading=_last(f)),
)
def readings_recorded(f: Facts) -> Iterator[str]:
    """Every meter put up has its first reading, every meter taken down its last."""
    rows = meter_rows(f)
    if not rows:
        yield "还没有登记装换拆的电能表（meter_work）"
    for number, row in enumerate(rows, start=1):
        if row.get("new_asset_no") and row.get("new_reading") is None:
            yield f"第 {number} 行新表 {row['new_asset_no']} 没有起度（new_reading）"
        if row.get("old_asset_no") and row.get("old_reading") is None:
            yield f"第 {number} 行旧表 {row['old_asset_no']} 没有止度（old_reading）"


def _last(f: Facts) -> float:
    """A last reading that fits: no less than what the row already says."""
    return max((float(row.get("old_reading") or 0) for row in meter_rows(f)), default=0.0)


@guard(
    "倍率与供电方案一致",
    refuses="ratio_off_scheme",
    rule="A17",
    basis="装表与方案一致（行业通例）",
    confidence="中",
    breaks=lambda f: Change(form={**_rows(f, multiplier=37.0).form, "scheme_multiplier": 1.0}),
    mends=lambda f: _rows(f, multiplier=f.data.get("scheme_multiplier")),
)
def ratio_matches_scheme(f: Facts) -> Iterator[str]:
    """The multiplier on site is the scheme's."""
    wanted = f.data.get("scheme_multiplier")
    for row in meter_rows(f):
        has = row.get("multiplier")
        if wanted is not None and has is not None and row.get("new_asset_no") and float(has) != float(wanted):
            yield f"新表 {row['new_asset_no']} 倍率 {has:g} 与供电方案 {wanted:g} 不一致，请核对变比"


@guard(
    "拆表止度已登记",
    refuses="final_reading_missing",
    rule="G-ALL-10",
    basis="拆表须有止度（行业通例）",
    breaks=lambda f: set_form(meter_work=[{"old_asset_no": f"YK{f.case}", "old_reading": None}]),
    mends=lambda f: set_form(
        meter_work=[{**row, "old_reading": row.get("old_reading") or 1.0} for row in meter_rows(f)]
    ),
)
def final_reading_recorded(f: Facts) -> Iterator[str]:
    """No meter leaves without its last reading."""
    rows = [row for row in meter_rows(f) if row.get("old_asset_no")]
    if not rows:
        yield "还没有登记拆下的电能表（meter_work）"
    for row in rows:
        if row.get("old_reading") is None:
            yield f"旧表 {row['old_asset_no']} 没有止度（old_reading），抄录并请客户签认"


@guard(
    "拆下的表完好，或已转计量故障",
    refuses="meter_damaged",
    rule="G-XH-03",
    basis="供电营业规则(1996)第32条（查验计量装置完好）",
    breaks=lambda f: set_form(meter_intact=False, fault_case=None),
    mends=lambda f: set_form(meter_intact=True),
)
def meter_intact(f: Facts) -> Iterator[str]:
    """A damaged meter goes to the fault business before it is taken down."""
    if f.data.get("meter_intact") is False and not f.get("fault_case"):
        yield "拆下的计量装置不完好，须先转计量装置故障并填工单号（fault_case）"


@guard(
    "采集终端已上线",
    refuses="terminal_offline",
    rule="A11",
    basis="主站召测一致才算完成（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(terminal_online_ok=False),
    mends=lambda f: set_form(terminal_online_ok=True),
)
def terminal_online(f: Facts) -> Iterator[str]:
    """The master station reads what the meter shows."""
    if not f.data.get("terminal_online_ok"):
        yield "主站召测还没有成功（terminal_online_ok），终端未上线不能往下办"


@guard(
    "末次冻结数据已召测",
    refuses="last_reading_not_frozen",
    rule="A11",
    basis="拆终端前召测末次冻结（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(last_frozen=False),
    mends=lambda f: set_form(last_frozen=True),
)
def last_reading_frozen(f: Facts) -> Iterator[str]:
    """The last frozen reading is fetched before the terminal goes."""
    if not f.data.get("last_frozen"):
        yield "末次冻结示数还没有召测（last_frozen），先召测再拆终端；召不通的到表前抄数拍照"
