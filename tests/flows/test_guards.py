"""Every registered guard and condition, by its own recipes: on facts alone and through the desk on a real store."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from walks import rename
from world import COMPANY, NEW_NAME, OLD_NAME, PERSON, RENAME, TWIN, World, refused

from yk.archive.codes import codes
from yk.archive.dictionary import entities
from yk.archive.numbering import valid_credit_code, valid_id_card
from yk.batch.kinds import kinds, order_flow
from yk.desk.checklist import NOTICE
from yk.desk.order import WorkOrder
from yk.errors import DefinitionError, Reason
from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.flow import flow_ids, load
from yk.flows.guards import account, application, archiving, closing, conditions, find_guard, guards

GUARDS = sorted({name for spec in rename().steps.values() for name in spec["guards"]})
CONDITIONS = sorted({name for step in rename().steps for name in rename().conditions_at(step)})
"""Those of 更名, gone into in depth; all others are tried on their flows in test_every_flow."""


def _step_of(name: str) -> str:
    """The step of 更名 that asks the guard."""
    return next(step for step, spec in rename().steps.items() if name in spec["guards"])


class Stage:
    """An order at the step that asks a guard, nothing in its way."""

    def __init__(self, guard: str, customer: str = COMPANY) -> None:
        self.world, self.guard = World(), guards()[guard]
        self.step = _step_of(guard)
        self.order = self.world.ready(self.step, customer)
        self.desk = self.world.desk(RENAME[self.step][0])

    @property
    def facts(self) -> Facts:
        return self.world.facts(self.order, self.step)

    def alter(self, recipe: str) -> Change:
        """Write what a recipe of the guard wants."""
        change: Change = getattr(self.guard, recipe)(self.facts)
        self.order = self.world.alter(self.order, change)
        return change

    def send(self) -> WorkOrder:
        """Send the order on, without effect."""
        return self.world.desk(self.desk.operator.id, dry_run=True).send(self.order.case)

    def refusal(self) -> list[Reason]:
        with refused() as reasons:
            self.send()
        return reasons


@pytest.mark.parametrize("name", GUARDS)
def test_a_guard_says_yes_to_good_facts_and_after_its_own_mending(name: str) -> None:
    stage = Stage(name)
    assert list(stage.guard.check(stage.facts)) == []
    stage.alter("mends")
    assert list(stage.guard.check(stage.facts)) == []


@pytest.mark.parametrize("name", GUARDS)
def test_its_breaking_makes_it_alone_say_no_and_its_mending_heals(name: str) -> None:
    stage = Stage(name)
    asked = rename().steps[stage.step]["guards"]
    stage.alter("breaks")
    assert [g for g in asked if list(guards()[g].check(stage.facts))] == [name]
    stage.alter("mends")
    assert [g for g in asked if list(guards()[g].check(stage.facts))] == []


@pytest.mark.parametrize("name", GUARDS)
def test_through_the_desk_it_alone_refuses_until_mended(name: str) -> None:
    stage = Stage(name)
    stage.send()
    stage.alter("breaks")
    notice = bool(stage.guard.level_setting) and stage.world.settings[stage.guard.level_setting] == "notice"
    reasons = stage.refusal()
    assert {r.code for r in reasons} == {"notice_open" if notice else stage.guard.code}
    stage.alter("mends")
    stage.send()


@pytest.mark.parametrize("name", GUARDS)
def test_a_refusal_carries_code_entry_control_and_basis(name: str) -> None:
    stage = Stage(name)
    stage.alter("breaks")
    for reason in stage.refusal():
        assert reason.basis == stage.guard.basis
        spec = stage.desk.flow_of(stage.order).step(stage.step)
        assert reason.entry == spec["entry"]
        answering = [c["id"] for c in spec["controls"] if c["guard"] == name]
        assert reason.control == (answering[0] if answering else None)
        assert len(reason.message) > 8
        assert not reason.message.isascii()


@pytest.mark.parametrize("name", GUARDS)
def test_a_guard_is_pure(name: str) -> None:
    """Asked twice it says the same, and the facts stay as they were."""
    stage = Stage(name)
    stage.alter("breaks")
    facts = stage.facts
    before = deepcopy((facts.data, facts.materials, facts.archive))
    first = list(stage.guard.check(facts))
    assert first == list(stage.guard.check(facts))
    assert before == (facts.data, facts.materials, facts.archive)


@pytest.mark.parametrize("name", GUARDS)
def test_a_guard_looks_only_at_the_sources_it_declares(name: str) -> None:
    """A source that is not declared is not gathered: looking at it would crash on a real order."""
    stage = Stage(name)
    for recipe in ("mends", "breaks"):
        stage.alter(recipe)
        facts = stage.facts
        only = {source: facts.archive[source] for source in stage.guard.reads}
        bare = Facts(facts.case, facts.now, facts.rule_set, facts.operator, data=facts.data)
        bare.materials, bare.archive, bare.settings = facts.materials, only, facts.settings
        assert bool(list(stage.guard.check(bare))) is (recipe == "breaks")


@pytest.mark.parametrize("name", GUARDS)
def test_recipes_write_what_the_archive_can_hold(name: str) -> None:
    stage = Stage(name)
    for recipe in ("breaks", "mends"):
        for entity, row in stage.alter(recipe).put:
            fields = entities()[entity].fields
            assert row.keys() <= fields.keys()
            assert {k: fields[k].parse(v) for k, v in row.items()} == dict(row)


@pytest.mark.parametrize("name", GUARDS)
def test_a_guard_says_what_it_is_and_where_its_rule_comes_from(name: str) -> None:
    one = guards()[name]
    assert one.label
    assert one.code.isascii()
    assert one.rule
    assert one.basis
    assert one.confidence in ("高", "中", "低")
    assert one.check.__doc__


def test_no_two_guards_refuse_with_the_same_code() -> None:
    found = [one.code for one in guards().values()]
    assert len(found) == len(set(found))


def test_guards_and_conditions_do_not_share_names() -> None:
    """A question is asked by its name alone."""
    assert not guards().keys() & conditions().keys()
    generic = {"fields", "materials", "controls", "child_done"}
    assert not generic & (guards().keys() | conditions().keys())


def test_every_guard_of_the_registry_is_used_by_some_flow_and_every_used_one_exists() -> None:
    flows = [*(load(name) for name in flow_ids()), *map(order_flow, kinds())]
    used = {g for flow in flows for step in flow.steps.values() for g in step["guards"]}
    used |= {g for flow in flows for g in flow.doc["opens_if"]}
    assert used == guards().keys()


def test_every_condition_of_the_registry_is_used_by_some_flow_and_every_used_one_exists() -> None:
    flows = [load(name) for name in flow_ids()]
    assert {
        c for flow in flows for step in flow.steps for c in flow.conditions_at(step)
    } == conditions().keys()


def test_every_guard_of_rename_answers_a_control_of_the_manual() -> None:
    for step in rename().steps.values():
        assert set(step["guards"]) == {c["guard"] for c in step["controls"] if c["guard"]}


def test_an_unknown_guard_gets_a_hint() -> None:
    with pytest.raises(DefinitionError) as caught:
        find_guard("no_arears")
    assert "no_arrears" in caught.value.hint


# -- conditions -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", CONDITIONS)
def test_a_conditions_recipes_make_it_yes_and_no(name: str) -> None:
    world = World()
    step = next(s for s in rename().steps if name in rename().conditions_at(s))
    order, asked = world.ready(step), conditions()[name]
    for recipe, wanted in ((asked.yes, True), (asked.no, False), (asked.yes, True)):
        order = world.alter(order, recipe(world.facts(order, step)))
        facts = world.facts(order, step)
        assert asked.check(facts) is wanted
        assert world.desk("trainer").examination(order, step).holds[name] is wanted
    assert asked.label
    assert asked.check.__doc__


# -- what the messages say --------------------------------------------------------------------------------
def _messages(world: World, step: str, name: str, customer: str = COMPANY, **data: Any) -> str:
    order = world.ready(step, customer)
    facts = world.facts(order, step).filled(**data)
    return "\n".join(guards()[name].check(facts))


def test_arrears_are_named_with_amount_late_fee_and_months() -> None:
    """ACC-001."""
    world = World()
    order = world.ready("acceptance")
    world.put("receivable", rcv_id="R1", cons_no=COMPANY, ym=202609, amount=100.0, paid=40.0, late_fee=1.5)
    world.put("receivable", rcv_id="R2", cons_no=COMPANY, ym=202610, amount=200.0, paid=0.0)
    world.put("receivable", rcv_id="R3", cons_no=COMPANY, ym=202608, amount=50.0, paid=50.0)
    (message,) = guards()["no_arrears"].check(world.facts(order))
    assert "261.50 元" in message
    assert "202609、202610" in message
    assert "202608" not in message
    assert COMPANY in message


def test_a_settled_receivable_is_no_arrears() -> None:
    world = World()
    order = world.ready("acceptance")
    world.unpaid()
    world.put("receivable", rcv_id=f"R{COMPANY}", settled_date="2026-11-19")
    assert list(guards()["no_arrears"].check(world.facts(order))) == []


def test_arrears_of_another_account_of_the_party_are_named_with_account_and_amount() -> None:
    """ACC-002."""
    world = World()
    order = world.ready("acceptance")
    world.unpaid(TWIN, 77.0)
    world.unpaid(PERSON, 99.0)
    (message,) = guards()["no_related_arrears"].check(world.facts(order))
    assert TWIN in message
    assert "77.00 元" in message
    assert "99.00" not in message


def test_another_account_under_the_same_certificate_counts_even_as_another_party() -> None:
    world = World()
    order = world.ready("acceptance")
    world.put(
        "party",
        party_no="P7",
        party_name=OLD_NAME,
        party_kind="02",
        cert_no=world.row("party", "P1")["cert_no"],
    )
    world.put("customer", cons_no="1016000007", cons_name="示范三厂", party_no="P7", status="0")
    world.unpaid("1016000007", 5.0)
    (message,) = guards()["no_related_arrears"].check(world.facts(order))
    assert "1016000007" in message


def test_a_change_of_owner_is_shown_the_way_to_a_transfer() -> None:
    """ACC-013."""
    assert "过户" in _messages(World(), "acceptance", "same_party", owner_changed=True)
    assert "过户" in _messages(World(), "acceptance", "same_party", new_cert_no="123")


def test_a_unit_filed_under_its_old_organisation_code_is_the_same_unit() -> None:
    world = World()
    order = world.ready("acceptance")
    number = world.row("party", "P1")["cert_no"]
    for code in (number[8:17], f"{number[8:16]}-{number[16]}"):
        world.put("party", party_no="P1", cert_no=code)
        facts = world.facts(order).filled(new_cert_no=number)
        assert list(guards()["same_party"].check(facts)) == []
    world.put("party", party_no="P1", cert_no="000000000")
    assert list(guards()["same_party"].check(world.facts(order).filled(new_cert_no=number)))


@pytest.mark.parametrize(
    ("field", "value", "instead"),
    [
        ("new_elec_addr", "示范市城西路2号", "迁址"),
        ("new_cap", 400.0, "减容"),
        ("new_elec_type", "402", "改类"),
    ],
)
def test_another_change_is_named_with_old_and_new_value(field: str, value: Any, instead: str) -> None:
    message = _messages(World(), "acceptance", "nothing_else_changes", **{field: value})
    assert str(value) in message
    assert instead in message


@pytest.mark.parametrize("address", ["示范市城东路１号", "示范市 城东路1号", None])
def test_the_same_address_written_another_way_is_no_other_change(address: str | None) -> None:
    assert _messages(World(), "acceptance", "nothing_else_changes", new_elec_addr=address) == ""


@pytest.mark.parametrize("name", [OLD_NAME, "示范 老厂", "示范老厂 "])
def test_the_old_name_written_another_way_is_no_new_name(name: str) -> None:
    assert OLD_NAME in _messages(World(), "acceptance", "new_name_differs", new_name=name)


def test_brackets_of_either_width_are_the_same_name() -> None:
    same = {"new_name": "示范(新)厂", "new_cert_name": "示范（新）厂"}
    assert _messages(World(), "acceptance", "name_matches_certificate", **same) == ""
    assert "示范厂" in _messages(
        World(), "acceptance", "name_matches_certificate", new_name="示范厂", new_cert_name="示范"
    )


@pytest.mark.parametrize(
    ("data", "part"),
    [
        ({"new_cert_type": "07"}, "驾驶证"),
        ({"new_cert_type": "01", "new_cert_no": "110105194912310021"}, "0021"),
        ({"new_cert_type": "20", "new_cert_no": "91990000MA00000001"}, "0001"),
        ({"new_cert_end": "2026-11-19"}, "2026-11-19"),
    ],
)
def test_a_wrong_certificate_is_named_by_what_is_wrong(data: dict[str, str], part: str) -> None:
    message = _messages(World(), "acceptance", "certificate_valid", **data)
    assert part in message
    assert "MA0000000" not in message, "the whole number is personal data"


def test_a_certificate_that_ends_today_is_still_good() -> None:
    assert _messages(World(), "acceptance", "certificate_valid", new_cert_end="2026-11-20") == ""


@pytest.mark.parametrize("customer", [COMPANY, PERSON])
def test_the_number_of_somebody_else_is_a_valid_one(customer: str) -> None:
    """So that only the guard that compares parties refuses it."""
    stage = Stage("same_party", customer)
    stage.alter("breaks")
    number = stage.facts.data["new_cert_no"]
    assert number != stage.facts.row("party")["cert_no"]
    assert valid_id_card(number) or valid_credit_code(number)


def test_an_agent_needs_a_paper_and_a_date_that_runs() -> None:
    world = World()
    both = _messages(world, "acceptance", "applicant_entitled", applicant_kind="2")
    assert "M05" in both
    assert "proxy_end" in both
    late = _messages(World(), "acceptance", "applicant_entitled", applicant_kind="2", proxy_end="2026-11-19")
    assert "2026-11-19" in late


def test_a_seal_is_asked_of_units_only() -> None:
    assert "行政公章" in _messages(World(), "acceptance", "seal_valid", seal="02")
    assert _messages(World(), "acceptance", "seal_valid", PERSON, seal="02") == ""


@pytest.mark.parametrize(
    ("row", "part"),
    [({"status": "终止"}, "终止"), ({"end_date": "2026-11-19"}, "2026-11-19"), ({"end_date": None}, "")],
)
def test_a_contract_that_does_not_run_is_named_by_number_and_date(row: dict[str, Any], part: str) -> None:
    world = World()
    order = world.ready("contract_change")
    world.put("contract", contract_no="HT1", **row)
    message = "".join(guards()["contract_in_force"].check(world.facts(order)))
    assert part in message
    assert ("HT1" in message) is bool(part)


def test_an_account_without_a_contract_is_shown_the_way_to_one() -> None:
    world = World()
    order = world.ready("contract_change")
    world.store.table("contract").remove(doc_ids=["HT1"])
    assert "YXZY-YY-451" in "".join(guards()["contract_in_force"].check(world.facts(order)))


def test_a_taken_slot_is_named_with_the_order_that_lies_there() -> None:
    """SCR-027."""
    world = World()
    first = world.done()
    order = world.at("document_archiving", PERSON)
    taken = {"file_no": f"D-{first.case}", "cabinet": "G1", "box": "H3"}
    facts = world.facts(world.desk("archivist").fill(order.case, taken))
    (message,) = guards()["storage_slot_free"].check(facts)
    assert first.case in message
    assert "G1" in message


def test_every_gap_of_the_archive_is_named_with_its_rule() -> None:
    world = World()
    order = world.ready("data_archiving")
    world.put("customer", cons_no=COMPANY, note_type=None, trade_code="", notify_mode=None)
    messages = list(guards()["archive_complete"].check(world.facts(order)))
    assert [m for m in messages if "小七1.58" in m or "小七4.08" in m or "小七1.17" in m] == messages
    assert len(messages) == 3


# -- the codes guards compare with --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("list_name", "code", "name"),
    [
        ("cons_status", account.CLOSED, "已销户客户"),
        ("cons_status", account.CHANGING, "当前变更客户"),
        ("cons_status", account.NEW, "当前新装客户"),
        ("tmp_flag", "01", "装表临时用电"),
        ("tmp_flag", "02", "无表临时用电"),
        ("cert_type", application.CREDIT_CODE, "统一社会信用代码证"),
        ("cert_type", application.NOT_PROOF, "驾驶证"),
        ("cert_type", application.ID_CARDS[0], "居民身份证"),
        ("cert_type", application.ID_CARDS[1], "临时身份证"),
        ("seal", application.OFFICIAL_SEAL, "行政公章"),
        ("party_kind", application.PERSON, "自然人"),
        ("party_kind", application.COMPANY, "企业法人"),
        ("applicant_kind", application.AGENT, "代办人"),
        ("archive_conclusion", archiving.PASSED, "通过"),
        ("visit_result", closing.VISITED, "成功"),
        ("satisfaction", closing.DISSATISFIED[0], "不满意"),
        ("satisfaction", closing.DISSATISFIED[1], "非常不满意"),
        ("contract_status", "终止", "终止"),
    ],
)
def test_a_code_in_a_guard_means_in_its_list_what_the_guard_thinks(
    list_name: str, code: str, name: str
) -> None:
    assert codes(list_name)[code] == name


def test_a_notice_that_the_settings_make_a_refusal_is_one() -> None:
    world = World(open_violation_policy="refuse", related_arrears_policy="notice")
    order = world.ready("acceptance")
    for name in ("no_open_violation", "no_related_arrears"):
        order = world.alter(order, guards()[name].breaks(world.facts(order)))
    with refused("open_violation", "notice_open") as reasons:
        world.desk().send(order.case)
    assert any(NOTICE + "no_related_arrears" in reason.message for reason in reasons)


def test_the_new_name_of_the_examples_is_no_old_name() -> None:
    assert NEW_NAME != OLD_NAME
