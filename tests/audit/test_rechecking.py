"""After a work order has written: what was corrected is cleared at once, what broke is filed or refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from audit.spoiling import ACCOUNT, RULE, TWIN, audited, clock, found, fresh, mend, set_field, spoil, states
from yk.desk import Desk
from yk.desk.running import Plan, opened_for_run, run
from yk.errors import Refused

CORRECTION: dict[str, Any] = {
    "entity": "customer", "field": "elec_addr", "new_value": "示范市试走路9号", "grounds": "门牌更正",
}  # fmt: skip


def corrected(desk: Desk, **values: Any) -> str:
    """Correct a field of the account by 档案维护, to its end; the number of the order."""
    plan = Plan({"corrections": [CORRECTION | values]}, True, True, "")
    case = opened_for_run(desk, "archive_maintenance", ACCOUNT, plan)
    for _ in run(desk, case, plan):
        pass
    return case


def test_a_correction_clears_its_finding_at_once_and_a_relapse_reopens_it() -> None:
    desk = fresh()
    spoil(desk)
    audited(desk)
    case = corrected(desk, field="run_cap", new_value="12")
    assert states(desk) == dict.fromkeys((RULE, TWIN, "D:1.1.3"), "cleared")
    (finding,) = found(desk, rule=RULE)
    assert (finding["history"][-1]["state"], finding["history"][-1]["case"]) == ("cleared", case)
    spoil(desk)
    audited(desk)
    assert states(desk)[RULE] == "reopened"


def test_the_person_is_told_what_was_cleared() -> None:
    desk = fresh()
    spoil(desk)
    audited(desk)
    plan = Plan({"corrections": [CORRECTION | {"field": "run_cap", "new_value": "12"}]}, True, True, "")
    case = opened_for_run(desk, "archive_maintenance", ACCOUNT, plan)
    told = [text for _ in run(desk, case, plan) for text in desk.told]
    assert [text for text in told if "已消除 3 个" in text]


def test_what_an_order_breaks_is_filed_under_its_number_and_told() -> None:
    desk = fresh()
    case = corrected(desk, field="notify_mode", new_value=None)
    assert states(desk) == {"X:1.17": "found"}
    (finding,) = found(desk, rule="X:1.17")
    assert finding["case"] == case
    assert finding["due"] == "2026-11-24"


def test_what_was_wrong_before_the_order_is_not_its_fault() -> None:
    """No run has filed it yet; the next one will."""
    desk = fresh()
    set_field(desk, "notify_mode", None)
    corrected(desk)
    assert states(desk) == {}


def test_a_writing_that_breaks_rules_is_refused_where_the_setting_says_so() -> None:
    desk = fresh(audit_gate_policy="refuse")
    with refused("breaks_rule", "X:4.02"):
        corrected(desk, field="elec_addr", new_value=None)
    assert dict(desk.store.table("customer").get(doc_id=ACCOUNT))["elec_addr"]
    assert found(desk) == []


def test_what_only_warns_is_not_refused() -> None:
    desk = fresh(audit_gate_policy="refuse")
    corrected(desk, field="notify_mode", new_value=None)
    assert states(desk) == {"X:1.17": "found"}


def test_an_order_on_its_way_files_nothing_until_it_has_archived() -> None:
    """A new connection opens its account long before the metering point is there."""
    desk = fresh()
    plan = Plan({}, True, True, "")
    case = opened_for_run(desk, "lv_nonres_new_connection", None, plan)
    for _ in run(desk, case, plan):
        assert found(desk) == []
    assert desk.get(case).status == "completed"


def test_a_trial_leaves_findings_as_they_are() -> None:
    desk = fresh()
    spoil(desk)
    audited(desk)
    desk.dry_run = True
    with desk.chunk():
        corrected(desk, field="run_cap", new_value="12")
    desk.dry_run = False
    assert set(states(desk).values()) == {"found"}


def test_on_another_day_the_days_values_are_asked() -> None:
    desk = fresh()
    corrected(desk)
    clock(desk).advance(days=3)
    spoil(desk)
    audited(desk)
    mend(desk)
    corrected(desk, new_value="示范市试走路11号")
    assert set(states(desk).values()) == {"cleared"}


@contextmanager
def refused(code: str, words: str) -> Iterator[None]:
    with pytest.raises(Refused) as refusal:
        yield
    assert [reason for reason in refusal.value.reasons if reason.code == code and words in reason.message]
