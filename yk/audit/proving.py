"""Rules of one's own (`audit_rules_file`) tried out before they are used: SQL that runs, look-ups that an index answers."""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Mapping
from contextlib import closing

from yk.archive.dictionary import collections, entities
from yk.audit.fusing import alone
from yk.audit.reach import is_whole, reach
from yk.audit.rules import Rule, values
from yk.errors import UsageError
from yk.settings import load


def prove(rules: Mapping[str, Rule], file: str) -> None:
    """Raises UsageError (`bad_rule`) for the first rule that cannot be asked."""
    known = values("2000-01-01", load())
    with closing(sqlite3.connect(":memory:")) as base:
        for collection in collections():
            assert collection.columns is not None
            columns = ", ".join(f'"{name}" {kind}' for name, kind in collection.columns.items())
            base.execute(f'create table "{collection.name}"({columns})')
        for rule in rules.values():
            _prove_words(rule, rules, file)
            try:
                base.execute(f"explain {alone(rule, known)}")
            except sqlite3.Error as error:
                raise _wrong(rule, file, f"条件不是能用的 SQL（{error}）") from None
            _prove_lookups(rule, file)


def _prove_words(rule: Rule, known: Container[str], file: str) -> None:
    """The fields and the other rules that a rule names are there."""
    for name in rule.fields:
        entity, _, field = name.partition(".")
        if entity not in entities() or field not in entities()[entity].fields:
            raise _wrong(rule, file, f"档案里没有 {name} 这个字段")
    for other in rule.same_as:
        if other not in known:
            raise _wrong(rule, file, f"same_as 里的 {other} 不在文件里")


def _prove_lookups(rule: Rule, file: str) -> None:
    """What a rule looks up beside a row is found by an index, as the re-check of some accounts needs."""
    for part in rule.parts:
        if is_whole(part):
            continue
        try:
            lookups = reach(part).lookups
        except AssertionError as error:
            raise _wrong(rule, file, f"旁查表的 on 要写成“别名.列 = 本表别名.列”（{error}）") from None
        for one in lookups:
            if not entities()[one.source].fields[one.column].index:
                raise _wrong(rule, file, f"旁查表 {one.source} 的 {one.column} 没有索引，不能用来连接")


def _wrong(rule: Rule, file: str, why: str) -> UsageError:
    return UsageError(
        "bad_rule", f"规则 {rule.id}：{why}", f"改正 {file}，或 yk config set audit_rules_file ''"
    )
