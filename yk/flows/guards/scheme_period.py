"""Guards about how long a supply scheme holds, and about prolonging it before it lapses."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.change import Change
from yk.flows.dates import days_on, months_on
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.guards.scheme import LOW_VOLTAGES


def months(f: Facts) -> int:
    """How many months a scheme holds at the voltage it supplies, else at the customer's."""
    volt = f.get("scheme_volt") or f.row("customer").get("volt_code")
    return int(f.settings["scheme_months_lv" if volt in LOW_VOLTAGES else "scheme_months_hv"])


def last_day(f: Facts) -> str:
    """The last day a scheme replied to on the day of the form, else today, may hold."""
    return months_on(f.get("replied_on") or f.today, months(f))


@guard(
    "供电方案有效期不长于规定",
    refuses="scheme_period_long",
    rule="G-FA-01",
    basis="供电营业规则(1996)第21条",
    reads=("customer",),
    breaks=lambda f: set_form(scheme_valid_until=days_on(last_day(f), 1)),
    mends=lambda f: set_form(scheme_valid_until=last_day(f)),
)
def scheme_period_right(f: Facts) -> Iterator[str]:
    """A year at high voltage, three months at low voltage, counted from the reply."""
    until, last = f.get("scheme_valid_until"), last_day(f)
    if until and until > last:
        yield f"方案自答复日起最长 {months(f)} 个月（到 {last}），写的有效期至 {until}，请改正"


def _prolonged(f: Facts, asked: str, until: str) -> Change:
    """A recipe: the scheme, which holds another month, was prolonged."""
    return set_form(
        scheme_valid_until=days_on(f.today, 30), scheme_extension_on=asked, scheme_extended_until=until
    )


@guard(
    "方案展期在到期前申请且只展一次",
    refuses="scheme_extension_wrong",
    rule="G-FA-02",
    basis="供电营业规则(1996)第21条（到期前十天申请）；提前量另有七个工作日口径",
    confidence="中",
    reads=("customer",),
    breaks=lambda f: _prolonged(f, days_on(f.today, 30), months_on(days_on(f.today, 30), months(f))),
    mends=lambda f: _prolonged(f, f.today, months_on(days_on(f.today, 30), months(f))),
)
def scheme_extension_allowed(f: Facts) -> Iterator[str]:
    """Asked for ten days before the scheme lapses, granted once, for the same time again at most: the new end is
    measured from the first one, so a second extension does not pass."""
    until, new, asked = (
        f.get(k) for k in ("scheme_valid_until", "scheme_extended_until", "scheme_extension_on")
    )
    if not new or not until:
        return
    lead = int(f.settings["scheme_extension_days"])
    latest, last = days_on(until, -lead), months_on(until, months(f))
    if not asked:
        yield "填了展期后的有效期，没有客户申请展期的日期（scheme_extension_on）"
    elif asked > latest:
        yield f"方案有效期至 {until}，展期须提前 {lead} 天（{latest} 前）申请，客户 {asked} 才提，请终止后重新申请"
    if not until < new <= last:
        yield f"展期只办一次、不长于原期限：原有效期至 {until}，最多展到 {last}，填的是 {new}"
