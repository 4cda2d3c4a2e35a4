"""Looking at findings and runs: by run, rule, centre, division, unit, account, state; each in words, with its values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from yk.archive.codes import code_of, codes, name_of
from yk.audit.numbering import PREFIXES, RUN
from yk.audit.owners import named_in, names_of
from yk.audit.reading import Found
from yk.audit.rules import find_rule, rules
from yk.audit.states import CLEARED, OPEN, STATES
from yk.audit.telling import told
from yk.errors import UsageError
from yk.store import Store
from yk.store.conditions import Comparison
from yk.text import did_you_mean, halfwidth

Data = dict[str, Any]


class Wanted(NamedTuple):
    """Which findings: '' does not ask. `unit` a supply unit by code or name; `overdue`: past their day and open."""

    run: str = ""
    rule: str = ""
    centre: str = ""
    division: str = ""
    unit: str = ""
    cons_no: str = ""
    state: str = ""
    case: str = ""
    only_open: bool = False
    overdue: bool = False


def findings(store: Store, wanted: Wanted, today: str) -> Iterator[Data]:
    """The findings that fit, each with the values of the fields its rule looks at. Raises UsageError for unknown words."""
    asked = _comparisons(store, wanted)
    unit = find_unit(wanted.unit) if wanted.unit else ""
    run = find_run(store, wanted.run)["run"] if wanted.run else ""
    for _, doc in store.table("finding").find(asked):
        if (
            (not wanted.centre or doc["centre"] == wanted.centre)
            and (not wanted.division or wanted.division in named_in("division", doc["division"]))
            and (not unit or doc["org_no"] == unit)
            and (not wanted.overdue or is_overdue(doc, today))
            and (not run or any(step.get("run") == run for step in doc["history"]))
        ):
            yield shown(store, doc, today)


def _comparisons(store: Store, wanted: Wanted) -> list[Comparison]:
    """What the indexes answer. Raises UsageError for unknown words."""
    asked = [Comparison("rule", "=", (find_rule(wanted.rule).id,))] if wanted.rule else []
    for kind, label, word in (("centre", "中心", wanted.centre), ("division", "专业", wanted.division)):
        if word and word not in names_of(kind):
            raise UsageError(
                f"unknown_{kind}", f"没有 {word} 这个{label}", did_you_mean(word, names_of(kind))
            )
    if wanted.cons_no:
        asked.append(Comparison("cons_no", "=", (halfwidth(wanted.cons_no).strip(),)))
    if wanted.case:
        asked.append(Comparison("case", "=", (halfwidth(wanted.case).strip(),)))
    if wanted.state:
        asked.append(Comparison("state", "=", (wanted.state,)))
    elif wanted.only_open or wanted.overdue:
        asked.append(Comparison("state", "in", OPEN))
    return asked


def find_unit(word: str) -> str:
    """The code of a supply unit, by code or name. Raises UsageError (`unknown_org`)."""
    found = code_of("org", word)
    if found is None:
        raise UsageError(
            "unknown_org", f"没有 {word} 这个供电单位", did_you_mean(word, codes("org").values())
        )
    return found


def find_finding(store: Store, word: str) -> Data:
    """The finding with this id. Raises UsageError (`unknown_finding`)."""
    ident = halfwidth(word).strip()
    doc = store.table("finding").get(doc_id=ident)
    if doc is None:
        raise UsageError(
            "unknown_finding",
            f"没有 {word} 这个问题",
            "编号如 X:6.07/customer/1016000012；yk audit findings 列出",
        )
    return dict(doc)


def is_overdue(doc: Mapping[str, Any], today: str) -> bool:
    """Is a finding open past its last day?"""
    return doc["state"] in OPEN and bool(doc["due"] < today)


def runs(store: Store) -> Iterator[Data]:
    """Every run, the last one first."""
    number = _last_number(store)
    while number > 0:
        doc = store.table("audit_run").get(doc_id=f"{PREFIXES[RUN]}{number:06d}")
        if doc is not None:
            yield dict(doc)
        number -= 1


def last_run(store: Store) -> Data | None:
    """The last run; None before the first."""
    return next(runs(store), None)


def _last_number(store: Store) -> int:
    doc = store.table("counter").get(doc_id=RUN)
    return int(doc["last"]) if doc else 0


def find_run(store: Store, word: str) -> Data:
    """The run with this number. Raises UsageError (`unknown_run`)."""
    doc = store.table("audit_run").get(doc_id=halfwidth(word).strip().upper())
    if doc is None:
        known = [str(run["run"]) for run in runs(store)]
        raise UsageError("unknown_run", f"没有 {word} 这次稽核", did_you_mean(word, known))
    return dict(doc)


def shown(store: Store, doc: Mapping[str, Any], today: str) -> Data:
    """A finding for people: with its rule, values, unit and state by name."""
    rule = rules().get(doc["rule"])
    base = {
        **{key: value for key, value in doc.items() if key != "history"},
        "unit": name_of("org", doc["org_no"]) if doc["org_no"] else "",
        "state_name": STATES[doc["state"]],
        "overdue": is_overdue(doc, today),
        "history": list(doc["history"]),
    }
    if rule is None:  # of rules that are in force no more
        return base | {
            "name": "",
            "values": {},
            "said": "（规则已不在用）",
            "cause": "",
            "fix": "",
            "via": "",
        }
    # What is gone is told as it was found: the row is right by now.
    row = (
        doc["values"] if doc["state"] == CLEARED else store.table(doc["entity"]).get(doc_id=doc["entity_id"])
    )
    values, said = told(rule, doc["entity"], row or {})
    return base | {
        "name": rule.name, "values": values, "said": said, "cause": rule.cause, "fix": rule.fix, "via": rule.via,
    }  # fmt: skip


def said_of(store: Store, found: Found) -> str:
    """What is wrong with a row that was found, as the archive has it now."""
    rule, entity, ident, cons_no = found
    row = store.table(entity).get(doc_id=ident) or {}
    head = f"{cons_no or ident}" if entity == "customer" else f"{cons_no or ''} {ident}".strip()
    return f"{head} {told(rules()[rule], entity, row).said}"
