"""Check characters of identity numbers."""

from __future__ import annotations

import pytest

from yk.archive.numbering import (
    credit_code_check,
    id_card_check,
    organisation_check,
    valid_credit_code,
    valid_id_card,
)


@pytest.mark.parametrize(
    "number", ["11010519491231002X", "11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ"]
)
def test_the_standards_own_citizen_number_is_valid(number: str) -> None:
    assert valid_id_card(number)


@pytest.mark.parametrize(
    "number",
    ["110105194912310021", "11010519490231002X", "11010519491231002", "01010519491231002X", "", "１１０X"],
)
def test_a_wrong_citizen_number_is_not(number: str) -> None:
    assert not valid_id_card(number)


@pytest.mark.parametrize("number", ["91350100M000100Y43", "91350100m000100y43"])
def test_the_standards_own_credit_code_is_valid(number: str) -> None:
    assert valid_credit_code(number)


@pytest.mark.parametrize(
    "number", ["91350100M000100Y44", "91350100I000100Y43", "91350100M000100Y4", "9135010M0000100Y43", ""]
)
def test_a_wrong_credit_code_is_not(number: str) -> None:
    assert not valid_credit_code(number)


def test_check_characters() -> None:
    assert id_card_check("11010519491231002") == "X"
    assert organisation_check("D2143569") == "X"
    assert credit_code_check("91350100M000100Y4") == "3"


def test_every_single_wrong_digit_is_found() -> None:
    number = "11010519491231002X"
    for place in range(17):
        for digit in "0123456789":
            other = number[:place] + digit + number[place + 1 :]
            assert valid_id_card(other) == (other == number)
