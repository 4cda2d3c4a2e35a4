"""The rules: all there, strictly read, and fused they answer as each of them alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import quality
import trials

from audit.spoiling import spoil_at_random
from yk import yamls
from yk.audit import fusing, reach, reading, rules
from yk.desk import Desk
from yk.errors import UsageError

DAY = "2026-11-23"


def known(desk: Desk) -> dict[str, str]:
    return rules.values(desk.clock().date().isoformat(), desk.settings)


def found(desk: Desk) -> list[str]:
    """What the fused statements find, as `quality.findings` says it."""
    asked = fusing.statements(rules.rules().values(), known(desk))
    names = rules.rules()
    with reading.opened(desk.store) as base:
        return sorted(f"{r} {e} {i} ({c}): {names[r].name}" for r, e, i, c in reading.broken(base, asked))


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
    spoil_at_random(desk, seed)
    expected = quality.findings(desk.store, desk.clock().date().isoformat())
    assert len({line.split()[0] for line in expected}) > 30
    assert found(desk) == expected


def test_a_rule_alone_is_sql_that_runs_and_finds_the_same() -> None:
    desk = trials.fresh()
    spoil_at_random(desk, 9)
    with reading.opened(desk.store) as base:
        alone = [row for rule in rules.rules().values() for row in base(fusing.alone(rule, known(desk)))]
        fused = list(reading.broken(base, fusing.statements(rules.rules().values(), known(desk))))
    assert sorted(alone) == sorted(fused)


def test_rules_with_one_predicate_name_each_other_whole() -> None:
    """So that a defect counts once, whichever of its numbers is looked at."""
    for rule in rules.rules().values():
        group = {rule.id, *rule.same_as}
        assert all({other, *rules.rules()[other].same_as} == group for other in group)
    distinct = {min(rule.id, *rule.same_as) if rule.same_as else rule.id for rule in rules.rules().values()}
    assert len(distinct) == 119


@pytest.fixture
def own_rules(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[str], None]]:
    """Puts a file of rules in force: the program's first rule, and what is given."""
    text = rules.SOURCE.read_text(encoding="utf-8")
    first, second = text.index("- id: D:1.1.2"), text.index("- id: D:1.1.3")
    caches = (rules.source, rules.version, rules._made, rules.tables, rules.rules, reach.reach)

    def put(old: str, new: str = "") -> None:
        rule = text[first:second].replace("same_as: [X:1.81]", "same_as: []")
        assert old in rule
        file = tmp_path / "rules.yaml"
        file.write_text(text[:first] + rule.replace(old, new or old), encoding="utf-8")
        monkeypatch.setenv("YK_AUDIT_RULES_FILE", str(file))
        for one in caches:
            one.cache_clear()

    yield put
    monkeypatch.undo()
    for one in caches:
        one.cache_clear()


def test_a_file_of_ones_own_replaces_the_rules(own_rules: Callable[[str], None]) -> None:
    shipped = rules.version()
    own_rules("run_cap")
    assert list(rules.rules()) == ["D:1.1.1", "D:1.1.2"]
    assert rules.version() != shipped


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("c.run_cap > c.contract_cap", "c.run_cup > c.contract_cap", "no such column: c.run_cup"),
        ("c.run_cap > c.contract_cap", "c.run_cap > > 1", "SQL"),
        ("customer.run_cap", "customer.run_cup", "没有 customer.run_cup 这个字段"),
        ("same_as: []", "same_as: [X:9.99]", "X:9.99 不在文件里"),
    ],
)
def test_a_rule_of_ones_own_that_cannot_be_asked_is_told_by_its_number(
    own_rules: Callable[[str, str], None], old: str, new: str, said: str
) -> None:
    own_rules(old, new)
    with pytest.raises(UsageError) as wrong:
        rules.rules()
    assert "规则 D:1.1.2" in wrong.value.message
    assert said in wrong.value.message


def test_a_rules_file_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch, own_rules: object) -> None:
    monkeypatch.setenv("YK_AUDIT_RULES_FILE", "/不在/rules.yaml")
    rules.source.cache_clear()
    with pytest.raises(UsageError, match="规则文件不在"):
        rules.source()


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
