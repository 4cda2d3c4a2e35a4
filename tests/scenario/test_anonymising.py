"""Made-up values stand for personal ones: as good to the checks, and the same for the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yk.archive.dictionary import entities
from yk.archive.numbering import credit_code_check, id_card_check, valid_credit_code, valid_id_card
from yk.desk.views import personal_columns
from yk.flows.flow import flow_ids, load
from yk.scenario.anonymising import Anonymiser, kind_of_column, kind_of_field

ID_CARD = (digits := "64010219790812301") + id_card_check(digits)
CREDIT = (body := "91640100MA7XK3T9H") + credit_code_check(body)
NAMES = st.text("马国梁哈斯恒泰铸造有限公司厂0AＡ ", min_size=2, max_size=9)


@given(st.lists(NAMES, min_size=2, max_size=12))
def test_equal_names_stay_equal_and_different_ones_different(names: list[str]) -> None:
    anonymous = Anonymiser({})
    swapped = [anonymous.swap("name", name) for name in names]
    again = [anonymous.swap("name", name) for name in names]
    assert swapped == again
    for one, new in zip(names, swapped, strict=True):
        for other, newer in zip(names, swapped, strict=True):
            if one == other:
                assert new == newer


def test_many_people_have_names_of_their_own() -> None:
    anonymous = Anonymiser({})
    assert len({anonymous.swap("person", f"张{number}") for number in range(400)}) == 400
    assert len({anonymous.swap("name", f"恒泰{number}公司") for number in range(400)}) == 400


def test_the_width_of_letters_makes_no_other_name() -> None:
    anonymous = Anonymiser({})
    assert anonymous.swap("name", "ＡＢ公司") == anonymous.swap("name", "ab 公司")


def test_several_names_in_a_field_stay_several() -> None:
    assert Anonymiser({}).swap("person", "张三、李四") == "赵甲、钱乙"
    assert Anonymiser({}).swap("person", "无") == "无"


@pytest.mark.parametrize(("value", "check"), [(ID_CARD, valid_id_card), (CREDIT, valid_credit_code)])
def test_certificates_keep_their_check_character(value: str, check: object) -> None:
    anonymous = Anonymiser({})
    made = {
        anonymous.swap("certificate", f"{value[:-1]}{value[-1]}"),
        anonymous.swap("certificate", "NX-0012345"),
    }
    assert value not in made
    assert any(check(one) for one in made)  # type: ignore[operator]
    assert "NX-9000002" in made


def test_a_hundred_citizens_have_a_hundred_valid_numbers() -> None:
    anonymous, cards = Anonymiser({}), []
    for number in range(100):
        body = f"640102197908{1 + number % 28:02d}{number:03d}"
        cards.append(anonymous.swap("certificate", body + id_card_check(body)))
    assert len(set(cards)) == 100
    assert all(map(valid_id_card, cards))


@given(st.text("电话证，。 ab", max_size=8), st.text("电话证，。 ", max_size=8))
def test_phones_certificates_and_mail_are_found_in_any_text(before: str, after: str) -> None:
    text = Anonymiser({}).text(f"{before} 13877665544 {ID_CARD} hasi@hengtai.cn {after}")
    assert not {"13877665544", ID_CARD, "hasi@hengtai.cn"} & set(text.split())
    assert text.startswith(before)


def test_what_is_known_is_replaced_in_texts_and_a_number_only_where_it_ends() -> None:
    anonymous = Anonymiser({})
    anonymous.know("P1", "H1")
    anonymous.know("2000000007", "1016000001", anywhere=True)
    name = anonymous.swap("name", "恒泰铸造有限公司")
    assert anonymous.text("恒泰铸造有限公司受电点") == f"{name}受电点"
    assert anonymous.text("P1 P10 MP20000000071") == "H1 P10 MP10160000011"


def test_who_works_here_has_the_name_of_the_scenario() -> None:
    assert Anonymiser({"lt": "业务受理人员甲"}).swap("person", "lt") == "业务受理人员甲"


def test_every_personal_column_and_field_has_a_kind() -> None:
    for entity in entities().values():
        for name in entity.fields.keys() & personal_columns():
            if entity.fields[name].personal:
                assert kind_of_column(entity.name, name), (entity.name, name)
    for flow in flow_ids():
        for field in load(flow).fields.values():
            if field["personal"] or field["type"] in ("phone", "email"):
                assert kind_of_field(field), (flow, field["name"])


def test_every_column_that_holds_a_name_or_an_address_has_a_kind() -> None:
    told = ("姓名", "名称", "地址", "抬头", "账户名", "电话", "传真", "邮箱", "证件号码", "法定代表人")
    public = {"tariff.tariff_name", "code_item.name", "customer_document.name", "billing_info.bank_name"}
    for entity in entities().values():
        for name, field in entity.fields.items():
            if field.zh.endswith(told) and not field.code and f"{entity.name}.{name}" not in public:
                assert kind_of_column(entity.name, name), (entity.name, name, field.zh)


def test_landlines_cards_and_credit_codes_are_found_in_any_text() -> None:
    told = Anonymiser({}).text(
        "电话0951-6031234，卡6222021234567890123，代码91640100MA75XK3T9H，微信ouyang_jg@qq.com"
    )
    for real in ("6031234", "6222021234567890123", "91640100MA75XK3T9H", "ouyang_jg"):
        assert real not in told
    assert "微信" in told
