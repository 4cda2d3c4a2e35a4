"""Reading scenario files `*.yk.yaml`: includes, variables, templates and examples, into scenarios ready to run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from os.path import normpath
from pathlib import Path
from typing import Any

from yk import yamls
from yk.errors import DefinitionError, UnreadableError, UsageError, YkError
from yk.scenario import words
from yk.scenario.expectations import read_expectations
from yk.scenario.givens import laid_over, read_given
from yk.scenario.keys import brief, keyed, listed, mapping, text, texts
from yk.scenario.meant import flow_id, told_at
from yk.scenario.obligations import find_dimension
from yk.scenario.scenario import Data, Place, Scenario, Step
from yk.scenario.steps import Steps
from yk.scenario.written import Map, Seq, bad, filled, in_text, plain, rows, unfilled
from yk.text import did_you_mean

SUFFIX = ".yk.yaml"
VERSION = 1


@dataclass(slots=True)
class _Document:
    """A file with what it includes: variables, the world, templates."""

    path: Path
    shown: str
    top: Map
    variables: Data = field(default_factory=dict)
    given: Map | None = None
    templates: dict[str, Seq] = field(default_factory=dict)


def files(paths: Iterable[Path]) -> list[Path]:
    """The scenario files meant: files as they are, folders searched through; those that begin with `_` are only included.

    Raises UnreadableError for what is not there, UsageError when nothing is found.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(path.rglob(f"*{SUFFIX}"))
            found += [one for one in inside if not one.name.startswith("_")]
        elif path.exists():
            found.append(path)
        else:
            raise UnreadableError("file_missing", f"没有 {path} 这个文件或文件夹", "检查路径")
    if not found:
        shown = "、".join(str(path) for path in paths) or "这里"
        raise UsageError(
            "no_scenarios", f"{shown} 里没有场景文件", f"场景文件的名字以 {SUFFIX} 结尾，不以 _ 开头"
        )
    return list({one.resolve(): one for one in reversed(found)}.values())[::-1]


def load_all(paths: Iterable[Path]) -> list[Scenario]:
    """Every scenario of the files and folders. Raises as `files` and `load` do."""
    return [one for path in files(paths) for one in load(path)]


def load(path: Path, shown: str = "") -> list[Scenario]:
    """The scenarios of a file, one a row of examples. `shown` names the file in messages (default: as given).

    Raises DefinitionError (`file:line: …`), UnreadableError.
    """
    document = _document(path, shown or str(path), (), {})
    top = document.top
    place = top.place()
    if "scenarios" not in top:
        raise bad(place, "missing_key", "缺少 场景", "一个文件至少要有一个场景")
    items = listed(top["scenarios"], top.place("scenarios"), "场景")
    if not items:
        raise bad(top.place("scenarios"), "missing_key", "场景 里一个也没有", "一个文件至少要有一个场景")
    made: list[Scenario] = []
    for number, item in enumerate(items):
        made += _scenarios(document, item, items.place(number))
    _refuse_twins(made)
    return made


def _refuse_twins(scenarios: Iterable[Scenario]) -> None:
    """Refuse a name, a number or a snapshot that two scenarios have; rows of examples share their number."""
    names: dict[str, Place] = {}
    numbers: dict[str, Place] = {}
    snapshots: dict[str, Place] = {}
    for one in scenarios:
        if one.name in names:
            line = names[one.name].line
            raise bad(one.place, "duplicate_name", f"场景“{one.name}”与第 {line} 行的重名")
        if numbers.setdefault(one.id, one.place) != one.place:
            raise bad(one.place, "duplicate_id", f"编号 {one.id} 与第 {numbers[one.id].line} 行的相同")
        if one.snapshot in snapshots:
            line = snapshots[one.snapshot].line
            hint = "每个场景一份；有例子的在名字里写上 ${列}"
            raise bad(one.place, "duplicate_snapshot", f"快照 {one.snapshot} 与第 {line} 行的相同", hint)
        names[one.name] = one.place
        if one.snapshot:
            snapshots[one.snapshot] = one.place


def _document(path: Path, shown: str, chain: tuple[Path, ...], known: dict[Path, _Document]) -> _Document:
    """A file with what it includes; `known` are those that were read already, `chain` those that include it."""
    if (own := path.resolve()) in known:
        return known[own]
    top = keyed(_parsed(path, shown), "file", Place(shown, 1), "文件")
    if top.get("version", VERSION) != VERSION:
        raise bad(top.place("version"), "wrong_version", f"版本 {top['version']} 不认识，现在是 {VERSION}")
    document = _Document(path, shown, top)
    for name in texts(top, "include", "引用"):
        outer = (*chain, own)
        other = _included(path.parent, name, top.place("include"), outer)
        part = _document(other, normpath(Path(shown).parent / name), outer, known)
        document.variables |= part.variables
        document.given = laid_over(document.given, part.given)
        document.templates |= part.templates
    for name, value in mapping(top.get("vars"), top.place("vars"), "变量").items():
        document.variables[name] = filled(value, document.variables)
    if "given" in top:
        document.given = laid_over(document.given, keyed(top["given"], "given", top.place("given"), "假如"))
    templates = mapping(top.get("templates"), top.place("templates"), "模板")
    for name, steps in templates.items():
        listed(steps, templates.place(name), f"模板 {name}")
        document.templates[name] = steps
    known[own] = document
    return document


def _included(folder: Path, name: str, place: Place, chain: tuple[Path, ...]) -> Path:
    """The file that is included. Raises DefinitionError where there is none, or where it includes itself."""
    other = folder / name
    if not other.is_file():
        near = did_you_mean(name, [one.name for one in folder.glob(f"*{SUFFIX}")])
        what = "是一个文件夹" if other.is_dir() else "不存在"
        raise bad(place, "include_missing", f"引用的 {name} {what}", near)
    if other.resolve() in chain:
        raise bad(place, "include_circle", f"引用绕成了圈：{name} 又引用到自己", "去掉其中一处引用")
    return other


def _parsed(path: Path, shown: str) -> Any:
    """The data of a file, with its errors told as all others of scenario files are."""
    try:
        return plain(yamls.read(path, shown))
    except DefinitionError as error:
        raise DefinitionError(error.code, _at_line(error.message, shown), error.hint) from None


def _at_line(message: str, shown: str) -> str:
    """`file 第 5 行：…` as every other message of a scenario file: `file:5: …`."""
    if message.startswith(f"{shown}:"):
        return message
    head, _, rest = message.removeprefix(shown).partition("：")
    line = "".join(char for char in head if char.isdigit()) or "1"
    return f"{shown}:{line}: {rest or message}"


def _scenarios(document: _Document, item: Any, at: Place) -> Iterable[Scenario]:
    raw = keyed(item, "scenario", at, "场景")
    if not raw.get("name"):
        raise bad(at, "missing_key", "场景缺少 名称")
    own = mapping(raw.get("vars"), raw.place("vars"), "变量")
    base = dict(document.variables)
    for name, value in own.items():
        base[name] = filled(value, base)
    examples = rows(raw.get("examples"), raw.place("examples")) if "examples" in raw else [{}]
    if not examples:
        raise bad(raw.place("examples"), "no_examples", "例子里一行也没有")
    for example in examples:
        yield _scenario(document, raw, {**base, **example}, example)


def _scenario(document: _Document, raw: Map, variables: Mapping[str, Any], example: Data) -> Scenario:
    written: Map = filled(raw, variables)
    top, place = document.top, raw.place()
    name = text(written, "name")
    if example and name == text(raw, "name"):
        name += "[" + "，".join(f"{key}={in_text(value)}" for key, value in example.items()) + "]"
    flow = _flow(written, top, place)
    given = laid_over(document.given, _own_given(written))
    given = filled(given, variables) if given is not None else None
    _refuse_unfilled(written, given, variables)
    lesson = _lesson(written, top)
    tags = tuple(dict.fromkeys([*texts(top, "tags", "标签"), *texts(written, "tags", "标签")]))
    steps = _steps(document, written, variables, flow)
    return Scenario(
        place=place,
        name=name,
        id=text(written, "id") or name,
        flow=flow,
        tags=tags,
        given=read_given(given) if given is not None else {},
        steps=steps,
        then=read_expectations(written.get("then"), written.place("then"), _last_flow(flow, steps)),
        skip=_reason(written, "skip", "跳过"),
        xfail=_reason(written, "xfail", "已知缺陷"),
        must_cover=_must_cover(written, flow),
        snapshot=_snapshot(written),
        seed=_whole(written, "seed"),
        note=text(written, "note") or text(top, "note"),
        path=document.path.resolve(),
        lesson=lesson,
    )


def _refuse_unfilled(written: Map, given: Map | None, variables: Mapping[str, Any]) -> None:
    """Refuse a `${name}` that nobody gave; the steps look for themselves, when templates are put in."""
    for part in (written.like({key: written[key] for key in written if key != "when"}), given):
        if part is not None and (left := unfilled(part, part.place())) is not None:
            hint = did_you_mean(left[0], variables)
            raise bad(left[1], "unknown_variable", f"没有变量“{left[0]}”", hint)


def _steps(document: _Document, written: Map, variables: Mapping[str, Any], flow: str) -> tuple[Step, ...]:
    if "when" not in written:
        return ()
    return Steps(document.templates, variables, flow).read(written["when"], written.place("when"))


def _last_flow(flow: str, steps: tuple[Step, ...]) -> str:
    """The flow that the last expectations speak of: that of the order opened last."""
    opened = [step.what.get("flow") for step in steps if step.act in ("open", "accept")]
    return next((one for one in reversed(opened) if one), flow)


def _flow(written: Map, top: Map, place: Place) -> str:
    """The id of the scenario's flow, '' when it names none."""
    holder = written if "flow" in written else top
    word = text(holder, "flow", "流程")
    return flow_id(word, holder.place("flow") if word else place) if word else ""


def _own_given(written: Map) -> Map | None:
    return keyed(written["given"], "given", written.place("given"), "假如") if "given" in written else None


def _lesson(written: Map, top: Map) -> Map:
    holder = written if "lesson" in written else top
    if "lesson" not in holder:
        return Map({}, holder.file, holder.line, {})
    lesson = keyed(holder["lesson"], "lesson", holder.place("lesson"), "课程")
    if "weights" in lesson:
        lesson["weights"] = keyed(lesson["weights"], "weights", lesson.place("weights"), "权重")
    return lesson


def _reason(written: Map, key: str, what: str) -> str:
    """The reason a scenario is passed over or fails; it must say one."""
    if key not in written:
        return ""
    value = written[key]
    if not isinstance(value, str) or not value.strip():
        raise bad(
            written.place(key),
            "reason_missing",
            f"{what}必须写明理由",
            f"如 {words.chinese('scenario', key)}: 待规则明确",
        )
    return value


def _must_cover(written: Map, flow: str) -> Map:
    """Dimension -> items that the scenario exists for."""
    place = written.place("must_cover")
    asked = mapping(written.get("must_cover"), place, "须覆盖")
    if asked and not flow:
        raise bad(place, "flow_missing", "须覆盖 要有流程", "在文件或场景写 流程: …")
    for word in asked:
        texts(asked, word, f"须覆盖 {word} ")
        try:
            find_dimension(word)
        except YkError as error:
            raise told_at(asked.place(word), error) from None
    return asked


def _snapshot(written: Map) -> str:
    """The name of the snapshot; it lies beside the scenario's file, or in a folder beside it."""
    name = text(written, "snapshot", "快照")
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise bad(written.place("snapshot"), "bad_name", f"快照 {name} 应在场景文件旁边", "只写文件名")
    return name


def _whole(written: Map, key: str) -> int:
    value = written.get(key, 0)
    if not isinstance(value, int) or isinstance(value, bool):
        raise bad(
            written.place(key), "wrong_type", f"{words.chinese('scenario', key)}应是整数，现为 {brief(value)}"
        )
    return value
