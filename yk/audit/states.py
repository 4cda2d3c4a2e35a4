"""The states of a finding's life (大连数据质量核查办法第十一、十二条)."""

from __future__ import annotations

FOUND, REOPENED, ASSIGNED, VERIFIED, CORRECTED = "found", "reopened", "assigned", "verified", "corrected"
CLEARED, WHITELISTED = "cleared", "whitelisted"
DENIED = "denied"
"""The step of a finding that its unit verified as not real."""
STATES = {
    FOUND: "已发现",
    REOPENED: "重现",
    ASSIGNED: "已派发",
    VERIFIED: "已核实",
    CORRECTED: "已订正",
    CLEARED: "已消除",
    WHITELISTED: "白名单",
}
OPEN = (FOUND, REOPENED, ASSIGNED, VERIFIED, CORRECTED)
"""States in which somebody still has to do something."""
STEPS = STATES | {
    "overdue": "逾期",
    "extended": "延期",
    "linked": "已挂工单",
    "moved": "改责任",
    DENIED: "核实不属实",
}
"""What a step of a finding's history may say: a state it came to, or something noted while its state stayed."""
