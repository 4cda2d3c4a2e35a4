"""Guards about the application: who applies, with which certificate, for what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from yk.archive.codes import name_of
from yk.archive.numbering import credit_code_check, id_card_check, valid_credit_code, valid_id_card
from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.text import halfwidth, same_name

ID_CARDS, CREDIT_CODE = ("01", "02"), "20"
"""Certificate types with a check digit (code list cert_type)."""
NOT_PROOF = "07"
"""A driving licence does not prove identity (materials, M02)."""
OFFICIAL_SEAL = "01"
PERSON, COMPANY, AGENT = "01", "02", "2"


def set_form(**values: object) -> Change:
    """A recipe's change of form fields."""
    return Change(form=values)


def _both_names(name: str) -> Change:
    """A recipe's name, as applied for and as the certificate prints it."""
    return set_form(new_name=name, new_cert_name=name)


def _number(f: Facts) -> str:
    return halfwidth(f.get("new_cert_no")).upper()


def _other_number(number: str) -> str:
    """A number of the same kind that belongs to somebody else, check character right, for recipes."""
    other = number[:14] + ("0" if number[14:15] != "0" else "1") + number[15:17]
    if valid_id_card(number):
        return other + id_card_check(other)
    if valid_credit_code(number):
        return other + credit_code_check(other)
    return number[:-1] + ("0" if number[-1:] != "0" else "1")


def _kind(f: Facts) -> str:
    """The kind of party the application is for; a new party's is in the form (`party_kind`)."""
    return f.get("party_kind") or str(f.row("party").get("party_kind") or "")


def _party_kind(f: Facts, kind: str) -> Change:
    """A recipe's change of the kind of party, in the form or in the archive."""
    party = f.row("party")
    if "party_kind" in f.data or not party:
        return set_form(party_kind=kind)
    return Change(put=(("party", {"party_no": party["party_no"], "party_kind": kind}),))


@guard(
    "新用户名与原用户名不同",
    refuses="name_unchanged",
    rule="G-GM-01",
    basis="NX 1.3.1.1.1",
    reads=("customer",),
    breaks=lambda f: _both_names(str(f.row("customer")["cons_name"])),
    mends=lambda f: _both_names(f"{f.row('customer')['cons_name']}（新）"),
)
def new_name_differs(f: Facts) -> Iterator[str]:
    """Blanks, width of letters and kind of brackets make no new name."""
    old, new = str(f.row("customer").get("cons_name") or ""), f.get("new_name")
    if new and same_name(old, new):
        yield f"新用户名“{new}”与现用户名“{old}”相同，无需更名；只是错字请走档案更正"


@guard(
    "用电主体未变",
    refuses="party_changed",
    rule="G-GM-02",
    basis="NX 1.3.1.1.1；统一社会信用代码不变为更名的强判据",
    reads=("party",),
    breaks=lambda f: set_form(new_cert_no=_other_number(str(f.row("party")["cert_no"]))),
    mends=lambda f: set_form(
        new_cert_no=f.row("party")["cert_no"], new_cert_type=f.row("party")["cert_type"], owner_changed=False
    ),
)
def same_party(f: Facts) -> Iterator[str]:
    """Another certificate number, or property gone over, is a transfer (过户), not a change of name.

    A unit's old organisation code is the digits 9 to 17 of its credit code (GB 32100).
    """
    filed, given = halfwidth(str(f.row("party").get("cert_no") or "")).upper(), _number(f)
    inside_credit_code = len(filed.replace("-", "")) == 9 and given[8:17] == filed.replace("-", "")
    if filed and given and filed != given and not inside_credit_code:
        yield "新证照号码与档案证件号码不是同一主体，产权或用电主体已变化，请改办过户（YXZY-YY-339）"
    if f.data.get("owner_changed"):
        yield "登记为产权已转移，请改办过户（YXZY-YY-339）"


@guard(
    "用电地址、容量、类别不变",
    refuses="other_change",
    rule="G-GM-01",
    basis="供电营业规则(1996)第29条；NX 1.3.1.1.1",
    reads=("customer",),
    breaks=lambda f: set_form(new_cap=float(f.row("customer").get("contract_cap") or 0) + 50),
    mends=lambda f: set_form(
        new_elec_addr=f.row("customer")["elec_addr"],
        new_cap=f.row("customer")["contract_cap"],
        new_elec_type=f.row("customer")["elec_type"],
    ),
)
def nothing_else_changes(f: Facts) -> Iterator[str]:
    """A change of name leaves address, capacity and class alone."""
    customer = f.row("customer")
    asked = (
        ("用电地址", "elec_addr", "new_elec_addr", "迁址"),
        ("合同容量", "contract_cap", "new_cap", "增容或减容"),
        ("用电类别", "elec_type", "new_elec_type", "改类"),
    )
    for label, field, wanted, instead in asked:
        old, new = customer.get(field), f.data.get(wanted)
        changed = not same_name(str(old or ""), str(new)) if field == "elec_addr" else str(old) != str(new)
        if new not in (None, "") and changed:
            yield f"{label}由 {old} 变为 {new}，不属于更名，请先办{instead}"


@guard(
    "新用户名与证照名称一致",
    refuses="name_not_as_certificate",
    rule="G-GM-03",
    basis="供电营业规则(1996)第29条“持有关证明”",
    breaks=lambda f: set_form(new_cert_name=f.get("new_name") + "（分部）"),
    mends=lambda f: set_form(new_cert_name=f.get("new_name")),
)
def name_matches_certificate(f: Facts) -> Iterator[str]:
    """The new name is the certificate's, character by character, width of brackets aside."""
    name, printed = f.get("new_name"), f.get("new_cert_name")
    if name and printed and not same_name(name, printed):
        yield f"新用户名“{name}”与证照名称“{printed}”不一致，按证照全称填写"


@guard(
    "证照号码有效、未过期",
    refuses="certificate_invalid",
    rule="G-ALL-07",
    basis="GB 11643；GB 32100；材料有效性检查 1、2",
    confidence="中",
    breaks=lambda f: set_form(new_cert_end="2020-01-01"),
    mends=lambda f: set_form(new_cert_end=(date.fromisoformat(f.today) + timedelta(days=3650)).isoformat()),
)
def certificate_valid(f: Facts) -> Iterator[str]:
    """Check digits are right, the kind proves identity, the date is not past."""
    kind, number, end = f.get("new_cert_type"), _number(f), f.get("new_cert_end")
    if kind == NOT_PROOF:
        yield "驾驶证不能作为身份证明，请改用居民身份证等有效证件"
    if kind in ID_CARDS and number and not valid_id_card(number):
        yield f"居民身份证号码尾号 {number[-4:]} 校验不通过，请对照原件重新录入"
    if kind == CREDIT_CODE and number and not valid_credit_code(number):
        yield f"统一社会信用代码尾号 {number[-4:]} 校验不通过，请对照营业执照重新录入"
    if end and end < f.today:
        yield f"证照有效期止于 {end}，已过期，请客户换证后再办"


@guard(
    "单位资料盖有行政公章",
    refuses="seal_invalid",
    rule="材料有效性检查6",
    basis="申请书证件与印章要求（M3）",
    reads=("party",),
    breaks=lambda f: Change(put=_party_kind(f, COMPANY).put, form={"seal": "02", "party_kind": COMPANY}),
    mends=lambda f: set_form(seal=OFFICIAL_SEAL),
)
def seal_valid(f: Facts) -> Iterator[str]:
    """A unit's papers bear its official seal; contract, department and tax seals do not count."""
    if company_customer(f) and f.get("seal") not in ("", OFFICIAL_SEAL):
        yield "单位资料须盖行政公章，合同章、部门章、税务章无效"


@guard(
    "申请人是本人或有有效授权",
    refuses="proxy_missing",
    rule="G-ALL-07",
    basis="供电营业规则(1996)第29条“持有关证明”；受理核实名",
    confidence="中",
    breaks=lambda f: Change(
        form={"applicant_kind": AGENT, "proxy_end": "2020-01-01"}, materials={"M05": {"note": "授权委托书"}}
    ),
    mends=lambda f: Change(
        form={
            "applicant_kind": AGENT,
            "proxy_end": (date.fromisoformat(f.today) + timedelta(days=90)).isoformat(),
        },
        materials={"M05": {"note": "授权委托书"}},
    ),
)
def applicant_entitled(f: Facts) -> Iterator[str]:
    """An agent brings a power of attorney that still runs on the day of acceptance."""
    if f.get("applicant_kind") != AGENT:
        return
    handed = f.materials.get("M05", {})
    if handed.get("state") != "attached":
        yield "代办人办理须交授权委托书和经办人身份证（M05）"
    end = f.get("proxy_end")
    if not end:
        yield "代办须填授权截止日期（proxy_end）"
    elif end < f.today:
        yield f"授权委托书 {end} 已到期，请客户重新出具"


@guard(
    "同城异地受理已选客户属地",
    refuses="locality_missing",
    rule="NX 更名受理6",
    basis="NX 1.3.1.2.1(6)",
    reads=("customer",),
    breaks=lambda f: set_form(cross_office=True, home_org=None),
    mends=lambda f: set_form(
        cross_office=True, home_org=f.row("customer").get("org_no") or f.data.get("org_no")
    ),
)
def locality_chosen(f: Facts) -> Iterator[str]:
    """An application taken in another office of the city names the office the customer belongs to."""
    office, home = f.get("office"), str(f.row("customer").get("org_no") or "")
    if f.data.get("cross_office"):
        if not f.get("home_org"):
            yield "同城异地受理须选择客户属地（home_org），工单才能发到属地单位"
        elif home and f.get("home_org") != home:
            yield f"客户属地选为{name_of('org', f.get('home_org'))}，档案里该户属{name_of('org', home)}，请改正"
    elif office and home and office != home:
        yield f"该户属{name_of('org', home)}，本单位受理须登记同城异地受理（cross_office）并选客户属地"


@condition(
    "客户是单位",
    reads=("party",),
    yes=lambda f: _party_kind(f, COMPANY),
    no=lambda f: _party_kind(f, PERSON),
)
def company_customer(f: Facts) -> bool:
    """The applicant is a unit, not a person: as the form says, else as the archive has the certificate holder."""
    return _kind(f) not in (PERSON, "")


@condition(
    "客户是个人",
    reads=("party",),
    yes=lambda f: _party_kind(f, PERSON),
    no=lambda f: _party_kind(f, COMPANY),
)
def person_customer(f: Facts) -> bool:
    """The applicant is a person: as the form says, else as the archive has the certificate holder."""
    return _kind(f) in (PERSON, "")


@condition(
    "由代办人办理", yes=lambda f: set_form(applicant_kind=AGENT), no=lambda f: set_form(applicant_kind="1")
)
def by_agent(f: Facts) -> bool:
    """Somebody applies in the customer's name."""
    return f.get("applicant_kind") == AGENT
