"""Reading what people type into the form: whatever they type, a typed value or one clear error."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from walks import rename
from world import error_of

from yk.desk import chain, form
from yk.desk.form import parse
from yk.desk.order import WorkOrder
from yk.errors import UsageError

FIELDS = [f for f in rename().fields.values() if f["type"] != "table"]
ONE_EACH = list({f["type"]: f for f in FIELDS}.values())
TYPED = st.one_of(
    st.text(max_size=30),
    st.text("0123456789.-:TZ+, eE是否", max_size=25),
    st.integers(),
    st.floats(),
    st.booleans(),
)


@given(st.sampled_from(ONE_EACH), TYPED)
def test_whatever_is_typed_gives_a_value_or_a_clear_error(field: dict[str, Any], value: object) -> None:
    error = error_of(form.parse, field, value)
    assert error is None or error.code in ("bad_value", "bad_time")


@given(st.sampled_from(ONE_EACH), TYPED)
def test_a_value_read_again_is_the_same_and_can_be_logged(field: dict[str, Any], value: object) -> None:
    assume(error_of(form.parse, field, value) is None)
    once = form.parse(field, value)
    assert form.parse(field, once) == once
    order, event = WorkOrder("1", "rename", "d", "c", "R24", "", ""), {"answers": {field["name"]: once}}
    chain.append(order, event)
    assert chain.problems(order, [event]) == []


CELLS = st.dictionaries(
    st.sampled_from(["device_type", "model", "volt", "phases", "cap", "count", "total_cap", "strange"]),
    TYPED,
    max_size=7,
)


@given(st.lists(CELLS, max_size=3))
def test_whatever_a_table_holds_gives_rows_or_a_clear_error(rows: list[dict[str, object]]) -> None:
    error = error_of(form.parse, rename().fields["equipment"], rows)
    assert error is None or error.code == "bad_value"
    for row in () if error else form.parse(rename().fields["equipment"], rows):
        assert row["total_cap"] == pytest.approx(row["cap"] * row["count"])


@given(st.text(max_size=40))
def test_whatever_text_a_table_is_given_as(text: str) -> None:
    error = error_of(form.parse, rename().fields["equipment"], text)
    assert error is None or error.code == "bad_value"


@pytest.mark.parametrize(("cap", "count", "total"), [(10, 3, 30.0), (0.1, 3, 0.3), (2.5, 0, 0.0)])
def test_totals_are_rounded_sensibly(cap: float, count: int, total: float) -> None:
    row = {"device_type": "电动机", "cap": cap, "count": count}
    assert form.parse(rename().fields["equipment"], [row])[0]["total_cap"] == total


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "10000-01-01", "24:00", "2026-11-20T25:00"])
def test_times_out_of_range_are_a_clear_error(text: str) -> None:
    with pytest.raises(UsageError):
        form.parse(rename().fields["app_time"], text)


EQUIPMENT = {
    "name": "equipment",
    "label": "用电设备",
    "type": "table",
    "columns": [
        {"name": "device", "label": "设备", "type": "text", "required": True, "product": []},
        {"name": "cap", "label": "容量", "type": "number", "required": False, "product": []},
        {"name": "total", "label": "合计", "type": "number", "required": False, "product": ["cap"]},
    ],
}


@pytest.mark.parametrize("value", ["电动机", '{"device": 1}', '[{"name": 1}]'])
def test_a_table_written_wrongly_is_told_its_form_and_columns(value: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(EQUIPMENT, value)
    assert caught.value.hint == (
        """写成 equipment='[{"device": "…"}]'，一行一对花括号；列有 设备 device（必填）、容量 cap（数字）"""
    )


@pytest.mark.parametrize(
    ("codes", "typed", "hint"),
    [
        ("volt", "10kV", "可填：AC00101 交流10kV、AC01101 交流110kV"),
        ("elec_type", "商业用", "可填：400 一般工商业用电、405 商业用电"),
    ],
)
def test_half_a_name_of_a_code_shows_the_codes_that_hold_it(codes: str, typed: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse({"name": "x", "label": "某项", "type": "code", "codes": codes}, typed)
    assert caught.value.hint == hint


def test_a_wrong_time_names_its_field() -> None:
    with pytest.raises(UsageError) as caught:
        parse({"name": "app_time", "label": "受理时间", "type": "datetime"}, "昨天")
    assert "受理时间（app_time）“昨天”" in caught.value.message


@pytest.mark.parametrize("unit", ["kVA", "kW"])
def test_a_capacity_is_not_negative(unit: str) -> None:
    """apply_cap=-5 was taken."""
    field = {"name": "apply_cap", "label": "申请容量", "type": "number", "unit": unit}
    with pytest.raises(UsageError) as caught:
        form.parse(field, "-5")
    assert "负数" in caught.value.message
    assert form.parse(field, "5") == 5.0
    assert form.parse({**field, "unit": "kWh"}, "-5") == -5.0
