"""Guards about asking to move: the new address, the same point of supply, both sites, who pays."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form
from yk.flows.guards.fees import fee_rows
from yk.flows.guards.increasing import amount, contract_capacity
from yk.flows.guards.scheme import LOW_VOLTAGES
from yk.text import same_name

BASIS = "供电营业规则(1996)第26条；供电营业规则(2024)同类条款"
OLD_SITE, NEW_SITE = "旧址", "新址"
MOVING_FEE = ("03", "迁移工程费")
"""The fee of works of a move, by code and name (code list fee_item)."""
DEDICATED = "1"


def charges(f: Facts, item: tuple[str, str]) -> bool:
    """Does the table of fees hold this item, by code or name?"""
    return any(row.get("item") in item for row in fee_rows(f))


@condition(
    "迁移工程费由用户承担",
    yes=lambda f: set_form(external_works=True, paid_by_customer=True),
    no=lambda f: set_form(paid_by_customer=False, payer_basis="政府征收文件"),
)
def relocation_charged(f: Facts) -> bool:
    """There are works, and the customer pays for them."""
    return bool(f.data.get("external_works")) and f.data.get("paid_by_customer") is not False


@guard(
    "新址与旧址不同",
    refuses="address_unchanged",
    rule="G-YB-01",
    basis="供电营业规则(1996)第26、27条（地址不变只移表位的办移表）",
    reads=("customer",),
    breaks=lambda f: set_form(new_elec_addr=f.row("customer").get("elec_addr") or "示范市旧址1号"),
    mends=lambda f: set_form(new_elec_addr=f"{f.row('customer').get('elec_addr') or '示范市'}（迁{f.case}）"),
)
def new_address_differs(f: Facts) -> Iterator[str]:
    """Where only the meter moves, the business is another one."""
    old, new = str(f.row("customer").get("elec_addr") or ""), f.get("new_elec_addr")
    if new and same_name(old, new):
        yield f"新址“{new}”就是现在的用电地址，没有迁址；只挪表位请办移表"


@guard(
    "新址没有别的用户",
    refuses="new_site_taken",
    rule="G-FA-08",
    basis="一址一户（行业通例）",
    confidence="中",
    reads=("same_address", "customer"),
    breaks=lambda f: Change(
        put=(
            (
                "customer",
                {
                    "cons_no": f"0{f.case[3:]}",
                    "cons_name": "示范邻户",
                    "elec_addr": f.get("new_elec_addr") or "示范市新址1号",
                    "status": "0",
                },
            ),
        ),
        form={"new_elec_addr": f.get("new_elec_addr") or "示范市新址1号"},
    ),
    mends=lambda f: set_form(new_elec_addr=f"{f.get('new_elec_addr')}之二"),
)
def new_site_unclaimed(f: Facts) -> Iterator[str]:
    """Nobody moves into an address that has an account."""
    for other in f.row("same_address")["customers"]:
        if f.get("new_elec_addr") and other["cons_no"] != f.row("customer").get("cons_no"):
            yield (
                f"新址已有用户 {other['cons_no']}（{other['cons_name']}）在用，"
                "请先销户或过户，确属另一户的核清门牌"
            )


@guard(
    "没有先搬后报",
    refuses="moved_already",
    rule="G-QZ-06",
    basis="供电营业规则(1996)第26、100条；供电营业规则(2024)第101条",
    breaks=lambda f: set_form(moved_already=True),
    mends=lambda f: set_form(moved_already=False),
)
def not_moved_already(f: Facts) -> Iterator[str]:
    """Whoever moved on his own is handled for the breach, and connected as new."""
    if f.data.get("moved_already"):
        yield "登记为已自行迁到新址用电：转用电检查按违约用电处理，新址一律按新装办，本单不受理"


@guard(
    "新址仍属原供电点",
    refuses="other_supply_point",
    rule="G-QZ-03、G-QZ-07",
    basis=BASIS,
    reads=("customer", "power_source", "lines"),
    breaks=lambda f: Change(
        form={"supply_line_no": f"LX{f.case}", "supply_tg_no": f"TGX{f.case}", "point_is_other": True}
    ),
    mends=lambda f: set_form(supply_line_no=None, supply_tg_no=None, point_is_other=False),
)
def same_supply_point(f: Facts) -> Iterator[str]:
    """At low voltage the point of supply is the transformer, on a public line the line, on a dedicated line the
    substation."""
    if f.data.get("point_is_other"):
        yield "勘查认定新址不在原供电点，不能按迁址办：新址改办新装，旧址另办销户"
        return
    own_lines = {r.get("line_id") for r in f.rows("power_source")}
    own_areas = {r.get("station_id") for r in f.rows("power_source")}
    line, area = f.get("supply_line_no"), f.get("supply_tg_no")
    if f.row("customer").get("volt_code") in LOW_VOLTAGES:
        if area and area not in own_areas:
            yield f"新址台区 {area} 不是原台区 {_named(own_areas)}，供电点变了，请改办新装"
    elif line and line not in own_lines and not _same_substation(f, line, own_lines):
        yield f"新址线路 {line} 不是原线路 {_named(own_lines)}，供电点变了，请改办新装"


def _same_substation(f: Facts, line: str, own: set[object]) -> bool:
    """Is `line` fed from the substation of a dedicated line of the customer?"""
    known = {str(row["line_no"]): row for row in f.rows("lines")}
    stations = {
        known[str(n)].get("substation")
        for n in own
        if str(n) in known and known[str(n)].get("dedicated") == DEDICATED
    }
    return line in known and known[line].get("substation") in stations


def _named(values: set[object]) -> str:
    return "、".join(sorted(str(v) for v in values if v)) or "（档案空缺）"


@guard(
    "新址容量不大于原容量",
    refuses="capacity_raised",
    rule="G-QZ-04",
    basis=BASIS,
    reads=("customer",),
    breaks=lambda f: set_form(apply_cap=contract_capacity(f) + 50),
    mends=lambda f: set_form(apply_cap=contract_capacity(f), accepted_cap=contract_capacity(f)),
)
def capacity_not_raised(f: Facts) -> Iterator[str]:
    """What exceeds the old capacity is an increase, asked for besides."""
    old = contract_capacity(f)
    for label, field in (("申请", "apply_cap"), ("新址实装", "accepted_cap")):
        new = amount(f, field)
        if new is not None and new > old:
            yield f"{label}容量 {new:g} 大于原合同容量 {old:g}，超出的 {new - old:g} 请另办增容"


@guard(
    "旧址、新址都看过",
    refuses="site_unsurveyed",
    rule="G-QZ-02",
    basis="迁址勘查新旧两址（行业通例）",
    breaks=lambda f: set_form(sites=[{"site": NEW_SITE, "finding": "可供", "photos": 3}]),
    mends=lambda f: set_form(
        sites=[
            {"site": OLD_SITE, "finding": "可拆", "photos": 2},
            {"site": NEW_SITE, "finding": "可供", "photos": 3},
        ]
    ),
)
def both_sites_surveyed(f: Facts) -> Iterator[str]:
    """The old place is looked at as well as the new one, each with its photographs."""
    rows = {str(row.get("site")): row for row in f.data.get("sites") or ()}
    for site in (OLD_SITE, NEW_SITE):
        row = rows.get(site)
        if row is None:
            yield f"勘查结论（sites）里没有{site}，两处都要看过才算勘查完"
        elif int(row.get("photos") or 0) < 1:
            yield f"{site}没有照片，补拍后再提交"


@guard(
    "迁移工程由用户承担，或另有依据",
    refuses="relocation_cost_unassigned",
    rule="G-QZ-05",
    basis=BASIS,
    breaks=lambda f: set_form(external_works=True, paid_by_customer=False, payer_basis=None),
    mends=lambda f: set_form(paid_by_customer=True),
)
def relocation_cost_assigned(f: Facts) -> Iterator[str]:
    """Works that the move makes necessary are the customer's, unless a paper says whose else."""
    works = f.data.get("external_works") or f.data.get("client_works")
    if works and not f.data.get("paid_by_customer") and not f.get("payer_basis"):
        yield (
            "迁移引起的工程费用由用户承担（paid_by_customer）；由政府、供电方出的，写明文件依据（payer_basis）"
        )
    if not f.data.get("paid_by_customer") and charges(f, MOVING_FEE):
        yield "迁移工程写了不由用户承担，费用里又列了迁移工程费，二者留一"
