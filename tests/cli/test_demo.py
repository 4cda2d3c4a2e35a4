"""`yk demo`: the main job on a throw-away store, whatever the day and whatever the user's own store."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from yk.text import cell_len

from .conftest import Yk


def test_it_is_refused_mended_and_archived(yk: Yk) -> None:
    result = yk("demo")
    assert (result.code, result.err) == (0, "")
    heads = re.findall(r"^【(..)】", result.out, re.M)
    assert heads == ["受理", *["发送", "整改"] * 4, *["办理"] * 5, "归档"]
    assert [int(n) for n in re.findall(r"被拒绝，(\d) 条原因", result.out)] == [4, 3, 2, 1]
    assert "现用户名：示范新里电气有限公司" in result.out
    assert "曾用名：城东竹川测试电气有限公司" in result.out
    assert result.out.rstrip().endswith("哈希链完整")


def test_its_page_fits_80_cells_and_speaks_chinese(yk: Yk) -> None:
    lines = yk("demo").out.splitlines()
    assert [line for line in lines if cell_len(line) > 80] == []
    assert [line for line in lines if line.startswith("  → ")] == [
        "  → 合同变更",
        "  → 信息归档",
        "  → 客户回访",
        "  → 资料归档",
        "  → 已归档",
    ]


@pytest.mark.parametrize("flow", ["rename", "更名", "gm", "334"])
def test_a_flow_is_named_as_elsewhere(yk: Yk, flow: str) -> None:
    assert yk("demo", flow).out == yk("demo").out


def test_a_flow_without_a_customer_is_played_too(yk: Yk) -> None:
    result = yk("demo", "inspector_qualification")
    assert (result.code, result.err) == (0, "")
    assert "【归档】工单" in result.out


@pytest.mark.parametrize("flow", ["更改交费方式", "减容", "客户用电事故管理"])
def test_only_what_really_refuses_is_mended(yk: Yk, flow: str) -> None:
    """Breaking one guard may hide or heal another; such a guard is not shown as mended."""
    result = yk("demo", flow)
    assert (result.code, "错误" in result.err) == (0, False)
    left = [int(n) for n in re.findall(r"被拒绝，(\d+) 条原因", result.out)]
    assert left == sorted(set(left), reverse=True)


def test_a_step_that_is_the_whole_flow_has_a_chinese_name(yk: Yk) -> None:
    assert "YXZY-YY-480 客户用电事故管理" in yk("demo", "客户用电事故管理").out


def test_it_plays_on_any_day(yk: Yk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yk.clock.system_clock", lambda: 1 / 0)
    first = yk("demo").out
    assert "时限 2026-11-24 17:30" in first
    monkeypatch.setenv("YK_NOW", "2026-12-01T09:00")
    assert "时限 2026-12-02 17:30" in yk("demo").out


def test_it_leaves_the_users_store_alone(demo: Yk) -> None:
    before = Path("yk.db").read_bytes()
    assert demo("demo").code == 0
    assert Path("yk.db").read_bytes() == before
    assert demo("demo", "--store", "none.db").code == 0
    assert not Path("none.db").exists()


def test_personal_numbers_are_starred(yk: Yk) -> None:
    for result in (yk("demo"), yk("demo", "--json")):
        assert not re.search(r"\b1[3-9]\d{9}\b|\b\d{17}[\dX]\b|91990001\d+", result.out)
