"""Guards about another way of paying: whose account, from which bill on (rules G-JF-01, 02, 04)."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.change import Change
from yk.flows.dates import days_on, months_on
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.account import owed
from yk.flows.guards.application import set_form
from yk.flows.guards.settling import held
from yk.text import halfwidth, same_name

DEBIT = ("060", "070", "130", "140", "150")
"""Ways of paying that take the money from a bank account (code list fee_pay_mode)."""
BY_DEBIT, AT_THE_DESK = "140", "010"
TEMPORARY, NOT_TEMPORARY = ("01", "02"), "03"
ACCOUNT_DIGITS = range(10, 31)
"""How many digits a bank account has."""


@condition(
    "从银行账户扣款",
    yes=lambda f: set_form(new_pay_mode=BY_DEBIT),
    no=lambda f: set_form(new_pay_mode=AT_THE_DESK),
)
def debit_chosen(f: Facts) -> bool:
    """The new way takes the money from an account."""
    return f.get("new_pay_mode") in DEBIT


@guard(
    "新交费方式与现用的不同",
    refuses="payment_unchanged",
    rule="A01",
    basis="更改交费方式须有改动（常识）",
    confidence="中",
    reads=("customer", "billing_info"),
    breaks=lambda f: _as_now(f),
    mends=lambda f: set_form(
        new_pay_mode="050" if f.row("customer").get("pay_mode") != "050" else AT_THE_DESK
    ),
)
def method_differs(f: Facts) -> Iterator[str]:
    """Way, control, settling, bill, notice, account: one of them is another."""
    now = held(f)
    asked = {name: f.get(name) for name in now}
    if asked["new_pay_mode"] not in DEBIT:
        del asked["bank_account"], now["bank_account"]
    if now["new_pay_mode"] and all(asked[name] == str(now[name] or "") for name in now):
        yield "交费方式、付费与费控、结算、票据、通知和账户都与现用的一样，没有要改的，请向客户问清"


def _as_now(f: Facts) -> Change:
    """A recipe: the archive already says what the form asks for."""
    cons_no = f.row("customer")["cons_no"]
    customer = {"pay_mode": f.get("new_pay_mode"), "fee_control": f.get("new_fee_control")}
    customer |= {"note_type": f.get("note_type"), "notify_mode": f.get("notify_mode")}
    billing = {"settle_mode": f.get("new_settle_mode"), "bank_account": f.data.get("bank_account")}
    return Change(
        put=(
            ("customer", {"cons_no": cons_no, **customer}),
            ("billing_info", {"cons_no": cons_no, **billing}),
        )
    )


@guard(
    "扣款账户是户主的或有户主授权",
    refuses="debit_unauthorized",
    rule="G-JF-02",
    basis="代扣、托收户名与账户名不一致须书面授权（行业通例）",
    reads=("customer",),
    breaks=lambda f: set_form(
        new_pay_mode=BY_DEBIT,
        account_name="示范他人",
        debit_authorization=None,
        **_account("9900000000000001"),
    ),
    mends=lambda f: set_form(account_name=f.row("customer").get("cons_name")),
)
def debit_account_authorized(f: Facts) -> Iterator[str]:
    """Money is taken from the customer's own account, or from another's with a written word."""
    holder, name = f.get("account_name"), str(f.row("customer").get("cons_name") or "")
    other = debit_chosen(f) and holder and not same_name(holder, name)
    if other and not f.get("debit_authorization"):
        yield f"账户名“{holder}”与户名“{name}”不一致，须交户主书面授权并填授权书编号（debit_authorization）"


def _account(number: str) -> dict[str, object]:
    """A recipe's bank account, written twice."""
    return {"bank_name": "示范银行测试支行", "bank_account": number, "bank_account_again": number}


@guard(
    "扣款账号录入无误",
    refuses="bank_account_wrong",
    rule="G-JF-02",
    basis="代扣、托收账户核对（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(
        new_pay_mode=BY_DEBIT, **(_account("9900000000000001") | {"bank_account_again": "9900000000000010"})
    ),
    mends=lambda f: set_form(**_account("9900000000000001")),
)
def bank_account_agrees(f: Facts) -> Iterator[str]:
    """An account number is digits only and the same both times it was typed."""
    number, again = (halfwidth(f.get(name)) for name in ("bank_account", "bank_account_again"))
    if not debit_chosen(f) or not number:
        return
    if not number.isdecimal() or len(number) not in ACCOUNT_DIGITS:
        yield f"银行账号应为 {ACCOUNT_DIGITS[0]} 到 {ACCOUNT_DIGITS[-1]} 位数字，现填 {len(number)} 位，请对着卡折重录"
    if number != again:
        yield "两次录入的银行账号不一样，请对着卡折重录"


@guard(
    "起用日是账期第一天",
    refuses="start_inside_period",
    rule="G-JF-04",
    basis="新方式从整账期起用（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(start_on=days_on(_period(f, 2), 14)),
    mends=lambda f: set_form(start_on=_period(f, 1)),
)
def starts_with_period(f: Facts) -> Iterator[str]:
    """A billing period (a calendar month) is paid in one way."""
    start = f.get("start_on")
    if start and not start.endswith("-01"):
        yield f"起用日 {start} 在账期中间，请填账期第一天，如 {start[:8]}01 或 {months_on(f'{start[:8]}01', 1)}"


def _period(f: Facts, number: int) -> str:
    """The first day of the `number`-th billing period from this one on."""
    return months_on(f"{f.today[:8]}01", number)


@guard(
    "未结账单仍按旧方式交",
    refuses="start_too_early",
    rule="G-JF-01、G-JF-04",
    basis="账单已发行未结的从下一账期起用（行业通例）",
    confidence="中",
    reads=("customer", "receivable"),
    breaks=lambda f: Change(
        put=(("receivable", _bill(f)),), form={"start_on": _period(f, 0), "begin_date": _period(f, 0)}
    ),
    mends=lambda f: set_form(start_on=_period(f, 1)),
)
def starts_after_open_bills(f: Facts) -> Iterator[str]:
    """Arrears do not hinder the change, but what is billed is paid the old way."""
    start, now = f.get("start_on"), f.today[:7]
    if not start:
        return
    open_ = round(sum(owed(row) for row in f.rows("receivable")), 2)
    if start[:7] < now:
        yield f"起用日 {start} 在过去的账期，最早填 {_period(f, 0)}"
    elif open_ and start[:7] == now:
        yield f"还有 {open_:.2f} 元账单没结，先按现用方式交清；新方式请从下一账期 {_period(f, 1)} 起用"


def _bill(f: Facts) -> dict[str, object]:
    """A bill that nobody has paid yet, for recipes."""
    return {
        "rcv_id": f"R{f.case}",
        "cons_no": f.row("customer")["cons_no"],
        "ym": int(f.today[:7].replace("-", "")),
        "kind": "010",
        "amount": 86.0,
        "paid": 0.0,
        "late_fee": 0.0,
        "due_date": f.today,
        "settled_date": None,
    }


@guard(
    "临时用电户可以改交费方式",
    refuses="temporary_not_open",
    rule="G-ALL-06",
    basis="供电营业规则(1996)第12条；供电营业规则(2024)放开更改交费方式（推定）",
    confidence="中",
    reads=("customer",),
    breaks=lambda f: _temporary(f, "01", days_on(f.today, -30)),
    mends=lambda f: _temporary(f, NOT_TEMPORARY, None),
)
def open_to_temporary(f: Facts) -> Iterator[str]:
    """The old rules change nothing of a temporary account; the new ones let it pay otherwise while its term runs."""
    customer = f.row("customer")
    if customer.get("tmp_flag") not in TEMPORARY:
        return
    end = customer.get("tmp_end")
    if f.rule_set != "R24":
        yield f"用户 {customer['cons_no']} 是临时用电户，按受理日所用规则不办变更，只办延期、终止或转正式"
    elif end and end < f.today:
        yield f"用户 {customer['cons_no']} 的临时用电已于 {end} 到期，请先办延期或终止"


def _temporary(f: Facts, flag: str, end: str | None) -> Change:
    return Change(
        put=(("customer", {"cons_no": f.row("customer")["cons_no"], "tmp_flag": flag, "tmp_end": end}),)
    )
