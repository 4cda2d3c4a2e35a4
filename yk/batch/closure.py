"""批量销户: what an account that is to be closed looks like to its guards (YXZY-YY-414..422)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from yk.batch.asking import Asked, Problem, Row, Source
from yk.desk.looking_up import by_account, rows_in
from yk.desk.partners import partners_of
from yk.desk.wide import related_accounts

THEIRS = (
    "power_source", "transformer", "metering_point", "meter", "meter_register", "terminal", "due_task", "contract",
    "instrument_transformer", "violation", "billing_info", "stoppage",
)  # fmt: skip
READING_GUARDS = frozenset(
    {
        "final_reading_recorded",
        "closing_reading_plausible",
        "closing_reading_fits_meter",
        "batch_meters_removed",
    }
)
"""Guards that have nothing to say of a row without a usable reading."""
SURVEY = ("emptied", "still", "meter_there", "photos")


class Closure(Source):
    """Accounts to be closed."""

    def look(self, asked: Sequence[Asked], effects_only: bool) -> None:
        numbers = [one.cons_no for one in asked]
        self.related: dict[str, list[Row]] = {}
        if effects_only:
            found = self._settled_accounts(numbers)
        else:
            found = partners_of(self.store, numbers, (self.batch,), THEIRS, self.seen.keep)
            self.related = related_accounts(self.store, found)
        self.partners = {partner["cons_no"]: partner for partner in found}
        ids = [str(meter.get("asset_id") or "") for partner in found for meter in partner["meter"]]
        assets = rows_in(self.store, "meter_asset", "asset_id", filter(None, ids))
        self.assets = {row["asset_id"]: row for row in self.seen.keep("meter_asset", assets)}

    def _settled_accounts(self, numbers: Sequence[str]) -> list[Row]:
        """What closing an account writes upon; what guards ask of it besides is as good as nothing."""
        tables = ("customer", "prepayment", *(table for table in THEIRS if table != "violation"))
        rows = {
            table: by_account(self.seen.keep(table, rows_in(self.store, table, "cons_no", numbers)))
            for table in tables
        }
        return [
            {"cons_no": number, "violation": (), "receivable": (), "orders": ()}
            | {table: found.get(number, []) for table, found in rows.items()}
            | {table: next(iter(rows[table].get(number, ())), {}) for table in ("customer", "prepayment")}
            for number in numbers
        ]

    def facts(self, one: Asked) -> tuple[Row, Row]:
        partner, given, cons_no = self.partners[one.cons_no], one.given, one.cons_no
        partner["number"] = f"{one.row:07d}-"
        assets = [self.assets[m["asset_id"]] for m in partner["meter"] if m.get("asset_id") in self.assets]
        readings = _readings(given, assets)
        data = {
            **self.base,
            "partners": [{"cons_no": cons_no, "reason": given.get("reason")}],
            "surveyed": [{"cons_no": cons_no} | {name: given.get(name) for name in SURVEY}],
            "meter_work": [
                {"cons_no": cons_no, "old_asset_no": number, "old_reading": reading}
                for number, reading in readings.items()
            ],
            "settlements": [_settlement(cons_no, given)],
        }
        related = {cons_no: self.related.get(cons_no, ())}
        return data, {"partners": [partner], "partners_related": related, "assets": assets}

    def unfit(self, one: Asked, archive: Mapping[str, Any]) -> tuple[list[Problem], frozenset[str]]:
        partner, assets = archive["partners"][0], archive["assets"]
        if not partner["customer"] or not partner["meter"]:
            return [], READING_GUARDS
        numbers = [str(asset["asset_no"]) for asset in assets]
        if len(assets) < len(partner["meter"]):
            lost = next(m for m in partner["meter"] if m.get("asset_id") not in self.assets)
            return [
                (
                    "asset_unknown",
                    f"用户 {one.cons_no} 的电能表 {lost.get('asset_id')} 不在资产库，先更正档案",
                )
            ], READING_GUARDS
        if not _readings(one.given, assets):
            if one.given.get("closing_reading") is None and not one.given.get("readings"):
                return [
                    (
                        "closing_reading_missing",
                        f"用户 {one.cons_no} 没有拆表示数（closing_reading），抄见后补填",
                    )
                ], READING_GUARDS
            text = f"用户 {one.cons_no} 有 {len(numbers)} 只表（{'、'.join(numbers)}），清单加“电能表资产号”一列，一只表写一行"
            return [("many_meters", text)], READING_GUARDS
        return [], frozenset()

    def place(self, one: Asked) -> tuple[str, str]:
        hung: Row = next(iter(self.partners[one.cons_no]["power_source"]), {})
        return str(hung.get("line_id") or ""), str(hung.get("station_id") or "")

    def unit(self, one: Asked) -> str:
        return str(self.partners[one.cons_no]["customer"].get("org_no") or "")


def _readings(given: Mapping[str, Any], assets: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Asset number -> closing reading. A list without asset numbers means the account's only meter."""
    by_asset: dict[str, float] = dict(given.get("readings") or {})
    if by_asset:
        return by_asset
    reading, number = given.get("closing_reading"), given.get("asset_no")
    if reading is None or (not number and len(assets) != 1):
        return {}
    return {str(number or assets[0]["asset_no"]): float(reading)}


def _settlement(cons_no: str, given: Mapping[str, Any]) -> Row:
    """The account's last bill. A list without amounts says nothing of it: the bill was issued and shows in the arrears."""
    amount = given.get("final_amount") or 0.0
    paid = given.get("paid") if given.get("paid") is not None else amount
    return {"cons_no": cons_no, "final_amount": amount, "paid": paid, "balance_way": given.get("balance_way")}
