"""Guards about 批量销户 on the wall and at the till: readings, meters, bills, account by account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.guards.batch_closing import PRACTICE, live, table
from yk.flows.guards.metering import meter_rows
from yk.flows.guards.partnering import debt_of, debts, first_partner, paid_debts
from yk.flows.guards.removal import last_total

Row = Mapping[str, Any]


def last_reading(partner: Row) -> float:
    """The highest total on the meters of an account, kWh."""
    return last_total(partner["meter_register"], [meter["meter_id"] for meter in partner["meter"]])


@guard(
    "逐户有末次冻结示数",
    refuses="account_not_frozen",
    rule="A11",
    basis="拆终端前召测末次冻结（行业通例）",
    confidence="中",
    reads=("partners",),
    breaks=lambda f: set_form(frozen=None),
    mends=lambda f: set_form(frozen=[{"cons_no": p["cons_no"], "reading": last_reading(p)} for p in live(f)]),
)
def each_reading_frozen(f: Facts) -> Iterator[str]:
    """Before a whole quarter goes dark every account has its last reading, fetched or read on the wall."""
    rows = {str(row.get("cons_no")): row.get("reading") for row in table(f, "frozen")}
    for partner in live(f):
        given, last = rows.get(partner["cons_no"]), last_reading(partner)
        if given is None:
            yield f"用户 {partner['cons_no']} 没有末次冻结或手抄示数（frozen），终端不许下线"
        elif float(given) < last:
            yield f"用户 {partner['cons_no']} 末次冻结 {float(given):g} 小于上次示数 {last:g}，请重召"


def removals(f: Facts) -> dict[str, float]:
    """Asset id -> last reading of every meter that was taken down."""
    ids = _ids(f)
    return {
        asset: float(row["old_reading"])
        for row in reversed(meter_rows(f))
        if row.get("old_reading") is not None
        for asset in ids.get(row.get("old_asset_no"), ())
    }


def _ids(f: Facts) -> dict[object, list[str]]:
    """Asset number -> the ids of the assets that bear it."""
    found: dict[object, list[str]] = {}
    for asset in f.rows("assets"):
        found.setdefault(asset["asset_no"], []).append(str(asset["asset_id"]))
    return found


def _removed(f: Facts, meter: Row) -> float | None:
    return removals(f).get(str(meter.get("asset_id")))


def _meters(f: Facts) -> Iterator[tuple[Row, Row]]:
    return ((partner, meter) for partner in live(f) for meter in partner["meter"])


@guard(
    "逐户拆净",
    refuses="batch_meter_left",
    rule="G-XH-05、G-XH-10",
    basis=PRACTICE,
    reads=("partners", "assets"),
    breaks=lambda f: Change(
        put=(
            (
                "meter",
                {"meter_id": f"MX{f.case}", "asset_id": f"AX{f.case}", "cons_no": first_partner(f)},
            ),
        )
    ),
    mends=lambda f: Change(
        drop=tuple(("meter", str(m["meter_id"])) for _, m in _meters(f) if _removed(f, m) is None)
    ),
)
def batch_meters_removed(f: Facts) -> Iterator[str]:
    """As many removals as meters, account by account."""
    taken = removals(f)
    for partner, meter in _meters(f):
        if str(meter.get("asset_id")) not in taken:
            yield f"用户 {partner['cons_no']} 的电能表 {meter.get('asset_id')} 还没有拆表记录和止度"


def _high(f: Facts) -> float:
    return max((last_reading(partner) for partner in live(f)), default=0.0)


@guard(
    "拆表示数合理、表对得上户",
    refuses="closing_reading_wrong",
    rule="G-XH-04、G-XH-10",
    basis="末次抄表核对（行业通例）",
    confidence="中",
    reads=("partners", "assets"),
    breaks=lambda f: set_form(meter_work=[{**row, "old_reading": -1.0} for row in meter_rows(f)]),
    mends=lambda f: set_form(meter_work=[{**row, "old_reading": _high(f)} for row in meter_rows(f)]),
)
def closing_reading_plausible(f: Facts) -> Iterator[str]:
    """A removal names a meter of an account of the list, and no meter runs backwards."""
    known = {str(meter.get("asset_id")): partner for partner, meter in _meters(f)}
    ids = _ids(f)
    for row in meter_rows(f):
        assets = ids.get(row.get("old_asset_no"), ())
        partner = next((known[one] for one in assets if one in known), None)
        given = row.get("old_reading")
        if partner is None:
            yield f"拆下的表 {row.get('old_asset_no')} 不是清单里任何一户的，请核对条码"
        elif given is not None and float(given) < last_reading(partner):
            yield (
                f"用户 {partner['cons_no']} 拆表示数 {float(given):g} "
                f"小于上次示数 {last_reading(partner):g}，请核对照片重录"
            )


def followed_up(f: Facts) -> set[str]:
    """The accounts whose meter is gone and whose bill is open: somebody runs after them."""
    return {str(row.get("cons_no")) for row in table(f, "follow_ups")}


def settled(f: Facts) -> Sequence[Row]:
    """The accounts on the list that are to be closed: those nobody has to run after."""
    open_ = followed_up(f)
    return [partner for partner in live(f) if partner["cons_no"] not in open_]


def settlements(f: Facts) -> dict[str, dict[str, Any]]:
    """Account number -> its row of the settlement table: final_amount, paid, balance_way."""
    return {str(row.get("cons_no")): row for row in table(f, "settlements")}


def _all_settled(f: Facts) -> Change:
    """A recipe: every account paid its last bill and owes nothing."""
    rows = [
        {"cons_no": p["cons_no"], "final_amount": 10.0, "paid": 10.0, "balance_way": "退还"} for p in live(f)
    ]
    return Change(form={"settlements": rows}, put=paid_debts(f))


@guard(
    "逐户结清，没结清的已列跟催",
    refuses="batch_unsettled",
    rule="G-XH-02、G-XH-10",
    basis="供电营业规则(1996)第32条",
    reads=("partners",),
    breaks=lambda f: Change(put=(debt_of(f, first_partner(f)),)),
    mends=_all_settled,
)
def batch_settled(f: Facts) -> Iterator[str]:
    """Every account is settled to the cent, or stands on the list of those to be run after."""
    rows = settlements(f)
    for partner in settled(f):
        cons_no = partner["cons_no"]
        row = rows.get(cons_no)
        if row is None:
            yield f"用户 {cons_no} 没有结算记录（settlements），结清或列入跟催（follow_ups）"
        elif round(float(row.get("final_amount") or 0), 2) != round(float(row.get("paid") or 0), 2):
            yield (
                f"用户 {cons_no} 末次电费 {float(row.get('final_amount') or 0):.2f} 元，"
                f"实收 {float(row.get('paid') or 0):.2f} 元，收足或列入跟催（follow_ups）"
            )
        yield from debts(partner)


@guard(
    "逐户余额有去处",
    refuses="batch_balance_left",
    rule="G-XH-06、G-XH-10",
    basis="供电营业规则(1996)第32条",
    reads=("partners",),
    breaks=lambda f: Change(
        put=(("prepayment", {"cons_no": first_partner(f), "amount": 30.0}),),
        form={"settlements": [{**row, "balance_way": None} for row in table(f, "settlements")]},
    ),
    mends=lambda f: set_form(settlements=[{**row, "balance_way": "退还"} for row in table(f, "settlements")]),
)
def batch_balances_disposed(f: Facts) -> Iterator[str]:
    """What an account has paid ahead goes back or against its last bill."""
    rows = settlements(f)
    for partner in settled(f):
        amount = float(partner["prepayment"].get("amount") or 0)
        if amount > 0 and not (rows.get(partner["cons_no"]) or {}).get("balance_way"):
            yield f"用户 {partner['cons_no']} 还有预收余额 {amount:.2f} 元，须写明退还还是抵交（balance_way）"
