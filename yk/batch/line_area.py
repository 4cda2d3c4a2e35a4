"""批量更改线路台区: what an account that is to be moved looks like to its guards (YXZY-YY-432..435)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from yk.batch.asking import Asked, Problem, Row, Source
from yk.desk.in_flight import in_flight
from yk.desk.looking_up import by_account, rows_in
from yk.desk.wide import area_loads
from yk.flows.effects.line_area import BELONGING
from yk.flows.guards.area_room import own_cap
from yk.flows.guards.line_area import FINDINGS, SWITCHED
from yk.store import Store

PLACE_GUARDS = frozenset({"old_area_matches"})


class LineArea(Source):
    """Accounts to be moved. `loads` goes on from chunk to chunk: what an area has taken on so far."""

    def __init__(self, store: Store, batch: str, base: Mapping[str, Any], first_number: int) -> None:
        super().__init__(store, batch, base, first_number)
        self.loads: dict[str, float] = {}

    def look(self, asked: Sequence[Asked], effects_only: bool) -> None:
        numbers = [one.cons_no for one in asked]
        store, keep = self.store, self.seen.keep
        customers = keep("customer", rows_in(store, "customer", "cons_no", numbers))
        self.customers = {row["cons_no"]: row for row in customers}
        self.sources = by_account(keep("power_source", rows_in(store, "power_source", "cons_no", numbers)))
        self.orders = {} if effects_only else in_flight(store, numbers, (self.batch,))
        named = {
            name: {str(one.given.get(name) or "") for one in asked}
            for name in ("line_no", "tg_no", "sect_no")
        }
        self.lines = _known(store, "line", "line_no", named["line_no"])
        self.areas = _known(store, "transformer_area", "tg_no", named["tg_no"])
        self.sections = _known(store, "reading_section", "sect_no", named["sect_no"])
        if not effects_only:
            self.loads |= area_loads(store, self.areas.keys() - self.loads.keys())
            self.loads |= dict.fromkeys(self.areas.keys() - self.loads.keys(), 0.0)
        self._belongings(asked)

    def _belongings(self, asked: Sequence[Asked]) -> None:
        """What carries the unit of the accounts that change it; the others need none of it."""
        moving = [one.cons_no for one in asked if self._changes_unit(one)]
        tables = [table for table, _ in BELONGING if table != "power_source"]
        self.belongings = {
            table: by_account(self.seen.keep(table, rows_in(self.store, table, "cons_no", moving)))
            for table in tables
        }

    def _changes_unit(self, one: Asked) -> bool:
        here = self.customers.get(one.cons_no, {}).get("org_no")
        place = self.areas.get(one.given.get("tg_no") or "") or self.lines.get(one.given.get("line_no") or "")
        return bool(place and place.get("org_no") and place["org_no"] != here)

    def facts(self, one: Asked) -> tuple[Row, Row]:
        given, cons_no = one.given, one.cons_no
        sources = self.sources.get(cons_no, [])
        only = sources[0] if len(sources) == 1 else {}
        new_tg = given.get("tg_no")
        listed = {
            "cons_no": cons_no,
            "line": one.line,
            "old_line_no": given.get("old_line_no") or only.get("line_id"),
            "old_tg_no": given.get("old_tg_no") or only.get("station_id"),
            "new_line_no": given.get("line_no"),
            "new_tg_no": new_tg,
            "new_sect_no": given.get("sect_no"),
        }
        data = {
            **self.base,
            "partners": [listed],
            "row_checks": [{"cons_no": cons_no, "finding": given.get("finding") or SWITCHED}],
        }
        if given.get("basis"):
            data["basis_no"] = given["basis"]
        partner = {
            "cons_no": cons_no,
            "customer": self.customers.get(cons_no, {}),
            "orders": self.orders.get(cons_no, ()),
            "power_source": sources,
            **{table: rows.get(cons_no, ()) for table, rows in self.belongings.items()},
        }
        line, area = self.lines.get(given.get("line_no") or ""), self.areas.get(new_tg or "")
        section = self.sections.get(given.get("sect_no") or "")
        archive = {
            "partners": [partner],
            "lines": [line] if line else [],
            "areas": [area] if area else [],
            "sections": [section] if section else [],
            "area_loads": self.loads,
        }
        return data, archive

    def unfit(self, one: Asked, archive: Mapping[str, Any]) -> tuple[list[Problem], frozenset[str]]:
        partner = archive["partners"][0]
        sources = partner["power_source"]
        if not partner["customer"]:
            return [], PLACE_GUARDS
        if not sources:
            return [("no_power_source", f"户号 {one.cons_no} 档案里没有电源，先更正档案")], PLACE_GUARDS
        if len(sources) > 1 and not one.given.get("old_line_no"):
            hung = "、".join(
                f"{s.get('line_id') or '无线路'}/{s.get('station_id') or '无台区'}" for s in sources
            )
            text = f"户号 {one.cons_no} 有 {len(sources)} 路电源（{hung}），清单加“原线路编号”“原台区编号”两列写明改哪一路"
            return [("many_sources", text)], PLACE_GUARDS
        finding = one.given.get("finding")
        if finding and finding not in FINDINGS:
            return [
                (
                    "finding_unknown",
                    f"户号 {one.cons_no} 的核查结论“{finding}”不认识，只能写{'、'.join(FINDINGS)}",
                )
            ], frozenset()
        return [], frozenset()

    def pass_over(self, one: Asked, archive: Mapping[str, Any]) -> Problem | None:
        finding = one.given.get("finding")
        if finding in FINDINGS and finding != SWITCHED:
            return "not_switched", f"户号 {one.cons_no} 现场核查“{finding}”，本批不改"
        sources, given = archive["partners"][0]["power_source"], one.given
        same = [
            s
            for s in sources
            if s.get("line_id") == given.get("line_no") and s.get("station_id") == given.get("tg_no")
        ]
        if same and len(sources) == 1 and not given.get("sect_no"):
            return (
                "already_there",
                f"户号 {one.cons_no} 已在线路 {given.get('line_no')}、台区 {given.get('tg_no') or '（空）'}，不用改",
            )
        return None

    def took(self, one: Asked) -> None:
        """The account hangs on its new area from now on."""
        customer, sources = self.customers[one.cons_no], self.sources[one.cons_no]
        cap = own_cap(customer)
        old = one.given.get("old_tg_no") or sources[0].get("station_id")
        for area, sign in ((one.given.get("tg_no"), 1), (old, -1)):
            if area in self.loads:
                self.loads[area] += sign * cap

    def place(self, one: Asked) -> tuple[str, str]:
        return str(one.given.get("line_no") or ""), str(one.given.get("tg_no") or "")

    def unit(self, one: Asked) -> str:
        return str(self.customers.get(one.cons_no, {}).get("org_no") or "")


def _known(store: Store, table: str, key: str, wanted: set[str]) -> dict[str, Row]:
    return {row[key]: row for row in rows_in(store, table, key, sorted(wanted - {""}))}
