"""Random command lines, input files and damage: whatever is typed or read, yk answers with a line and an exit code.

    fuzzer = Fuzzer(seed, folder)          makes a store with work orders in every state inside `folder`
    fuzzer.lines(n)                        n command lines from the real command tree; findings are collected
    fuzzer.files(n)                        n random or broken input files for every command that reads one
    fuzzer.damage(n)                       n damaged stores, each read and written
    fuzzer.findings                        what went wrong: (what was run, what came of it)

A finding is a traceback, «程序内部错误», an exit code that is none of the contract's, JSON that cannot be read, a control
character on a stream, or a store that `yk store check` finds wrong afterwards. The process's streams, folder and
environment must be the fuzzer's own: run it in a test or by scripts/fuzz.
"""

from __future__ import annotations

import io
import json
import os
import random
import re
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import click

from yk.cli import run
from yk.cli.docs import tree
from yk.cli.lazy import Group
from yk.cli.root import root

from . import fuzz_words as pools
from .conftest import Result
from .fuzz_files import binary, damaged, import_file, yaml_file
from .fuzz_words import NASTY

CODES = {0, 1, 2, 3, 4, 5, 6, 130}
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
NOW = "2026-11-23T09:00"
STORES = {"yk.db": 8, "yk.json": 1}
"""Store files and how often each is used."""


class Finding(NamedTuple):
    """What was run and what came of it."""

    what: str
    came: str


ENDLESS = {"--serve", "--follow", "--audience"}
"""Options of commands that go on until somebody stops them."""


class Fuzzer:
    """Random runs of yk in a folder of its own; the same seed gives the same runs."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.random = random.Random(seed)
        self.seed = seed
        self.base = folder / "base"
        self.work = folder / "a" / "b" / "c" / "work"
        self.findings: list[Finding] = []
        self.codes: Counter[int] = Counter()
        self.seconds: Counter[str] = Counter()
        self._reset_after = 0
        context = root.context_class(root, info_name="yk", **root.context_settings)
        self.leaves = [c for c in tree(context) if not isinstance(c.command, Group)]
        self._prepare()

    # -- the ground ------------------------------------------------------------------------------------
    def _prepare(self) -> None:
        """The stores that every run starts from: orders at steps, suspended, stopped, completed."""
        self.base.mkdir(parents=True)
        with self._at(self.base):
            for store in STORES:
                self._must("init", "--demo", "--store", store)
                for number, until in enumerate(("合同变更", "客户回访", "")):
                    goal = ["--until", until] if until else []
                    who = ["--customer", ("1016000001", "1016000008", "1016000035")[number]]
                    self._must(
                        "case", "run", "更名", *who, *goal, "--confirm-all", "--fill", "--store", store
                    )
                for who in ("1016000002", "1016000099", "1016000012"):
                    self._must("case", "open", "更名", "--customer", who, "--store", store)
                self._must("case", "suspend", "012611230005", "--reason", "等件", "--store", store)
                self._must("case", "stop", "012611230006", "--reason", "撤单", "--store", store)
            self._must("customer", "export", "-o", "good.jsonl", "--store", "yk.db")
            Path("binary").write_bytes(binary(self.random, 4000))
            Path("huge.csv").write_bytes(b"cons_no,cons_name\n" + b"1016000001,x\n" * 20000)
            Path("folder").mkdir()
            Path("empty").write_bytes(b"")
            Path("form.yaml").write_text("新用户名: 示范新厂\n联系人: 安知行\n", encoding="utf-8")

    def reset(self) -> None:
        """Begin anew with the prepared stores and files."""
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(self.base, self.work)
        self._reset_after = self.random.randint(20, 80)

    @contextmanager
    def _at(self, folder: Path) -> Iterator[None]:
        """In `folder`, with a home below it and a clock that stands."""
        before, environment = Path.cwd(), dict(os.environ)
        os.environ.update(YK_NOW=NOW, YK_STORE="yk.db", XDG_CONFIG_HOME=str(folder / "config"), COLUMNS="80")
        os.environ.update(XDG_DATA_HOME=str(folder / "data"), HOME=str(folder / "home"))
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)
            os.environ.clear()
            os.environ.update(environment)

    def _must(self, *words: str) -> None:
        assert (done := call(words)).code == 0, (words, done)

    # -- command lines ---------------------------------------------------------------------------------
    def lines(self, count: int, each: Callable[[int], None] = lambda done: None) -> None:
        """Run random command lines; check the store now and then."""
        self.reset()
        with self._at(self.work):
            for number in range(count):
                self.one(self.words())
                each(number)
                self._reset_after -= 1
                if self._reset_after <= 0:
                    self._check()
                    os.chdir(self.base)
                    self.reset()
                    os.chdir(self.work)
            self._check()

    def one(self, words: list[str]) -> Result:
        """Run one command line and look at what it left."""
        began = time.perf_counter()
        done = call(words)
        self.seconds[" ".join(words[:2])] += time.perf_counter() - began  # type: ignore[assignment]
        self.codes[done.code] += 1
        self._judge(repr(words), done, "--json" in words and "--" not in words)
        return done

    def _judge(self, what: str, done: Result, as_json: bool) -> None:
        wrong = ""
        if done.code not in CODES:
            wrong = f"exit code {done.code}"
        elif "Traceback" in done.err or "程序内部错误" in done.err + done.out:
            wrong = "internal error"
        elif STEERING.search(done.err) or STEERING.search(done.out):
            wrong = "a control character on a stream"
        elif as_json and done.out and done.code != 0:
            try:
                json.loads(done.out)
            except ValueError:
                wrong = "JSON that cannot be read"
        if wrong:
            self.findings.append(
                Finding(f"seed {self.seed}: {what}", f"{wrong}: {done.err[-500:]}{done.out[-300:]}")
            )

    def _check(self) -> None:
        """Both stores are whole, but for rows that were imported without what they refer to."""
        for store in STORES:
            done = call(["store", "check", "--json", "--store", store])
            if done.code == 2:
                continue  # a random `config set` spoilt the configuration
            problems = json.loads(done.out)
            if isinstance(problems, dict):  # an error: the file was replaced by a random command
                problems = [] if done.code == 3 and not Path(store).is_file() else [problems]
            bad = [
                p for p in problems if p.get("kind", p.get("code")) not in ("reference", "not_initialised")
            ]
            if bad:
                self.findings.append(Finding(f"seed {self.seed}: store check {store}", str(bad[:3])))

    def words(self) -> list[str]:
        """A random command line."""
        rnd = self.random
        if rnd.random() < 0.03:
            return [rnd.choice(NASTY) for _ in range(rnd.randint(0, 4))]
        leaf = rnd.choice(self.leaves)
        words = leaf.command_path.split()[1:]
        arguments: list[str] = []
        for param in leaf.command.params:
            if isinstance(param, click.Argument):
                arguments += [self.value(param) for _ in range(self._times(param))]
            elif rnd.random() < (0.9 if param.required else 0.25) and not ENDLESS & set(param.opts):
                words += self._option(param)
        if rnd.random() < 0.15:
            words.append("--")
        words += arguments
        words += ["--json"] if rnd.random() < 0.3 else []
        if rnd.random() < 0.15:
            words += ["--operator", self._pick(pools.OPERATORS)]
        words += ["--store", "yk.json"] if rnd.random() < 0.1 else []
        words += ["--store", self._pick(pools.STORE_URLS)] if rnd.random() < 0.02 else []
        words += ["--now", self._pick(pools.TIMES)] if rnd.random() < 0.05 else []
        if rnd.random() < 0.05:
            words.insert(rnd.randint(0, len(words)), rnd.choice(NASTY))
        return words

    def _times(self, param: click.Parameter) -> int:
        if param.nargs == -1:
            return self.random.choice((0, 1, 1, 2, 3))
        return 1 if self.random.random() < 0.97 else self.random.choice((0, 2))

    def _option(self, param: Any) -> list[str]:
        flag = self.random.choice(param.opts)
        if param.is_flag:
            return [flag]
        value = self.value(param)
        return [f"{flag}={value}"] if flag.startswith("--") and self.random.random() < 0.3 else [flag, value]

    def value(self, param: click.Parameter) -> str:
        """A value that might be meant, or a nasty one."""
        if self.random.random() < 0.25:
            return self.random.choice(NASTY)
        if isinstance(param.type, click.Choice):
            return str(self.random.choice(param.type.choices))
        if isinstance(param.type, click.types.IntParamType):
            return str(self.random.choice((1, 1, 3, 100, 10**9, 0, -1, 10**30)))
        if param.name == "file" and "--output" in param.opts:
            return self._pick(pools.OUTPUTS)
        usual = pools.PATHS if isinstance(param.type, click.Path) else pools.WORDS
        return self._pick(pools.POOLS.get(param.name or "", usual))

    def _pick(self, pool: list[str]) -> str:
        return self.random.choice(pool) if self.random.random() < 0.9 else self.random.choice(NASTY)

    # -- input files -----------------------------------------------------------------------------------
    def files(self, count: int) -> None:
        """Feed `count` random files to every command that reads one."""
        self.reset()
        with self._at(self.work):
            good = Path("good.jsonl").read_bytes()
            for number in range(count):
                kind = self.random.choice(("jsonl", "csv", "xlsx", "yaml", "db", "json"))
                path = Path(f"input{number}.{kind}")
                if kind == "yaml":
                    path.write_bytes(yaml_file(self.random))
                    self.one(["case", "set", "012611230004", "--data", str(path), "--json"])
                    continue
                if kind in ("db", "json"):
                    source = Path("yk.db" if kind == "db" else "yk.json").read_bytes()
                    path.write_bytes(damaged(self.random, source))
                    self.one([*self.random.choice(pools.STORE_READERS), str(path), "--yes", "--json"])
                    self.one(["case", "list", "--store", str(path), "--json"])
                    self.reset_stores()
                    continue
                path.write_bytes(import_file(self.random, kind, good))
                entity = ["--entity", self._pick(pools.ENTITIES)] if self.random.random() < 0.3 else []
                rejects = ["--rejects", f"rejects{number}.jsonl"] if self.random.random() < 0.3 else []
                self.one(["customer", "import", str(path), *entity, *rejects, "--json"])
                if number % 10 == 9:
                    self._check()
                    self.reset_stores()

    def reset_stores(self) -> None:
        """Put the prepared stores back."""
        for left in self.work.glob("yk.*"):
            left.unlink()
        for file in self.base.glob("yk.*"):
            shutil.copy(file, self.work)

    # -- damage ----------------------------------------------------------------------------------------
    def damage(self, count: int) -> None:
        """Damage the store and read and write it: never an internal error."""
        self.reset()
        with self._at(self.work):
            for _ in range(count):
                self.reset_stores()
                store = self.random.choice(list(STORES))
                Path(store).write_bytes(damaged(self.random, Path(store).read_bytes()))
                for words in self.random.sample(pools.AFTER_DAMAGE, 6):
                    done = call([*words, "--store", store])
                    self.codes[done.code] += 1
                    self._judge(f"damaged {store}: {words}", done, as_json=False)


def call(words: Any) -> Result:
    """Run one command line in this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="ascii") for _ in range(2))
    before = sys.stdout, sys.stderr, sys.stdin
    sys.stdout, sys.stderr, sys.stdin = out, err, io.StringIO()
    try:
        code = run(list(words))
    except BaseException as error:  # nothing may leave run()
        return Result(-1, "", f"Traceback: {error!r}")
    finally:
        sys.stdout, sys.stderr, sys.stdin = before
    return Result(code, _text(out), _text(err))


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    return stream.buffer.getvalue().decode("utf-8", "replace").replace("\t", " ")  # type: ignore[attr-defined, no-any-return]
