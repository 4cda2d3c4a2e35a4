"""The made archive: always the same for a seed, the demonstration customers are what they are said to be."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from yk.archive import make
from yk.archive.codes import codes
from yk.archive.dictionary import entities, entity
from yk.archive.making import papers
from yk.archive.making.materials import materials
from yk.archive.making.plan import Grid, draw, draw_party
from yk.archive.numbering import valid_credit_code, valid_id_card
from yk.errors import UsageError
from yk.store import Store

from .conftest import Contents, contents, empty_store

FIXTURE = Path(__file__).parents[2] / "fixtures" / "archive.jsonl"
TODAY = "2026-11-21"


@pytest.fixture(scope="module")
def demo() -> Contents:
    store = empty_store()
    make.fill(store)
    return contents(store)


def rows_of(demo: Contents, name: str, **wanted: object) -> list[dict[str, Any]]:
    return [row for row in demo[name].values() if all(row[k] == v for k, v in wanted.items())]


def test_the_fixture_and_the_packaged_archive_are_fresh() -> None:
    made = b"".join(make.lines())
    assert FIXTURE.read_bytes() == made, "运行 scripts/make_fixtures"
    assert make.DEMO.read_bytes() == made, "运行 scripts/make_fixtures"


def test_another_seed_makes_another_archive_of_the_same_cases() -> None:
    one, other = (list(make.documents(30, seed)) for seed in (1, 2))
    assert one != other
    assert [d.get("cons_no") for d in one] == [d.get("cons_no") for d in other]


def test_shared_rows_come_first() -> None:
    documents = list(make.documents(20))
    shared = [d for d in documents if "cons_no" not in d]
    assert documents[: len(shared)] == shared
    assert {name for d in shared for name in d} == {
        "code_item", "tariff", "volt_cap_limit", "meter_asset", "reading_section", "line", "transformer_area"
    }  # fmt: skip


@pytest.mark.parametrize("count", [10, 1_000_001])
def test_a_count_outside_the_limits_is_refused(count: int) -> None:
    with pytest.raises(UsageError) as error:
        make.documents(count)
    assert error.value.code == "bad_count"


def test_every_value_is_in_its_stored_form(demo: Contents) -> None:
    for name, rows in demo.items():
        fields = entity(name).fields
        for row in rows.values():
            assert {k: fields[k].parse(v) for k, v in row.items()} == row


def test_every_code_is_in_its_list(demo: Contents) -> None:
    for one in entities().values():
        for field in (f for f in one.fields.values() if f.code):
            values = {row[field.name] for row in demo[one.name].values()} - {None}
            assert values <= set(codes(field.code)), (one.name, field.name)


def test_references_hold(demo: Contents) -> None:
    for name, field, target in (
        ("customer", "party_no", "party"), ("customer", "sect_no", "reading_section"),
        ("power_source", "line_id", "line"), ("power_source", "station_id", "transformer_area"),
        ("power_source", "sp_id", "supply_point"), ("transformer_area", "line_no", "line"),
        ("metering_point", "prc_id", "customer_price"), ("metering_point", "sp_id", "supply_point"),
        ("meter", "mp_id", "metering_point"), ("meter", "asset_id", "meter_asset"),
        ("meter_register", "meter_id", "meter"), ("instrument_transformer", "mp_id", "metering_point"),
        ("terminal", "mp_id", "metering_point"), ("contract_change", "contract_no", "contract"),
        ("customer_price", "tariff_code", "tariff"),
    ):  # fmt: skip
        missing = {row[field] for row in demo[name].values()} - {None} - demo[target].keys()
        assert not missing, (name, field)
    for one in entities().values():
        if one.owner:
            assert {row[one.owner] for row in demo[one.name].values()} <= demo["customer"].keys()


def test_the_mix(demo: Contents) -> None:
    sorts = Counter(row["cons_sort"] for row in demo["customer"].values())
    statuses = Counter(row["status"] for row in demo["customer"].values())
    kinds = Counter(row["party_kind"] for row in demo["party"].values())
    assert min(sorts["01"], sorts["02"], sorts["03"], kinds["01"], kinds["02"]) >= 10
    assert all(statuses[code] >= 2 for code in ("0", "2", "3", "9"))
    assert len(demo["line"]) >= 4
    assert len(demo["transformer_area"]) >= 10
    assert len({row["org_no"] for row in demo["line"].values()}) >= 3


def test_people_companies_and_numbers_are_invented(demo: Contents) -> None:
    for row in demo["party"].values():
        number = row["cert_no"]
        assert valid_id_card(number) if row["party_kind"] == "01" else valid_credit_code(number)
        assert "990001" in number
        assert row["party_kind"] == "01" or "测试" in row["party_name"]
    assert all(row["mobile"].startswith("1990000") for row in demo["contact"].values())
    assert all(row["email"].endswith("@example.com") for row in demo["contact"].values())


def test_account_and_application_numbers_have_the_usual_shape(demo: Contents) -> None:
    assert all(re.fullmatch(r"10\d{8}", number) for number in demo["customer"])
    for number in demo["work_order"]:
        assert re.fullmatch(r"\d{12}", number)
        date(2000 + int(number[2:4]), int(number[4:6]), int(number[6:8]))


def test_nothing_happened_after_the_day_shown(demo: Contents) -> None:
    future = {
        "due_date",
        "end_date",
        "cert_end",
        "valid_to",
        "tmp_end",
        "planned_date",
        "resume_date",
        "remind_date",
    }
    for name, rows in demo.items():
        fields = [f.name for f in entity(name).fields.values() if f.type in ("DATE", "TIMESTAMP")]
        for row in rows.values():
            assert all(row[f] < "2026-11" for f in fields if f not in future and row[f]), (name, row)


def arrears(demo: Contents, cons_no: str) -> float:
    return sum(row["amount"] - row["paid"] for row in rows_of(demo, "receivable", cons_no=cons_no))


def test_the_main_demonstration_customer_is_clean(demo: Contents) -> None:
    customer = demo["customer"]["1016000001"]
    (contract,) = rows_of(demo, "contract", cons_no="1016000001")
    party = demo["party"][customer["party_no"]]
    assert (customer["cons_sort"], customer["volt_code"], customer["status"]) == ("01", "AC00101", "0")
    assert arrears(demo, "1016000001") == 0
    assert contract["status"] == "归档"
    assert contract["end_date"] > TODAY
    assert party["cert_end"] > TODAY
    assert party["party_name"] == customer["cons_name"] == contract["cons_name"]
    assert rows_of(demo, "contact", cons_no="1016000001", kind="01")
    assert not rows_of(demo, "violation", cons_no="1016000001")


def test_a_party_in_arrears_on_two_accounts(demo: Contents) -> None:
    one, other = demo["customer"]["1016000002"], demo["customer"]["1016000003"]
    assert one["party_no"] == other["party_no"]
    assert demo["party"][one["party_no"]]["party_kind"] == "02"
    assert arrears(demo, "1016000002") > 0
    assert arrears(demo, "1016000003") > 0


def test_the_other_demonstration_customers(demo: Contents) -> None:
    customers = demo["customer"]
    assert customers["1016000004"]["status"] == "9"
    assert customers["1016000005"]["status"] == "3"
    assert any(row["archive_time"] is None for row in rows_of(demo, "work_order", cons_no="1016000005"))
    assert [customers[f"101600000{n}"]["cons_sort"] for n in (6, 7)] == ["03", "03"]
    assert arrears(demo, "1016000006") == 0
    assert arrears(demo, "1016000007") > 0
    assert rows_of(demo, "violation", cons_no="1016000008", closed_date=None)
    assert customers["1016000009"]["tmp_flag"] == "01"
    assert rows_of(demo, "contract", cons_no="1016000010")[0]["end_date"] < TODAY
    assert demo["party"][customers["1016000011"]["party_no"]]["cert_end"] < TODAY


def test_the_docstring_and_the_readme_list_the_demonstration_customers() -> None:
    numbers = [str(materials().first_cons_no + n) for n in range(len(materials().demonstration))]
    readme = FIXTURE.with_name("README.md").read_text(encoding="utf-8")
    assert re.findall(r"^(\d{10})  ", str(make.__doc__), re.M) == numbers
    assert re.findall(r"^\| (\d{10}) ", readme, re.M) == numbers


def test_a_party_is_written_once_beside_its_first_account() -> None:
    parties = [row["party_no"] for d in make.documents(200) for row in d.get("party", ())]
    assert len(parties) == len(set(parties))


def test_numbers_stay_unique_at_the_limit() -> None:
    made, rng = materials(), Random(1)
    grid = Grid.of(tuple(made.districts), make.MOST)
    indexes = [*range(0, 2000), *range(720_000, 722_000), *range(make.MOST - 2000, make.MOST)]
    parties = [draw_party(made, rng, i) for i in indexes]
    plans = [draw(made, grid, rng, i, party) for i, party in zip(indexes, parties, strict=True)]
    orders = [row["app_no"] for plan in plans for row in papers.work_orders(made, plan)]
    assert len(set(orders)) == len(orders)
    assert len({party.cert_no for party in parties}) == len(parties)


def test_fill_puts_every_row_into_a_store(tmp_path: Path) -> None:
    from yk.archive.opening import open_store

    with open_store(f"sqlite:///{tmp_path}/yk.db", create=True) as store:
        count = make.fill(store, 40)
        assert count == sum(len(store.table(name)) for name in entities())
        assert isinstance(store, Store)
        assert len(store.table("customer")) == 40


def test_lines_are_json() -> None:
    assert [json.loads(line) for line in make.lines(11)] == list(make.documents(11))


def test_the_script_writes_a_file_or_a_store_and_refuses_a_bad_count(tmp_path: Path) -> None:
    script = FIXTURE.parents[1] / "scripts" / "make_fixtures"

    def run(*options: str) -> int:
        return subprocess.run([sys.executable, script, *options], capture_output=True, check=False).returncode

    assert run("--customers", "12", "--seed", "7", "-o", f"{tmp_path}/a.jsonl") == 0
    assert (tmp_path / "a.jsonl").read_bytes() == b"".join(make.lines(12, 7))
    assert run("--customers", "12", "--store", f"sqlite:///{tmp_path}/yk.db") == 0
    assert (tmp_path / "yk.db").exists()
    assert run("--customers", "1", "-o", f"{tmp_path}/b.jsonl") == 2
    assert run("-o", f"{tmp_path}/no/a.jsonl") == 3
