"""Form fields of recorded orders as people wrote them: by label, codes by name, personal ones made up, what fills itself left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from yk.archive.codes import code_of, name_of
from yk.desk.order import WorkOrder
from yk.flows.flow import Flow
from yk.flows.particles import sources_of
from yk.scenario.anonymising import NONE, Anonymiser, kind_of_column, kind_of_field
from yk.scenario.meant import find_entity

if TYPE_CHECKING:
    from yk.scenario.deeds import Event

Data = dict[str, Any]
_SAID = ("old_value", "new_value", "present_value")
"""Columns of tables of corrections with values of the archive."""
_ELSEWHERE = ("child", "parent", "contract_terms")
"""Sources that hold the form of another order."""


class FormValues:
    """`flows` by case; `single` source -> the one row of the archive it is before the order."""

    def __init__(
        self,
        flows: Mapping[str, Flow],
        anonymous: Anonymiser,
        single: Mapping[str, Mapping[str, Any]],
    ) -> None:
        self.anonymous, self._flows, self._single = anonymous, flows, single
        self._forms: dict[str, Data] = {}

    def learn(self, event: Event) -> None:
        """Remember what stands in the form of the order after an event."""
        if event.kind in ("open", "set"):
            self._forms.setdefault(event.order.case, {}).update(event.data["answers"])
        self._forms.setdefault(event.order.case, {}).update(event.data.get("filled") or {})

    def is_customers(self, order: WorkOrder) -> bool:
        """Is it opened on an account?"""
        return bool(self._flows[order.case].doc["customer"])

    def by_hand(self, event: Event, values: Mapping[str, Any]) -> Data:
        """Those of the values that the system would not fill in by itself."""
        fields = self._flows[event.order.case].fields
        return {
            n: v
            for n, v in values.items()
            if n in fields and not self._fills_itself(fields[n], v, event, values)
        }

    def _fills_itself(self, field: Data, value: Any, event: Event, beside: Mapping[str, Any]) -> bool:
        if field["readonly"] or (value == field["default"] and not field["from"]):
            return True
        form = {**self._forms.get(event.order.case, {}), **beside}
        at, flow = event.data["at"], self._flows[event.order.case]
        moments = {"now": at, "today": at[:10], "operator": event.data["operator"], "flow": flow.name}
        for source, column in sources_of(field):
            if source in _ELSEWHERE:
                known: Iterable[Any] = (one for other in self._forms.values() for one in other.values())
            elif not source:
                known = (moments.get(column),)
            else:
                known = (form.get(column) if source == "form" else self._single.get(source, {}).get(column),)
            if value in known:
                return True
        return False

    def shown(self, order: WorkOrder, values: Mapping[str, Any]) -> Data:
        """The values as a scenario writes them, by label where no other field has it; nothing of what is left out."""
        fields = self._flows[order.case].fields
        labels = [one["label"] for one in fields.values()]
        made = {}
        for name, value in values.items():
            field, label = fields[name], fields[name]["label"]
            is_known = labels.count(label) == 1 and label not in fields
            if kind_of_field(field) != NONE:
                made[label if is_known else name] = self._value(field, value)
        return made

    def _value(self, field: Data, value: Any) -> Any:
        if field["type"] == "table" and isinstance(value, list):
            return [self._row(field["columns"], row) for row in value]
        if not isinstance(value, str):
            return value
        if field["type"] == "code":
            name = name_of(field["codes"], value)
            return name if code_of(field["codes"], name) == value else value
        if field["type"] in ("date", "datetime"):
            return value
        return self.anonymous.swap(kind_of_field(field), value, str(field["label"]))

    def _row(self, columns: Sequence[Data], row: Mapping[str, Any]) -> Data:
        """A row of a table; what it says a field of the archive should be is as personal as the field."""
        filled = [one for one in columns if not one["product"] and row.get(one["name"]) is not None]
        kind = _kind_said(row)
        return {
            one["label"]: self.anonymous.swap(kind, str(row[one["name"]]))
            if kind and one["name"] in _SAID
            else self._value(one, row[one["name"]])
            for one in filled
        }


def _kind_said(row: Mapping[str, Any]) -> str:
    """Which kind the field of the archive is that a row of a form speaks of."""
    entity = find_entity(str(row.get("entity") or ""))
    field = entity.find(str(row.get("field") or "")) if entity else None
    return kind_of_column(entity.name, field.name) if entity and field else ""
