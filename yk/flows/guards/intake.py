"""Guards about requests that come in before any business is accepted: clues to be confirmed, service tickets."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.change import Change
from yk.flows.dates import days_between, days_on
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form

REFER, WAIT, DROP = "1", "2", "3"
"""What becomes of a request (code list clue_outcome)."""
FILED, CLOSED = "1", "2"
"""What becomes of a request that waited for papers (code list clue_end)."""
TRANSFERRED, ANSWERED = "1", "2"
"""How a service ticket is handled (code list ticket_handling)."""
COMPLAINT = "03"
"""Kind of a service ticket (code list ticket_kind)."""


@condition(
    "等客户补资料", yes=lambda f: set_form(clue_outcome=WAIT), no=lambda f: set_form(clue_outcome=REFER)
)
def papers_awaited(f: Facts) -> bool:
    """The request is kept until the customer brings what is missing."""
    return f.get("clue_outcome") == WAIT


@condition(
    "转具体业务受理", yes=lambda f: set_form(clue_outcome=REFER), no=lambda f: set_form(clue_outcome=WAIT)
)
def clue_referred(f: Facts) -> bool:
    """The request goes on to the counter of its business."""
    return f.get("clue_outcome") == REFER


@guard(
    "去向与需求相符",
    refuses="referral_missing",
    rule="ZJ144",
    basis="ZJ 144(3)",
    breaks=lambda f: set_form(clue_outcome=REFER, papers_complete=True, referred_to=None),
    mends=lambda f: set_form(referred_to=f.get("wanted_business")),
)
def referral_chosen(f: Facts) -> Iterator[str]:
    """A request that is passed on goes to the business the customer wants, or says why to another."""
    wanted, target = f.get("wanted_business"), f.get("referred_to")
    if f.get("clue_outcome") != REFER:
        return
    if not target:
        yield "选了转业务受理，须选转到哪一项业务（referred_to）"
    elif wanted and target != wanted and not f.get("referral_reason"):
        yield f"客户要办“{wanted}”，却转到“{target}”，须写明缘由（referral_reason）"


@guard(
    "联系电话打得通的样子",
    refuses="contact_incomplete",
    rule="ZJ144",
    basis="ZJ 144(2)",
    breaks=lambda f: set_form(mobile="19900", office_phone=None),
    mends=lambda f: set_form(mobile="19900001111"),
)
def contact_complete(f: Facts) -> Iterator[str]:
    """Later steps reach the customer: a mobile number of eleven digits, or an office telephone."""
    mobile = f.get("mobile").replace(" ", "").replace("-", "").removeprefix("+86")
    if not f.get("office_phone") and not (len(mobile) == 11 and mobile.startswith("1")):
        yield f"移动电话（mobile）“{f.get('mobile') or '（空）'}”不是 11 位手机号，也没有办公电话，后面环节联系不上客户"


@guard(
    "资料齐不齐已有着落",
    refuses="papers_unsettled",
    rule="ZJ144",
    basis="ZJ 144(1)",
    breaks=lambda f: set_form(clue_outcome=WAIT, papers_complete=False, notice_no=None, promised_on=f.today),
    mends=lambda f: set_form(
        clue_outcome=WAIT, papers_complete=False, notice_no=f"GZ{f.case}", promised_on=days_on(f.today, 5)
    ),
)
def papers_settled(f: Facts) -> Iterator[str]:
    """Complete papers go on; incomplete ones get one notice of all that is missing and an agreed day."""
    complete, outcome = bool(f.data.get("papers_complete")), f.get("clue_outcome")
    if outcome == REFER and not complete:
        yield "资料还不齐，不能转业务受理；请开一次性告知单等客户补齐"
    if outcome == WAIT and (not f.get("notice_no") or not f.get("promised_on")):
        yield "等客户补资料，须开一次性告知单（notice_no）并约好补齐日期（promised_on）"
    if outcome == WAIT and f.get("promised_on") and f.get("promised_on") < f.today:
        yield f"约定补齐日期 {f.get('promised_on')} 已经过去，请另约"


@guard(
    "补件的意向满期才关",
    refuses="clue_closed_early",
    rule="ZJ144",
    basis="未补件的意向满期关闭（企业规则，天数为参数）",
    confidence="低",
    breaks=lambda f: set_form(clue_end=CLOSED, close_reason="客户未补资料", promised_on=f.today),
    mends=lambda f: set_form(promised_on=days_on(f.today, -1 - int(f.settings["clue_close_days"]))),
)
def clue_old_enough(f: Facts) -> Iterator[str]:
    """A request is not dropped before the customer has had time."""
    promised, wanted = f.get("promised_on"), int(f.settings["clue_close_days"])
    if f.get("clue_end") == CLOSED and promised and days_between(promised, f.today) < wanted:
        late = days_on(promised, wanted)
        yield f"约定 {promised} 补齐，满 {wanted} 天（{late}）后才能关闭，先打电话提醒客户"


@condition("客户补齐了资料", yes=lambda f: set_form(clue_end=FILED), no=lambda f: _closed_at_last(f))
def papers_arrived(f: Facts) -> bool:
    """The papers came in after all."""
    return f.get("clue_end") == FILED


def _closed_at_last(f: Facts) -> Change:
    return set_form(
        clue_end=CLOSED,
        close_reason="客户未补资料",
        promised_on=days_on(f.today, -1 - int(f.settings["clue_close_days"])),
    )


@condition(
    "服务单转业务办理",
    yes=lambda f: set_form(ticket_handling=TRANSFERRED),
    no=lambda f: set_form(ticket_handling=ANSWERED),
)
def ticket_transferred(f: Facts) -> bool:
    """The ticket becomes an order of some business."""
    return f.get("ticket_handling") == TRANSFERRED


@guard(
    "反馈时限不早于登记、不超过承诺",
    refuses="feedback_due_wrong",
    rule="N10",
    basis="投诉 1 个工作日联系、7 个工作日答复（十项承诺），其余按所设天数",
    confidence="中",
    breaks=lambda f: set_form(feedback_due=days_on(f.today, 400)),
    mends=lambda f: set_form(feedback_due=days_on(f.today, 1)),
)
def feedback_due_allowed(f: Facts) -> Iterator[str]:
    """What is promised to the caller is neither past nor later than the utility's own promise."""
    due, most = f.get("feedback_due"), int(f.settings["feedback_days"])
    if due and due < f.today:
        yield f"反馈时限 {due} 早于今天，请改正"
    elif due and days_between(f.today, due) > most:
        yield f"反馈时限 {due} 超过 {most} 天，请在 {days_on(f.today, most)} 前答复"


@guard(
    "投诉不转给被投诉人",
    refuses="handler_accused",
    rule="N10",
    basis="投诉回避（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(ticket_kind=COMPLAINT, accused="营业一班", handler="营业一班"),
    mends=lambda f: set_form(handler="客户服务督导"),
)
def handler_not_accused(f: Facts) -> Iterator[str]:
    """Nobody handles the complaint about himself."""
    accused = f.get("accused")
    if f.get("ticket_kind") == COMPLAINT and accused and accused == f.get("handler"):
        yield f"投诉对象是“{accused}”，不能派给本人（本班）处理，请另派"


@guard(
    "转办的业务已经起单",
    refuses="transfer_unopened",
    rule="N10",
    basis="转办须有业务工单号（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(transfer_case="0100"),
    mends=lambda f: set_form(transfer_case=f.case),
)
def transfer_opened(f: Facts) -> Iterator[str]:
    """A ticket is not laid aside with «passed on»: the business has an order number."""
    number = f.get("transfer_case")
    if number and not (len(number) == 12 and number.isdecimal()):
        yield f"业务工单号“{number}”不是 12 位申请编号，转办的业务起单后再回填"


@guard(
    "已在时限内反馈，或写明超期缘由",
    refuses="feedback_late",
    rule="N10",
    basis="限时反馈（十项承诺）",
    confidence="中",
    breaks=lambda f: set_form(feedback_due=days_on(f.today, -1), feedback_on=f.today, late_reason=None),
    mends=lambda f: set_form(late_reason="现场停电影响，已致歉说明"),
)
def feedback_in_time(f: Facts) -> Iterator[str]:
    """Late feedback says why."""
    due, given = f.get("feedback_due"), f.get("feedback_on")
    if due and given and given > due and not f.get("late_reason"):
        yield f"应在 {due} 前反馈，{given} 才反馈，须写明超期缘由（late_reason）"
