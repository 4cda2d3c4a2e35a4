"""The examples of the rules: each failing one is found by exactly its rules, each passing one by none; many side by side are
found one and all. The fused statements of the program and the reference SQL of the annexes have to agree on each."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import quality
from hypothesis import given, settings
from hypothesis import strategies as st

from yk.archive import make
from yk.archive.opening import open_store
from yk.audit import examples as book
from yk.audit import fusing, planting, reading, rules
from yk.audit.examples import Example, Way, examples
from yk.audit.planting import Planted, planted
from yk.audit.reading import Found
from yk.audit.spoiling import Bed, Row, account_of, taken_back, write
from yk.clock import fixed_clock
from yk.desk.demonstration import DAY
from yk.errors import DefinitionError, UsageError
from yk.settings import load
from yk.store import Store
from yk.store.sqlite import SqliteMedium

TODAY = DAY[:10]
CLOCK = fixed_clock(DAY)
ALL = list(dict.fromkeys(examples().values()))
OTHER_DAYS = ["2026-11-30", "2026-12-01", "2028-02-29"]
"""The end of a month, the first of one, a leap day."""
MakeArchive = Callable[..., Store]


@pytest.fixture(scope="module")
def make_archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeArchive]:
    """A clean archive of any size in an SQLite store of its own; made once, then copied."""
    folder, opened = tmp_path_factory.mktemp("archives"), list[Store]()

    def archive(customers: int = 150, seed: int = 2026) -> Store:
        made, copy = folder / f"{customers}-{seed}.db", folder / f"copy{len(opened)}.db"
        if not made.exists():
            with open_store(f"sqlite:///{made}", create=True) as store:
                make.fill(store, customers, seed)
        shutil.copy(made, copy)
        opened.append(open_store(f"sqlite:///{copy}"))
        return opened[-1]

    yield archive
    for store in opened:
        store.close()


@pytest.fixture(scope="module")
def bed(make_archive: MakeArchive) -> Bed:
    """The demonstration archive, to be spoiled; every test leaves it as it was."""
    return Bed(make_archive(), planting.SEED)


def fused(store: Store, today: str) -> set[Found]:
    """What the statements of the program find."""
    asked = fusing.statements(rules.rules().values(), rules.values(today, load({})))
    with reading.opened(store) as base:
        return set(reading.broken(base, asked))


def found(store: Store, today: str = TODAY) -> set[Found]:
    """What the rules find: the same whether fused or each as printed."""
    assert isinstance(store.medium, SqliteMedium)
    answer = fused(store, today)
    assert answer == set(quality.found(store.medium.connection, today))
    return answer


def spoiled(bed: Bed, way: Way, today: str, row: Row | None) -> tuple[str, set[Found]]:
    """The id of a row spoiled in a way, and what is found then, of its account alone; the row is restored, and nothing is
    found any more."""
    row = row or next(bed.fitting(way))
    changes = bed.changes(way, row, today)
    write(bed.store, changes)
    try:
        answer = found(bed.store, today)
    finally:
        write(bed.store, taken_back(changes))
    assert {one[3] or "" for one in answer} <= {account_of(way, row)}
    assert fused(bed.store, today) == set()
    return bed.store.table(way.entity).collection.doc_id(row), answer


def check_fails(bed: Bed, example: Example, way: Way, today: str = TODAY, row: Row | None = None) -> None:
    ident, answer = spoiled(bed, way, today, row)
    assert {one[0] for one in answer} == {*example.rules, *way.also}, way
    own = {one[:3] for one in answer if one[0] in example.rules}
    assert own == {(rule, way.entity, ident) for rule in example.rules}, way


def check_passes(bed: Bed, way: Way, today: str = TODAY, row: Row | None = None) -> None:
    assert {one[0] for one in spoiled(bed, way, today, row)[1]} == set(way.also), way


@pytest.mark.parametrize("example", ALL, ids=lambda one: str(one.rules[0]))
def test_each_rule_alone_finds_its_failing_examples_and_nobody_else_does(bed: Bed, example: Example) -> None:
    for way in example.fails:
        check_fails(bed, example, way)


@pytest.mark.parametrize("example", ALL, ids=lambda one: str(one.rules[0]))
def test_a_near_miss_is_let_pass(bed: Bed, example: Example) -> None:
    for way in example.passes:
        check_passes(bed, way)


@pytest.mark.parametrize("day", OTHER_DAYS)
def test_examples_that_name_a_day_hold_on_any_day(bed: Bed, day: str) -> None:
    dated = [one for one in ALL if "{today" in repr(one) or "{month" in repr(one)]
    assert len(dated) > 10
    for example in dated:
        for way in example.fails:
            check_fails(bed, example, way, day)
        for way in example.passes:
            check_passes(bed, way, day)


def test_a_metering_point_of_tomorrow_is_too_late(bed: Bed) -> None:
    """As an example it would not hold on the last of a month."""
    tomorrow = {"run_date": "{today+1}"}
    (example,) = (one for one in ALL if "X:1.70" in one.rules)
    check_fails(bed, example, example.fails[0]._replace(set=tomorrow, also=()))


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_an_example_holds_on_any_sound_row(bed: Bed, data: st.DataObject) -> None:
    example = data.draw(st.sampled_from(ALL))
    fails = data.draw(st.booleans())
    way = data.draw(st.sampled_from(example.fails if fails else example.passes))
    row = data.draw(st.sampled_from(list(bed.fitting(way))))
    if fails:
        check_fails(bed, example, way, row=row)
    else:
        check_passes(bed, way, row=row)


@pytest.mark.parametrize(("accounts", "found_"), [(99, 1), (100, 0)])
def test_one_in_a_hundred_of_another_class_is_not_many(
    make_archive: MakeArchive, accounts: int, found_: int
) -> None:
    """大一 1.1.1 counts the open accounts of a unit; the share that is allowed is a setting."""
    store = make_archive()
    table = store.table("customer")
    closed, live = (
        [row for row in table.all() if (row["status"] == "9") is closed] for closed in (True, False)
    )
    unit = {row["cons_no"]: {"org_no": "99400", "elec_type": "202"} for row in [*closed, *live[:accounts]]}
    for row in [*closed, live[0]]:
        unit[row["cons_no"]]["elec_type"] = "900"
    store.medium.amend(table.collection, unit)
    broken = [one for one in found(store) if one[0] == "D:1.1.1"]
    assert [one[3] for one in broken] == [live[0]["cons_no"]] * found_


def test_every_rule_has_its_examples_and_one_for_each_table_it_asks() -> None:
    assert list(examples()) == list(rules.rules())
    for rule in rules.rules().values():
        assert examples()[rule.id].passes
        assert {way.entity for way in examples()[rule.id].fails} == {part.entity for part in rule.parts}


def test_rules_with_the_same_predicate_share_their_examples() -> None:
    for rule in rules.rules().values():
        for twin in rule.same_as:
            assert examples()[twin] is examples()[rule.id]


def check_planted(store: Store, defects: list[Planted], today: str = TODAY) -> None:
    """What is found is what was planted: nothing missed, nothing false."""
    answer = found(store, today)
    expected = [(rule, one.cons_no) for one in defects for rule in (one.rule, *one.also)]
    assert sorted((one[0], one[3] or "") for one in answer) == sorted(expected)
    assert {(one.rule, one.entity, one.entity_id) for one in defects} <= {one[:3] for one in answer}


@pytest.mark.parametrize("archive", [(150, 2026), (150, 3), (400, 11)])
def test_all_defects_side_by_side_are_found_exactly(
    make_archive: MakeArchive, archive: tuple[int, int]
) -> None:
    store = make_archive(*archive)
    defects = planted(store, CLOCK)
    check_planted(store, defects)
    assert len(defects) == len(ALL)
    assert {rule for one in defects for rule in (one.rule, *one.also)} == set(rules.rules())
    if archive == (150, 2026):
        assert not {one.cons_no for one in defects} & {str(1016000001 + n) for n in range(11)}


def test_defects_have_accounts_of_their_own_where_there_are_enough(make_archive: MakeArchive) -> None:
    defects = planted(make_archive(1000, 4), CLOCK)
    accounts = [one.cons_no for one in defects if one.cons_no]
    assert len(accounts) == len(set(accounts)) >= len(defects) - 1


def test_what_was_planted_is_found_a_year_later_too(make_archive: MakeArchive) -> None:
    store = make_archive()
    check_planted(store, planted(store, CLOCK), "2027-11-23")


@pytest.mark.parametrize(("customers", "seed"), [(150, 7), (11, 1), (400, 21)])
def test_nothing_is_found_in_a_clean_archive(make_archive: MakeArchive, customers: int, seed: int) -> None:
    assert found(make_archive(customers, seed)) == set()


def test_some_rules_alone_are_planted_once_a_predicate(make_archive: MakeArchive) -> None:
    store = make_archive()
    defects = planted(store, CLOCK, ["x:1.81", "D:1.1.2", "X:6.07"])
    assert [(one.rule, one.also) for one in defects] == [("X:1.81", ("D:1.1.2",)), ("X:6.07", ())]
    check_planted(store, defects)


def test_the_same_seed_plants_the_same_whatever_the_store(make_archive: MakeArchive) -> None:
    memory = open_store("memory://")
    make.fill(memory)
    defects = planted(memory, CLOCK, seed=5)
    assert planted(make_archive(), CLOCK, seed=5) == defects
    assert planted(make_archive(), CLOCK, seed=6) != defects


def test_an_archive_without_suitable_rows_is_told_with_every_rule_and_stays_as_it_was(
    make_archive: MakeArchive,
) -> None:
    store = make_archive()
    store.table("instrument_transformer").truncate()
    with pytest.raises(UsageError) as wrong:
        planted(store, CLOCK, ["X:1.17", "X:1.42", "X:5.20"])
    assert wrong.value.message.endswith(" X:1.42、X:5.20")
    assert found(store) == set()


def test_rules_are_drawn_by_a_seed_and_no_predicate_twice() -> None:
    drawn = planting.some_rules(30, seed=1)
    assert planting.some_rules(30, seed=1) == drawn
    assert planting.some_rules(30, seed=2) != drawn
    assert len({examples()[rule] for rule in planting.some_rules(len(ALL))}) == len(ALL)
    for count in (0, len(ALL) + 1):
        with pytest.raises(UsageError):
            planting.some_rules(count)


HEAD = "sound: {customer.status: '0'}\nexamples:\n"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("- {rules: [D:1.1.2], entity: customer, fails: [], passes: []}", 3, "X:1.81"),
        ("- {rules: [X:6.08], entity: customer, fails: [], passes: []}", 3, "X:6.07"),
        ("- {rules: [X:1.17], entity: customer, fails: [{set: {a: 1}}], passes: []}", 3, "没有 a 这个字段"),
        ("- {rules: [X:1.17], entity: customer, fails: [], passes: []}", 3, "至少要有一例"),
        ("- {rules: [X:1.17], entity: customer, fails: [{also: [X:1.9]}], passes: []}", 3, "什么都没有改"),
        (
            "- rules: [X:1.17]\n  entity: customer\n  fails:\n  - {set: {notify_mode: '{mp_id}'}}\n  passes: []",
            6,
            "没有 mp_id 这个字段",
        ),
        (
            "- rules: [X:1.17]\n  entity: customer\n  like: {customer.statue: '0'}\n"
            "  fails: [{set: {read_seq: 1}}]\n  passes: []",
            5,
            "customer.statue",
        ),
        (
            "- rules: [X:1.17]\n  entity: customer\n  fails: [{set: {read_seq: 1}}]\n"
            "  passes: [{set: {read_seq: 1}}]",
            3,
            "还没有例子",
        ),
        (
            2
            * "- {rules: [X:1.17], entity: customer, fails: [{drop: [meter]}], passes: [{drop: [meter]}]}\n",
            3,
            "两次",
        ),
    ],
)
def test_a_wrong_file_of_examples_is_told_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, line: int, said: str
) -> None:
    path = tmp_path / "examples.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    monkeypatch.setattr(book, "SOURCE", path)
    with pytest.raises(DefinitionError) as wrong:
        book._read()
    assert f"第 {line} 行" in wrong.value.message
    assert said in f"{wrong.value.message} {wrong.value.hint}"
