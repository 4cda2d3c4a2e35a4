"""The dictionary holds every audited entity and field, under the same names, types and SG186 names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from yk import yamls
from yk.archive import dictionary
from yk.archive.codes import code_lists
from yk.archive.dictionary import collections, entities, entity, find_entity
from yk.errors import DefinitionError, UsageError

AUDITED = json.loads((Path(__file__).parent / "data" / "audited_fields.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", AUDITED)
def test_an_audited_entity_has_its_fields_types_and_sg186_names(name: str) -> None:
    known, wanted = entity(name), AUDITED[name]
    mine = {f.name: [f.type, f.sg186] for f in known.fields.values() if not f.extension}
    assert (known.sg186, known.owner, mine) == (wanted["sg186"], wanted["owner"], wanted["fields"])


def test_our_own_fields_are_marked() -> None:
    """A field of an audited entity that the audit's dictionary does not have is one of ours."""
    audited = {(name, field) for name, wanted in AUDITED.items() for field in wanted["fields"]}
    for entity_name in AUDITED:
        for field in entities()[entity_name].fields.values():
            assert field.extension is ((entity_name, field.name) not in audited)


def test_there_are_the_audited_entities_and_ours() -> None:
    ours = set(entities()) - set(AUDITED)
    assert len(AUDITED) == 23
    assert ours >= {
        "party", "contact", "receivable", "prepayment", "former_name", "violation", "line", "transformer_area",
        "terminal", "billing_info", "contract_change", "document_record", "customer_document",
    }  # fmt: skip


def test_every_owner_and_foreign_key_is_indexed() -> None:
    keys = {
        "cons_no",
        "party_no",
        "cert_no",
        "sect_no",
        "mp_id",
        "meter_id",
        "line_id",
        "station_id",
        "line_no",
    }
    bare = [
        (e.name, f.name)
        for e in entities().values()
        for f in e.fields.values()
        if f.name in keys and not f.index
    ]
    assert bare == []


def test_personal_fields() -> None:
    personal = {f"{e.name}.{f.name}" for e in entities().values() for f in e.fields.values() if f.personal}
    assert personal == {
        "party.cert_no", "contact.mobile", "contact.home_phone", "contact.email",
        "billing_info.bank_account", "billing_info.notify_phone", "customer_document.doc_no", "qualification.cert_no",
    }  # fmt: skip


def test_every_code_is_a_list() -> None:
    used = {f.code for e in entities().values() for f in e.fields.values() if f.code}
    assert used <= set(code_lists())


def test_no_customer_field_has_the_name_of_an_entity() -> None:
    assert not entities().keys() & entity("customer").fields.keys()


def test_names_are_found_in_english_and_chinese() -> None:
    assert find_entity("用电客户") is entity("customer")
    for word in ("contract_cap", "合同容量", "合同容量（kVA）", " 合同容量(kVA) *"):
        assert entity("customer").field(word).name == "contract_cap"


def test_an_unknown_name_suggests_a_known_one() -> None:
    with pytest.raises(UsageError) as error:
        entity("custmer")
    assert (error.value.code, error.value.hint) == ("unknown_entity", "是不是想写 customer？")
    with pytest.raises(UsageError) as error:
        entity("customer").field("合同容")
    assert (error.value.code, error.value.hint) == ("unknown_field", "是不是想写 合同容量？")


def test_document_ids_join_the_key_fields() -> None:
    assert entity("code_item").doc_id({"code_type": "trade", "code": "C3311"}) == "trade:C3311"
    assert entity("customer").doc_id({"cons_no": "1016000001"}) == "1016000001"
    with pytest.raises(UsageError) as error:
        entity("code_item").doc_id({"code_type": "trade", "code": None})
    assert error.value.code == "missing_key"
    with pytest.raises(UsageError) as error:
        entity("code_item").doc_id({"code_type": "a:b", "code": "c"})
    assert error.value.code == "wrong_type"


def test_collections_are_typed_tables() -> None:
    by_name = {one.name: one for one in collections()}
    code_item, customer = by_name["code_item"], by_name["customer"]
    assert code_item.key == ("code_type", "code")
    assert customer.columns is not None
    assert (customer.columns["run_cap"], customer.columns["read_seq"], customer.columns["build_date"]) == (
        "real",
        "integer",
        "text",
    )
    assert {"cons_no", "party_no", "sect_no", "status"} <= set(customer.index)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("type: VARCHAR", "type: TEXT"), "unknown_word"),
        (("code: org", "code: orgs"), "unknown_word"),
        (("key: [cons_no]", "key: [cons_id]"), "unknown_word"),
        (("zh: 用户名称", "zh: 用户编号"), "duplicate_name"),
        (("zh: 用户名称", "zhong: 用户名称"), "missing_key"),
        (("index: true", "index: yes"), "wrong_type"),
        (("kind: customer", "kind: reference"), "unknown_word"),
    ],
)
def test_a_flaw_in_the_dictionary_names_file_and_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, change: tuple[str, str], code: str
) -> None:
    text = dictionary.SOURCE.read_text(encoding="utf-8").replace(*change, 1)
    flawed = tmp_path / "dictionary.yaml"
    flawed.write_text(text, encoding="utf-8")
    monkeypatch.setattr(dictionary, "SOURCE", flawed)
    monkeypatch.setattr(yamls, "compiled", lambda _name, _sources, build: build())
    with pytest.raises(DefinitionError) as error:
        entities.__wrapped__()
    assert error.value.code == code
    assert error.value.message.startswith("dictionary.yaml 第 ")
