"""Guards about the supply contract."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.text import same_name

ENDED = "终止"


@condition(
    "需要变更供用电合同",
    yes=lambda f: Change(form={"contract_change": True}),
    no=lambda f: Change(form={"contract_change": False}),
)
def contract_change_needed(f: Facts) -> bool:
    """The application says so; a changed party name as a rule does (NX 1.3.1.2.2)."""
    return f.data.get("contract_change") is not False


@guard(
    "原合同在有效期内",
    refuses="contract_expired",
    rule="A15",
    basis="合同管理（到期先续签，YXZY-YY-446）",
    confidence="中",
    reads=("contract",),
    breaks=lambda f: Change(
        put=(("contract", {"contract_no": f.row("contract")["contract_no"], "end_date": "2020-12-31"}),)
    ),
    mends=lambda f: Change(
        put=(("contract", {"contract_no": f.row("contract")["contract_no"], "end_date": "2030-12-31"}),)
    ),
)
def contract_in_force(f: Facts) -> Iterator[str]:
    """No supplement to a contract that is not there, ended or past its date."""
    contract = f.row("contract")
    if not contract:
        yield "档案里没有供用电合同，请先补签合同（YXZY-YY-451）再办变更"
    elif contract.get("status") == ENDED:
        yield f"供用电合同 {contract['contract_no']} 已终止，不能再做补充协议"
    elif (contract.get("end_date") or "9999") < f.today:
        yield f"供用电合同 {contract['contract_no']} 已于 {contract['end_date']} 到期，请先续签（YXZY-YY-446）"


@guard(
    "补充协议的用电方名称是新用户名",
    refuses="contract_name_mismatch",
    rule="G-ALL-09",
    basis="供电营业规则(1996)第22条",
    breaks=lambda f: Change(form={"agreement_name": f.get("new_name") + "（筹）"}),
    mends=lambda f: Change(form={"agreement_name": f.get("new_name")}),
)
def contract_names_new(f: Facts) -> Iterator[str]:
    """The supplement is made out to the new name."""
    name, agreed = f.get("new_name"), f.get("agreement_name")
    if agreed and not same_name(name, agreed):
        yield f"补充协议的用电方“{agreed}”不是新用户名“{name}”，请改正协议"


@guard(
    "生效日期不早于签订日期",
    refuses="contract_dates_wrong",
    rule="A15",
    basis="合同管理（生效日与计费日一致）",
    confidence="中",
    breaks=lambda f: Change(form={"sign_date": "2026-11-20", "begin_date": "2026-11-01"}),
    mends=lambda f: Change(form={"begin_date": f.get("sign_date")}),
)
def contract_dates_agree(f: Facts) -> Iterator[str]:
    """A supplement does not bind before it is signed."""
    signed, begins = f.get("sign_date"), f.get("begin_date")
    if signed and begins and begins < signed:
        yield f"补充协议 {begins} 生效，早于签订日期 {signed}，请改正日期"


@guard(
    "涉及合同的变更有合同变更记录",
    refuses="contract_not_recorded",
    rule="G-ALL-09",
    basis="供电营业规则(1996)第22条",
    reads=("contract_change",),
    breaks=lambda f: Change(
        form={"contract_change": True},
        drop=tuple(("contract_change", str(r["change_id"])) for r in f.rows("contract_change")),
    ),
    mends=lambda f: Change(form={"contract_change": False, "no_change_reason": "合同条款没有变动"}),
)
def contract_recorded(f: Facts) -> Iterator[str]:
    """What touches the contract is archived only after the contract was changed."""
    if f.data.get("contract_change") is False:
        if not f.get("no_change_reason"):
            yield "登记为不变更合同，须写明理由（no_change_reason）"
    elif not f.rows("contract_change"):
        yield f"{f.flow or '本业务'}动到供用电合同，还没有合同变更记录，请先完成变更合同"
