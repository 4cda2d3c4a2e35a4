"""The rules of some accounts alone: the same answer as the whole archive gives for them."""

from __future__ import annotations

import random

import pytest

from audit.spoiling import ACCOUNT, fresh, set_field, spoil, spoil_at_random
from yk.archive.dictionary import entities
from yk.audit import fusing, reading, rules
from yk.audit.reach import read_fields
from yk.audit.reading import Found
from yk.audit.scoping import ANY, Scope, touched_by
from yk.desk import Desk
from yk.flows.change import Image

WHOLE = "D:1.1.1"
"""Looks at all accounts of a unit."""


def scope_of(desk: Desk) -> Scope:
    return Scope(desk.store, rules.values(desk.now()[:10], desk.settings))


def whole(desk: Desk) -> set[Found]:
    asked = fusing.statements(rules.rules().values(), rules.values(desk.now()[:10], desk.settings))
    with reading.opened(desk.store) as base:
        return set(reading.broken(base, asked))


@pytest.mark.parametrize("seed", range(4))
def test_some_accounts_alone_answer_as_the_whole_archive_does(seed: int) -> None:
    desk = fresh()
    spoil_at_random(desk, seed)
    every, scope = whole(desk), scope_of(desk)
    accounts = sorted(row["cons_no"] for row in desk.store.table("customer").all())
    for some in (accounts, random.Random(seed).sample(accounts, 7), accounts[:1], []):
        expected = {one for one in every if one[3] in set(some) and one[0] != WHOLE}
        assert scope.broken(some).broken == expected


def test_what_a_whole_unit_decides_is_unknown_only_where_the_account_is_of_the_kind() -> None:
    desk = fresh()
    assert scope_of(desk).broken([ACCOUNT]).unknown == frozenset()
    set_field(desk, "elec_type", "900")
    assert {one[0] for one in scope_of(desk).broken([ACCOUNT]).unknown} == {WHOLE}


@pytest.mark.parametrize("seed", range(3))
def test_taken_back_the_changes_answer_as_before(seed: int) -> None:
    """Changes of every kind: of single fields, rows that are new, rows that went."""
    desk, chance = fresh(), random.Random(seed)
    spoil_at_random(desk, seed)
    scope = scope_of(desk)
    accounts = sorted(row["cons_no"] for row in desk.store.table("customer").all())
    before = scope.broken(accounts)
    changes = []
    for name in ("customer", "meter", "transformer"):
        table = desk.store.table(name)
        for doc in chance.sample(list(table.all()), 6):
            row = dict(doc)
            match chance.choice(["field", "gone", "new"]):
                case "field":
                    field = chance.choice([f for f in row if f not in (table.collection.key[0], "cons_no")])
                    changes.append(Image(name, doc.doc_id, {field: row[field]}, {field: None}))
                    table.put([(doc.doc_id, row | {field: None})])
                case "gone":
                    changes.append(Image(name, doc.doc_id, row, None))
                    table.remove(doc_ids=[doc.doc_id])
                case "new":
                    new = row | {table.collection.key[0]: f"N{len(changes)}"}
                    if name == "customer":
                        continue
                    changes.append(Image(name, f"N{len(changes)}", None, new))
                    table.save(new)
    assert len({change.after is None for change in changes}) == 2
    assert scope.broken(accounts) != before
    assert scope.broken(accounts, changes) == before


def test_the_accounts_of_changes_are_found_by_row_and_by_owner() -> None:
    desk = fresh()
    meter = next(row for row in desk.store.table("meter").all() if row["cons_no"] == ACCOUNT)
    changes = [
        Image("meter", meter["meter_id"], {"install_date": "2020-01-01"}, {"install_date": None}),
        Image("power_source", "PS10160000161", {"line_id": "L1"}, {"line_id": "L2"}),
        Image("customer", "1016000013", {"run_cap": 1.0}, {"run_cap": 2.0}),
        Image("transformer", "T9", None, {"tran_id": "T9", "cons_no": "1016000014"}),
        Image("former_name", "F1", None, {"former_id": "F1", "cons_no": "1016000015"}),
    ]
    touched = touched_by(desk.store, changes)
    assert touched.accounts == {ACCOUNT, "1016000013", "1016000014"}
    assert touched.fields == {("meter", "install_date"), ("customer", "run_cap"), ("transformer", ANY)}


@pytest.mark.parametrize("seed", range(3))
def test_of_touched_fields_only_the_rules_that_read_them_are_asked_and_answer_the_same(seed: int) -> None:
    desk, chance = fresh(), random.Random(seed)
    spoil_at_random(desk, seed)
    accounts = [row["cons_no"] for row in desk.store.table("customer").all()]
    scope = scope_of(desk)
    every = scope.broken(accounts)
    for _ in range(5):
        entity = chance.choice(sorted(read_fields()))
        touched = frozenset({(entity, chance.choice([*read_fields()[entity], ANY]))})
        some = scope.broken(accounts, touched=touched)
        assert some.broken == {one for one in every.broken if (one[0], one[1]) in some.asked}
    assert scope.broken(accounts, touched=frozenset({("power_source", "line_id")})).asked == frozenset()


@pytest.mark.parametrize("seed", range(3))
def test_a_change_of_one_field_changes_no_answer_of_the_rules_that_are_not_asked(seed: int) -> None:
    """Whatever is written, asking only the rules that read it finds everything that it broke or mended."""
    desk, chance = fresh(), random.Random(seed)
    accounts = [row["cons_no"] for row in desk.store.table("customer").all()]
    scope = scope_of(desk)
    for _ in range(12):
        name = chance.choice(sorted(read_fields()))
        table = desk.store.table(name)
        doc = chance.choice(list(table.all()))
        kind = entities()[name]
        field = chance.choice([f for f in kind.fields if f not in (*kind.key, kind.owner)])
        before = scope.broken(accounts)
        table.put([(doc.doc_id, dict(doc) | {field: None})])
        after = scope.broken(accounts)
        moved = before.broken ^ after.broken
        change = Image(name, doc.doc_id, {field: doc[field]}, {field: None})
        asked = scope.broken(accounts, touched=touched_by(desk.store, [change]).fields).asked
        assert {(one[0], one[1]) for one in moved} <= asked


def test_a_scope_asks_the_store_anew_each_time() -> None:
    desk = fresh()
    scope = scope_of(desk)
    assert scope.broken([ACCOUNT]).broken == frozenset()
    spoil(desk)
    assert {one[0] for one in scope.broken([ACCOUNT]).broken} == {"D:1.1.2", "X:1.81", "D:1.1.3"}
