"""YAML read strictly: every mistake is named with file, line and what would be right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from world import error_of

from yk import yamls
from yk.errors import DefinitionError, UnreadableError


def value(text: str) -> yamls.Node:
    """The value of key `a` of a document `a: text`."""
    return yamls.parse(f"a: {text}\n", "t.yaml").fields().need("a")


@pytest.mark.parametrize(
    ("text", "read", "code"),
    [
        ("12", "text", "wrong_type"),
        ("true", "text", "wrong_type"),
        ("2026-11-23", "text", "wrong_type"),
        ("", "text", "wrong_type"),
        ("[1]", "text", "wrong_type"),
        ("1.5", "integer", "wrong_type"),
        ("0x10", "integer", "wrong_type"),
        ("1_000", "integer", "wrong_type"),
        ("'1'", "integer", "wrong_type"),
        ("yes", "boolean", "wrong_type"),
        ("on", "boolean", "wrong_type"),
        ("True", "boolean", "wrong_type"),
        ("1", "boolean", "wrong_type"),
        ("x", "nodes", "wrong_type"),
        ("[x]", "fields", "wrong_type"),
        ("[x]", "scalar", "wrong_type"),
        ("{x: 1}", "scalar", "wrong_type"),
        ("0x10", "scalar", "wrong_type"),
        (".inf", "scalar", "wrong_type"),
        (".nan", "scalar", "wrong_type"),
        ("1:30.5", "scalar", "wrong_type"),
        ("yes", "scalar", "wrong_type"),
    ],
)
def test_a_value_of_another_kind_is_refused_with_file_and_line(text: str, read: str, code: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        getattr(value(text), read)()
    assert caught.value.code == code
    assert caught.value.message.startswith("t.yaml 第 1 行：")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x", "x"),
        ("'1'", "1"),
        ("1", 1),
        ("-2", -2),
        ("1.5", 1.5),
        ("true", True),
        ("null", None),
        ("", None),
    ],
)
def test_a_single_value_keeps_its_kind(text: str, expected: object) -> None:
    found = value(text).scalar()
    assert found == expected
    assert type(found) is type(expected)


def test_a_number_read_as_text_gets_the_remedy() -> None:
    with pytest.raises(DefinitionError) as caught:
        value("334").text()
    assert "'334'" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\nb: 2\n", "unknown_key", 2),
        ("a: 1\na: 2\n", "duplicate_key", 2),
        ("- 1\n", "wrong_type", 1),
        ("a: 1\n[x]: 2\n", "wrong_type", 2),
        ("b: 1\n", "missing_key", 1),
        ("a: 1\n<<: {b: 2}\n", "unknown_key", 2),
    ],
)
def test_a_mapping_has_the_keys_asked_for_once_and_no_others(text: str, code: str, line: int) -> None:
    with pytest.raises(DefinitionError) as caught, yamls.parse(text, "t.yaml").fields() as f:
        f.need("a")
    assert caught.value.code == code
    assert f"第 {line} 行" in caught.value.message


def test_an_unknown_key_gets_the_nearest_known_one() -> None:
    with pytest.raises(DefinitionError) as caught, yamls.parse("labell: x\n", "t.yaml").fields() as f:
        f.find("label")
    assert "label" in caught.value.hint


def test_a_sentence_split_by_an_ascii_comma_is_explained() -> None:
    with (
        pytest.raises(DefinitionError) as caught,
        yamls.parse("{text: 先核对,再签字}", "t.yaml").fields() as f,
    ):
        f.text("text")
    assert "半角" in caught.value.hint


def test_an_error_inside_the_block_is_not_covered_by_a_complaint_about_keys() -> None:
    with pytest.raises(ZeroDivisionError), yamls.parse("a: 1\n", "t.yaml").fields():
        raise ZeroDivisionError


def test_a_word_outside_the_list_gets_the_nearest_one() -> None:
    with pytest.raises(DefinitionError) as caught:
        value("acceptence").one_of(["acceptance", "archiving"])
    assert caught.value.code == "unknown_word"
    assert "acceptance" in caught.value.hint


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("a: [1", "bad_yaml"),
        ("a: 'x", "bad_yaml"),
        ("a: b: c", "bad_yaml"),
        ("a: \x00", "bad_yaml"),
        ("a: *nobody", "bad_yaml"),
        ("---\na: 1\n---\nb: 2\n", "bad_yaml"),
        ("", "empty_yaml"),
        ("# nothing\n", "empty_yaml"),
        ("用电".encode("gb18030"), "bad_encoding"),
    ],
)
def test_what_is_no_yaml_is_a_clear_error(content: str | bytes, code: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        yamls.parse(content, "t.yaml")
    assert caught.value.code == code
    assert caught.value.message.startswith("t.yaml")


@given(st.text(max_size=80))
def test_no_text_at_all_brings_the_reader_down(text: str) -> None:
    error = error_of(yamls.parse, text, "t.yaml")
    assert error is None or "t.yaml" in error.message


def test_a_byte_order_mark_is_no_content() -> None:
    assert yamls.parse("\ufeffa: 1\n".encode(), "t.yaml").fields().keys() == ["a"]


def test_lines_count_from_the_top_of_the_file() -> None:
    node = yamls.parse("# 一\n\na:\n  - x\n  - 2\n", "t.yaml").fields().need("a").nodes()[1]
    assert node.line == 5
    with pytest.raises(DefinitionError, match="第 5 行"):
        node.text()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError) as caught:
        yamls.read(tmp_path / "none.yaml")
    assert "none.yaml" in caught.value.message


class Source:
    """A source file and a builder that counts its work."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "source.yaml"
        self.path.write_text("a: 1\n", encoding="utf-8")
        self.built = 0

    def build(self) -> Any:
        self.built += 1
        return {"甲": [self.path.read_text(encoding="utf-8"), True, None, 1.5]}

    def compiled(self) -> Any:
        return yamls.compiled("test", [self.path], self.build)


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Source:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Source(tmp_path)


def _kept(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache").rglob("test-*.json"))


def test_compiled_data_is_built_once_while_its_sources_stay(source: Source) -> None:
    assert source.compiled() == source.compiled() == {"甲": ["a: 1\n", True, None, 1.5]}
    assert source.built == 1


def test_a_changed_source_is_built_anew_and_its_forerunner_dropped(source: Source, tmp_path: Path) -> None:
    source.compiled()
    source.path.write_text("a: 2\n", encoding="utf-8")
    assert source.compiled()["甲"][0] == "a: 2\n"
    assert source.built == 2
    assert len(_kept(tmp_path)) == 1


def test_a_damaged_cache_costs_time_and_nothing_else(source: Source, tmp_path: Path) -> None:
    source.compiled()
    (kept,) = _kept(tmp_path)
    kept.write_text('{"甲', encoding="utf-8")
    assert source.compiled()["甲"][0] == "a: 1\n"
    assert json.loads(kept.read_bytes())["甲"][0] == "a: 1\n"


def test_a_cache_folder_that_cannot_be_is_done_without(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert source.compiled()["甲"][0] == "a: 1\n"
    assert source.compiled()["甲"][0] == "a: 1\n"
