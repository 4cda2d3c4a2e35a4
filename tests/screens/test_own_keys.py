"""The user's own keys: what is wrong in the file is told with the line, not found out by a dead key."""

from __future__ import annotations

from pathlib import Path

import pytest

from yk.errors import UsageError
from yk.screens.keymap import own_keys


def read(tmp_path: Path, text: str) -> dict[str, str]:
    path = tmp_path / "keys.yaml"
    path.write_text(text, encoding="utf-8")
    return own_keys(path)


def test_keys_by_name_by_character_and_several_are_taken(tmp_path: Path) -> None:
    text = 'step.send: f8, ctrl+s\nhelp: "!"\nworkbench.find: exclamation_mark\nlist.page_up: ctrl+b\n'
    with pytest.raises(UsageError):
        read(tmp_path, "workbench.find: nosuch\n")
    assert read(tmp_path, text.replace("workbench.find: exclamation_mark\n", ""))["step.send"] == "f8,ctrl+s"


@pytest.mark.parametrize("key", ["nosuchkey", "ctrl+nosuch", "f99", "strg+s"])
def test_a_key_that_is_not_there_is_refused_with_the_line(tmp_path: Path, key: str) -> None:
    with pytest.raises(UsageError, match=r"keys.yaml 第 2 行：没有 .* 这个键"):
        read(tmp_path, f"step.send: f8\nquit: {key}\n")


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("workbench.new: f\n", "workbench.view"),
        ("step.send: e\n", "step.edit"),
        ("step.send: z\n", "enlarge"),
        ("quit: e\n", "step.edit"),
        ("step.send: f8\nstep.return: f8\n", "step.return"),
    ],
)
def test_a_key_that_does_something_else_on_the_screen_is_refused(
    tmp_path: Path, text: str, other: str
) -> None:
    with pytest.raises(UsageError, match=rf"已经是 {other}"):
        read(tmp_path, text)


def test_two_actions_may_change_places_and_other_screens_do_not_matter(tmp_path: Path) -> None:
    assert read(tmp_path, "workbench.new: f\nworkbench.view: n\n") == {
        "workbench.new": "f",
        "workbench.view": "n",
    }
    assert read(tmp_path, "workbench.new: e\n") == {"workbench.new": "e"}
    assert read(tmp_path, "batch.apply: a\n") == {"batch.apply": "a"}
