"""Looking at findings: by run, rule, centre, state; each in words, with its values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yk.archive.dictionary import entities
from yk.archive.looking import number_text
from yk.audit.rules import find_rule, rules
from yk.audit.running import OPEN, STATES
from yk.errors import UsageError
from yk.store import Store
from yk.store.conditions import Comparison
from yk.text import did_you_mean

Data = dict[str, Any]


def findings(
    store: Store, run: str = "", rule: str = "", centre: str = "", only_open: bool = False
) -> Iterator[Data]:
    """The findings that fit, each with the values of the fields its rule looks at. Raises UsageError for unknown words."""
    wanted = [Comparison("rule", "=", (find_rule(rule).id,))] if rule else []
    if run:
        _require(store, run)
    if centre:
        _require_centre(centre)
    for _, doc in store.table("finding").find(wanted):
        fits = (not centre or doc["centre"] == centre) and (not only_open or doc["state"] in OPEN)
        if fits and (not run or any(step["run"] == run for step in doc["history"])):
            yield _shown(store, doc)


def open_by_rule(store: Store) -> dict[str, int]:
    """How many findings of each rule are open."""
    counted: dict[str, int] = {}
    for _, doc in store.table("finding").find([Comparison("state", "in", OPEN)]):
        counted[doc["rule"]] = counted.get(doc["rule"], 0) + 1
    return counted


def last_run(store: Store) -> Data | None:
    """The last run; None before the first."""
    last: Data | None = None
    for _, doc in store.table("audit_run").find([]):
        last = dict(doc)
    return last


def _require(store: Store, run: str) -> None:
    if not store.table("audit_run").has(run):
        known = [str(doc["run"]) for doc in store.table("audit_run").all()]
        raise UsageError("unknown_run", f"没有 {run} 这次稽核", did_you_mean(run, known))


def _require_centre(centre: str) -> None:
    known = sorted({rule.centre for rule in rules().values()})
    if centre not in known:
        raise UsageError("unknown_centre", f"没有 {centre} 这个中心", did_you_mean(centre, known))


def _shown(store: Store, doc: Mapping[str, Any]) -> Data:
    rule = rules()[doc["rule"]]
    row = store.table(doc["entity"]).get(doc_id=doc["entity_id"]) or {}
    own = [f.partition(".")[2] for f in rule.fields if f.partition(".")[0] == doc["entity"]]
    named = {name: row.get(name) for name in own}
    return {
        **{key: value for key, value in doc.items() if key != "history"},
        "name": rule.name,
        "state_name": STATES[doc["state"]],
        "values": named,
        "said": f"{rule.says}：{_in_words(doc['entity'], named)}",
        "cause": rule.cause,
        "fix": rule.fix,
        "via": rule.via,
        "history": list(doc["history"]),
    }


def _in_words(entity: str, named: Mapping[str, Any]) -> str:
    fields = entities()[entity].fields
    return (
        "，".join(f"{fields[name].zh} {_text(value)}" for name, value in named.items()) or "（值在相关表里）"
    )


def _text(value: Any) -> str:
    if value is None:
        return "空"
    return number_text(value) if isinstance(value, float) else str(value)
