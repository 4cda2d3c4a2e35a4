"""Exams: a paper answered becomes a result, kept as a JSON file with a digest, and passing puts roles in force.

A result is plain data: `{exam, scenario, person, at, seed, minutes, limit, answers, points, parts, total, passed, pass_mark,
ratings, unlocks, digest}`. `answers` holds a line for every question of the paper: `{question, kind, text, entry, risk, clause,
incident, options, chosen, right, also, done, hints, answer, at, points, worth}`, so that it can be read without the lesson.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from yk.clock import parse_time
from yk.desk.operators import qualify
from yk.errors import UnreadableError, UsageError
from yk.files import data_folder, read_bytes, write_atomic
from yk.scenario.paper import Paper
from yk.scenario.questions import Question
from yk.scenario.scoring import Answer, score
from yk.store import Store

Data = dict[str, Any]
_SHAPE: Mapping[str, type | tuple[type, ...]] = {
    "exam": str,
    "scenario": str,
    "person": str,
    "at": str,
    "seed": int,
    "minutes": (int, float),
    "limit": (int, float),
    "answers": list,
    "points": dict,
    "parts": dict,
    "total": (int, float),
    "passed": bool,
    "pass_mark": (int, float),
    "ratings": dict,
    "unlocks": list,
    "digest": str,
}
_LINE = {
    "question", "kind", "text", "entry", "risk", "clause", "incident", "options", "chosen", "right", "also", "done",
    "hints", "answer", "at", "points", "worth",
}  # fmt: skip


def exams_folder() -> Path:
    """Where results are kept: `exams` in the data folder."""
    return data_folder() / "exams"


def result_of(paper: Paper, answers: Iterable[Answer], at: str, minutes: float = 0) -> Data:
    """The result of a paper answered in so many minutes, finished at `at` (ISO 8601). Raises UsageError for an answer to a
    question, or an option, that the paper does not have."""
    given = {one.question: one for one in answers}
    marks = score(paper.questions, given.values(), paper.rules, minutes)
    made: Data = {
        "scenario": paper.scenario,
        "person": paper.person,
        "at": at,
        "seed": paper.seed,
        "minutes": round(float(minutes), 1),
        "limit": paper.rules.minutes,
        "answers": [
            _line(one, given.get(one.id)) | {"points": marks.points[one.id], "worth": marks.worth[one.id]}
            for one in paper.questions
        ],
        "points": dict(marks.points),
        "parts": {part: {"got": got, "of": of} for part, (got, of) in marks.parts.items()},
        "total": marks.total,
        "passed": marks.passed,
        "pass_mark": paper.rules.pass_mark,
        "ratings": dict(marks.ratings),
        "unlocks": list(paper.rules.unlocks),
    }
    stamp = "".join(char for char in at[:19] if char.isalnum())
    made = {"exam": f"{stamp}-{paper.person or 'nobody'}-{digest_of(made)[:6]}", **made}
    return made | {"digest": digest_of(made)}


def _line(question: Question, answer: Answer | None) -> Data:
    """One question as a result keeps it."""
    given = answer or Answer(question.id)
    return {
        "question": question.id,
        "kind": question.kind,
        "text": question.stem,
        "entry": question.entry,
        "risk": question.risk,
        "clause": question.clause,
        "incident": question.incident,
        "options": [list(option) for option in question.options],
        "chosen": list(given.chosen),
        "right": list(question.right),
        "also": list(question.also),
        "done": given.done,
        "hints": given.hints,
        "answer": question.answer,
        "at": given.at,
    }


def digest_of(result: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of a result's canonical JSON without its own digest: any change of the file shows."""
    body = {key: value for key, value in result.items() if key != "digest"}
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_missed(line: Mapping[str, Any]) -> bool:
    """Is this line of `answers` an item to be learnt again: not wholly right, or right with a hint?"""
    return float(line["points"]) < float(line["worth"]) or bool(line["hints"])


# -- kept --------------------------------------------------------------------------------------------------------
def keep(result: Mapping[str, Any], folder: Path | None = None) -> Path:
    """Write a result into a folder (default: `exams_folder`); gives the file. Raises UnreadableError."""
    home = folder or exams_folder()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        raise UnreadableError("cannot_write", f"建不了文件夹 {home}", "检查上级文件夹是否可写") from None
    path = home / f"{result['exam']}.json"
    write_atomic(path, (json.dumps(result, ensure_ascii=False, indent=1) + "\n").encode())
    return path


def read_result(path: Path) -> Data:
    """A result as it was kept. Raises UnreadableError (`bad_result`, `result_changed`), naming the file."""
    try:
        found = json.loads(read_bytes(path))
    except ValueError:
        raise _bad(path, "不是成绩文件（JSON 读不出来）") from None
    if not isinstance(found, dict) or found.keys() != _SHAPE.keys():
        raise _bad(path, "不是成绩文件（项目不对）")
    wrong = [key for key, kind in _SHAPE.items() if not isinstance(found[key], kind)]
    if wrong or not all(map(_is_line, found["answers"])):
        raise _bad(path, f"内容不对：{'、'.join(wrong) or 'answers'}")
    try:
        parse_time(found["at"])
    except UsageError:
        raise _bad(path, "时间不对") from None
    if digest_of(found) != found["digest"]:
        raise UnreadableError(
            "result_changed", f"成绩 {path} 的内容被改动过，摘要不符", "以当时打印的成绩单为准"
        )
    return found


def _is_line(one: Any) -> bool:
    """Is this a line of `answers`, with figures where figures stand?"""
    if not isinstance(one, dict) or one.keys() != _LINE:
        return False
    figures, texts = (one["points"], one["worth"], one["hints"]), (one["question"], one["text"], one["risk"])
    return all(isinstance(n, int | float) for n in figures) and all(isinstance(t, str) for t in texts)


def _bad(path: Path, why: str) -> UnreadableError:
    return UnreadableError("bad_result", f"{path}：{why}", "成绩只由 yk scenario exam 写")


def results(folder: Path | None = None) -> list[Data]:
    """Every result kept in a folder (default: `exams_folder`), the oldest first. Raises as `read_result`."""
    found = [read_result(path) for path in sorted((folder or exams_folder()).glob("*.json"))]
    return sorted(found, key=lambda one: (one["at"], one["exam"]))


# -- leave to work -----------------------------------------------------------------------------------------------
def grant(store: Store, result: Mapping[str, Any]) -> list[str]:
    """Put in force, in the real store, the roles that a passed exam unlocks and that wait for it (`yk operator add
    --until-exam`); gives those. Roles that nobody has given stay not given, see `qualify`.

    Raises UsageError for somebody who is no operator, UnreadableError for a result that was changed.
    """
    if digest_of(result) != result["digest"]:
        raise UnreadableError("result_changed", f"成绩 {result['exam']} 的内容被改动过，摘要不符")
    if not result["passed"]:
        return []
    with store.transaction():
        return [role for role in result["unlocks"] if qualify(store, result["person"], role)]
