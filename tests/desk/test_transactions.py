"""Every call is whole: refusals and rehearsals change nothing, stale versions are refused, chunks keep what went well."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from walks import rename
from world import CLOSED, COMPANY, PERSON, RENAME, World, refused

from yk.desk import Desk
from yk.errors import Refused, UsageError, YkError

Call = Callable[[Desk, str], Any]

# -- refusals ---------------------------------------------------------------------------------------------
REFUSED: dict[str, tuple[str, Call]] = {
    "open_again": ("acceptance_clerk", lambda desk, case: desk.open("rename", COMPANY)),
    "open_closed": ("acceptance_clerk", lambda desk, case: desk.open("rename", CLOSED)),
    "fill_elsewhere": ("contract_manager", lambda desk, case: desk.fill(case, {"new_name": "x"})),
    "fill_by_another": ("archivist", lambda desk, case: desk.fill(case, {"agreement_no": "x"})),
    "attach_forbidden": ("contract_manager", lambda desk, case: desk.attach(case, "社区用电证明")),
    "defer": ("contract_manager", lambda desk, case: desk.attach(case, "M03", defer="2026-11-27")),
    "confirm_guard": ("contract_manager", lambda desk, case: desk.confirm(case, ["1.R1.C1"])),
    "send": ("contract_manager", lambda desk, case: desk.send(case)),
    "send_half": ("contract_manager", lambda desk, case: desk.send(case, data={"agreement_no": "XY"})),
    "send_by_another": ("archivist", lambda desk, case: desk.send(case)),
    "send_to": ("contract_manager", lambda desk, case: desk.send(case, to="nowhere")),
    "return": ("contract_manager", lambda desk, case: desk.return_(case, "data_archiving", "错")),
    "return_no_reason": ("contract_manager", lambda desk, case: desk.return_(case, "acceptance", "")),
    "fail": ("contract_manager", lambda desk, case: desk.fail(case, "错")),
    "sign": ("contract_manager", lambda desk, case: desk.sign(case, "mkt", "agree")),
    "suspend": ("archivist", lambda desk, case: desk.suspend(case, "错")),
    "resume": ("contract_manager", lambda desk, case: desk.resume(case, "错")),
    "stop": ("archivist", lambda desk, case: desk.stop(case, "错")),
    "stop_no_reason": ("contract_manager", lambda desk, case: desk.stop(case, "")),
    "stale": ("contract_manager", lambda desk, case: desk.send(case, expect=1)),
    "unknown": ("contract_manager", lambda desk, case: desk.send("019901010001")),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_changes_nothing(world: World, name: str) -> None:
    case = world.at("contract_change").case
    operator, call = REFUSED[name]
    before = world.dump()
    with pytest.raises(YkError):
        call(world.desk(operator), case)
    assert world.dump() == before


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_within_a_chunk_changes_nothing_and_the_rest_is_kept(world: World, name: str) -> None:
    case = world.at("contract_change").case
    operator, call = REFUSED[name]
    desk = world.desk("contract_manager")
    with desk.chunk():
        desk.fill(case, {"agreement_no": "XY-1"})
        kept = deepcopy(desk.get(case).doc())
        desk.act_as(operator)
        with pytest.raises((Refused, UsageError)):
            call(desk, case)
        desk.act_as("contract_manager")
        assert desk.get(case).doc() == kept
        desk.fill(case, {"sign_date": "2026-11-20"})
    order = desk.get(case)
    assert (order.data["agreement_no"], order.data["sign_date"]) == ("XY-1", "2026-11-20")
    assert order.status == "open"
    assert desk.verify(case) == []


@pytest.mark.parametrize("call", ["resume", "stop"])
def test_an_order_whose_resuming_or_stopping_is_refused_in_a_chunk_stays_suspended(
    world: World, call: str
) -> None:
    case = world.at("contract_change").case
    desk = world.desk("contract_manager")
    desk.suspend(case, "客户补件")
    with desk.chunk():
        with pytest.raises(UsageError):
            getattr(desk, call)(case, "")
        desk.act_as("archivist")
        with refused("role_missing"):
            getattr(desk, call)(case, "错")
        order = desk.get(case)
        assert order.status == "suspended"
        assert "left" in order.steps["contract_change"]
    assert desk.get(case).status == "suspended"


# -- rehearsals -------------------------------------------------------------------------------------------
DRY: dict[str, tuple[str, str, Call]] = {
    "open": ("", "acceptance_clerk", lambda desk, case: desk.open("rename", PERSON, {"new_name": "安知远"})),
    "fill": (
        "contract_change",
        "contract_manager",
        lambda desk, case: desk.fill(case, {"agreement_no": "9"}),
    ),
    "attach": ("contract_change", "contract_manager", lambda desk, case: desk.attach(case, "M05")),
    "confirm": ("contract_change", "contract_manager", lambda desk, case: desk.confirm(case, [], every=True)),
    "send": ("data_archiving", "archivist", lambda desk, case: desk.send(case)),
    "return": ("data_archiving", "archivist", lambda desk, case: desk.return_(case, "acceptance", "错")),
    "suspend": ("data_archiving", "archivist", lambda desk, case: desk.suspend(case, "等")),
    "stop": ("data_archiving", "archivist", lambda desk, case: desk.stop(case, "撤")),
}


@pytest.mark.parametrize("name", DRY)
def test_a_rehearsal_writes_nothing_and_says_what_would_be(name: str) -> None:
    """The same call made in earnest in a twin world gives the same order."""
    step, operator, call = DRY[name]
    rehearsed, earnest = World(), World()
    cases = [w.ready(step).case if step else "" for w in (rehearsed, earnest)]
    before = rehearsed.dump()
    desk, real = rehearsed.desk(operator, dry_run=True), earnest.desk(operator)
    shown = call(desk, cases[0])
    assert rehearsed.dump() == before
    done = call(real, cases[1])
    assert shown.doc() == done.doc()
    assert desk.changes == real.changes
    assert earnest.dump() != before


def test_a_rehearsed_archiving_shows_every_change_of_the_archive(world: World) -> None:
    case = world.ready("data_archiving").case
    desk = world.desk("archivist", dry_run=True)
    desk.send(case)
    touched = {change["entity"] for change in desk.changes}
    assert touched == {"customer", "former_name", "contact", "party", "billing_info", "contract"}


def test_a_rehearsal_refuses_what_would_be_refused(world: World) -> None:
    case = world.ready("acceptance").case
    world.unpaid()
    with refused("arrears"):
        world.desk(dry_run=True).send(case)


def test_a_rehearsed_chunk_writes_nothing(world: World) -> None:
    before = world.dump()
    desk = world.desk(dry_run=True)
    with desk.chunk():
        case = desk.open("rename", COMPANY).case
        desk.fill(case, {"contact_name": "x"})
        assert desk.get(case).data["contact_name"] == "x"
    assert world.dump() == before


def test_a_rehearsal_gives_a_number_that_is_given_again(world: World) -> None:
    assert world.desk(dry_run=True).open("rename", COMPANY).case == world.open_rename().case


# -- versions ---------------------------------------------------------------------------------------------
def test_a_form_that_somebody_else_changed_meanwhile_is_not_overwritten(world: World) -> None:
    order = world.open_rename()
    mine, other = world.desk(), world.desk()
    other.fill(order.case, {"contact_name": "甲"})
    with refused("stale") as reasons:
        mine.fill(order.case, {"contact_name": "乙"}, expect=order.version)
    assert f"{order.version} → {order.version + 1}" in reasons[0].message
    assert mine.get(order.case).data["contact_name"] == "甲"
    mine.fill(order.case, {"contact_name": "乙"}, expect=order.version + 1)


@pytest.mark.parametrize("move", ["send", "return"])
def test_a_move_from_a_stale_page_is_refused(world: World, move: str) -> None:
    order = world.ready("contract_change")
    desk = world.desk("contract_manager")
    with refused("stale"):
        if move == "send":
            desk.send(order.case, expect=order.version - 1)
        else:
            desk.return_(order.case, "acceptance", "错", expect=order.version - 1)
    assert desk.send(order.case, expect=order.version).at == ["data_archiving"]


def test_every_saved_change_counts_the_version_up_by_one(world: World) -> None:
    order = world.open_rename()
    desk = world.desk()
    versions = [order.version]
    versions.append(desk.fill(order.case, {"contact_name": "x"}).version)
    versions.append(desk.attach(order.case, "M31").version)
    versions.append(desk.confirm(order.case, [], every=True).version)
    versions.append(desk.suspend(order.case, "等").version)
    assert versions == [1, 2, 3, 4, 5]
    assert desk.get(order.case).version == 5


def test_a_stale_version_is_seen_within_a_chunk(world: World) -> None:
    order = world.open_rename()
    desk = world.desk()
    with desk.chunk():
        desk.fill(order.case, {"contact_name": "甲"}, expect=order.version)
        with refused("stale"):
            desk.fill(order.case, {"contact_name": "乙"}, expect=order.version)


# -- chunks -----------------------------------------------------------------------------------------------
CUSTOMERS = [f"10170000{i:02d}" for i in range(6)]
PERSONAL = {"cert_type": "04", "party_kind": "01", "cert_end": "2031-01-01"}


def crowd() -> World:
    """A world with six more accounts, each of its own party."""
    world = World()
    whole = world.row("customer", COMPANY)
    for i, cons_no in enumerate(CUSTOMERS):
        world.put("party", party_no=f"Q{i}", party_name=f"甲{i}", cert_no=f"E{i:07d}", **PERSONAL)
        world.put("customer", **whole | {"cons_no": cons_no, "cons_name": f"甲{i}", "party_no": f"Q{i}"})
        world.put(
            "contract", contract_no=f"HT{cons_no}", cons_no=cons_no, status="签订", end_date="2030-01-01"
        )
    return world


def run(desk: Desk, cons_no: str) -> str:
    """One 更名 from end to end, each step in one call; gives its number."""
    flow = rename()
    desk.act_as("acceptance_clerk")
    values = RENAME["acceptance"][1] | {"new_name": f"乙{cons_no}", "new_cert_name": f"乙{cons_no}"}
    case = desk.open("rename", cons_no, values, materials=("M01", "M02", "M31")).case
    for step, (operator, filled) in RENAME.items():
        desk.act_as(operator)
        data = {} if step == "acceptance" else dict(filled)
        if step == "document_archiving":
            data["file_no"] = f"D-{cons_no}"
        checks = {c["id"]: "done" for c in flow.step(step)["controls"] if c["required"] and not c["guard"]}
        desk.send(case, data=data, checks=checks)
    return case


def test_a_chunk_does_what_single_calls_do() -> None:
    single, chunked = crowd(), crowd()
    desk = single.desk()
    for cons_no in CUSTOMERS:
        run(desk, cons_no)
    desk = chunked.desk()
    with desk.chunk():
        for cons_no in CUSTOMERS:
            run(desk, cons_no)
    assert chunked.dump() == single.dump()
    for order in chunked.desk().orders():
        assert order.status == "completed"
        assert chunked.desk().verify(order.case) == []


def test_chunks_of_any_size_do_the_same() -> None:
    dumps = []
    for size in (1, 2, 5):
        world = crowd()
        desk = world.desk()
        for start in range(0, len(CUSTOMERS), size):
            with desk.chunk():
                for cons_no in CUSTOMERS[start : start + size]:
                    run(desk, cons_no)
        dumps.append(world.dump())
    assert dumps[0] == dumps[1] == dumps[2]


def test_a_refused_order_in_a_chunk_leaves_the_others_done() -> None:
    world = crowd()
    world.unpaid(CUSTOMERS[2])
    desk, outcome = world.desk(), {}
    with desk.chunk():
        for cons_no in CUSTOMERS:
            try:
                run(desk, cons_no)
                outcome[cons_no] = "done"
            except Refused as refusal:
                outcome[cons_no] = refusal.reasons[0].code
    assert outcome == dict.fromkeys(CUSTOMERS, "done") | {CUSTOMERS[2]: "arrears"}
    (stuck,) = world.desk().orders(status="open")
    assert (stuck.cons_no, stuck.at) == (CUSTOMERS[2], ["acceptance"])
    assert world.row("customer", CUSTOMERS[2])["status"] == "0"
    assert world.row("customer", CUSTOMERS[3])["cons_name"] == f"乙{CUSTOMERS[3]}"
    assert all(world.desk().verify(order.case) == [] for order in world.desk().orders())


def test_an_exception_undoes_the_whole_chunk() -> None:
    world = crowd()
    before = world.dump()
    desk = world.desk()

    def crash() -> None:
        with desk.chunk():
            run(desk, CUSTOMERS[0])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        crash()
    assert world.dump() == before
    assert run(desk, CUSTOMERS[0]) == "012611200001", "the desk goes on as if nothing had been"


def test_a_refusal_that_leaves_the_chunk_undoes_it_too() -> None:
    world = crowd()
    before = world.dump()
    desk = world.desk()
    with refused("account_closed"), desk.chunk():
        desk.open("rename", CUSTOMERS[0])
        desk.open("rename", CLOSED)
    assert world.dump() == before


def test_within_a_chunk_one_sees_what_one_did(world: World) -> None:
    desk = world.desk()
    with desk.chunk():
        order = desk.open("rename", COMPANY)
        desk.fill(order.case, {"contact_name": "x"})
        assert desk.get(order.case).data["contact_name"] == "x"
        assert desk.get(f" {order.case} ") is desk.get(order.case)
        with refused("order_in_flight"):
            desk.open("rename", COMPANY)
        desk.stop(order.case, "撤")
        assert desk.open("rename", COMPANY).case != order.case


def test_a_chunk_knows_orders_by_their_state_at_once(world: World) -> None:
    """An order ended in a chunk no longer bars the next one of the same account."""
    desk = world.desk()
    with desk.chunk():
        for _ in range(3):
            case = desk.open("rename", COMPANY).case
            desk.stop(case, "撤")
    assert [o.status for o in desk.orders()] == ["stopped"] * 3


def test_the_changes_of_a_call_are_those_of_the_last_one_only(world: World) -> None:
    desk = world.desk("archivist")
    case = world.ready("data_archiving").case
    desk.send(case)
    assert desk.changes
    desk.act_as("follow_up_agent")
    desk.confirm(case, [], every=True)
    assert desk.changes == []


@pytest.mark.parametrize("scheme", ["sqlite", "json"])
def test_a_story_in_a_file_is_the_story_in_memory(scheme: str, tmp_path: Any) -> None:
    stories = []
    for url in ("memory://", f"{scheme}:////{tmp_path}/store.{scheme}"):
        world = World(url)
        world.done()
        found = world.dump()
        found.pop("meta")
        stories.append(found)
        world.store.close()
    assert stories[0] == stories[1]
