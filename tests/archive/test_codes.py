"""Code lists: a code or a Chinese name is understood; lists say where they come from."""

from __future__ import annotations

import pytest

from yk.archive.codes import code_lists, code_of, codes, name_of
from yk.errors import UsageError


def test_codes_and_names_both_ways() -> None:
    assert name_of("cons_status", "9") == "已销户客户"
    assert code_of("cons_sort", "低压 居民") == "03"
    assert code_of("elec_type", "１００") == "100"
    assert code_of("app_mode", "电话(95598)") == "02"
    assert code_of("cons_sort", "超高压") is None
    assert name_of("volt", "AC99999") == "AC99999"


def test_an_unknown_list_suggests_a_known_one() -> None:
    with pytest.raises(UsageError) as error:
        codes("cons_stat")
    assert (error.value.code, error.value.hint) == ("unknown_code_list", "是不是想写 cons_status？")


def test_every_list_has_source_confidence_and_items() -> None:
    for one in code_lists().values():
        assert one.source
        assert one.confidence in ("高", "中", "低")
        assert all(code and name for code, name in one.items.items())


def test_trades_stand_below_a_section() -> None:
    assert {code[0] for code in codes("trade")} <= set(codes("trade_section"))


def test_lists_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        codes("volt")["x"] = "y"  # type: ignore[index]
