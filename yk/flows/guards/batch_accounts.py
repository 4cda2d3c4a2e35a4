"""Guards about each account of 批量销户 that look beyond the account: at its owner's other accounts, at its meter."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.guards.batch_closing import live
from yk.flows.guards.batch_removal import removals
from yk.flows.guards.metering import meter_rows
from yk.flows.guards.partnering import debt_of


def _twin_in_debt(f: Facts) -> Change:
    """A recipe: the first account's owner has another account, which owes."""
    partner = f.rows("partners")[0]
    party = {"party_no": f"PB{f.case}", "party_name": "示范户主", "cert_no": f"BATCH{f.case}"}
    other = f"7{f.case[3:]:0>9}"
    return Change(
        put=(
            ("party", party),
            ("customer", {"cons_no": partner["cons_no"], "party_no": party["party_no"]}),
            ("customer", {"cons_no": other, "cons_name": "示范户主", "party_no": party["party_no"]}),
            debt_of(f, other),
        )
    )


def _twins_paid(f: Facts) -> Change:
    bills = (row for others in f.row("partners_related").values() for o in others for row in o["receivable"])
    return Change(put=tuple(("receivable", {"rcv_id": r["rcv_id"], "paid": 1e6}) for r in bills))


@guard(
    "同一主体其他户欠费已提示（逐户）",
    refuses="batch_related_arrears",
    rule="G-ALL-02",
    basis="国网变更用电规范（同一主体欠费提示）",
    confidence="中",
    reads=("partners", "partners_related"),
    level_setting="peer_arrears_policy",
    breaks=_twin_in_debt,
    mends=_twins_paid,
)
def batch_related_arrears_noted(f: Facts) -> Iterator[str]:
    """What the owner owes elsewhere is told for every account, or refuses it where the setting says so."""
    related = f.row("partners_related")
    for partner in live(f):
        for other in related.get(partner["cons_no"], ()):
            if other["owed"] > 0:
                yield (
                    f"用户 {partner['cons_no']} 同一主体的用户 {other['cons_no']} 欠费 {other['owed']:.2f} 元"
                )


@guard(
    "拆表示数不超过表的位数",
    refuses="reading_beyond_meter",
    rule="G-XH-04",
    basis="末次抄表核对（行业通例）",
    confidence="中",
    reads=("partners", "assets"),
    breaks=lambda f: Change(
        put=(
            (
                "meter",
                {"meter_id": f.rows("partners")[0]["meter"][0]["meter_id"], "int_digits": 1},
            ),
            *(
                ("meter_register", {"reg_id": row["reg_id"], "reading": 0.0})
                for row in f.rows("partners")[0]["meter_register"]
            ),
        ),
        form={"meter_work": [{**row, "old_reading": 1e6} for row in meter_rows(f)]},
    ),
    mends=lambda f: Change(
        put=tuple(
            ("meter", {"meter_id": meter["meter_id"], "int_digits": 8})
            for partner in live(f)
            for meter in partner["meter"]
        ),
        form=set_form(
            meter_work=[{**r, "old_reading": min(float(r["old_reading"]), 9e6)} for r in meter_rows(f)]
        ).form,
    ),
)
def closing_reading_fits_meter(f: Facts) -> Iterator[str]:
    """A meter of five digits before the point cannot stand at 123456."""
    taken = removals(f)
    for partner in live(f):
        for meter in partner["meter"]:
            given, digits = taken.get(str(meter.get("asset_id"))), meter.get("int_digits")
            if given is not None and digits and given >= 10 ** int(digits):
                yield (
                    f"用户 {partner['cons_no']} 拆表示数 {given:g} 超过电能表的 {digits} 位整数，"
                    "多半抄错了行或漏了小数点，请核对照片重录"
                )
