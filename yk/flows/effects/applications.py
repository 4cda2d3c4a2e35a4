"""Orders as the archive keeps applications (S_APP): of businesses that change the capacity of accounts that are there."""

from __future__ import annotations

from typing import Any

from yk.flows.facts import Facts


def application(
    f: Facts, cons_no: str, kind: str, cap: float, former: float | None
) -> tuple[str, dict[str, Any]]:
    """The row of an order that gave an account another capacity (kVA). `kind` of the code list busi_type."""
    return "work_order", {
        "app_no": f.case,
        "cons_no": cons_no,
        "busi_type": kind,
        "app_time": f.get("app_time")[:19] or None,
        "app_cap": cap,
        "orig_cap": former,
        "stage": "归档",
        "archive_time": f.now[:19],
    }
