"""Guards about carrying a move out: terminal, meter and power leave the old site as they come to the new one."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.account import owed
from yk.flows.guards.application import set_form
from yk.flows.guards.increasing import amount
from yk.flows.guards.metering import IN_STOCK, meter_rows
from yk.flows.guards.relocating import BASIS
from yk.text import same_name


@guard(
    "终端旧址下线与新址上线在同一天",
    refuses="terminal_move_split",
    rule="A11",
    basis="迁移终端旧址下线新址上线同日完成（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(terminal_off_on="2026-01-01", terminal_on="2026-01-03"),
    mends=lambda f: set_form(terminal_off_on=f.today, terminal_on=f.today),
)
def terminal_moved_in_one_day(f: Facts) -> Iterator[str]:
    """No day without readings, none with two places."""
    off, on = f.get("terminal_off_on")[:10], f.get("terminal_on")[:10]
    if off and on and off != on:
        yield f"终端旧址下线 {off}、新址上线 {on} 不在同一天，两个台区线损会错，请核对或补做"


@guard(
    "新址装的表在库，或是本户随迁的表",
    refuses="moved_meter_unfit",
    rule="D-07",
    basis="大连数据质量核查办法 小七1.26；随迁表须在检定期内",
    confidence="中",
    reads=("assets", "meter"),
    breaks=lambda f: _put_up(f, "05"),
    mends=lambda f: _put_up(f, IN_STOCK),
)
def moved_meter_usable(f: Facts) -> Iterator[str]:
    """What is put up at the new place comes from stock, or is the account's own meter not yet due for test."""
    known = {str(a["asset_no"]): a for a in f.rows("assets")}
    own = {m["asset_id"]: m for m in f.rows("meter")}
    for row in meter_rows(f):
        number = str(row.get("new_asset_no") or "")
        if not number:
            continue
        asset = known.get(number, {})
        mine = own.get(asset.get("asset_id"))
        if mine is not None and (mine.get("due_date") or "9999") >= f.today:
            continue
        if mine is not None:
            yield f"随迁的表 {number} 检定到期日 {mine['due_date']} 已过，请领新表"
        elif asset.get("asset_status") != IN_STOCK:
            yield f"表 {number} 既不在库、也不是本户随迁的表，不能装到新址"


def _put_up(f: Facts, status: str) -> Change:
    """A recipe: one meter, not the customer's, is put up; its asset is in this state."""
    rows = meter_rows(f) or [{"new_reading": 0.0, "multiplier": 1.0}]
    number = f"QZ{f.case}"
    asset = {"asset_id": f"A{number}", "asset_no": number, "asset_status": status}
    return Change(put=(("meter_asset", asset),), form={"meter_work": [{**rows[0], "new_asset_no": number}]})


@guard(
    "旧址止度已抄",
    refuses="old_site_unread",
    rule="G-QZ-08",
    basis="供电营业规则(1996)第26条（原址按终止用电办理）；拆表须有止度（行业通例）",
    reads=("meter_register",),
    breaks=lambda f: set_form(old_site_reading=-1.0),
    mends=lambda f: set_form(
        old_site_reading=_last(f),
        meter_work=[
            {**row, **({"old_reading": _last(f)} if row.get("old_asset_no") else {})} for row in meter_rows(f)
        ],
    ),
)
def old_site_reading_taken(f: Facts) -> Iterator[str]:
    """The old place ends with a reading: none below the last one, the same on the work slip."""
    read, last = amount(f, "old_site_reading"), _last(f)
    if read is None:
        yield "旧址止度还没有登记（old_site_reading），抄录、拍照、请客户签认"
        return
    if read < last:
        yield f"旧址止度 {read:g} 小于档案上次示数 {last:g}，请核对抄录"
    for row in meter_rows(f):
        old = row.get("old_reading")
        if row.get("old_asset_no") and old is not None and float(old) != read:
            yield f"装接单旧表 {row['old_asset_no']} 止度 {float(old):g} 与旧址止度 {read:g} 不一致"


def _last(f: Facts) -> float:
    return max((float(r.get("reading") or 0) for r in f.rows("meter_register")), default=0.0)


@guard(
    "旧址先停、新址后送",
    refuses="old_site_live",
    rule="G-QZ-02",
    basis=BASIS,
    breaks=lambda f: set_form(old_site_off_at=f"{f.today}T23:00", energized_at=f"{f.today}T08:00"),
    mends=lambda f: set_form(old_site_off_at=f"{f.today}T07:00", energized_at=f"{f.today}T09:00"),
)
def old_site_cut_first(f: Facts) -> Iterator[str]:
    """One account has power at one place."""
    off, on = f.get("old_site_off_at")[:16], f.get("energized_at")[:16]
    if not off:
        yield "旧址断电时间没有登记（old_site_off_at），旧址没断开新址不能送"
    elif on and off > on:
        yield f"旧址 {off.replace('T', ' ')} 才断电，晚于新址送电 {on.replace('T', ' ')}，一户不能两头有电"


@guard(
    "旧址电费已结清",
    refuses="old_site_unsettled",
    rule="G-QZ-08",
    basis="原址按终止用电办理，电费结清（行业通例）",
    reads=("customer", "receivable"),
    breaks=lambda f: set_form(old_bill_issued=False),
    mends=lambda f: Change(
        form={"old_bill_issued": True, "old_site_reading": amount(f, "old_site_reading") or 0.0},
        put=tuple(
            (
                "receivable",
                {
                    "rcv_id": r["rcv_id"],
                    "paid": owed(r) + float(r.get("paid") or 0),
                    "settled_date": f.today,
                },
            )
            for r in f.rows("receivable")
        ),
    ),
)
def old_site_settled(f: Facts) -> Iterator[str]:
    """The old place is read, billed and paid before the archive forgets it."""
    if amount(f, "old_site_reading") is None:
        yield "旧址止度没有入账，抄录入账后再归档"
    if not f.data.get("old_bill_issued"):
        yield "旧址末次电费还没有发行（old_bill_issued），发行结清后再归档"
    debt = round(sum(owed(row) for row in f.rows("receivable")), 2)
    if debt > 0:
        yield f"旧址还欠电费 {debt:.2f} 元（含违约金），结清后再归档"


@guard(
    "新地址处处一致",
    refuses="address_inconsistent",
    rule="D-16",
    basis="大连数据质量核查办法 小七4.02；地址一致（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(
        new_elec_addr=f.get("new_elec_addr") or "示范市新址1号", new_mp_addr="示范市旧址1号"
    ),
    mends=lambda f: set_form(new_mp_addr=f.get("new_elec_addr"), new_sp_addr=f.get("new_elec_addr")),
)
def new_address_everywhere(f: Facts) -> Iterator[str]:
    """Account, metering point and supply point say the same address."""
    address = f.get("new_elec_addr")
    for label, field in (("计量点地址", "new_mp_addr"), ("受电点地址", "new_sp_addr")):
        written = f.get(field)
        if written and not same_name(address, written):
            yield f"{label}“{written}”与新用电地址“{address}”不一致，请改成同一处"
