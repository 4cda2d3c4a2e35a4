"""客户档案: finding a customer, its things, its story."""

from __future__ import annotations

import re

import pytest
from textual.pilot import Pilot
from world import COMPANY, ID_CARD, NEW_NAME, OLD_NAME, PERSON, TWIN, World

from screens.driving import app_of, played, press, screen_text, settle, shown, type_in
from yk.screens.customer import CustomerScreen
from yk.screens.widgets.facts import Facts
from yk.screens.widgets.tree import YkTree

ENGLISH = re.compile(r"[A-Za-z]{4,}")
SUPPLY = (
    ("supply_point", {"sp_id": "SP1", "sp_type": "01"}),
    ("metering_point", {"mp_id": "MP1", "sp_id": "SP1", "usage_type": "01"}),
    ("metering_point", {"mp_id": "MP2", "sp_id": "SP1", "parent_mp_id": "MP1", "usage_type": "01"}),
    ("meter", {"meter_id": "M1", "mp_id": "MP1", "factory_no": "F0001"}),
    ("meter_register", {"reg_id": "RG1", "meter_id": "M1", "read_type": "11", "reading": 398.0}),
    (
        "former_name",
        {
            "former_id": "FN1",
            "former_name": "示范更老厂",
            "new_name": OLD_NAME,
            "changed_at": "2020-01-05T10:00:00",
        },
    ),
)


@pytest.fixture
def supplied(world: World) -> World:
    """The company with a supply point, meters and a former name."""
    for entity, row in SUPPLY:
        world.put(entity, cons_no=COMPANY, **row)
    return world


def tree_lines(pilot: Pilot[None]) -> list[str]:
    """The tree as it is drawn."""
    tree = pilot.app.screen.query_one(YkTree)
    return ["".join(text for text, _ in tree.drawn(row, 60)[0]).rstrip() for row in tree.items]


async def go_to(pilot: Pilot[None], name: str) -> None:
    """Walk down the tree to a thing."""
    tree = pilot.app.screen.query_one(YkTree)
    while tree.row.thing.name != name:
        before = tree.cursor
        await press(pilot, "down")
        assert tree.cursor > before, name


def test_customers_are_found_as_one_types(supplied: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        assert "4 户" in shown(pilot.app)
        await press(pilot, "slash")
        await type_in(pilot, "二分厂")
        assert "二分厂" in screen_text(pilot.app)[-2], "one sees what one types"
        await press(pilot, "enter")
        assert "1 户" in shown(pilot.app)
        assert TWIN in shown(pilot.app)
        await press(pilot, "escape")
        assert "4 户" in shown(pilot.app)

    played(app_of(supplied, screen="customer"), play)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("客户状态=停电客户", "1 户"),
        ("行业=水泥", "用电客户没有 行业 这个字段"),
        ("[/x]", "0 户"),
        (TWIN, "1 户"),
    ],
)
def test_conditions_are_typed_too_and_what_is_wrong_with_them_is_told(
    supplied: World, typed: str, told: str
) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "slash")
        await type_in(pilot, typed)
        await press(pilot, "enter")
        assert told in shown(pilot.app)

    played(app_of(supplied, screen="customer"), play)


def test_enter_opens_the_things_of_a_customer_under_one_another(supplied: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "enter")
        assert f"客户档案 › {COMPANY} {OLD_NAME}" in shown(pilot.app)
        assert tree_lines(pilot)[:7] == [
            " - 用电客户  正常用电客户",
            "   - 供电与计量  5",
            "     - 受电点  配电室",
            "       - 计量点  售电侧结算",
            "         ▪ 计量点  售电侧结算",
            "         - 运行电能表  F0001",
            "           ▪ 运行电能表示数  有功（总） 398 kWh",
        ]
        assert "   + 合同  1" in tree_lines(pilot)
        await press(pilot, "escape")
        assert "4 户" in shown(pilot.app)

    played(app_of(supplied, screen="customer"), play)


def test_the_fields_of_the_thing_under_the_cursor_are_shown(supplied: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await go_to(pilot, "运行电能表")
        assert "出厂编号" in shown(pilot.app)
        await go_to(pilot, "合同")
        assert "供用电合同" in shown(pilot.app), "a group tells what is in it"

    played(app_of(supplied, screen="customer", customer=COMPANY), play)


def test_branches_fold_by_arrows_and_blank_and_stay_so_for_the_next_customer(supplied: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await go_to(pilot, "合同")
        await press(pilot, "right")
        assert any("供用电合同" in line for line in tree_lines(pilot))
        await press(pilot, "right")
        assert pilot.app.screen.query_one(YkTree).row.thing.name == "供用电合同"
        await press(pilot, "left", "left")
        assert not any("供用电合同" in line for line in tree_lines(pilot))
        await press(pilot, "space")
        await pilot.app.open_screen("customer", customer=PERSON)  # type: ignore[attr-defined]
        await settle(pilot)
        assert any("供用电合同" in line for line in tree_lines(pilot))
        await press(pilot, "asterisk")
        assert not any(line.lstrip().startswith("+") for line in tree_lines(pilot))

    played(app_of(supplied, screen="customer", customer=COMPANY), play)


def test_what_is_owed_and_what_is_under_way_is_told_at_a_glance(supplied: World) -> None:
    supplied.unpaid(COMPANY, 1286.0)
    supplied.desk("acceptance_clerk").open("rename", COMPANY, {"new_name": NEW_NAME})

    async def play(pilot: Pilot[None]) -> None:
        assert "✗ 欠费 1,286.00 元  在办 1 张" in shown(pilot.app)

    played(app_of(supplied, screen="customer", customer=COMPANY), play)


def test_the_story_tells_orders_and_former_names_and_enter_opens_the_order(supplied: World) -> None:
    case = supplied.desk("acceptance_clerk").open("rename", COMPANY, {"new_name": NEW_NAME}).case

    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "h")
        text = shown(pilot.app)
        assert case in text
        assert "在办" in text
        assert "业务受理人员" in text
        assert f"示范更老厂 ▸ {OLD_NAME}" in text
        await press(pilot, "down", "enter")
        assert "没有能打开的工单" in shown(pilot.app)
        await press(pilot, "escape")
        assert "供电与计量" in shown(pilot.app)
        await press(pilot, "h", "home", "enter")
        assert pilot.app.here.ID == "step"  # type: ignore[attr-defined]
        assert case in shown(pilot.app)

    played(app_of(supplied, screen="customer", customer=COMPANY), play)


def test_an_order_that_ended_tells_when_and_by_whom(supplied: World) -> None:
    supplied.done(COMPANY)

    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "h")
        assert "已归档" in shown(pilot.app)
        assert "归档 2026-11-20" in shown(pilot.app)
        assert f"{OLD_NAME} ▸ {NEW_NAME}" in shown(pilot.app)

    played(app_of(supplied, screen="customer", customer=COMPANY), play)


def test_n_begins_an_order_for_the_customer(supplied: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "n")
        await type_in(pilot, "更名")
        await press(pilot, "enter")
        assert pilot.app.here.ID == "step"  # type: ignore[attr-defined]
        (order,) = supplied.desk().orders(customer=COMPANY)
        assert order.flow == "rename"

    played(app_of(supplied, "acceptance_clerk", screen="customer", customer=COMPANY), play)


def facts(pilot: Pilot[None]) -> str:
    """What the fields say."""
    return str(pilot.app.get_screen("customer").query_one(Facts).render())


async def show_party(pilot: Pilot[None]) -> None:
    """The cursor on the party, who has a certificate."""
    await press(pilot, "asterisk")
    await go_to(pilot, "用电主体")


def test_personal_data_are_masked_until_asked_for_and_again_after_leaving(supplied: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await show_party(pilot)
        assert ID_CARD not in facts(pilot)
        await press(pilot, "u")
        assert ID_CARD in facts(pilot)
        assert "! 未脱敏" in shown(pilot.app) or "不脱敏" in shown(pilot.app)
        await press(pilot, "question_mark", "escape")
        assert ID_CARD in facts(pilot), "a dialog over the screen is no leaving"
        await press(pilot, "1")
        assert ID_CARD not in facts(pilot)
        await press(pilot, "5")
        assert ID_CARD not in facts(pilot)
        await press(pilot, "u", "u")
        assert ID_CARD not in facts(pilot)

    played(app_of(supplied, screen="customer", customer=PERSON), play)


def test_another_customer_is_masked_again(supplied: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        screen = pilot.app.screen
        assert isinstance(screen, CustomerScreen)
        await press(pilot, "end", "up", "u")
        assert screen.number == PERSON
        await press(pilot, "up", "down")
        await press(pilot, "enter")
        await show_party(pilot)
        assert ID_CARD not in facts(pilot)

    played(app_of(supplied, screen="customer"), play, (120, 40))


def test_who_may_not_see_personal_data_is_told_so(supplied: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await show_party(pilot)
        await press(pilot, "u")
        assert "角色不能查看未脱敏的证件号码和电话" in shown(pilot.app)
        await press(pilot, "escape")
        assert ID_CARD not in facts(pilot)

    played(app_of(supplied, "meter_installer", screen="customer", customer=PERSON), play)


def test_y_copies_the_thing_under_the_cursor(supplied: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await go_to(pilot, "运行电能表")
        await press(pilot, "y")
        assert pilot.app.clipboard.startswith("运行电能表 F0001\n")
        assert "出厂编号　F0001" in pilot.app.clipboard

    played(app_of(supplied, screen="customer", customer=COMPANY), play)


def test_what_was_opened_from_another_screen_leads_back_there(supplied: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await pilot.app.open_screen("customer", customer=COMPANY)  # type: ignore[attr-defined]
        await settle(pilot)
        assert OLD_NAME in shown(pilot.app)
        await press(pilot, "escape")
        assert pilot.app.here.ID == "workbench"  # type: ignore[attr-defined]

    played(app_of(supplied), play)


def test_a_customer_that_is_not_there_is_told(supplied: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        assert "档案里没有用户 1999999999" in shown(pilot.app)
        await press(pilot, "escape")
        assert TWIN in shown(pilot.app), "the whole list again"

    played(app_of(supplied, screen="customer", customer="1999999999"), play)


def test_the_account_is_read_again_when_the_store_changes(supplied: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await go_to(pilot, "运行电能表")
        supplied.put("meter", cons_no=COMPANY, meter_id="M2", mp_id="MP1", factory_no="F0002")
        pilot.app.screen.reload()  # type: ignore[attr-defined]
        await settle(pilot)
        assert any("F0002" in line for line in tree_lines(pilot))
        assert pilot.app.screen.query_one(YkTree).row.thing.told == "F0001", "the cursor stays on its thing"

    played(app_of(supplied, screen="customer", customer=COMPANY), play)


def test_names_are_no_markup(supplied: World) -> None:
    supplied.put("customer", cons_no=COMPANY, cons_name="示范[/b]厂[red]")

    async def play(pilot: Pilot[None]) -> None:
        assert f"{COMPANY} 示范[/b]厂[red]" in shown(pilot.app)
        await press(pilot, "h")
        assert f"历史：{COMPANY} 示范[/b]厂[red]" in shown(pilot.app)

    played(app_of(supplied, screen="customer", customer=COMPANY), play, (120, 40))


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (150, 40)])
def test_no_english_is_seen(supplied: World, size: tuple[int, int]) -> None:
    async def play(pilot: Pilot[None]) -> None:
        for keys in (("enter",), ("asterisk",), ("end",), ("h",), ("slash",)):
            await press(pilot, *keys)
            assert ENGLISH.findall(shown(pilot.app)) == []

    played(app_of(supplied, screen="customer"), play, size)


def test_resizing_keeps_the_place(supplied: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await go_to(pilot, "运行电能表")
        for width, height in ((120, 40), (80, 24), (150, 40), (80, 24)):
            await pilot.resize_terminal(width, height)
            await settle(pilot)
            assert pilot.app.screen.query_one(YkTree).row.thing.name == "运行电能表"
            assert "F0001" in shown(pilot.app)

    played(app_of(supplied, screen="customer", customer=COMPANY), play)


def test_at_most_500_customers_are_listed(world: World) -> None:
    for number in range(600):
        world.put("customer", cons_no=f"20{number:08}", cons_name="示范户")

    async def play(pilot: Pilot[None]) -> None:
        assert "先列 500 户" in shown(pilot.app)

    played(app_of(world, screen="customer"), play)
