"""Who pays the works that a split or a merger makes necessary."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.guards.fees import fee_rows

WORKS_FEE = ("07", "分户并户工程费", "11", "工程费")
"""The fee for works, by code and name (code list fee_item)."""


@guard(
    "工程费由申请各方承担",
    refuses="works_cost_unassigned",
    rule="G-FH-05、G-BH-04",
    basis="供电营业规则(1996)第30、31条",
    breaks=lambda f: set_form(external_works=True, fees=None, works_payer_basis=None),
    mends=lambda f: set_form(works_payer_basis="供电方网架改造，由供电方承担"),
)
def works_cost_assigned(f: Facts) -> Iterator[str]:
    """Works are paid by those who split or merge; where somebody else pays, the ground is written down."""
    charged = any(row.get("item") in WORKS_FEE for row in fee_rows(f))
    if f.data.get("external_works") and not charged and not f.get("works_payer_basis"):
        yield (
            f"{f.flow}有外部供电工程，工程费由申请各方承担，须列分户并户工程费；"
            "不由申请方承担的写明依据（works_payer_basis）"
        )
