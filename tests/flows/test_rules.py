"""The list of rules: every number accounted for, every carrier real, every unsure rule a setting or a reason."""

from __future__ import annotations

from collections import Counter
from functools import cache
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import pytest

from yk.errors import DefinitionError
from yk.flows import rules as book
from yk.flows.flow import Flow, flow_ids, load
from yk.flows.guards import guards
from yk.flows.rules import Rule, guards_of, numbers, settings_of

ROOT = Path(__file__).resolve().parents[2]
FAMILIES = {
    "G-ALL": 13, "G-JR": 14, "G-ZT": 12, "G-ZH": 7, "G-QZ": 8, "G-YB": 4, "G-ZC": 7, "G-GM": 4, "G-GH": 9,
    "G-FH": 8, "G-BH": 7, "G-XH": 12, "G-GY": 5, "G-GL": 8, "G-PC": 2, "G-LS": 10, "G-JY": 11, "G-GZ": 4, "G-JF": 5,
    "§15": 6, "G-WY": 3, "§16": 1, "G-QD": 4, "G-TD": 10, "G-HT": 10, "G-FA": 12, "D": 16,
}  # fmt: skip
"""How many rules each family has."""


@cache
def known() -> list[Rule]:
    return book.rules()


@cache
def flows() -> list[Flow]:
    return [load(name) for name in flow_ids()]


def page() -> str:
    """What scripts/rule_table would write."""
    loader = SourceFileLoader("rule_table", str(ROOT / "scripts" / "rule_table"))
    spec = spec_from_loader("rule_table", loader)
    assert spec is not None
    module: Any = module_from_spec(spec)
    loader.exec_module(module)
    made: str = module.page()
    return made


def _family(number: str) -> str:
    return number.split("(")[0] if number.startswith("§") else number.rpartition("-")[0]


def test_every_number_of_every_family_is_there() -> None:
    assert Counter(_family(rule.id) for rule in known()) == FAMILIES
    for family, count in FAMILIES.items():
        if family.startswith(("G", "D")):
            plain = {f"{family}-{n:02d}" for n in range(1, count + 1 - 2 * (family == "G-JR"))}
            assert plain <= {rule.id for rule in known()}, family


def test_every_number_a_guard_names_is_in_the_list() -> None:
    listed = {rule.id for rule in known()}
    named = {number for guard in guards().values() for number in numbers(guard.rule)}
    assert named - listed == set()


def test_how_guards_write_their_numbers() -> None:
    assert list(numbers("G-JY-04…06、10")) == ["G-JY-04", "G-JY-05", "G-JY-06", "G-JY-10"]
    assert list(numbers("A19、G-ZT-11、D-03")) == ["G-ZT-11", "D-03"]


@pytest.mark.parametrize("rule", known(), ids=lambda rule: rule.id)
def test_every_rule_is_carried_or_says_why_not(rule: Rule) -> None:
    others = (*rule.effects, *rule.calculations, *rule.parts, *rule.settings)
    mine = {name for name, guard in guards().items() if rule.id in numbers(guard.rule)}
    if rule.not_carried:
        assert not guards_of(rule)
        assert not others
    else:
        assert guards_of(rule) or others
        assert mine or rule.note, "what carries it is no guard of its number: say why"
    if guards_of(rule) or rule.effects or rule.parts:
        assert book.flows_of(rule, flows()), "no flow asks it"


@pytest.mark.parametrize("rule", [r for r in known() if r.unsure], ids=lambda rule: rule.id)
def test_a_rule_that_is_not_sure_can_be_set_or_says_why_not(rule: Rule) -> None:
    assert settings_of(rule) or rule.fixed


def test_a_carrier_that_does_not_exist_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for line in (
        "guards: [no_such_guard]",
        "settings: [no_such_setting]",
        "calculations: [dates.no_such]",
        "parts: [rename.no_such]",
        "sets: [R30]",
    ):
        file = tmp_path / "rules.yaml"
        file.write_text(f"- {{id: G-ALL-01, title: 试, confidence: 高, {line}}}\n", encoding="utf-8")
        monkeypatch.setattr(book, "SOURCE", file)
        with pytest.raises(DefinitionError):
            book.rules()


def test_the_page_is_up_to_date() -> None:
    """Make it anew with scripts/rule_table --write."""
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == page()
