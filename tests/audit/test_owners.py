"""Whose a rule is and who holds a post: told by the lists, changed by the specialist."""

from __future__ import annotations

import pytest

from audit.spoiling import RULE, audited, found, fresh, set_field, spoil
from yk.audit import owners
from yk.audit.rules import rules
from yk.errors import Refused, UsageError


def test_there_are_eleven_divisions_three_centres_and_a_leading_group() -> None:
    assert len(owners.names_of("division")) == 11
    assert owners.names_of("centre") == ["客户服务中心", "电能计量中心", "电费管理中心"]
    assert owners.names_of("group") == ["组长", "副组长", "成员"]
    assert {rule.centre for rule in rules().values()} == set(owners.names_of("centre"))
    named = {part for rule in rules().values() for part in rule.division.split("、") if part != "电价"}
    assert {rule.division for rule in rules().values()} - {"用检管理、计量管理"} <= set(
        owners.names_of("division")
    )
    assert named


def test_a_rule_given_away_takes_its_open_findings_along() -> None:
    desk = fresh()
    spoil(desk)
    audited(desk)
    owners.set_owner(desk, RULE, "业扩报装", "电费管理中心")
    (finding,) = found(desk, rule=RULE)
    assert (finding["division"], finding["centre"]) == ("业扩报装", "电费管理中心")
    assert finding["history"][-1]["state"] == "moved"
    assert audited(desk).by_division == [
        {"division": "业扩报装", "count": 1},
        {"division": "合同管理", "count": 1},
        {"division": "用检管理", "count": 1},
    ]


def test_of_a_rule_with_two_divisions_the_row_decides() -> None:
    desk = fresh()
    set_field(desk, "build_date", "1900-01-01")
    table = desk.store.table("metering_point")
    point = dict(next(iter(table.all())))
    table.save(point | {"run_date": "1900-01-01"})
    audited(desk)
    divisions = {one["entity"]: one["division"] for one in found(desk, rule="D:1.1.4")}
    assert divisions == {"customer": "用检管理", "metering_point": "计量管理"}
    owners.set_owner(desk, "D:1.1.4", division="业扩报装")
    assert {one["division"] for one in found(desk, rule="D:1.1.4")} == {"业扩报装"}


def test_only_the_specialist_gives_rules_and_posts_away() -> None:
    desk = fresh("data_group")
    for act in (
        lambda: owners.set_owner(desk, RULE, "业扩报装"),
        lambda: owners.set_holders(desk, "group/组长", ["leading_group"]),
    ):
        with pytest.raises(Refused):
            act()


def test_a_post_goes_to_who_has_its_role() -> None:
    desk = fresh("data_steward")
    with pytest.raises(Refused) as refusal:
        owners.set_holders(desk, "计算机专责", ["cashier", "system_admin"])
    assert ["cashier" in reason.message for reason in refusal.value.reasons] == [True]
    owners.set_holders(desk, "计算机专责", ["system_admin"])
    assert owners.holders(desk.store)["admin/计算机专责"] == ["system_admin"]
    owners.set_holders(desk, "计算机专责", [])
    assert owners.holders(desk.store)["admin/计算机专责"] == []


@pytest.mark.parametrize("word", ["组长", "计量"])
def test_a_post_that_is_not_meant_clearly_is_told(word: str) -> None:
    with pytest.raises(UsageError) as wrong:
        owners.find_post(word)
    assert "/" in wrong.value.hint


def test_rules_that_money_depends_on_go_to_the_billing_centre_besides() -> None:
    now = owners.owners(fresh().store)
    copied = [rule.id for rule in rules().values() if owners.copied_to(rule, now[rule.id])]
    assert copied
    assert all(rules()[one].billing and rules()[one].centre != "电费管理中心" for one in copied)
