"""The text of an entry of the manual as rows: section by section, risks with their controls; and as plain text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from textual.binding import Binding

from yk.flows.glyphs import readable
from yk.flows.origins import EXPLANATION
from yk.screens.widgets.prose import Piece, folded
from yk.screens.widgets.rows import Line, Rows
from yk.screens.words import said
from yk.text import cell_len

Data = Mapping[str, Any]
STATEMENTS = {"requirements": "作业要求", "procedure": "作业内容及步骤", "conduct": "行为规范"}
LEVELS = {"高": "bad", "中": "warn", "低": "faint"}
"""Level of a risk -> its tone."""
MARGIN = {
    "section": 0,
    "part": 1,
    "item": 2,
    "risk": 2,
    "grade": 6,
    "control": 4,
    "ask": 9,
    "fact": 1,
    "end": 1,
}
"""Kind of a row -> cells before it."""
TONES = {"section": "accent", "part": "bold", "ask": "faint", "end": "faint"}
NOTE = "出处"


class Part(NamedTuple):
    """A row of the text. `id` tells it from others, that of a risk or control is the public one; `head` stands before
    the text, `mark` after it; `section` is the number of its section, 0 before the first."""

    id: str
    kind: str
    section: int
    head: str
    text: str
    mark: str = ""
    tone: str = ""


def parts_of(entry: Data) -> list[Part]:
    """The rows of an entry."""
    return list(_parts(entry))


def _parts(entry: Data) -> Iterator[Part]:
    code = entry["code"]
    facts = {
        "原印名称": entry["printed_title"] if entry["printed_title"] != entry["title"] else "",
        "流程": f"{entry['flow_name']}，第 {entry['seq']} 个作业项，印刷页码 {entry['page']}",
        "角色": "、".join(entry["role_names"]),
    }
    for label, text in facts.items():
        if text:
            yield Part(f"{code}.{label}", "fact", 0, f"{label}　", text)
    for section in entry["sections"]:
        number = section["no"]
        place = f"{code}.{number}"
        yield Part(place, "section", number, f"{number} ", section["name"])
        for kind, name in STATEMENTS.items():
            if section[kind]:
                yield Part(f"{place}.{kind}", "part", number, "", name)
            for count, item in enumerate(section[kind], start=1):
                yield Part(
                    f"{place}.{kind}.{count}", "item", number, f"{count:>2}. ", item["text"], item["mark"]
                )
        if section["risks"]:
            yield Part(f"{place}.risks", "part", number, "", "风险点与预控措施")
        for risk in section["risks"]:
            yield from _risk(risk, number)
    yield Part(f"{code}.{NOTE}", "end", len(entry["sections"]), "", EXPLANATION)


def _risk(risk: Data, number: int) -> Iterator[Part]:
    tone = LEVELS[risk["level"]]
    yield Part(risk["id"], "risk", number, f"{short(risk['id'])}  ", risk["text"], risk["mark"], tone)
    yield Part(f"{risk['id']}.grade", "grade", number, "", grade(risk), "", tone)
    for control in risk["controls"]:
        head = f"▸ {short(control['id'])} "
        yield Part(control["id"], "control", number, head, control["text"], kind_of(control))
        for count, line in enumerate(asked(control)):
            yield Part(f"{control['id']}.ask.{count}", "ask", number, "", line)


def short(public: str) -> str:
    """The last part of a public id: R1, C2."""
    return public.rpartition(".")[2]


def grade(risk: Data) -> str:
    """How grave a risk is, and of what kind."""
    return f"{risk['level']}风险（可能性 {risk['likelihood']}，后果 {risk['consequence']}），{risk['kind']}"


def kind_of(control: Data) -> str:
    """The kind of a control, and whether it must be done."""
    return f"〔{control['kind']}{'，必须' if control['required'] else ''}〕"


def asked(control: Data) -> Iterator[str]:
    """What a control asks, whom, and what it wants to see."""
    yield said(f"系统判断：{control['asks']}" if control["guard"] else f"问：{control['asks']}")
    if control["evidence"]:
        yield f"凭证：{'、'.join(control['evidence'])}"


def beside(section: Data) -> list[Piece | str]:
    """The risks and controls of a section in short, to stand beside its text."""
    pieces: list[Piece | str] = []
    for risk in section["risks"]:
        tone = LEVELS[risk["level"]]
        pieces += [
            ("", ""),
            (f"{short(risk['id'])}  {risk['level']}风险　{risk['kind']}", tone),
            f"    {risk['text']}",
        ]
        pieces += [(f"    ▸ {control['text']}{kind_of(control)}", "faint") for control in risk["controls"]]
    return pieces[1:] or [("这一节没有风险点", "faint")]


def plain(entry: Data, width: int = 76) -> str:
    """An entry as text to paste elsewhere."""
    lines = [f"{entry['code']} {entry['title']}"]
    for part in parts_of(entry):
        lines += ([""] if part.kind in ("section", "end") else []) + [
            line.rstrip() for line in _lines(part, width)
        ]
    return "\n".join(lines) + "\n"


def _lines(part: Part, width: int) -> list[str]:
    """The lines of a row, its mark at the end and never torn."""
    head = " " * MARGIN[part.kind] + part.head
    lines = folded(part.text, width, head)
    if part.mark:
        mark = readable(part.mark)
        if cell_len(lines[-1]) + cell_len(mark) <= width:
            lines[-1] += mark
        else:
            lines += folded(mark, width, " " * cell_len(head))
    return lines


class EntryText(Rows):
    """The rows of an entry; the words that were searched stand out."""

    BINDINGS = [Binding("g", "screen.do('map')", "流程图", show=False)]

    def __init__(self, empty: str = "", id: str | None = None, classes: str | None = None) -> None:
        super().__init__(empty, id=id, classes=classes)
        self.words: Sequence[str] = ()
        self._kept: dict[tuple[str, int], list[Line]] = {}

    def tell(self, parts: Sequence[Part], words: Sequence[str]) -> None:
        """Show these rows, with these words standing out."""
        if (parts, words) != (self.items, self.words):
            self.words = words
            self._kept.clear()
            self.show(parts)

    def drawn(self, row: Part, width: int) -> list[Line]:
        key = (row.id, width)
        if key not in self._kept:
            self._kept[key] = list(self._drawn(row, width))
        return self._kept[key]

    def _drawn(self, row: Part, width: int) -> Iterator[Line]:
        tone = row.tone if row.kind == "grade" else TONES.get(row.kind, "")
        if row.kind == "section":
            name = readable(f" {row.head}{row.text} ")
            yield [("──", "faint"), (name, tone), ("─" * max(0, width - cell_len(name) - 3), "faint")]
            return
        head, mark = " " * MARGIN[row.kind] + row.head, readable(row.mark)
        for number, line in enumerate(_lines(row, width - 1)):
            pieces = [] if number else [(line[: len(head)], row.tone or "faint")]
            text = line if number else line[len(head) :]
            bare = text.removesuffix(mark) if mark else text
            yield [*pieces, *split_words(bare, self.words, tone), (text[len(bare) :], "faint")]

    def jump(self, by: int) -> None:
        """To the heading of the next or the previous section, which comes to the top."""
        places = [i for i, part in enumerate(self.items) if part.kind == "section"]
        ahead = [i for i in places if i > self.cursor] if by > 0 else [i for i in places if i < self.cursor]
        if ahead:
            self.lead(ahead[0] if by > 0 else ahead[-1])

    def lead(self, index: int) -> None:
        """Put the cursor on a row and the row to the top."""
        self.cursor = index
        self.scroll_to(y=self._top(index), animate=False, force=True, immediate=True)

    def find_part(self, ident: str, text: str = "") -> None:
        """Lead to the row with this id, else to the first with this text, else to the first of all."""
        found = (i for i, part in enumerate(self.items) if ident == part.id or (text and text == part.text))
        self.lead(next(found, 0))


def split_words(text: str, words: Sequence[str], tone: str) -> Iterator[tuple[str, str]]:
    """`text` in pieces, the words in accent."""
    while text:
        places = [(text.casefold().find(word), word) for word in words if word]
        at, word = min(((at, word) for at, word in places if at >= 0), default=(len(text), ""))
        if at:
            yield text[:at], tone
        if word:
            yield text[at : at + len(word)], "accent"
        text = text[at + len(word) :]
