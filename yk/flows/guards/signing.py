"""Guards about signing and ending a supply contract."""

from __future__ import annotations

from collections.abc import Iterator

from yk.archive.codes import name_of
from yk.flows.dates import months_on
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.guards.scheme import SEVERAL_SOURCES
from yk.text import same_name

TERMS = {"01": "contract_years_hv", "02": "contract_years_lv", "04": "contract_years_temporary"}
"""Contract kind -> the setting with its longest term in years; kinds without one run on."""

UNIMPORTANT = "0"
"""Code of a customer of no importance (code list importance)."""


@guard(
    "合同用电方与申请（档案）一致",
    refuses="contract_party_other",
    rule="G-HT-07",
    basis="合同主体与档案一致（行业通例）",
    reads=("customer",),
    breaks=lambda f: set_form(contract_party=_party_name(f) + "（筹）"),
    mends=lambda f: set_form(contract_party=_party_name(f)),
)
def contract_party_matches(f: Facts) -> Iterator[str]:
    """The contract is made out to whoever applied."""
    wanted, party = _party_name(f), f.get("contract_party")
    if party and wanted and not same_name(wanted, party):
        yield f"合同用电方“{party}”与申请的“{wanted}”不一致，请改正合同"


def _party_name(f: Facts) -> str:
    return f.get("new_name") or str(f.row("customer").get("cons_name") or "")


@guard(
    "合同期限在规定年限内",
    refuses="contract_term_wrong",
    rule="G-HT-04",
    basis="合同有效期（公开资料，各类年限为参数）",
    confidence="中",
    breaks=lambda f: set_form(
        contract_kind="04", begin_date=f.today, contract_end=months_on(f.today, 12 * 30)
    ),
    mends=lambda f: set_form(contract_end=months_on(f.get("begin_date") or f.today, 12)),
)
def contract_term_allowed(f: Facts) -> Iterator[str]:
    """A contract ends after it begins and not later than its kind allows."""
    begin, end, kind = f.get("begin_date"), f.get("contract_end"), f.get("contract_kind")
    if not begin or not end:
        return
    if end <= begin:
        yield f"合同到期日 {end} 不晚于生效日 {begin}，请改正"
    elif kind in TERMS:
        years = int(f.settings[TERMS[kind]])
        if end > months_on(begin, 12 * years):
            yield f"{name_of('contract_kind', kind)}最长 {years} 年，到期日 {end} 超出，请改正"


@guard(
    "自备电源、多电源、重要用户已附安全协议",
    refuses="safety_agreement_missing",
    rule="G-HT-10",
    basis="高可靠性、自备电源、重要用户附协议（行业通例）",
    breaks=lambda f: set_form(own_source=True, safety_agreement=False),
    mends=lambda f: set_form(safety_agreement=True),
)
def safety_agreement_attached(f: Facts) -> Iterator[str]:
    """A customer with a source of its own, with several lines or of importance signs who answers for safety."""
    graded = f.get("importance") not in ("", UNIMPORTANT)
    several = f.get("supply_mode") in SEVERAL_SOURCES
    if (f.data.get("own_source") or several or graded) and not f.data.get("safety_agreement"):
        yield "有自备电源、双（多）电源或属重要用户，合同须附安全责任（自备电源使用）协议（safety_agreement）"


@guard(
    "电源已断开并标记",
    refuses="still_connected",
    rule="G-XH-05",
    basis="拆表、拆终端、拆接户线（或断开标记）后才终止合同（行业通例）",
    breaks=lambda f: set_form(disconnected=False),
    mends=lambda f: set_form(disconnected=True),
)
def disconnection_confirmed(f: Facts) -> Iterator[str]:
    """A contract ends only when nothing is live any more."""
    if not f.data.get("disconnected"):
        yield "接户线还没有拆除或断开标记（disconnected），断开后才能终止合同"
