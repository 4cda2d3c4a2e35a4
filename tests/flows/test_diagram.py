"""Drawings of flows: every step and every way of the machine, the place of a work order, and text that lines up."""

from __future__ import annotations

import re
from itertools import pairwise
from unicodedata import east_asian_width
from xml.etree import ElementTree

import pytest
from walks import everything, flow_of, rename, steps, walk

from yk.flows.compile import AT, compile_states
from yk.flows.diagram import KINDS, draw
from yk.flows.diagram.boxes import Place, fold, hang
from yk.flows.diagram.drawing import Drawing
from yk.flows.diagram.graph import graph, names
from yk.flows.diagram.marks import AGAIN, AHEAD, CURRENT, DONE, SKIPPED
from yk.flows.driver import Driver
from yk.flows.flow import Flow, flow_ids, load
from yk.flows.glyphs import readable, safe
from yk.text import cell_len

STATED = ("acceptance", "contract_change")


def long_flow(count: int = 19) -> Flow:
    """As many steps as the longest flow has, with names as long as the longest."""
    words = ("业务受理", "违约用电、窃电处理归档", "装表", "供电工程进度跟踪")
    return steps(*(f"{{id: s{n}, name: {words[n % 4]}}}" for n in range(count)))


def small(name: str = "受理", label: str = "小流程") -> Flow:
    """One step, with a name of one's own."""
    return flow_of(
        f"id: small\nname: {label}\ncategory: 试\nsource: 试\nconfidence: 高\n"
        f"steps:\n  - {{id: end_, name: '{name}', role: approver}}\n"
    )


FLOWS = {"rename": rename, "everything": everything, "long": long_flow, "small": small}
PLACES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "none": ((), ()),
    "first": (("accept", "acceptance", "s0"), ()),
    "joint": (("joint", "joint/ops", "joint/ops/agree", "joint/dev", "joint/dev/wait"), ("accept",)),
    "group": (("par", "fees", "quote", "works", "works/done"), ("accept", "joint", "fee", "inspect")),
    "completed": (("completed",), ("acceptance", "accept")),
    "stopped": (("stopped",), ("acceptance", "accept")),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("flow", FLOWS)
def test_text_keeps_to_80_cells_and_its_frames_close(flow: str, place: str) -> None:
    at, done = PLACES[place]
    text = draw(FLOWS[flow](), "text", at, done)
    lines = text.splitlines()
    assert all(cell_len(line) <= 80 for line in lines)
    assert all(line == line.rstrip() for line in lines)
    for opens, closes in (("┌", "┐"), ("└", "┘"), ("╭", "╮"), ("┏", "┓"), ("┗", "┛")):
        assert text.count(opens) == text.count(closes)


@pytest.mark.parametrize("flow", FLOWS)
def test_sides_of_boxes_stand_below_their_corners(flow: str) -> None:
    lines = [cells(line) for line in draw(FLOWS[flow](), "text", *PLACES["joint"]).splitlines()]
    for upper, lower in pairwise(lines):
        for column, char in enumerate(upper):
            if char in "┌┐┏┓╭╮":
                assert lower[column] in "│┃╎", (upper, lower)


def cells(line: str, width: int = 80) -> list[str]:
    """The character in every cell; a wide one takes two."""
    return [cell for char in line for cell in [char] * cell_len(char)] + [" "] * (width - cell_len(line))


WIDTHS = (56, 76, 100, 140, 200)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("flow", [*flow_ids(), "everything", "long"])
def test_a_drawing_of_any_width_tells_where_each_step_lies(flow: str, width: int) -> None:
    chosen = FLOWS[flow]() if flow in FLOWS else load(flow)
    steps = list(chosen.steps)
    for at, done in (((), ()), ((steps[len(steps) // 2],), steps[: len(steps) // 2])):
        graphed = graph(chosen, at, done)
        drawn = Drawing(graphed, width).steps()
        assert all(cell_len(line) <= width for line in drawn.lines)
        found = {place.id: place for place in drawn.places}
        assert len(found) == len(drawn.places)
        for step in graphed.steps:
            assert _words_inside(drawn.lines, found[step.id], width).startswith(step.name), step
        assert found.keys() >= names(graphed.items).keys() | {
            s.id for one in graphed.steps for s in one.seats
        }


def _words_inside(lines: list[str], place: Place, width: int) -> str:
    """What a box says, without its borders, blanks and the sign of a mark."""
    rows = [cells(line, width)[place.left : place.left + place.width] for line in lines]
    inside = rows[place.top : place.top + place.height]
    assert inside[0][0] in "┌┏╭"
    assert inside[-1][-1] in "┘┛╯"
    # a wide character takes two cells: every second of them is dropped
    words = "".join(re.sub("([^ -~])\\1", r"\1", "".join(row)) for row in inside)
    return re.sub("[\u2500-\u257f ✓❯☐»]", "", words).removeprefix("会签：")


def test_the_ways_out_of_a_step_can_be_asked_for() -> None:
    drawing = Drawing(graph(rename()), 80)
    assert drawing.ways("acceptance") == ["若需要变更供用电合同，转合同变更", "否则，转信息归档"]
    assert "可退回业务受理、合同变更" in drawing.ways("data_archiving")
    assert "意见不一致，转仲裁" in Drawing(graph(everything()), 80).ways("joint")


@pytest.mark.parametrize("flow", FLOWS)
def test_text_is_made_of_characters_whose_width_is_certain(flow: str) -> None:
    text = draw(FLOWS[flow](), "text", *PLACES["group"])
    doubtful = {c for c in text if east_asian_width(c) == "A" and not "\u2500" <= c <= "\u257f"}
    assert doubtful == set()


def test_ambiguous_characters_of_names_get_twins() -> None:
    text = draw(small("“甲”—①级…℃×α"), "text")
    assert "「甲」-1级...度x?" in text
    assert readable("α“”") == "α「」"
    assert safe("α") == "?"


def test_signs_are_doubled_by_words() -> None:
    text = draw(rename(), "text", ["data_archiving"], ["acceptance"])
    for sign, word in (
        ("✓ 业务受理", "已办"),
        ("» 合同变更", "跳过"),
        ("❯ 信息归档", "当前"),
        ("☐ 客户回访", "未到"),
    ):
        assert sign in text
        assert word in text
    assert "┏" in text
    assert "已办 1 个环节，当前：信息归档" in text
    assert "334" in text
    assert "图例" in text


def test_without_a_work_order_nothing_is_marked() -> None:
    for kind in KINDS:
        drawing = draw(rename(), kind)
        assert not re.search("[✓❯☐»]|已办|当前|未到", drawing), kind


def test_optional_steps_say_their_condition_and_ways_back_are_told() -> None:
    text = draw(rename(), "text")
    assert "若需要变更" in text
    assert "╎ 合同变更" in text
    assert "信息归档：可退回业务受理、合同变更" in text


def test_groups_and_joint_sign_offs_are_lanes() -> None:
    text = draw(everything(), "text", *PLACES["joint"])
    for words in (
        "并行：并行",
        "▪ 费用",
        "▪ 工程",
        "本组办完",
        "会签：❯ 会签",
        "各组都办完再往下",
        "意见不一致，转仲裁",
    ):
        assert words in text
    assert re.search("▪ 运检 .*✓ 同意", text)
    assert re.search("▪ 发展 .*☐ 待签", text)
    assert "检查：转本组办完；不合格，转整改" in text


def test_marks_follow_the_place() -> None:
    def marks(at: tuple[str, ...], *done: str) -> dict[str, object]:
        return {step.id: step.mark for step in graph(everything(), at, done).steps}

    first = marks(("accept",))
    assert first.pop("accept") is CURRENT
    assert set(first.values()) == {AHEAD}
    joint = marks(PLACES["joint"][0], "accept")
    assert (joint["accept"], joint["survey"], joint["arbitration"]) == (DONE, SKIPPED, AHEAD)
    group = marks(*PLACES["group"][:1], *PLACES["group"][1])
    assert (group["fee"], group["quote"], group["pay"], group["rectify"]) == (DONE, CURRENT, AHEAD, SKIPPED)
    assert group["arbitration"] is SKIPPED
    returned = marks(("accept",), "accept", "joint", "fee")
    assert (returned["accept"], returned["joint"], returned["fee"], returned["archive"]) == (
        CURRENT,
        AGAIN,
        AGAIN,
        AHEAD,
    )
    ended = marks(("completed",), "accept", "joint")
    assert (ended["accept"], ended["survey"]) == (DONE, SKIPPED)
    assert marks(("stopped",), "accept")["joint"] is AHEAD


def test_a_configuration_of_the_engine_can_be_drawn_as_it_is() -> None:
    at = walk(Driver(everything()), "send:accept", "send:survey", "sign:joint:mkt:agree")
    text = draw(everything(), "text", at, ["accept", "survey"])
    assert "当前：会签" in text
    assert re.search("▪ 营销 .*✓ 同意", text)
    at = walk(Driver(everything()), "sign:joint:ops:agree", "sign:joint:dev:agree", at=at)
    assert "当前：定费、检查" in draw(everything(), "text", at, ["accept", "survey", "joint"])


@pytest.mark.parametrize("flow", [*flow_ids(), "everything"])
def test_the_ways_drawn_are_those_of_the_machine(flow: str) -> None:
    chosen = everything() if flow == "everything" else load(flow)
    drawn = {(e.source, e.target) for e in graph(chosen).edges}
    assert drawn == set(machine_ways(compile_states(chosen)))


def machine_ways(states: dict[str, dict]) -> list[tuple[str, str]]:  # type: ignore[type-arg]
    """(source, target) of every transition of the compiled machine but those that stop or belong to a department."""
    found = []
    for name, state in states.items():
        source = name.removeprefix(AT)
        inner = state.get("states", {})
        if "/" not in source:
            ways = [
                edge["target"]
                for event, edges in state.get("on", {}).items()
                if event != "stop"
                for edge in edges
            ]
            found += [(source, target.removeprefix(AT)) for target in ways]
        found += machine_ways(inner)
    return found


@pytest.mark.parametrize("kind", ["mermaid", "dot", "svg"])
@pytest.mark.parametrize("flow", FLOWS)
def test_every_step_department_and_condition_is_in_every_drawing(kind: str, flow: str) -> None:
    chosen = FLOWS[flow]()
    drawing = re.sub(r"</text><text[^>]*>", "", draw(chosen, kind, *PLACES["group"]))
    for name in names(graph(chosen).items).values():
        assert name in drawing
    for seat in (seat for step in graph(chosen).steps for seat in step.seats):
        assert seat.name in drawing
    for edge in graph(chosen).edges:
        assert edge.label in drawing


@pytest.mark.parametrize("kind", ["mermaid", "dot", "svg"])
def test_the_place_of_a_work_order_shows_in_every_drawing(kind: str) -> None:
    drawing = draw(rename(), kind, ["data_archiving"], ["acceptance"], "更名，工单 1")
    for words in ("✓ 业务受理", "» 合同变更", "❯ 信息归档", "☐ 客户回访", "334 已办", "更名，工单 1"):
        assert words in drawing
    styled = {"mermaid": "class s_data_archiving current", "dot": "penwidth=3", "svg": 'class="box current"'}
    assert styled[kind] in drawing


def parsed(svg: str) -> ElementTree.Element:
    """The root of a drawing of our own."""
    return ElementTree.fromstring(svg)  # noqa: S314


HOSTILE = "<a>&\"'#;[x]{y}|`\\n\\"


def test_svg_is_xml_with_everything_escaped() -> None:
    flow = small(HOSTILE.replace("'", "''"), "名<称>")
    root = parsed(draw(flow, "svg", ["end_"], title=HOSTILE))
    space = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{space}title").text == HOSTILE  # type: ignore[union-attr]
    texts = [text.text for text in root.iter(f"{space}text")]
    assert f"❯ {HOSTILE}" in "".join(text or "" for text in texts)
    assert "CJK" in root.find(f"{space}style").text  # type: ignore[operator, union-attr]
    assert "href" not in draw(flow, "svg")


def test_boxes_of_the_svg_do_not_overlap() -> None:
    for make in FLOWS.values():
        root = parsed(draw(make(), "svg"))
        boxes = [
            tuple(float(rect.get(key, "0")) for key in ("x", "y", "width", "height"))
            for rect in root.iter("{http://www.w3.org/2000/svg}rect")
            if (rect.get("class") or "").startswith("box")
        ]
        for n, (x, y, w, h) in enumerate(boxes):
            assert x >= 0
            assert y >= 0
            for x2, y2, w2, h2 in boxes[n + 1 :]:
                assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y


def test_mermaid_labels_are_quoted_and_free_of_syntax() -> None:
    drawing = draw(small(HOSTILE.replace("'", "''")), "mermaid")
    label = re.search(r's_end_\["(.*)"\]', drawing)
    assert label
    bare = re.sub(r"#\d+;|<br/>", "", label[1])
    assert not re.search(r'[#"<>`;{}\[\]|\\]', bare)
    assert draw(rename(), "mermaid").startswith('---\ntitle: "更名"\n---\nflowchart TD\n')


def test_dot_strings_are_quoted() -> None:
    drawing = draw(small('甲"乙\\丙'), "dot", title='题"')
    assert 'label="甲\\"乙\\\\丙\\n审批人员"' in drawing
    assert 'label="题\\""' in drawing
    assert drawing.count("{") == drawing.count("}")


def test_control_characters_never_reach_a_drawing() -> None:
    flow = small()
    flow.doc["steps"][0]["name"] = "甲\x1b[31m乙\u202e"
    for kind in KINDS:
        assert not re.search("[\x1b\u202e]", draw(flow, kind))


def test_words_in_boxes_leave_no_single_character_behind() -> None:
    assert hang("拟定供电方案", 11) == ["拟定供电", "方案"]
    assert hang("☐ 拟定供电方案", 13, 2) == ["☐ 拟定供电", "  方案"]
    assert hang("甲乙丙", 20) == ["甲乙丙"]
    assert fold("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]
