"""Guards about 过户: another party takes over, and nothing but the party changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.account import owed
from yk.flows.guards.application import set_form
from yk.flows.guards.removal import last_total, listed_assets
from yk.text import halfwidth, same_name

LAW = "供电营业规则(1996)第29条"
TITLE, CONSENT = "M18", "M19"
"""Materials: proof that the property went over, consent of the former owner."""


def class_may_change(f: Facts) -> bool:
    """Since 2024 the class of use may change with the party, by an order of its own (改类)."""
    return f.rule_set == "R24" and bool(f.get("class_change_case"))


@guard(
    "用电地址、容量不变，类别变了并办改类",
    refuses="more_than_party",
    rule="G-GH-02",
    basis=LAW,
    reads=("customer",),
    breaks=lambda f: set_form(new_cap=float(f.row("customer").get("contract_cap") or 0) + 50),
    mends=lambda f: set_form(
        new_elec_addr=f.row("customer").get("elec_addr"),
        new_cap=f.row("customer").get("contract_cap"),
        new_elec_type=f.row("customer").get("elec_type"),
    ),
)
def only_party_changes(f: Facts) -> Iterator[str]:
    """A transfer leaves address and capacity alone, and until 2024 the class of use."""
    customer = f.row("customer")
    address, cap, kind = (f.data.get(name) for name in ("new_elec_addr", "new_cap", "new_elec_type"))
    if address and not same_name(str(customer.get("elec_addr") or ""), str(address)):
        yield f"用电地址由 {customer.get('elec_addr')} 变为 {address}，不是过户，请办迁址或新装"
    if cap is not None and float(cap) != float(customer.get("contract_cap") or 0):
        yield f"合同容量由 {customer.get('contract_cap'):g} 变为 {float(cap):g} kVA，不是过户，请办增容或减容"
    if kind and kind != customer.get("elec_type") and not class_may_change(f):
        how = "并办改类并填改类工单号（class_change_case）" if f.rule_set == "R24" else "先办改类再过户"
        yield f"用电类别由 {customer.get('elec_type')} 变为 {kind}，请{how}"


@guard(
    "新户与原户不是同一主体",
    refuses="party_same",
    rule="G-GM-02",
    basis="NX 1.3.2.1.1（产权关系变更）；同一主体只改名称办更名",
    reads=("party",),
    breaks=lambda f: Change(
        form={"new_cert_no": f.get("new_cert_no") or "D1"},
        put=(
            (
                "party",
                {"party_no": f.row("party").get("party_no"), "cert_no": f.get("new_cert_no") or "D1"},
            ),
        ),
    ),
    mends=lambda f: Change(
        put=(("party", {"party_no": f.row("party").get("party_no"), "cert_no": f"Y{f.case}"}),)
    ),
)
def new_party_differs(f: Facts) -> Iterator[str]:
    """The same certificate number means the same party: only its name changes."""
    old = halfwidth(str(f.row("party").get("cert_no") or "")).upper()
    if old and old == halfwidth(f.get("new_cert_no")).upper():
        yield "新户证照号码与档案相同，用电主体没有变，请改办更名（YXZY-YY-334）"


@guard(
    "破产分立的新户已清偿原户债务",
    refuses="bankrupt_debts",
    rule="G-GH-09、G-PC-02",
    basis="供电营业规则(1996)第36条",
    breaks=lambda f: set_form(from_bankrupt=True, bankrupt_clearance=None),
    mends=lambda f: set_form(bankrupt_clearance=f"QC{f.case}"),
)
def bankrupt_debts_paid(f: Facts) -> Iterator[str]:
    """A party split off a bankrupt one pays that one's electricity first."""
    if f.data.get("from_bankrupt") and not f.get("bankrupt_clearance"):
        yield "新户由破产户分立，须先偿清破产户的电费债务并填清偿凭证号（bankrupt_clearance）"


def _attached(f: Facts, code: str) -> bool:
    return f.materials.get(code, {}).get("state") == "attached"


@guard(
    "有原户同意或产权转移凭证",
    refuses="transfer_unproved",
    rule="G-GH-03",
    basis=f"{LAW}；供电营业规则(2024)（凭物权凭证）",
    confidence="中",
    breaks=lambda f: Change(
        form={"title_holder": f.get("new_name") + "（他人）", "old_party_agrees": False},
        materials={TITLE: {"note": "产权转移凭证"}},
    ),
    mends=lambda f: Change(
        form={"title_holder": f.get("new_name"), "old_party_agrees": True},
        materials={TITLE: {"note": "产权转移凭证"}},
    ),
)
def transfer_evidenced(f: Facts) -> Iterator[str]:
    """Until 2024 both parties' application or proof of title; since then proof of title in the new party's name."""
    titled, holder = _attached(f, TITLE), f.get("title_holder")
    if titled and holder and not same_name(holder, f.get("new_name")):
        yield f"产权凭证的权利人“{holder}”不是新户“{f.get('new_name')}”，请核对凭证"
    elif f.rule_set == "R24" and not titled:
        yield "过户须凭产权转移凭证（M18）办理"
    elif not titled and not (f.data.get("old_party_agrees") and _attached(f, CONSENT)):
        yield "没有原户同意（M19），也没有能顶用的产权转移凭证（M18），不能过户"


@guard(
    "补办私自过户的新户承担原户债务",
    refuses="debt_not_assumed",
    rule="G-GH-04",
    basis=LAW,
    breaks=lambda f: set_form(private_transfer=True, debt_undertaking=None),
    mends=lambda f: set_form(debt_undertaking=f"CN{f.case}"),
)
def private_transfer_debt_assumed(f: Facts) -> Iterator[str]:
    """Who took over without asking answers for what the former party owes."""
    if f.data.get("private_transfer") and not f.get("debt_undertaking"):
        yield "属补办私自过户，新户须书面承担原户债务，填承诺书编号（debt_undertaking）"


def readings(f: Facts) -> Sequence[dict[str, Any]]:
    """The rows of the table of transfer readings: asset_no, reading."""
    return [dict(row) for row in f.data.get("transfer_readings") or ()]


def _reading_of(f: Facts, meter: Mapping[str, Any]) -> float | None:
    """The transfer reading of a running meter, None when there is none."""
    for row in readings(f):
        if row.get("reading") is not None and meter.get("asset_id") in listed_assets(
            f, iter((row.get("asset_no"),))
        ):
            return float(row["reading"])
    return None


def _backwards(f: Facts) -> Change:
    """A recipe: no reading is what the meter can show."""
    return set_form(transfer_readings=[{**row, "reading": -1.0} for row in readings(f)])


def _forwards(f: Facts) -> Change:
    """A recipe: every reading high enough, no meter without one."""
    high = max((float(row.get("reading") or 0) for row in f.rows("meter_register")), default=0.0)
    gone = (m for m in f.rows("meter") if _reading_of(f, m) is None)
    return Change(
        form={"transfer_readings": [{**row, "reading": high} for row in readings(f)]},
        drop=tuple(("meter", str(meter["meter_id"])) for meter in gone),
    )


@guard(
    "过户示数逐块表登记",
    refuses="transfer_reading_missing",
    rule="G-GH-05",
    basis="过户日抄表清算（行业通例）",
    reads=("meter", "meter_register", "assets"),
    breaks=_backwards,
    mends=_forwards,
)
def transfer_reading_recorded(f: Facts) -> Iterator[str]:
    """The former party's last reading and the new one's first are one number, for every running meter."""
    for meter in f.rows("meter"):
        given = _reading_of(f, meter)
        last = last_total(f.rows("meter_register"), (meter["meter_id"],))
        if given is None:
            yield f"电能表 {meter.get('asset_id')} 没有过户示数（transfer_readings），过户日抄录双方签认"
        elif given < last:
            yield f"电能表 {meter.get('asset_id')} 过户示数 {given:g} 小于上次抄见 {last:g}，请核对重抄"


@guard(
    "现场用途与档案类别一致",
    refuses="use_differs",
    rule="G-GH-08",
    basis="NX 1.3.2.1.1（现场核实用电类别未变更）",
    reads=("customer",),
    breaks=lambda f: set_form(site_elec_type="404", class_change_case=None),
    mends=lambda f: set_form(site_elec_type=f.row("customer").get("elec_type")),
)
def use_matches_archive(f: Facts) -> Iterator[str]:
    """Use that is not what the archive says is put right before the party changes."""
    found, filed = f.get("site_elec_type"), f.row("customer").get("elec_type")
    if found and found != filed and not class_may_change(f):
        yield f"现场用电类别 {found} 与档案 {filed} 不符，请先办改类；擅自改变用途的转用电检查"


@guard(
    "勘查核实容量未变",
    refuses="survey_found_change",
    rule="G-GH-02",
    basis="NX 1.3.2.1.1（现场核实地址、容量未变更）",
    reads=("customer",),
    breaks=lambda f: set_form(site_cap=float(f.row("customer").get("contract_cap") or 0) + 30),
    mends=lambda f: set_form(site_cap=f.row("customer").get("contract_cap"), site_addr_same=True),
)
def survey_confirms_unchanged(f: Facts) -> Iterator[str]:
    """What the survey found changed is not approved as a transfer."""
    found, filed = f.data.get("site_cap"), float(f.row("customer").get("contract_cap") or 0)
    if found is not None and float(found) != filed:
        yield f"勘查核得容量 {float(found):g} kVA，档案 {filed:g} kVA，不能按过户批准，请先办增容或减容"
    if f.data.get("site_addr_same") is False:
        yield "勘查核得用电地址与档案不是一处，不能按过户批准，请办迁址或新装"


@guard(
    "旧合同终止与新合同生效接上",
    refuses="old_contract_running",
    rule="G-HT-09",
    basis="NX 1.3.2.1.1（与新客户签订合同，注销原客户合同）",
    reads=("customer",),
    breaks=lambda f: set_form(old_contract_no="HT0", old_end_on="2020-01-01"),
    mends=lambda f: set_form(old_end_on=f.get("begin_date") or f.today),
)
def old_contract_ended(f: Facts) -> Iterator[str]:
    """The former party's contract ends on the day the new one begins: never two, never none."""
    old, ended, begins = f.get("old_contract_no"), f.get("old_end_on"), f.get("begin_date")
    if not old:
        return
    if not ended:
        yield f"原户合同 {old} 还没有登记终止日期（old_end_on）"
    elif begins and ended != begins:
        yield f"原户合同 {old} 终止于 {ended}，新合同 {begins} 生效，两个日子要接上"


@guard(
    "过户日电费已清算",
    refuses="transfer_bill_open",
    rule="G-GH-05、G-GH-01",
    basis=LAW,
    reads=("receivable",),
    breaks=lambda f: set_form(transfer_bill_issued=False),
    mends=lambda f: Change(
        form={"transfer_bill_issued": True},
        put=tuple(
            ("receivable", {"rcv_id": r["rcv_id"], "paid": owed(dict(r)) + float(r.get("paid") or 0)})
            for r in f.rows("receivable")
        ),
    ),
)
def transfer_bill_settled(f: Facts) -> Iterator[str]:
    """The former party's last bill, up to the transfer reading, is issued and paid."""
    if not f.data.get("transfer_bill_issued"):
        yield "按过户示数的原户末次电费还没有发行（transfer_bill_issued）"
    if total := round(sum(owed(dict(row)) for row in f.rows("receivable")), 2):
        yield f"原户还有电费（含违约金）{total:.2f} 元没有结清，结清后才换用电人"


@guard(
    "原户的个性电价已清零",
    refuses="special_price_kept",
    rule="G-GH-07",
    basis="个性电价随人不随户（行业通例）",
    breaks=lambda f: set_form(special_prices="一户多人口", special_cleared=False),
    mends=lambda f: set_form(special_cleared=True),
)
def special_prices_cleared(f: Facts) -> Iterator[str]:
    """What the former party was granted for its own sake does not pass on with the number."""
    if f.get("special_prices") and not f.data.get("special_cleared"):
        yield f"原户享受{f.get('special_prices')}，过户须清零（special_cleared），新户要的另行申请"
