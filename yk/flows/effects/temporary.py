"""Effects of temporary supply: the day it ends, and the task that says so in time."""

from __future__ import annotations

from yk.flows.change import Change
from yk.flows.dates import days_on
from yk.flows.effects import effect
from yk.flows.effects.tasks import TEMPORARY, task
from yk.flows.facts import Facts

NOTICE_DAYS = 30
"""How many days before its end the customer is told in writing (G-LS-03: one month)."""


@effect("方案定的供电到期日成为本单的到期日", basis="供电营业规则(1996)第12条")
def adopt_scheme_end(f: Facts) -> Change:
    """From here on the order goes by what was approved, not by what was applied for."""
    end = f.get("scheme_end")
    return Change(form={"tmp_end": end}) if end else Change()


@effect("临时用电到期前告知客户", basis="供电营业规则(1996)第12条", reads=("customer",))
def watch_temporary_end(f: Facts) -> Change:
    """A task one month before temporary supply ends: prolong, connect for good, or disconnect."""
    end, cons_no = f.get("tmp_end"), f.get("cons_no")
    if not end:
        return Change()
    text = f"临时用电 {end} 到期：延期、转正式，或终止供电"
    return Change(put=(task(f, TEMPORARY, text, end, days_on(end, -NOTICE_DAYS), cons_no),))
