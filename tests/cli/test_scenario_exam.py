"""`yk scenario exam`, `quiz`, `review`, `results`, `tabletop`: asked at the terminal or answered by a file; kept, summed up."""

from __future__ import annotations

import hashlib
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from drills import BY_HAND, DRILL, drill, written

from yk.cli import run
from yk.scenario.answering import lettered
from yk.scenario.exam import exams_folder, read_result
from yk.scenario.questions import OPERATE
from yk.scenario.sitting import Sitting

from .conftest import Result, Stream, Yk

Typed = Callable[..., Result]
AGAIN = "{题目: 归档前看哪一项, 选项: [抄表例日, 天气, 生日], 答案: 抄表例日}"


@pytest.fixture
def lesson(home: Path) -> str:
    """The lesson as a file."""
    return str(written(home))


@pytest.fixture
def typed(demo: Yk, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Run a command line on the demonstration store while somebody types these lines."""

    def call(lines: list[str], *words: str) -> Result:
        out, err = Stream(False), Stream(False)
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            patch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
            code = run(words)
        return Result(code, out.text(), err.text())

    return call


def right(folder: Path, person: str = "li", text: str = DRILL) -> list[str]:
    """The lines that answer everything rightly."""
    lines = []
    with Sitting(drill(folder, text), person) as sitting:
        for one in sitting.questions:
            if one.kind == OPERATE:
                lines += [*BY_HAND, ""]
            else:
                lines.append(lettered(one, one.right) if one.options else one.answer)
    return lines


def answers(folder: Path, minutes: float = 12, wrong: tuple[int, ...] = (), person: str = "li") -> str:
    """A file that answers everything rightly but the questions of these numbers, which it leaves out."""
    lines = [f"分钟: {minutes}"]
    with Sitting(drill(folder), person) as sitting:
        for number, one in enumerate(sitting.questions, 1):
            if number not in wrong:
                steps = "".join(f"\n  - {line}" for line in BY_HAND)
                lines.append(f"{number}: {steps if one.kind == OPERATE else lettered(one, one.right)}")
    path = folder / f"答案-{person}.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def add(demo: Yk, person: str, *roles: str) -> None:
    assert demo("operator", "add", person, "--name", "李示范", *roles).code == 0


def digest() -> dict[str, str]:
    """The bytes of the working folder: the store."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(Path().iterdir())}


# -- answered by a file ------------------------------------------------------------------------------------------
def test_fixed_answers_give_fixed_points(demo: Yk, lesson: str, home: Path) -> None:
    """TRN-009."""
    done = demo("scenario", "exam", lesson, "--as", "li", "--answers", answers(home))
    assert done.code == 0
    assert done.out == (
        "先受理后补录  li  2026-11-23 09:00\n"
        "得分 100（及格 80）  及格\n"
        "  识别  30 / 30\n"
        "  选控  30 / 30\n"
        "  操作  30 / 30\n"
        "  用时  10 / 10\n"
        "  用了 12 分钟，限 20 分钟\n"
        "全部答对\n"
        "目标 识别：P 独立做到\n"
        "目标 选控：P 独立做到\n"
        "目标 操作：P 独立做到\n"
        "目标 用时：P 独立做到\n"
    )
    assert "动手 ✓ 手工登记 SG001" in done.err
    late = demo("scenario", "exam", lesson, "--as", "li", "--answers", answers(home, 30), "--json").json
    assert (late["total"], late["parts"]["time"]) == (95, {"got": 5.0, "of": 10.0})


def test_who_fails_is_told_what_was_missed_and_where_it_stands(demo: Yk, lesson: str, home: Path) -> None:
    file = answers(home, wrong=(1, 2, 3))
    done = demo("scenario", "exam", lesson, "--as", "li", "--answers", file)
    assert done.code == 1
    assert "不及格" in done.out
    assert "没有答对的 3 题\n" in done.out
    assert "  ✗ 识别风险：YXZY-YY-334 更名业务受理，1 接待与甄别，R1（YXZY-YY-334.1.R1）\n" in done.out
    told = demo("scenario", "exam", lesson, "--as", "li", "--answers", file, "--json")
    assert (told.code, told.json["passed"]) == (1, False)
    assert {(one["risk"], one["entry"]) for one in told.json["missed"]} == {
        ("YXZY-YY-334.1.R1", "YXZY-YY-334")
    }


def test_an_answer_that_cannot_be_meant_is_told_and_nothing_is_kept(
    demo: Yk, lesson: str, home: Path
) -> None:
    path = home / "答案.yaml"
    path.write_text("1: A\n9: B\n", encoding="utf-8")
    done = demo("scenario", "exam", lesson, "--as", "li", "--answers", str(path))
    assert (done.code, "答案.yaml:2: 没有“9”这道题" in done.err) == (2, True)
    assert demo("scenario", "exam", lesson, "--as", "li", "--answers", str(home / "no.yaml")).code == 3
    assert not exams_folder().exists()


def test_a_lesson_that_does_not_go_as_it_says_is_not_sat(typed: Typed, home: Path) -> None:
    broken = str(written(home, DRILL.replace("办理: 合同变更", "办理: 客户回访")))
    done = typed(["A"] * 20, "scenario", "exam", broken, "--as", "li")
    assert (done.code, "走不通，不能考" in done.err, "第 1 题" in done.err) == (1, True, False)


# -- asked -------------------------------------------------------------------------------------------------------
def test_a_person_is_asked_and_passes(typed: Typed, lesson: str, home: Path) -> None:
    done = typed(right(home), "scenario", "exam", lesson, "--as", "li", "--json")
    assert (done.code, done.json["total"], done.json["minutes"]) == (0, 100, 0)
    assert "第 1 题 / 共 5 题（识别风险）" in done.err
    assert "⚡ 注入 系统故障：" in done.err
    assert "✓ 手工登记 SG001" in done.err
    assert "✓  5  信息归档 → 客户回访" in done.err
    for hidden in ("讲稿", "对。", "系统断了，人不能晾着"):
        assert hidden not in done.err


def test_hints_are_given_and_cost(typed: Typed, lesson: str, home: Path) -> None:
    """TRN-011: a clue 3 points, the clause 6, the answer 10."""
    lines = right(home)
    for count, points in ((1, 27), (2, 24), (3, 20), (4, 20)):
        done = typed(["?"] * count + lines, "scenario", "exam", lesson, "--as", "li", "--json")
        assert done.json["parts"]["risk"] == {"got": points, "of": 30}
        assert done.err.count("提示：") == count
        assert done.json["missed"]


def test_what_is_no_answer_is_asked_again_and_a_dash_goes_on(typed: Typed, lesson: str, home: Path) -> None:
    lines = ["Z", "", "-", "-", "胡说", "办理: 合同变更", "?", "-", "-", "－"]
    done = typed(lines, "scenario", "exam", lesson, "--as", "li", "--json")
    assert (done.code, done.json["total"]) == (1, 0)
    assert "没有“Z”这个选项，可写 A、B、C、D" in done.err
    assert "步骤应写成" in done.err
    assert "⊘ 办理 合同变更 → 被拒：" in done.err
    assert {line["at"] for line in done.json["answers"]} == {""}


def test_a_clause_must_be_repeated_word_for_word_before_it_goes_on(typed: Typed, home: Path) -> None:
    """TRN-020."""
    text = DRILL.replace("提问: [{措施: 2.R1}]", "提问: [{唱票: 2.R1}]")
    path, lines = str(written(home, text)), right(home, text=text)
    place = next(n for n, line in enumerate(lines) if line.startswith("核签署人"))
    lines.insert(place, "核过了")
    done = typed(lines, "scenario", "exam", path, "--as", "li", "--json")
    assert "与原文不一致，照念一遍再复诵" in done.err
    assert done.json["total"] == 100


def test_whoever_breaks_off_has_no_result(typed: Typed, lesson: str, home: Path) -> None:
    done = typed(right(home)[:3], "scenario", "exam", lesson, "--as", "li")
    assert (done.code, "没有答完，没有成绩" in done.err) == (130, True)
    assert not list(exams_folder().glob("*.json"))


def test_nobody_is_asked_where_asking_is_forbidden(demo: Yk, lesson: str) -> None:
    for words in (["exam", lesson], ["quiz", "334"]):
        done = demo("scenario", *words, "--as", "li", "--no-input")
        assert (done.code, "--no-input" in done.err) == (2, True)


def test_two_people_have_papers_of_their_own_and_each_the_same_again(demo: Yk, lesson: str) -> None:
    """TRN-023."""
    papers = {
        who: demo("scenario", "exam", lesson, "--as", who, "--paper", "--json").json
        for who in ("li", "wang", "zhao")
    }
    assert len({json.dumps(paper) for paper in papers.values()}) > 1
    assert papers["li"] == demo("scenario", "exam", lesson, "--as", "li", "--paper", "--json").json
    assert [one["number"] for one in papers["li"]] == [1, 2, 3, 4, 5]
    assert "对" not in papers["li"][0]
    shown = demo("scenario", "exam", lesson, "--as", "li", "--paper").out
    assert shown.startswith("1. （识别风险）")
    assert (
        papers["li"]
        != demo("scenario", "exam", lesson, "--as", "li", "--paper", "--json", "--seed", "8").json
    )


@pytest.mark.parametrize(("words", "code"), [(["--as", "../li"], 2), (["--as", ""], 2), ([], 2)])
def test_who_sits_must_be_named_so_that_a_file_can_be(
    demo: Yk, lesson: str, words: list[str], code: int
) -> None:
    done = demo("scenario", "exam", lesson, *words, "--paper")
    assert done.code == code
    assert demo("scenario", "exam", lesson, "--operator", "li", "--paper").code == 0


# -- kept, and what it unlocks -----------------------------------------------------------------------------------
def test_the_result_is_kept_and_copied(demo: Yk, lesson: str, home: Path) -> None:
    words = ["--answers", answers(home), "--results", str(home / "成绩"), "-o", str(home / "r.json")]
    told = demo("scenario", "exam", lesson, "--as", "li", *words, "--json").json
    kept = read_result(Path(told["file"]))
    assert kept == read_result(home / "r.json")
    assert kept == {key: value for key, value in told.items() if key in kept}
    assert Path(told["file"]).parent == home / "成绩"
    assert (
        demo("scenario", "exam", lesson, "--as", "li", "--answers", answers(home), "-o", "-").json["total"]
        == 100
    )


def test_what_cannot_be_written_is_told_before_anybody_is_asked(
    typed: Typed, lesson: str, home: Path
) -> None:
    (home / "file").write_text("", encoding="utf-8")
    for words in (
        ["--results", str(home / "file")],
        ["-o", str(home / "no" / "r.json")],
        ["--debrief", str(home / "no" / "r.md")],
        ["-o", "yk.db"],
        ["--debrief", str(home / "r.txt")],
    ):
        done = typed(right(home), "scenario", "exam", lesson, "--as", "li", *words)
        assert done.code in (2, 3), words
        assert "第 1 题" not in done.err


def test_passing_puts_the_role_in_force_that_waits_for_it(demo: Yk, lesson: str, home: Path) -> None:
    """TRN-010."""
    add(demo, "li", "--until-exam", "业务受理人员")
    assert demo("case", "open", "更名", "--customer", "1016000001", "--operator", "li").code == 4
    done = demo("scenario", "exam", lesson, "--as", "li", "--answers", answers(home))
    assert "已生效：业务受理人员" in done.err
    assert demo("case", "open", "更名", "--customer", "1016000001", "--operator", "li").code == 0
    again = demo("scenario", "exam", lesson, "--as", "li", "--answers", answers(home), "--json").json
    assert again["unlocked"] == []
    assert again["not_unlocked"] == [{"role": "acceptance_clerk", "reason": "本来就有"}]


@pytest.mark.parametrize(
    ("person", "words", "why"),
    [
        ("nobody", [], "没有 nobody 这个经办人"),
        ("archivist", [], "没有人给过他这个角色"),
        ("li", ["--store", "none.db"], "none.db"),
    ],
)
def test_what_is_not_unlocked_says_why(
    demo: Yk, lesson: str, home: Path, person: str, words: list[str], why: str
) -> None:
    file = answers(home, person=person)
    before = digest()
    done = demo("scenario", "exam", lesson, "--as", person, "--answers", file, *words)
    assert done.code == 0
    assert "没有生效：业务受理人员，" in done.err
    assert why in done.err
    assert digest() == before


def test_who_fails_gets_nothing_and_the_store_is_not_touched(demo: Yk, lesson: str, home: Path) -> None:
    """TRN-019."""
    add(demo, "li", "--until-exam", "业务受理人员")
    before = digest()
    done = demo("scenario", "exam", lesson, "--as", "li", "--answers", answers(home, wrong=(1, 2, 3)))
    assert (done.code, "生效" in done.err) == (1, False)
    assert digest() == before


@pytest.mark.parametrize(("name", "start"), [("r.md", "# 复盘：先受理后补录"), ("r.html", "<!DOCTYPE html>")])
def test_the_debrief_is_written_as_it_is_named(
    demo: Yk, lesson: str, home: Path, name: str, start: str
) -> None:
    """TRN-012."""
    path = home / name
    words = ["--answers", answers(home, wrong=(2,)), "--debrief", str(path)]
    demo("scenario", "exam", lesson, "--as", "li", *words)
    text = path.read_text(encoding="utf-8")
    assert text.startswith(start)
    for part in ("时间线", "错在哪里", "应选控制", "条文出处", "改进任务", "动手 ✓ 手工登记 SG001"):
        assert part in text


# -- without a lesson --------------------------------------------------------------------------------------------
def test_a_quiz_of_the_manual_tells_at_once_what_was_right(typed: Typed) -> None:
    """TRN-007, TRN-022."""
    done = typed(["-", "A", "A"], "scenario", "quiz", "334", "--as", "li", "--count", "3", "--json")
    assert done.code == 1
    assert len(done.json["answers"]) == 3
    assert done.json["scenario"] == "作业手册 YXZY-YY-334"
    assert "不对，应是：" in done.err
    assert "YXZY-YY-334 更名业务受理，" in done.err
    assert typed([], "scenario", "quiz", "999", "--as", "li").code == 2


def test_what_was_missed_comes_again_after_1_3_and_7_days(
    demo: Yk, typed: Typed, lesson: str, home: Path
) -> None:
    """TRN-014."""
    file = answers(home, wrong=(1, 2, 3, 5))
    demo("scenario", "exam", lesson, "--as", "li", "--answers", file)

    def review(day: str, *lines: str) -> Result:
        return typed(list(lines), "scenario", "review", "--as", "li", "--now", f"2026-{day}", "--json")

    assert review("11-23").json == {}
    first = review("11-24", "-", "-")
    assert [line["kind"] for line in first.json["answers"]] == ["risk", "control"]
    assert (first.code, review("11-24").json) == (1, {})

    def rightly(result: Result) -> list[str]:
        letters = []
        for line in result.json["answers"]:
            ids = [option[0] for option in line["options"]]
            letters.append("".join(sorted("ABCDEFGH"[ids.index(one)] for one in line["right"])))
        return letters

    for day, until in (("11-25", "11-26"), ("11-27", "11-30"), ("12-01", "12-31")):
        done = review(day, *rightly(first))
        assert (done.code, done.json["passed"]) == (0, True), day
        assert review(until).json == {}


def test_what_can_only_be_asked_in_its_lesson_is_told(demo: Yk, lesson: str, home: Path) -> None:
    demo("scenario", "exam", lesson, "--as", "li", "--answers", answers(home, wrong=(5,)))
    done = demo("scenario", "review", "--as", "li", "--now", "2026-11-24")
    assert (done.code, "自拟题和动手题在原来的课里重做" in done.err) == (0, True)
    assert "今天没有要复习的题" in demo("scenario", "review", "--as", "wang").err


# -- summed up ---------------------------------------------------------------------------------------------------
@pytest.fixture
def held(demo: Yk, lesson: str, home: Path) -> Path:
    """Five results of three people."""
    folder = home / "成绩"
    for person, wrong, day in (
        ("li", (1, 2, 3), "20"),
        ("li", (), "21"),
        ("wang", (2,), "20"),
        ("zhao", (1, 2), "20"),
        ("zhao", (4,), "21"),
    ):
        file = answers(home, wrong=wrong, person=person)
        words = ["--answers", file, "--results", str(folder), "--now", f"2026-11-{day}T09:00"]
        demo("scenario", "exam", lesson, "--as", person, *words)
    return folder


def test_a_class_is_summed_up_by_question_risk_and_person(demo: Yk, held: Path) -> None:
    """TRN-013."""
    told = demo("scenario", "results", str(held), "--json").json
    shares = {one["question"]: (one["right"], one["asked"], one["share"]) for one in told["questions"]}
    assert told["exams"] == 5
    assert shares["YXZY-YY-334.1.R1/risk@system_down"] == (3, 5, 60)
    assert shares["YXZY-YY-334.1.R1/control@system_down"] == (2, 5, 40)
    assert shares["YL-001/5.1"] == (5, 5, 100)
    assert [(one["risk"], one["missed"]) for one in told["missed"]] == [
        ("YXZY-YY-334.1.R1", 6),
        ("YXZY-YY-335.2.R1", 1),
    ]
    people = {one["person"]: one for one in told["people"]}
    assert (people["li"]["exams"], people["li"]["passed"], people["li"]["best"]) == (2, 1, 100)
    assert {(one["person"], one["question"]) for one in told["due"]} >= {
        ("wang", "YXZY-YY-334.1.R1/control@system_down"),
    }
    assert len(demo("scenario", "results", str(held), "--top", "1", "--json").json["missed"]) == 1
    assert demo("scenario", "results", str(held), "--person", "li", "--json").json["exams"] == 2


def test_the_page_of_a_class_says_it_in_words(demo: Yk, held: Path) -> None:
    out = demo("scenario", "results", str(held)).out
    assert out.startswith("5 次考试，")
    for part in (
        "学员\n",
        "  li  考 2 次，及格 1 次，最好 100，",
        "最易错的风险\n",
        "每题全对的比例",
        "该复习的\n",
    ):
        assert part in out
    rows = demo("scenario", "results", str(held), "--format", "csv").out.splitlines()
    assert (len(rows), rows[0]) == (6, "question,text,clause,asked,right,share")


def test_what_is_due_on_a_day_is_listed(demo: Yk, held: Path) -> None:
    rows: list[dict[str, Any]] = demo("scenario", "results", str(held), "--due", "2026-11-22", "--json").json
    assert {one["person"] for one in rows} == {
        "wang",
        "zhao",
    }  # li had it right the day after, it comes again on the 23rd
    assert demo("scenario", "results", str(held), "--due", "2026-11-20", "--json").json == []
    assert demo("scenario", "results", "--due", "昨天").code == 2


def test_without_results_there_is_nothing_to_sum_up(demo: Yk, home: Path) -> None:
    assert demo("scenario", "results").out == "0 次考试，0 次及格，平均 0 分\n"
    assert demo("scenario", "results", str(home / "no")).code == 3


def test_a_result_that_was_changed_stops_the_summary(demo: Yk, held: Path) -> None:
    path = next(held.iterdir())
    path.write_text(path.read_text(encoding="utf-8").replace('"total": ', '"total": 1'), encoding="utf-8")
    done = demo("scenario", "results", str(held))
    assert (done.code, path.name in done.err) == (3, True)


def test_a_lesson_is_an_exercise_on_paper(demo: Yk, lesson: str, home: Path) -> None:
    """TRN-021."""
    path = home / "推演.md"
    assert demo("scenario", "tabletop", lesson, "-o", str(path)).code == 0
    text = path.read_text(encoding="utf-8")
    assert (
        text
        == demo("scenario", "tabletop", lesson).out
        == demo("scenario", "tabletop", lesson, "--json").json["text"]
    )
    assert "P□ S□ M□ U□" in text
    assert demo("scenario", "tabletop", lesson, "-o", "yk.db").code == 2


def test_a_folder_that_is_not_there_has_nothing_to_review(demo: Yk, home: Path) -> None:
    done = demo("scenario", "review", "--as", "li", "--results", str(home / "没有"))
    assert (done.code, done.out) == (3, "")
    assert "没有 " in done.err
