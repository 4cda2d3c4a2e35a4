"""The rules: all there, strictly read, and fused they answer as each of them alone."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
import quality
import trials

from yk import yamls
from yk.archive.dictionary import entities
from yk.audit import fusing, reading, rules
from yk.desk import Desk
from yk.errors import UsageError

DAY = "2026-11-23"


def known(desk: Desk) -> dict[str, str]:
    return rules.values(desk.clock().date().isoformat(), desk.settings)


def found(desk: Desk) -> list[str]:
    """What the fused statements find, as `quality.findings` says it."""
    asked = fusing.statements(rules.rules().values(), known(desk))
    names = rules.rules()
    return sorted(f"{r} {e} {i} ({c}): {names[r].name}" for r, e, i, c in reading.broken(desk.store, asked))


def spoiled(desk: Desk, seed: int) -> None:
    """Empty or wrong values in some rows of every entity the rules look at."""
    chance = random.Random(seed)
    for name in rules.tables():
        kind, table = entities()[name], desk.store.table(name)
        fields = [f for f in kind.fields.values() if f.name not in kind.key and f.name != kind.owner]
        for row in chance.sample([dict(one) for one in table.all()], min(60, len(table))):
            field = chance.choice(fields)
            wrong: Any = {"DOUBLE": 0.5, "INTEGER": 7, "DATE": "1900-05-01"}.get(field.type, "05")
            row[field.name] = chance.choice([None, wrong])
            table.put([(":".join(str(row[key]) for key in kind.key), row)])


def test_there_are_thirty_and_a_hundred_with_the_names_of_the_annexes() -> None:
    lists = [rule.list for rule in rules.rules().values()]
    assert (lists.count("dayi"), lists.count("xiaoqi")) == (30, 100)
    printed = json.loads(quality.SOURCE.read_text(encoding="utf-8"))["rules"]
    assert [(r.id, r.name) for r in rules.rules().values()] == [(p["id"], p["name"]) for p in printed]


def test_what_is_printed_twice_says_so_on_both_sides() -> None:
    for rule in rules.rules().values():
        assert all(rule.id in rules.rules()[other].same_as for other in rule.same_as)


def test_nothing_is_found_in_a_clean_archive() -> None:
    assert found(trials.fresh()) == []


@pytest.mark.parametrize("seed", range(4))
def test_fused_rules_find_exactly_what_each_finds_alone(seed: int) -> None:
    desk = trials.fresh()
    spoiled(desk, seed)
    expected = quality.findings(desk.store, desk.clock().date().isoformat())
    assert len({line.split()[0] for line in expected}) > 30
    assert found(desk) == expected


def test_a_rule_alone_is_sql_that_runs_and_finds_the_same() -> None:
    desk = trials.fresh()
    spoiled(desk, 9)
    with reading._base(desk.store) as run:
        alone = [row for rule in rules.rules().values() for row in run(fusing.alone(rule, known(desk)))]
    assert sorted(alone) == sorted(
        reading.broken(desk.store, fusing.statements(rules.rules().values(), known(desk)))
    )


def test_one_predicate_is_asked_once() -> None:
    asked = fusing.statements(rules.rules().values(), rules.values(DAY, trials.fresh().settings))
    assert sum(len(one.rules) for one in asked) < sum(len(rule.parts) for rule in rules.rules().values())
    assert [one.entity for one in asked] == sorted(
        {one.entity for one in asked}, key=[o.entity for o in asked].index
    )


@pytest.mark.parametrize(
    ("word", "rule"), [("x:6.07", "X:6.07"), ("Ｘ:6.07", "X:6.07"), ("1.1.2", "D:1.1.2")]
)
def test_a_rule_is_found_by_id_and_number(word: str, rule: str) -> None:
    assert rules.find_rule(word).id == rule


def test_an_unknown_rule_is_told_with_the_nearest() -> None:
    with pytest.raises(UsageError) as wrong:
        rules.find_rule("X:6.70")
    assert "X:6.07" in wrong.value.hint


def test_a_rule_that_names_no_value_of_ours_is_refused_with_its_line() -> None:
    text = "{entity: customer, where: 'c.run_cap > {capp}'}"
    with pytest.raises(yamls.DefinitionError) as wrong:
        rules._read_part(yamls.parse(text, "audit/rules.yaml"), {"customer"}, {"cap"})
    assert "capp" in wrong.value.message
    assert "audit/rules.yaml" in wrong.value.message
