"""Guards about signing a supply contract: who signs, which seals, which days."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.dates import days_on
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import AGENT, set_form


@condition(
    "受托人签署", yes=lambda f: set_form(signatory_kind=AGENT), no=lambda f: set_form(signatory_kind="1")
)
def signed_by_agent(f: Facts) -> bool:
    """Somebody signs in the customer's name."""
    return f.get("signatory_kind") == AGENT


@guard(
    "受托签署的授权在期内",
    refuses="signatory_unauthorised",
    rule="G-HT-05",
    basis="民法典第165条",
    breaks=lambda f: set_form(
        signatory_kind=AGENT, sign_date=f.today, signatory_proxy_end=days_on(f.today, -1)
    ),
    mends=lambda f: set_form(signatory_proxy_end=days_on(f.get("sign_date") or f.today, 1)),
)
def signatory_authorised(f: Facts) -> Iterator[str]:
    """Whoever signs for another is empowered on the day of signing."""
    end, signed = f.get("signatory_proxy_end"), f.get("sign_date")
    if f.get("signatory_kind") == AGENT and end and signed and end < signed:
        yield f"签署授权 {end} 到期，早于签订日 {signed}，请客户重新授权"


@guard(
    "双方签章齐",
    refuses="seals_missing",
    rule="G-HT-05",
    basis="民法典第490条",
    breaks=lambda f: set_form(customer_sealed=False),
    mends=lambda f: set_form(customer_sealed=True, supplier_sealed=True),
)
def seals_complete(f: Facts) -> Iterator[str]:
    """A contract comes about when both sides have signed or sealed it."""
    lacking = [
        side
        for name, side in (("customer_sealed", "用电方"), ("supplier_sealed", "供电方"))
        if not f.data.get(name)
    ]
    if lacking:
        yield f"{'、'.join(lacking)}还没有签章，签章齐了才算签订"


@guard(
    "用印与批准号一致",
    refuses="seal_unapproved",
    rule="C3",
    basis="用印与审批号绑定（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(seal_approval_no=f"{f.get('approval_no')}-1"),
    mends=lambda f: set_form(seal_approval_no=f.get("approval_no")),
)
def sealed_as_approved(f: Facts) -> Iterator[str]:
    """The seal is used on the text that was approved."""
    approved, used = f.get("approval_no"), f.get("seal_approval_no")
    if approved != used:
        yield f"用印申请引的批准号 {used or '（空）'} 不是本合同的 {approved or '（空）'}，未批的文本不能盖章"


@guard(
    "竣工检验合格后合同才生效",
    refuses="effective_before_completion",
    rule="G-HT-01",
    basis="供电营业规则(1996)第92条",
    breaks=lambda f: set_form(contract_kind="02", begin_date=f.today, completion_on=days_on(f.today, 1)),
    mends=lambda f: set_form(completion_on=f.get("begin_date") or f.today),
)
def completion_before_effect(f: Facts) -> Iterator[str]:
    """A new contract binds from completion on, not before there is anything to supply."""
    begin, passed = f.get("begin_date"), f.get("completion_on")
    if begin and passed and begin < passed:
        yield f"竣工检验 {passed} 合格，合同却从 {begin} 生效，请改生效日"


@guard(
    "协议生效日就是业务生效日",
    refuses="effect_day_off",
    rule="G-HT-09",
    basis="生效日与计费切换一致（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(effect_day=f.today, sign_date=f.today, begin_date=days_on(f.today, 1)),
    mends=lambda f: set_form(begin_date=f.get("effect_day"), sign_date=f.get("effect_day")),
)
def effect_day_matches_business(f: Facts) -> Iterator[str]:
    """A supplement binds from the day the change itself takes effect."""
    begin, day = f.get("begin_date"), f.get("effect_day")
    if begin and day and begin != day:
        yield f"协议 {begin} 生效，业务（换表、封停或归档）{day} 生效，两个日期要一样"


@guard(
    "补签自签订日起生效",
    refuses="supplement_backdated",
    rule="G-HT-08",
    basis="补签不溯及既往（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(sign_date=f.today, begin_date=days_on(f.today, -365)),
    mends=lambda f: set_form(begin_date=f.get("sign_date")),
)
def effective_on_signing(f: Facts) -> Iterator[str]:
    """A contract signed afterwards is not dated back."""
    begin, signed = f.get("begin_date"), f.get("sign_date")
    if begin and signed and begin != signed:
        yield f"补签合同 {signed} 签订，生效日写成 {begin}，补签从签订日起生效，不倒填"
