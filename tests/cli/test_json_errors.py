"""Refusals and errors of the contract: exit codes 2, 3 and 4, their JSON, their lines; nothing is changed by them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .conftest import Yk

CASE = "012611230001"


@pytest.fixture
def opened(demo: Yk) -> Yk:
    """A store with one work order at its first step."""
    assert (
        demo(
            "case", "open", "更名", "--customer", "1016000001", "--set", "new_name=示范新里电气有限公司"
        ).code
        == 0
    )
    return demo


REFUSED: list[tuple[list[str], str]] = [
    (["init"], "store_not_empty"),
    (["case", "send", CASE], "field_missing"),
    (["case", "send", CASE, "--operator", "cashier"], "role_missing"),
    (["case", "return", CASE, "--to", "acceptance", "--reason", "x"], "back_not_allowed"),
    (["case", "fail", CASE, "--reason", "x"], "fail_not_allowed"),
    (["case", "sign", CASE, "--dept", "ops", "--opinion", "agree"], "not_signing"),
    (["case", "resume", CASE, "--reason", "x"], "not_suspended"),
    (["case", "open", "更名", "--customer", "1016000001"], "order_in_flight"),
    (["case", "open", "更名", "--customer", "1016000004"], "account_closed"),
    (["case", "attach", CASE, "M03", "--defer", "2026-12-01"], "not_deferrable"),
    (["case", "attach", CASE, "社区用电证明"], "forbidden_material"),
    (["case", "show", CASE, "--unmasked", "--operator", "approver"], "personal_data"),
    (["case", "log", CASE, "--unmasked", "--operator", "approver"], "personal_data"),
    (["case", "print", CASE, "--doc", "notice", "--unmasked", "--operator", "approver"], "personal_data"),
    (["customer", "show", "1016000001", "--unmasked", "--operator", "approver"], "personal_data"),
    (["customer", "list", "--unmasked", "--operator", "approver"], "personal_data"),
    (["case", "print", CASE, "--doc", "survey_order"], "no_such_form"),
]


@pytest.mark.parametrize(
    ("words", "code"), REFUSED, ids=lambda value: value if isinstance(value, str) else " ".join(value[:2])
)
def test_a_refusal_is_exit_4_with_all_reasons(opened: Yk, words: list[str], code: str) -> None:
    result = opened(*words, "--json")
    assert (result.code, result.err) == (4, "")
    assert result.json.keys() == {"refused"}
    assert all(
        reason.keys() == {"code", "message", "entry", "control", "basis"} for reason in result.json["refused"]
    )
    assert code in {reason["code"] for reason in result.json["refused"]}
    plain = opened(*words)
    assert (plain.code, plain.out) == (4, "")
    assert plain.err.count("✗") == len(result.json["refused"])


ERRORS: list[tuple[list[str], int, str]] = [
    (["case", "list", "--store", "none.db"], 3, "store_missing"),
    (["case", "list", "--store", "mysql://x"], 2, "bad_store_url"),
    (["case", "list", "--operator", "nobody", "--mine"], 2, "unknown_operator"),
    (["case", "list", "--lamp", "blue"], 2, "bad_value"),
    (["case", "list", "--flow", "x"], 2, "unknown_flow"),
    (["case", "list", "--now", "x"], 2, "bad_time"),
    (["case", "show", "1016000001"], 2, "unknown_case"),
    (["case", "show", "012611230009"], 2, "unknown_case"),
    (["case", "open", "更名"], 2, "customer_missing"),
    (["case", "open", "更名", "--customer", "1"], 2, "unknown_customer"),
    (["case", "set", CASE, "x=1"], 2, "unknown_field"),
    (["case", "set", CASE, "x"], 2, "bad_pair"),
    (["case", "set", CASE, "a=1", "a=2"], 2, "field_twice"),
    (["case", "set", CASE], 2, "nothing_to_set"),
    (["case", "set", CASE, "elec_addr=x"], 2, "field_readonly"),
    (["case", "set", CASE, "agreement_no=x"], 2, "field_not_here"),
    (["case", "set", CASE, "--data", "none.yaml"], 3, "cannot_read"),
    (["case", "attach", CASE, "M99"], 2, "unknown_material"),
    (["case", "attach", CASE, "M03", "--file", "none.pdf"], 3, "cannot_read"),
    (["case", "confirm", CASE], 2, "nothing_to_confirm"),
    (["case", "confirm", CASE, "9.R9.C9"], 2, "unknown_control"),
    (["case", "confirm", CASE, "2.R1.C2"], 2, "answered_by_guard"),
    (["case", "confirm", CASE, "2.R1.C3", "--na"], 2, "reason_missing"),
    (["case", "confirm", CASE, "2.R1.C3", "--na", "--failed"], 2, "conflicting_options"),
    (["case", "suspend", CASE], 2, "reason_missing"),
    (["case", "run", CASE, "--until", "x"], 2, "unknown_step"),
    (["case", "run", "更名", "--customer", "1016000008", "--until", "x"], 2, "unknown_step"),
    (["case", "run", "更名", "--customer", "1016000008", "--set", "x=1"], 2, "unknown_field"),
    (["case", "print", CASE, "--doc", "x"], 2, "unknown_form"),
    (["case", "print", CASE], 2, "missing_parameter"),
    (["case", "lst"], 2, "unknown_command"),
    (["case", "list", "--lmap", "red"], 2, "unknown_option"),
    (["customer", "show", "1"], 2, "unknown_customer"),
    (["customer", "list", "--where", "x=1"], 2, "unknown_field"),
    (["customer", "list", "--where", "客户状态=冬眠"], 2, "unknown_code"),
    (["customer", "list", "-o", "yk.db"], 2, "file_is_store"),
    (["customer", "export", "-o", "yk.db"], 2, "file_is_store"),
    (["customer", "export", "-o", "none/x.jsonl"], 3, "cannot_write"),
    (["customer", "export", "-o", "x.xlsx", "--format", "csv"], 2, "format_mismatch"),
    (["customer", "import", "none.csv"], 3, "cannot_read"),
    (["operator", "add", "a b", "--name", "x", "--role", "approver"], 2, "bad_operator_id"),
    (["operator", "add", "li", "--name", "x", "--role", "y"], 2, "unknown_role"),
    (["demo", "过户换表"], 2, "unknown_flow"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "exit_code", "code"), ERRORS, ids=lambda value: value if isinstance(value, str) else None
)
def test_an_error_has_code_message_and_hint(opened: Yk, words: list[str], exit_code: int, code: str) -> None:
    before = dump(opened)
    result = opened(*words, "--json")
    assert (result.code, result.err) == (exit_code, "")
    assert result.json.keys() == {"error"}
    assert result.json["error"].keys() == {"code", "message", "hint"}
    assert result.json["error"]["code"] == code
    plain = opened(*words)
    assert (plain.code, plain.out) == (exit_code, "")
    assert plain.err.startswith(f"错误：{result.json['error']['message']}\n")
    assert dump(opened) == before


def dump(yk: Yk) -> Any:
    """All that is in the store."""
    assert yk("store", "dump", "dump.json").code == 0
    content = json.loads(Path("dump.json").read_text(encoding="utf-8"))
    Path("dump.json").unlink()
    return content
