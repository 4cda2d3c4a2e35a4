"""Guards about moving a meter to another place of the same account (移表)."""

from __future__ import annotations

from collections.abc import Iterator

from yk.archive.codes import name_of
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form
from yk.flows.guards.fees import LISTED, fees_total
from yk.flows.guards.metering import meter_rows
from yk.flows.guards.reclassifying import residential
from yk.flows.guards.repricing import last_reading
from yk.text import same_name

PENALTY_RESIDENT, PENALTY_OTHER = 500, 5000
"""Yuan a time for moving a meter on one's own (供电营业规则(1996)第100条)."""


@condition(
    "客户自己要移，费用由客户负担",
    yes=lambda f: set_form(by_supplier=False),
    no=lambda f: set_form(by_supplier=True, fees=None),
)
def customer_wants_move(f: Facts) -> bool:
    """The move is the customer's wish, not the supplier's, and no waiver is written down."""
    return not f.data.get("by_supplier") and not f.get("reduction_basis")


@guard(
    "只移表位，地址、容量、类别、供电点不变",
    refuses="more_than_place",
    rule="G-YB-01",
    basis="供电营业规则(1996)第27条",
    reads=("customer",),
    breaks=lambda f: set_form(same_supply_point=False),
    mends=lambda f: set_form(
        same_supply_point=True,
        new_elec_addr=f.row("customer").get("elec_addr"),
        new_cap=f.row("customer").get("contract_cap"),
        new_elec_type=f.row("customer").get("elec_type"),
    ),
)
def only_place_moves(f: Facts) -> Iterator[str]:
    """Whatever else changes with the place makes it other business."""
    customer = f.row("customer")
    address, new_address = str(customer.get("elec_addr") or ""), f.get("new_elec_addr")
    if new_address and not same_name(address, new_address):
        yield f"用电地址由“{address}”变为“{new_address}”，不是移表，请改办迁址"
    cap, asked = customer.get("contract_cap"), f.data.get("new_cap")
    if asked is not None and cap is not None and float(asked) != float(cap):
        yield f"容量由 {cap:g} 变为 {asked:g} kVA，不是移表，请改办{'增容' if asked > cap else '减容'}"
    elec_type, new_type = str(customer.get("elec_type") or ""), f.get("new_elec_type")
    if new_type and new_type != elec_type:
        yield f"用电类别由{name_of('elec_type', elec_type)}变为{name_of('elec_type', new_type)}，不是移表，请改办改类"
    if f.data.get("same_supply_point") is False:
        yield "供电点变了，不是移表；仍在原供电点的办迁址，换了供电点的办新装"


@guard(
    "私自移表的已登记违约用电线索",
    refuses="own_move_unreported",
    rule="G-YB-03",
    basis="供电营业规则(1996)第100条",
    reads=("customer",),
    breaks=lambda f: set_form(moved_already=True, own_move_clue=None),
    mends=lambda f: set_form(moved_already=True, own_move_clue=f"XS-{f.case}"),
)
def own_move_reported(f: Facts) -> Iterator[str]:
    """Who moved the meter on his own is reported to the inspectors first."""
    if f.data.get("moved_already") and not f.get("own_move_clue"):
        yuan = PENALTY_RESIDENT if residential(f.row("customer").get("elec_type")) else PENALTY_OTHER
        most = "不高于 " if f.rule_set == "R24" else ""
        yield f"客户已自行移表，属违约用电（{most}{yuan} 元/次），先登记线索单号（own_move_clue）再办"


@guard(
    "新表位合要求",
    refuses="place_unfit",
    rule="G-YB-04",
    basis="电能计量装置安装要求（行业通例，高度为参数）",
    confidence="中",
    breaks=lambda f: set_form(place_height=10, place_dry=True, place_reachable=True),
    mends=lambda f: set_form(
        place_height=int(f.settings["meter_height_min"]), place_dry=True, place_reachable=True
    ),
)
def place_fits(f: Facts) -> Iterator[str]:
    """A meter hangs where it is dry, can be read, and neither too low nor too high."""
    low, high = int(f.settings["meter_height_min"]), int(f.settings["meter_height_max"])
    height = f.data.get("place_height")
    if height is not None and not low <= int(height) <= high:
        yield f"新表位高 {height} 厘米，应在 {low} 到 {high} 厘米之间，请另选"
    if f.data.get("place_dry") is False:
        yield "新表位潮湿、不通风或有腐蚀，请另选"
    if f.data.get("place_reachable") is False:
        yield "新表位抄表、检修够不着，或在产权分界以外，请另选"


@guard(
    "移表费由该出的一方出",
    refuses="fee_on_wrong_side",
    rule="G-YB-02",
    basis="供电营业规则(1996)第27条",
    breaks=lambda f: set_form(by_supplier=True, fees=[LISTED], fee_reduction=None),
    mends=lambda f: (
        set_form(by_supplier=False, reduction_basis="困难减免批文")
        if fees_total(f) <= 0
        else set_form(by_supplier=False, fees=[LISTED], fee_reduction=None)
    ),
)
def moving_fee_right(f: Facts) -> Iterator[str]:
    """The customer pays for a move he wants; the supplier for one he wants himself."""
    total = fees_total(f)
    if f.data.get("by_supplier") and total > 0:
        yield f"因供电企业原因移表不收费，已列 {total:.2f} 元，请去掉"
    if not f.data.get("by_supplier") and total <= 0 and not f.get("reduction_basis"):
        yield "客户要求移表，费用由客户负担，还没有列收费项目（fees）；免收的填减免依据（reduction_basis）"


@guard(
    "移表前后示数衔接",
    refuses="reading_broken",
    rule="G-ALL-10",
    basis="移表示数连续（行业通例）",
    reads=("meter_register",),
    breaks=lambda f: set_form(
        meter_work=None, reading_before=last_reading(f) + 5, reading_after=last_reading(f) + 9
    ),
    mends=lambda f: set_form(reading_before=last_reading(f) + 5, reading_after=last_reading(f) + 5),
)
def reading_continues(f: Facts) -> Iterator[str]:
    """The same meter shows the same before and after; no less than the archive's last reading."""
    before, after, last = f.data.get("reading_before"), f.data.get("reading_after"), last_reading(f)
    changed = any(row.get("new_asset_no") for row in meter_rows(f))
    if before is not None and float(before) < last:
        yield f"移表前示数 {before:g} 小于档案上次示数 {last:g}，请重新抄录"
    if not changed and before is not None and after is not None and float(before) != float(after):
        yield f"没有换表，移后示数 {after:g} 与移前 {before:g} 不同，请核对是不是同一只表"
