"""What the screen 数据稽核 lists, read at the desk: rules, findings, the whitelist, extensions, runs, queries and their answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from yk.archive.codes import name_of
from yk.audit.deciding import gathered
from yk.audit.exempting import APPLIED, APPROVED, EXEMPTION_STATES, why_void
from yk.audit.looking import is_overdue, last_run, runs, shown
from yk.audit.owners import holders, named_in, owners, require_role, require_sender
from yk.audit.rules import LISTS, rules
from yk.audit.states import CLEARED, FOUND, OPEN, REOPENED, STATES, VERIFIED
from yk.audit.themes import queries, themes, topics
from yk.deadlines.limits import lamp
from yk.desk.views import operator_name
from yk.flows.flow import load
from yk.screens.audit_orders import REPAIR, TASK, order_rows
from yk.screens.audit_places import FACETS, VOID, Answer, Place, Seen, facet_name
from yk.store.conditions import Comparison
from yk.text import halfwidth

if TYPE_CHECKING:
    from datetime import datetime

    from yk.desk import Desk

Data = dict[str, Any]
MOST = 500
"""So many rows are listed."""


def seen(desk: Desk, place: Place, answers: Mapping[str, Answer]) -> Seen:
    """What the screen shows at a place."""
    reading = _Reading(desk, answers)
    every = reading.rows(place)
    rows = [row for row in every if _has_facet(row, place.facet)]
    broken = len({doc["rule"] for doc in reading.open})
    return Seen(
        place, [reading.told(row, place) for row in rows[:MOST]], len(rows), reading.counts(),
        len(rules()), len(rules()) - broken, len(reading.open), last_run(desk.store), powers(desk),
    )  # fmt: skip


def facets(desk: Desk, place: Place, answers: Mapping[str, Answer]) -> list[tuple[str, str, str]]:
    """The filters that leave something at a place, with how much."""
    every = _Reading(desk, answers).rows(place._replace(facet=""))
    found = [("all", f"全部，{len(every)}", "")]
    for field, label in FACETS[place.kind].items():
        counted = Counter(value for row in every for value in _values(row, field))
        named = [(f"{field}:{value}", facet_name(f"{field}:{value}"), n) for value, n in counted.items()]
        found += [
            (ident, f"{label}：{name}，{n}", "")
            for ident, name, n in sorted(named, key=lambda one: (-one[2], one[1]))
        ]
    return found


def powers(desk: Desk) -> dict[str, str]:
    """What the operator's roles do not allow: action -> why."""

    def lacks(role: str, act: str) -> str:
        reasons = gathered(lambda: require_role(desk.operator, role, act))
        return reasons[0].message if reasons else ""

    def begins(flow: str) -> str:
        spec = load(flow)
        return lacks(spec.step(spec.first)["role"], spec.name)

    sender = gathered(lambda: require_sender(desk.operator, "下发问题"))
    unit = {"verify": "核实问题", "correct": "订正", "exempt": "申请白名单", "extend": "申请延期"}
    return {
        "assign": sender[0].message if sender else "",
        "whitelist": lacks("division_lead", "批白名单"),
        "extension": lacks("data_steward", "批延期"),
        "repair": begins(REPAIR),
        "task": begins(TASK),
    } | {name: lacks("unit_corrector", act) for name, act in unit.items()}


def lamp_of(doc: Mapping[str, Any], now: datetime) -> str:
    """The lamp of a finding: yellow on its last day, red after; '' when nothing is to be done."""
    return lamp(due_time(doc), f"{doc['due']}T00:00:00+08:00", now) if doc["state"] in OPEN else ""


def due_time(doc: Mapping[str, Any]) -> str:
    """When the last day of a finding is over, ISO."""
    return f"{doc['due']}T23:59:59+08:00"


def denied(doc: Mapping[str, Any]) -> bool:
    """Was a finding verified, and said not to be one?"""
    told = [step["state"] for step in doc["history"] if step["state"] in (VERIFIED, "denied")]
    return doc["state"] == VERIFIED and told[-1:] == ["denied"]


class _Reading:
    """The lists of one moment."""

    def __init__(self, desk: Desk, answers: Mapping[str, Answer]) -> None:
        self.desk, self.store, self.answers = desk, desk.store, answers
        self.now = desk.clock()
        self.today = f"{self.now:%Y-%m-%d}"
        self.open: list[Data] = [
            dict(doc) for _, doc in self.store.table("finding").find([Comparison("state", "in", OPEN)])
        ]
        self._is_mine = _mine(desk)

    def counts(self) -> dict[str, int]:
        """What stands beside the names of the panes; what was asked for and waits for an answer."""
        waiting = [Comparison("state", "=", (APPLIED,))]
        return {
            "todo": len(self.open),
            "late": sum(is_overdue(doc, self.today) for doc in self.open),
            "mine": sum(map(self._is_mine, self.open)),
            "whitelist": sum(1 for _ in self.store.table("audit_exemption").find(waiting)),
            "extend": sum(1 for _ in self.store.table("audit_extension").find(waiting)),
        }

    def rows(self, place: Place) -> list[Data]:
        """Everything a place lists, without its filter, in order."""
        words = halfwidth(place.word).casefold().split()
        rows = self._listed(place)
        return [row for row in rows if all(word in _words(row, place.kind) for word in words)]

    def _listed(self, place: Place) -> Iterable[Data]:
        listed: Mapping[str, Callable[[], Iterable[Data]]] = {
            "rules": self._rules,
            "findings": lambda: sorted(self._findings(place), key=_urgency),
            "exemptions": self._exemptions,
            "extensions": self._extensions,
            "orders": lambda: order_rows(self.desk, self.open),
            "runs": lambda: ({**run, "id": run["run"]} for run in islice(runs(self.store), MOST)),
            "queries": self._queries,
            "hits": lambda: self.answers[place.inside].rows if place.inside in self.answers else (),
        }
        return listed[place.kind]()

    def told(self, row: Data, place: Place) -> Data:
        """A row with what the list says of it beside what it is sorted and filtered by."""
        if place.kind != "findings":
            return row
        change = next((s["state"] for s in row["history"] if s.get("run") == place.inside), "")
        found = shown(self.store, row, self.today)
        due = due_time(row) if row["state"] in OPEN else ""
        return found | {
            "id": row["finding"], "lamp": lamp_of(row, self.now), "due_time": due, "change": change,
            "denied": denied(row),
        }  # fmt: skip

    def _rules(self) -> list[Data]:
        counts = Counter(doc["rule"] for doc in self.open)
        late = Counter(doc["rule"] for doc in self.open if is_overdue(doc, self.today))
        whose = owners(self.store)
        found = [
            {
                "id": rule.id, "name": rule.name, "list": rule.list, "severity": rule.severity,
                **whose[rule.id]._asdict(), "count": counts[rule.id], "late": late[rule.id],
                "open": "yes" if counts[rule.id] else "no", "most": max(counts.values(), default=0),
            }
            for rule in rules().values()
        ]  # fmt: skip
        return sorted(found, key=lambda one: -one["count"])

    def _findings(self, place: Place) -> Iterator[Data]:
        view, inside = place.view, place.inside
        if not inside:
            wanted = {"late": lambda doc: is_overdue(doc, self.today), "mine": self._is_mine}
            yield from filter(wanted.get(view), self.open)
        elif view == "rules":
            yield from (doc for doc in self.open if doc["rule"] == inside)
        elif view == "runs":
            for _, doc in self.store.table("finding").find([]):
                if any(step.get("run") == inside for step in doc["history"]):
                    yield dict(doc)
        else:
            entry = self.store.table("audit_extension").get(doc_id=inside) or {"findings": ()}
            yield from map(dict, self.store.table("finding").get(doc_ids=list(entry["findings"])))

    def _applications(self, table: str) -> list[Data]:
        """Those that wait first, the others with the newest first."""
        entries = [dict(doc) for doc in self.store.table(table).all()]
        key = table.removeprefix("audit_")
        entries.sort(key=lambda one: str(one[key]), reverse=True)
        entries.sort(key=lambda one: one["state"] != APPLIED)
        return [
            entry
            | {
                "id": entry[key],
                "state_name": EXEMPTION_STATES[entry["state"]],
                "applicant": operator_name(self.desk, entry["applied_by"]),
            }
            for entry in entries
        ]

    def _exemptions(self) -> Iterator[Data]:
        for entry in self._applications("audit_exemption"):
            doc = self.store.table("finding").get(doc_id=entry["finding"])
            why = why_void(self.store, doc, self.today) if doc and entry["state"] == APPROVED else ""
            yield entry | {
                "rule": entry["finding"].partition("/")[0],
                "void": why,
                "state_name": VOID if why else entry["state_name"],
            }

    def _extensions(self) -> Iterator[Data]:
        for entry in self._applications("audit_extension"):
            unit = name_of("org", entry["org_no"]) if entry["org_no"] else ""
            yield entry | {"count": len(entry["findings"]), "unit": unit}

    def _queries(self) -> Iterator[Data]:
        for query in queries().values():
            asked = self.answers.get(query.id)
            yield {
                "id": query.id, "text": query.text, "level": query.level, "division": query.division,
                "theme": query.theme, "theme_name": themes()[query.theme].name,
                "topic_name": topics()[query.topic].name, "count": None if asked is None else len(asked.rows),
            }  # fmt: skip


def _mine(desk: Desk) -> Callable[[Data], bool]:
    """Does a finding wait for the operator: to be sent out, to be corrected, or as the holder of a post?"""
    operator, roles = desk.operator, set(desk.operator.roles)
    held = {post for post, people in holders(desk.store).items() if operator.id in people}

    def mine(doc: Data) -> bool:
        if held & {
            f"centre/{doc['centre']}",
            *(f"division/{one}" for one in named_in("division", doc["division"])),
        }:
            return True
        if doc["assignee"]:
            return bool(doc["assignee"] == operator.id)
        if roles & {"data_group", "data_steward"} and doc["state"] in (FOUND, REOPENED):
            return True
        return "unit_corrector" in roles and operator.org in ("", doc["org_no"])

    return mine


def _urgency(doc: Data) -> tuple[Any, ...]:
    """The most urgent first, errors before warnings; what is gone last."""
    return (doc["state"] == CLEARED, doc["due"], doc["severity"] != "error", doc["rule"], doc["finding"])


def _values(row: Data, field: str) -> Sequence[str]:
    """A row's values of a field; a rule may have two divisions."""
    value = str(row[field])
    return named_in("division", value) if field == "division" else (value,)


def _has_facet(row: Data, facet: str) -> bool:
    field, _, value = facet.partition(":")
    return not facet or value in _values(row, field)


def _words(row: Data, kind: str) -> str:
    """What the words to find are compared with."""
    parts: Iterable[Any] = row.values()
    if kind == "findings":
        rule = rules().get(row["rule"])
        unit = name_of("org", row["org_no"]) if row["org_no"] else ""
        parts = (row["finding"], rule.name if rule else "", row["cons_no"], unit, row["centre"],
                 row["division"], STATES[row["state"]])  # fmt: skip
    elif kind == "rules":
        parts = (row["id"], row["name"], row["centre"], row["division"], LISTS[row["list"]])
    return " ".join(map(str, parts)).casefold()
