"""Guards about temporary supply: what it is for, how long, that it is not handed on, that it ends."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.dates import days_on, months_on
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.guards.fees import LISTED, fee_rows

RELIEF, LASTING = "04", "09"
"""Codes of disaster relief, and of a use that is not temporary (code list temp_purpose)."""
METERED, UNMETERED = "01", "02"
"""Codes of temporary supply (code list tmp_flag)."""
ABOLISHED_ON = "2017-12-01"
"""From this day on no fee or deposit for temporary supply is charged."""
CONNECTION_FEE = "02"
_DEPOSIT_WORDS = ("临时接电费", "押金", "保证金")


def begins_on(f: Facts) -> str:
    """The day temporary supply begins: as wished for, else today."""
    return f.get("wish_date") or f.today


def longest_until(f: Facts) -> tuple[str, int]:
    """The last day temporary supply may be agreed to under the order's rules, and the months that makes."""
    allowed = f.rule_set == "R24" or bool(f.get("temp_permit_no"))
    months = int(f.settings["temporary_months_2024" if allowed else "temporary_months_1996"])
    return months_on(begins_on(f), months), months


@guard(
    "用途属临时用电",
    refuses="use_not_temporary",
    rule="G-LS-01",
    basis="供电营业规则(1996)第12条",
    breaks=lambda f: set_form(temp_purpose=LASTING),
    mends=lambda f: set_form(temp_purpose="01"),
)
def purpose_is_temporary(f: Facts) -> Iterator[str]:
    """Only what comes to an end by itself is temporary."""
    if f.get("temp_purpose") == LASTING:
        yield "长期用途不办临时用电，请改办正式新装（高压 YXZY-YY-151，低压 YXZY-YY-170）"


@guard(
    "临时用电期限不超上限",
    refuses="temporary_too_long",
    rule="G-LS-02",
    basis="供电营业规则(1996)第12条；供电营业规则(2024)",
    confidence="中",
    breaks=lambda f: set_form(tmp_end=days_on(longest_until(f)[0], 1)),
    mends=lambda f: set_form(tmp_end=longest_until(f)[0]),
)
def temporary_within_limit(f: Facts) -> Iterator[str]:
    """Six months under the rules of 1996 unless longer was allowed, three years since 2024."""
    begin, end = begins_on(f), f.get("tmp_end")
    last, months = longest_until(f)
    if not end:
        return
    if end <= begin:
        yield f"到期日 {end} 不晚于用电开始日 {begin}，请改正"
    elif end > last:
        yield f"临时用电从 {begin} 起最长 {months} 个月（到 {last}），申请到 {end}，请缩短期限或改办正式用电"


@guard(
    "方案写明的到期日在申请期限以内",
    refuses="scheme_end_wrong",
    rule="G-LS-02",
    basis="供电营业规则(1996)第12条",
    breaks=lambda f: set_form(scheme_end=days_on(f.get("tmp_end") or f.today, 1)),
    mends=lambda f: set_form(scheme_end=f.data.get("tmp_end")),
)
def end_date_agreed(f: Facts) -> Iterator[str]:
    """The scheme says until when it supplies: after today, not beyond what was applied for."""
    end, asked = f.get("scheme_end"), f.get("tmp_end")
    if not end:
        yield "方案没有写供电到哪天（scheme_end），临时用电必须有到期日"
    elif end <= f.today:
        yield f"方案的供电到期日 {end} 不晚于今天，请改正"
    elif asked and end > asked:
        yield f"方案供电到 {end}，申请只到 {asked}，不得长于申请"


@guard(
    "没有转供回路",
    refuses="resale_planned",
    rule="G-LS-05",
    basis="供电营业规则(1996)第12条",
    breaks=lambda f: set_form(resale=True),
    mends=lambda f: set_form(resale=False),
)
def no_resale(f: Facts) -> Iterator[str]:
    """Temporary supply is not handed on to others."""
    if f.data.get("resale"):
        yield "方案里有向第三方供电的回路（resale），临时用电不得转供，请取消这一路"


@guard(
    "不收临时接电费和押金",
    refuses="temporary_deposit",
    rule="G-LS-08",
    basis="发改办价格〔2017〕1895号（凭记忆）",
    confidence="中",
    breaks=lambda f: set_form(
        fees=[{"item": CONNECTION_FEE, "basis": "旧目录", "qty": 1.0, "price": 100.0, "amount": 100.0}],
        fee_reduction=None,
    ),
    mends=lambda f: set_form(fees=None, fee_reduction=None),
)
def no_temporary_deposit(f: Facts) -> Iterator[str]:
    """The fee for temporary connection was abolished at the end of 2017; deposits with it."""
    if f.today < ABOLISHED_ON:
        return
    for row in fee_rows(f):
        item = str(row.get("item") or "")
        if item == CONNECTION_FEE or any(word in item for word in _DEPOSIT_WORDS):
            yield f"“{item}”属临时接电费或押金，{ABOLISHED_ON} 起取消，请删去"


@guard(
    "抢险救灾的费用有拨付单位",
    refuses="relief_payer_missing",
    rule="G-LS-10",
    basis="供电营业规则(1996)第12条",
    breaks=lambda f: set_form(temp_purpose=RELIEF, fees=[LISTED], relief_payer=None),
    mends=lambda f: set_form(relief_payer="示范市应急管理部门"),
)
def relief_paid_by_authority(f: Facts) -> Iterator[str]:
    """What disaster relief costs is paid out of the relief funds, not by who stands at the counter."""
    if f.get("temp_purpose") == RELIEF and fee_rows(f) and not f.get("relief_payer"):
        yield "抢险救灾用电的工程费、电费由政府从救灾经费拨付，列了费用须写拨付单位（relief_payer）"


@guard(
    "合同到期日不晚于批准的供电到期日",
    refuses="contract_outlasts_supply",
    rule="G-HT-04",
    basis="临时供用电合同随批准期限（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(
        tmp_end=f.get("tmp_end") or f.today, contract_end=days_on(f.get("tmp_end") or f.today, 1)
    ),
    mends=lambda f: set_form(contract_end=f.data.get("tmp_end")),
)
def contract_ends_in_time(f: Facts) -> Iterator[str]:
    """The contract does not run on after the supply."""
    contract, supply = f.get("contract_end"), f.get("tmp_end")
    if contract and supply and contract > supply:
        yield f"合同到 {contract}，批准供电到 {supply}，合同到期日不得晚于供电到期日"


@guard(
    "临时用电标志和到期日齐",
    refuses="temporary_unflagged",
    rule="D-13",
    basis="大连数据质量核查办法 小七1.56",
    breaks=lambda f: set_form(tmp_flag="03"),
    mends=lambda f: set_form(tmp_flag=METERED, tmp_end=f.data.get("tmp_end") or days_on(f.today, 90)),
)
def temporary_flagged(f: Facts) -> Iterator[str]:
    """A temporary account says in the archive that it is one, and until when."""
    if f.get("tmp_flag") != METERED:
        yield "临时用电标志（tmp_flag）应为装表临时用电，改正后再归档"
    if not f.get("tmp_end"):
        yield "临时用电到期日（tmp_end）空着，没有到期日不得归档"
