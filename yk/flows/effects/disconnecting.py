"""Effects of cutting a supply and of restoring it."""

from __future__ import annotations

from yk.flows.change import Change
from yk.flows.effects import effect
from yk.flows.effects.account import customer_row
from yk.flows.facts import Facts
from yk.flows.guards.disconnecting import CUT
from yk.flows.guards.supply_restoring import UNPAID, running

REASONS = {"01": UNPAID, "02": "违窃", "03": "违窃", "07": "检修", "08": "用户申请"}
"""Ground -> reason of the outage; all others are for safety (code lists disconnection_ground, outage_reason)."""
SAFETY = "安全"


@effect(
    "停电：置停电标志、登记停电；复电：撤停电标志、登记复电",
    basis="YXZY-YY-472 的归档影响（flows §29 停电标志，推定）",
    reads=("customer", "outage"),
)
def carry_out_supply_action(f: Facts) -> Change:
    """The archive says from when to when the account is without power, and why."""
    if f.get("action") == CUT:
        outage = {
            "outage_id": f"O{f.case}",
            "cons_no": f.row("customer")["cons_no"],
            "reason": REASONS.get(f.get("ground"), SAFETY),
            "notice_time": f.get("notice_at")[:19] or None,
            "off_time": f.get("off_at")[:19],
        }
        return Change(put=(customer_row(f, stop_flag="1"), ("outage", outage)))
    ended = []
    for row in running(f):
        end = {"outage_id": row["outage_id"], "on_time": f.get("restored_at")[:19]}
        if row.get("reason") == UNPAID:
            end["paid_time"] = f.get("cause_gone_at")[:19]
        ended.append(("outage", end))
    return Change(put=(customer_row(f, stop_flag="0"), *ended))
