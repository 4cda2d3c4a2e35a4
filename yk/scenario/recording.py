"""A finished work order as a scenario that does it again: on an extract of the archive as it was before, with made-up people.

What cannot be played again is told in the scenario's note, or refused when it is the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from yk.archive.dictionary import entities
from yk.desk.desk import Desk
from yk.desk.named import FIRST_NUMBER
from yk.desk.operators import all_operators
from yk.flows.roles import roles
from yk.scenario.anonymising import Anonymiser
from yk.scenario.deeds import Deeds, moment
from yk.scenario.extracting import Extract, accounts_of, texts_in
from yk.scenario.form_values import FormValues
from yk.scenario.outcome import outcome
from yk.scenario.story import Story, note, story_of
from yk.scenario.writing import document
from yk.settings import Settings
from yk.settings import load as load_settings
from yk.store import Store

Data = dict[str, Any]
_SINGLE = ("customer", "party", "billing_info", "prepayment", "contract")
"""Sources of form fields that are one row of the archive."""
_ACCOUNT = re.compile(r"(?<!\d)\d{10}(?!\d)")
_NUMERALS = "甲乙丙丁戊己庚辛壬癸"


def text(store: Store, case: str, settings: Settings | None = None) -> str:
    """`record` as a file, with a head that says what to look at before it is given away."""
    head = "由已办结的工单记录：人名、户名、地址、证照、电话、账号已换成虚构的，户号和工单号另编。\n自由填写的文字请人工复核后再外传。"
    return document(record(store, case, settings), head)


def record(store: Store, case: str, settings: Settings | None = None) -> Data:
    """The scenario document (Chinese keys) of a finished order.

    Raises UsageError for an unknown number, Refused for an order that still runs, a child order, and one with deeds that no step
    of a scenario does (batches, demonstrations).
    """
    desk = Desk(store)
    story = story_of(desk, desk.get(case))
    settings = settings or load_settings({})
    people = _people(store, story)
    extract, accounts = _extract(desk, story)
    anonymous = _anonymiser(store, story, extract, accounts, people, settings)
    values = FormValues(story.flows, anonymous, _single_rows(extract, story.main.cons_no))
    archive = {
        entities()[name].zh: _rows(name, rows, anonymous) for name, rows in extract.by_entity().items()
    }
    steps = list(Deeds(story.main.case, story.flows, people, values).steps(story.events))
    flow = story.flows[story.main.case]
    given: Data = {"底档": "空", "日期": moment(story.main.opened), "人员": _roles_of(story, people)}
    if changed := {one.name: one.value for one in settings.all() if one.value != one.default}:
        given["设置"] = changed
    return {
        "版本": 1,
        "功能": f"{flow.name}（工单记录）",
        "流程": flow.name,
        "标签": ["记录"],
        "场景": [
            {
                "名称": f"{flow.name} {story.main.opened[:10]} 的工单",
                **({"说明": told} if (told := note(story)) else {}),
                "假如": given | {"档案": archive},
                "当": steps,
                "那么": outcome(story, extract, anonymous),
            }
        ],
    }


# -- people ----------------------------------------------------------------------------------------------
def _people(store: Store, story: Story) -> dict[str, str]:
    """Operator -> the name in the scenario: the role first acted in, told apart by 甲, 乙 …"""
    acted: dict[str, str] = {}
    for event in story.events:
        if not event.by_system:
            acted.setdefault(event.data["operator"], roles()[event.data["role"]].name)
    known = {one.id: one for one in all_operators(store)}
    said = {str(value) for order in story.orders for value in order.data.values()}
    for named in sorted(said & known.keys() - acted.keys()):
        acted[named] = roles()[known[named].roles[0]].name
    names: dict[str, str] = {}
    for operator, role in acted.items():
        number = sum(name.startswith(role) for name in names.values())
        names[operator] = f"{role}{_NUMERALS[number % 10]}{number // 10 or ''}"
    return names


def _roles_of(story: Story, people: Mapping[str, str]) -> Data:
    """Name -> the roles somebody acted in, all of them; who is only named holds none but that of the name."""
    found: dict[str, list[str]] = {name: [] for name in people.values()}
    for event in story.events:
        if not event.by_system:
            found[people[event.data["operator"]]].append(roles()[event.data["role"]].name)
    shown = {name: list(dict.fromkeys(held)) or [name.rstrip(_NUMERALS)] for name, held in found.items()}
    return {name: held[0] if len(held) == 1 else held for name, held in shown.items()}


# -- the archive -----------------------------------------------------------------------------------------
def _extract(desk: Desk, story: Story) -> tuple[Extract, list[str]]:
    """The archive before the order, and the accounts it is about."""
    accounts = accounts_of(desk.store, story.orders, story.images)
    images = [
        (event.data["at"], image) for event in story.events for image in event.data.get("changes") or ()
    ]
    family = {one.case for one in story.orders}
    for account in accounts:
        for other in desk.orders(customer=account):
            if other.case not in family:
                later = (e for e in desk.events(other.case) if e["at"] >= story.main.opened)
                images += [(event["at"], image) for event in later for image in event.get("changes") or ()]
    images.sort(key=lambda pair: pair[0])
    extract = Extract(desk.store, accounts, [image for _, image in images])
    extract.name([order.data for order in story.orders])
    return extract, accounts


def _single_rows(extract: Extract, cons_no: str) -> dict[str, Data]:
    """Source -> its one row."""
    mine = {name: [row for (kind, _), row in extract.rows.items() if kind == name] for name in _SINGLE}
    party = next((row.get("party_no") for row in mine["customer"] if row["cons_no"] == cons_no), None)
    found = {name: [row for row in rows if row.get("cons_no") == cons_no] for name, rows in mine.items()}
    found["party"] = [row for row in mine["party"] if row["party_no"] == party]
    found["contract"].sort(key=lambda row: (row.get("end_date") or "9999", row["contract_no"]))
    return {name: rows[-1] for name, rows in found.items() if rows}


def _rows(entity: str, rows: Iterable[Data], anonymous: Anonymiser) -> list[Data]:
    """Rows with Chinese names of fields."""
    fields = entities()[entity].fields
    return [{fields[name].zh: value for name, value in anonymous.row(entity, row).items()} for row in rows]


def _anonymiser(
    store: Store,
    story: Story,
    extract: Extract,
    accounts: Iterable[str],
    people: Mapping[str, str],
    settings: Settings,
) -> Anonymiser:
    """Knows what stands for accounts, orders and people, and everything personal that the archive held or holds.

    The numbers are those that an empty store gives: first the accounts that were there, then those the order has opened.
    """
    anonymous = Anonymiser(people)
    said = texts_in(
        [[order.data for order in story.orders], [event.data["reason"] for event in story.events]]
    )
    others = {one for text in said for one in _ACCOUNT.findall(text)} - set(accounts)
    for number, account in enumerate(sorted(one for one in others if store.table("customer").has(one))):
        anonymous.know(account, f"9{number:09d}", anywhere=True)
    there = sorted(accounts, key=lambda one: (("customer", one) not in extract.rows, one))
    for number, account in enumerate(there):
        anonymous.know(account, str(FIRST_NUMBER + number), anywhere=True)
    given: dict[str, int] = {}
    for order in sorted((*story.orders, *story.beside), key=lambda one: (one.opened, one.case)):
        day = f"{order.opened[2:10]}".replace("-", "")
        given[day] = given.get(day, 0) + 1
        anonymous.know(
            order.case, f"{settings.text('application_prefix')}{day}{given[day]:04d}", anywhere=True
        )
    names = {one.id: one.name for one in all_operators(store)}
    for operator, name in people.items():
        if (real := names.get(operator, "")) and real not in (role.name for role in roles().values()):
            anonymous.know(real, name)
    for (entity, _), row in extract.rows.items():
        anonymous.row(entity, row)
    for image in story.images:
        anonymous.row(image["entity"], image["after"] or {})
    return anonymous
