"""Guards about when something may be asked for."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.dates import days_on, working_days_on
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form

LEAD_DAYS = 5


@guard(
    "提前量够",
    refuses="lead_time_short",
    rule="G-ALL-08",
    basis="供电营业规则(1996)第23—26条；发改办价格〔2016〕1583号起为五个工作日",
    breaks=lambda f: set_form(wish_date=f.today),
    mends=lambda f: set_form(wish_date=days_on(f.today, 30)),
)
def lead_time_kept(f: Facts) -> Iterator[str]:
    """The day wished for lies five days ahead, working days since 2016."""
    wished = f.get("wish_date")
    if f.rule_set == "R96":
        earliest, wanted = days_on(f.today, LEAD_DAYS), f"{LEAD_DAYS} 天"
    else:
        earliest, wanted = working_days_on(f.today, LEAD_DAYS), f"{LEAD_DAYS} 个工作日"
    if wished and wished < earliest:
        yield f"期望执行日 {wished} 须提前 {wanted}申请，最早可填 {earliest}"
