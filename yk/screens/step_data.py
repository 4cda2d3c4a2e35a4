"""What the screen 环节办理 shows of a work order, read at the desk as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from yk.desk import duty, views
from yk.desk.chain import event_id
from yk.desk.checklist import DONE, Examination, items
from yk.desk.order import OPEN, STATUS_NAMES, SUSPENDED, WorkOrder
from yk.errors import YkError
from yk.text import mask

if TYPE_CHECKING:
    from yk.desk import Desk
    from yk.flows.flow import Flow

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field of the form: `shown` its value for people, `given` whether somebody wrote it, `here` whether this step
    fills it, `spec` the field itself. A heading of a tab has only a label."""

    id: str
    label: str
    shown: str = ""
    given: bool = False
    required: bool = False
    here: bool = False
    spec: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Must it still be filled in?"""
        return self.required and self.here and not self.shown


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A material: `state` as the desk knows it, `why` what is wrong with it ('' when nothing)."""

    id: str
    name: str
    state: str
    why: str
    told: str
    deferrable: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A step the order stands at; `mine` when the operator may act there."""

    id: str
    name: str
    title: str
    entry: str
    role: str
    due: str
    lamp: str
    against: tuple[str, ...]

    @property
    def mine(self) -> bool:
        """May the operator act here?"""
        return not self.against


@dataclass(frozen=True, slots=True)
class StepData:
    """Everything of an order at one of its steps."""

    case: str
    flow: str
    flow_name: str
    status: str
    status_name: str
    version: int
    customer: str
    name: str
    opened: str
    hold: str
    places: tuple[Place, ...]
    step: str
    items: tuple[Data, ...] = ()
    fields: tuple[FieldRow, ...] = ()
    papers: tuple[PaperRow, ...] = ()
    back: tuple[tuple[str, str], ...] = ()
    can_fail: bool = False
    signs: tuple[tuple[str, str, str], ...] = ()
    """Departments of a joint sign-off: (id, name, opinion); '' is still to come."""
    parent: str = ""
    children: tuple[tuple[str, str], ...] = ()
    is_batch: bool = False
    events: tuple[Data, ...] = ()
    no_undo: str = ""
    last: str = ""
    """What the last step was, in words: what an undo would take back."""

    @property
    def place(self) -> Place | None:
        """The step that is shown."""
        return next((one for one in self.places if one.id == self.step), None)

    @property
    def open_items(self) -> list[Data]:
        """What still keeps the order from going on."""
        return [one for one in self.items if one["required"] and one["state"] not in DONE]

    def item(self, ident: str) -> Data | None:
        """The checklist item with this id."""
        return next((one for one in self.items if one["id"] == ident), None)


def read(desk: Desk, case: str, wanted: str = "", unmasked: bool = False) -> StepData:
    """The order `case` at the step `wanted`, else at the first that is the operator's. Raises UsageError."""
    order = desk.get(case)
    flow = desk.flow_of(order)
    places = tuple(_places(desk, order, flow))
    running = order.status == OPEN
    chosen = next((one for one in places if one.id == wanted), None)
    chosen = chosen or next((one for one in places if one.mine), places[0] if places else None)
    step = chosen.id if chosen else ""
    exam = desk.examination(order, step) if step and running else None
    spec = flow.steps.get(step, {})
    return StepData(
        case=order.case,
        flow=order.flow,
        flow_name=flow.name,
        status=order.status,
        status_name=STATUS_NAMES[order.status],
        version=order.version,
        customer=order.cons_no,
        name=str(order.data.get("cons_name") or order.data.get("new_name") or ""),
        opened=f"{order.opened[:16].replace('T', ' ')} {views.operator_name(desk, order.opened_by)}",
        hold=str(order.hold["reason"]) if order.hold else "",
        places=places,
        step=step,
        items=tuple(_items(exam)) if exam else (),
        fields=tuple(_fields(desk, order, flow, step, exam, unmasked)),
        papers=tuple(_papers(exam, order)) if exam else (),
        back=tuple((name, flow.step(name)["name"]) for name in spec.get("back", ())),
        can_fail=bool(spec.get("on_fail")),
        signs=tuple(_signs(order, step, spec)) if running else (),
        parent=order.parent,
        children=tuple((child, desk.flow_of(desk.get(child)).name) for child, _ in order.children),
        is_batch=desk.store.table("batch").has(order.case),
        events=tuple(_events(desk, order)),
        no_undo=desk.why_not_take_back(order.case),
        last=last_step(desk, order),
    )


def _places(desk: Desk, order: WorkOrder, flow: Flow) -> Iterator[Place]:
    if order.status not in (OPEN, SUSPENDED):
        return
    for one in views.place(desk, order):
        spec = flow.step(one["step"])
        yield Place(
            one["step"],
            one["name"],
            one["title"],
            one["entry"] or "",
            one["role_name"],
            one["due"] or "",
            one["lamp"] or "",
            tuple(_against(desk, order, spec)),
        )


def _against(desk: Desk, order: WorkOrder, spec: Mapping[str, Any]) -> list[str]:
    """Why the operator may not act at a step; at a joint sign-off any department's role will do."""
    roles = [""] + [one["role"] for one in (spec["sign"] or {}).get("departments", ())]
    found: list[str] = []
    for role in roles:
        reasons = duty.reasons(desk.operator, order, spec, desk.settings, role)
        if not reasons:
            return []
        found = found or [reason.message for reason in reasons]
    return found


def _items(exam: Examination) -> Iterator[Data]:
    """The checklist with the risk's text and the control's own words."""
    controls = {one["id"]: one for one in exam.step["controls"]}
    for item in items(exam):
        control = controls.get(item["id"], {})
        answer = exam.checks.get(item["id"], {})
        more = {"risk_text": control.get("risk_text", ""), "measure": control.get("text", "")}
        more |= {"evidence": control.get("evidence", ()), "reason": answer.get("reason", "")}
        yield {**item, **more}


def _fields(
    desk: Desk, order: WorkOrder, flow: Flow, step: str, exam: Examination | None, unmasked: bool
) -> Iterator[FieldRow]:
    """The fields of this step by tab, then what was filled in elsewhere."""
    personal = frozenset() if unmasked else views.personal_fields(flow)
    values = exam.facts.data if exam else order.data
    here = _by_tab(one for one in flow.doc["form"] if one["step"] == step)
    others = [
        one for one in flow.doc["form"] if one["step"] != step and order.data.get(one["name"]) is not None
    ]
    tab = ""
    for spec in (*here, *others):
        mine = spec["step"] == step
        heading = spec["tab"] if mine else f"{spec['tab']}（{flow.step(spec['step'])['name']}）"
        if heading != tab:
            tab = heading
            yield FieldRow(f"tab:{heading}", heading)
        value = values.get(spec["name"])
        shown = "" if value is None else views.display(desk, spec, value)
        if spec["name"] in personal and shown:
            shown = mask(str(value))
        required = mine and exam is not None and _required(spec, exam)
        given = order.data.get(spec["name"]) is not None
        yield FieldRow(spec["name"], spec["label"], shown, given, required, mine, spec)


def _by_tab(specs: Iterable[Data]) -> list[Data]:
    """The fields of a tab together, tabs in the order in which they first come."""
    tabs: dict[str, list[Data]] = {}
    for spec in specs:
        tabs.setdefault(spec["tab"], []).append(spec)
    return [spec for several in tabs.values() for spec in several]


def _required(spec: Mapping[str, Any], exam: Examination) -> bool:
    return bool(spec["required"] or exam.holds.get(spec["required_when"], False))


def _papers(exam: Examination, order: WorkOrder) -> Iterator[PaperRow]:
    for material in exam.flow.doc["materials"]:
        state, why = exam.material(material)
        code = material["code"]
        handed = order.materials.get(code, {})
        told = [
            handed.get("file", ""),
            handed.get("note", ""),
            handed.get("until") and f"容缺至 {handed['until']}",
        ]
        if not handed:
            told = ["可容缺" if material["deferrable_until"] else "", material["basis"]]
        text = "，".join(str(one) for one in told if one)
        yield PaperRow(code, material["name"], state, why, text, bool(material["deferrable_until"]))


def _signs(order: WorkOrder, step: str, spec: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for one in (spec.get("sign") or {}).get("departments", ()):
        place = f"{step}/{one['id']}/"
        opinion = next((at.removeprefix(place) for at in order.at if at.startswith(place)), "")
        yield one["id"], one["name"], "" if opinion == "wait" else opinion


def last_step(desk: Desk, order: WorkOrder) -> str:
    """The last event of an order with what it was about: fields, materials, controls, or the way it went."""
    found = desk.store.table("event").get(doc_id=event_id(order.case, order.seq))
    if found is None:
        return ""
    flow, kind = desk.flow_of(order), str(found["event"])
    told = views.event_line(desk, order, found)
    head = f"{told['event']} {told['at']}"
    if kind == "set":
        return f"{head}：{'、'.join(flow.fields[n]['label'] for n in found['answers'] if n in flow.fields)}"
    if kind == "attach":
        return f"{head}：{'、'.join(one['name'] for one in found['answers'].values())}"
    if kind == "confirm":
        return f"{head}：{len(found['answers'])} 条措施"
    return f"{head}：{told['from']} ▸ {told['to']}"


def _events(desk: Desk, order: WorkOrder) -> list[Data]:
    try:
        found = views.events(desk, order.case)
    except YkError:
        return []
    return [views.event_line(desk, order, event) for event in reversed(list(found))]
