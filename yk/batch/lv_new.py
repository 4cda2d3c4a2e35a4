"""低压批量新装: what a household that is to be connected looks like to its guards (宁夏菜单；flows N4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from yk.batch.asking import Asked, Problem, Row, Source
from yk.desk.looking_up import rows_in
from yk.desk.named import highest_number
from yk.text import halfwidth

METER_GUARDS = frozenset(
    {"meter_in_stock", "readings_recorded", "ratio_matches_scheme", "households_metered"}
)
HOUSEHOLD = ("new_name", "new_elec_addr", "cap", "new_cert_no", "mobile", "elec_type")


class LvNew(Source):
    """Households to be connected; each gets the next account number that is free."""

    def look(self, asked: Sequence[Asked], effects_only: bool) -> None:
        store = self.store
        addresses = sorted({str(one.given.get("new_elec_addr") or "") for one in asked} - {""})
        wanted = sorted({*addresses, *(halfwidth(address) for address in addresses)})
        self.neighbours: dict[str, list[Row]] = {}
        for row in rows_in(store, "customer", "elec_addr", wanted):
            self.neighbours.setdefault(bare(row["elec_addr"]), []).append(row)
        meters = sorted({str(one.given.get("new_asset_no") or "") for one in asked} - {""})
        assets = self.seen.keep("meter_asset", rows_in(store, "meter_asset", "asset_no", meters))
        self.assets = {row["asset_no"]: row for row in assets}
        area = str(self.base.get("supply_tg_no") or "")
        self.areas = list(rows_in(store, "transformer_area", "tg_no", [area] if area else []))
        lines = [str(one["line_no"]) for one in self.areas if one.get("line_no")]
        self.lines = list(rows_in(store, "line", "line_no", lines))
        if any(True for _ in rows_in(store, "customer", "cons_no", map(self.number_of, asked))):
            self.first_number = highest_number(store) + 2 - asked[0].row

    def number_of(self, one: Asked) -> str:
        """The account number the household gets: they follow each other as the rows do."""
        return str(self.first_number + one.row - 1)

    def facts(self, one: Asked) -> tuple[Row, Row]:
        given, number = one.given, str(one.row)
        house = {name: given[name] for name in HOUSEHOLD if given.get(name) is not None}
        work = {
            "cons_no": number,
            "new_asset_no": given.get("new_asset_no"),
            "new_reading": given.get("new_reading") or 0.0,
            "multiplier": given.get("multiplier") or 1.0,
            "seal_no": given.get("seal_no"),
        }
        data = {
            **self.base,
            "households": [{**house, "house_no": one.row, "shift": one.row - 1}],
            "meter_work": [work] if given.get("new_asset_no") else [],
        }
        asset = self.assets.get(given.get("new_asset_no") or "")
        archive = {
            "customer": {},
            "addressed": self.neighbours.get(bare(given.get("new_elec_addr")), []),
            "assets": [asset] if asset else [],
            "areas": self.areas,
            "lines": self.lines,
            "free_numbers": [self.number_of(one)],
            "applicant_accounts": [],
            "business_fee": [],
        }
        return data, archive

    def unfit(self, one: Asked, archive: Mapping[str, Any]) -> tuple[list[Problem], frozenset[str]]:
        given, found = one.given, []
        for name, label in (("new_name", "户名"), ("new_elec_addr", "用电地址"), ("cap", "容量")):
            if given.get(name) in (None, ""):
                found.append(("household_incomplete", f"第 {one.line} 行没有{label}（{name}）"))
        if given.get("cap") is not None and not given["cap"] > 0:
            found.append(("household_cap_wrong", f"第 {one.line} 行容量 {given['cap']:g} kW 应大于 0"))
        if not given.get("new_asset_no"):
            found.append(("household_unmetered", f"第 {one.line} 行没有新表资产号（new_asset_no）"))
            return found, METER_GUARDS
        return found, frozenset()

    def place(self, one: Asked) -> tuple[str, str]:
        line = str(self.areas[0].get("line_no") or "") if self.areas else ""
        return line, str(self.base.get("supply_tg_no") or "")

    def unit(self, one: Asked) -> str:
        return str(self.areas[0].get("org_no") or "") if self.areas else ""


def bare(address: object) -> str:
    """An address as it is compared: half-width, without blanks."""
    return "".join(halfwidth(str(address or "")).split())
