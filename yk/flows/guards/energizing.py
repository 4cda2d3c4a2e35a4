"""Guards about energizing: the seven conditions before the switch is closed, and what is sealed or unsealed."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.guards.metering import meter_rows
from yk.flows.guards.works import GOOD

BASIS = "送电七条件（行业通例）"


@guard(
    "外部工程验收合格",
    refuses="works_not_accepted",
    rule="A18",
    basis=BASIS,
    breaks=lambda f: set_form(external_works=True, works_ready=False),
    mends=lambda f: set_form(works_ready=True, works_end=f.today),
)
def works_accepted(f: Facts) -> Iterator[str]:
    """First condition: works of the supplier are done."""
    if f.data.get("external_works") and not f.data.get("works_ready"):
        yield "外部供电工程还没有验收合格（works_ready），不能送电"


@guard(
    "受电工程验收合格",
    refuses="installation_not_accepted",
    rule="A18",
    basis=f"供电营业规则(1996)第43条；{BASIS}",
    breaks=lambda f: set_form(client_works=True, inspection_result="2"),
    mends=lambda f: set_form(inspection_result=GOOD),
)
def installation_accepted(f: Facts) -> Iterator[str]:
    """Second condition: the customer's installation passed."""
    if f.data.get("client_works") and f.get("inspection_result") != GOOD:
        yield "受电工程竣工验收没有合格（inspection_result），不能送电"


@guard(
    "供用电合同已生效",
    refuses="contract_not_effective",
    rule="G-HT-01",
    basis="供电营业规则(1996)第92条",
    reads=("contracts",),
    breaks=lambda f: Change(
        form={"sign_date": None},
        put=tuple(
            ("contract", {"contract_no": r["contract_no"], "status": "终止"}) for r in f.rows("contracts")
        ),
    ),
    mends=lambda f: set_form(sign_date=f.today, begin_date=f.today),
)
def contract_effective(f: Facts) -> Iterator[str]:
    """Third condition: no power without a contract that was signed, in this order or before."""
    signed = bool(f.get("sign_date")) and (f.get("begin_date") or f.today) <= f.today
    running = [
        row
        for row in f.rows("contracts")
        if row.get("status") in ("签订", "归档") and (row.get("end_date") or "9999") >= f.today
    ]
    if not signed and not running:
        yield "还没有生效的供用电合同，签订生效后才能送电（接电）"


@guard(
    "计量和采集已装好",
    refuses="metering_not_ready",
    rule="A18",
    basis=BASIS,
    breaks=lambda f: set_form(meter_work_needed=True, meter_work=None),
    mends=lambda f: set_form(
        meter_work=[{"new_asset_no": f"YK{f.case}", "new_reading": 0.0, "multiplier": 1.0, "seal_no": f.case}]
    ),
)
def metering_ready(f: Facts) -> Iterator[str]:
    """Fifth condition: meters stand with readings, terminals answer."""
    rows = meter_rows(f)
    if f.data.get("meter_work_needed") is not False and not rows:
        yield "计量装置还没有装好登记（meter_work），不能送电"
    if f.data.get("terminal_work_needed") and f.data.get("terminal_online_ok") is False:
        yield "采集终端还没有上线（terminal_online_ok），不能送电"


@guard(
    "客户电气人员持证到位",
    refuses="electricians_absent",
    rule="A18",
    basis=BASIS,
    breaks=lambda f: set_form(electricians_on_site=False),
    mends=lambda f: set_form(electricians_on_site=True),
)
def electricians_present(f: Facts) -> Iterator[str]:
    """Sixth condition: the customer's certified people are there and do the switching."""
    if not f.data.get("electricians_on_site"):
        yield "客户持证电气人员没有到位（electricians_on_site），不能送电"


@guard(
    "安全措施、规程和启动方案齐备",
    refuses="startup_not_ready",
    rule="A18",
    basis=BASIS,
    breaks=lambda f: set_form(startup_plan_ok=False),
    mends=lambda f: set_form(startup_plan_ok=True),
)
def startup_ready(f: Facts) -> Iterator[str]:
    """Seventh condition: safety measures, rules and the plan of start-up are there."""
    if not f.data.get("startup_plan_ok"):
        yield "客户安全措施、运行规程或启动方案不齐（startup_plan_ok），不能送电"


@guard(
    "封停（启封）记录齐",
    refuses="seal_incomplete",
    rule="A19",
    basis="NX 1.2 设备封停人员职责（记录封停时间和说明）",
    reads=("seal_record",),
    breaks=lambda f: set_form(sealed=[{"tran_id": "T0", "seal_no": None, "place": "高压侧"}]),
    mends=lambda f: set_form(
        sealed=[
            {**row, "seal_no": f"FY{f.case}-{n}", "place": row.get("place") or "高压侧开关"}
            for n, row in enumerate(f.data.get("sealed") or ({"tran_id": "T0"},), start=1)
        ]
    ),
)
def seal_recorded(f: Facts) -> Iterator[str]:
    """Every device sealed or unsealed has its own seal number, one that no other carries."""
    rows = f.data.get("sealed") or ()
    used = {
        r.get("seal_no")
        for r in f.rows("seal_record")
        if r.get("action") == "1" and r.get("app_no") != f.case
    }
    if not rows:
        yield "还没有登记封停（启封）的设备和封印号（sealed）"
    numbers = [row.get("seal_no") for row in rows]
    for row in rows:
        if not row.get("seal_no"):
            yield f"设备 {row.get('tran_id')} 没有封印号（seal_no）"
        elif numbers.count(row["seal_no"]) > 1 or (row["seal_no"] in used and not f.data.get("unsealing")):
            yield f"封印号 {row['seal_no']} 已经用过，一个封印一个号"
