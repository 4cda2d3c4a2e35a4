"""Check characters of the identity numbers that the archive holds."""

from __future__ import annotations

import re
from datetime import date
from operator import mul

from yk.text import halfwidth

_ID_CARD = re.compile(r"[1-9]\d{5}(\d{4})(\d{2})(\d{2})\d{3}[\dX]")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_CREDIT = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}")
_CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def id_card_check(body: str) -> str:
    """The 18th character for the first 17 digits of a citizen number (GB 11643-1999, ISO 7064 MOD 11-2)."""
    total = sum(map(mul, map(int, body), _ID_WEIGHTS))
    return _ID_CHECKS[total % 11]


def valid_id_card(text: str) -> bool:
    """Is `text` a well-formed 18-character citizen number: a legal birth date and the right check character?

    The region is not looked up: regions are renamed and merged over time.
    """
    number = halfwidth(text).upper()
    found = _ID_CARD.fullmatch(number)
    if not found or not number.isascii():
        return False
    try:
        date(*(int(part) for part in found.groups()))
    except ValueError:
        return False
    return id_card_check(number[:17]) == number[17]


def organisation_check(body: str) -> str:
    """The 9th character for the first 8 of an organisation code (GB 11714-1997, modulus 11)."""
    pairs = zip(body, _ORGANISATION_WEIGHTS, strict=True)
    rest = 11 - sum(_ORGANISATION_SIGNS.index(sign) * weight for sign, weight in pairs) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def credit_code_check(body: str) -> str:
    """The 18th character for the first 17 of a unified social credit code (GB 32100-2015, modulus 31)."""
    total = sum(_CREDIT_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return _CREDIT_SIGNS[-total % 31]


def valid_credit_code(text: str) -> bool:
    """Is `text` a well-formed 18-character unified social credit code with the right check character?"""
    number = halfwidth(text).upper()
    if not number.isascii() or not _CREDIT.fullmatch(number):
        return False
    return credit_code_check(number[:17]) == number[17]
