"""The checks of `yk doctor`: is this machine ready, and if not, what to do."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from yk.cli.app import App
from yk.cli.failures import understood

WIDTH = 80
_VERSION = re.compile(r"(>=|<=|==|<|>)\s*([\d.]+)")
_WIDTHS = {"汉": 2, "，": 2, "─": 1, "│": 1, "…": 1, "▸": 1, "☐": 1, "✓": 1}
"""Characters of the screens and the cells each has to take."""
_OPTIONAL = {"openpyxl": "xlsx", "textual-serve": "web", "psycopg": "postgres", "duckdb": "audit"}


class Check(NamedTuple):
    """One finding: what was looked at, is it well, what was found, what to do when it is not."""

    check: str
    ok: bool
    value: str
    remedy: str


def checkup(app: App) -> Iterator[Check]:
    """Every check in the order shown; no check raises."""
    yield python()
    yield from dependencies()
    yield from extras()
    yield terminal()
    yield widths()
    yield encoding()
    yield fonts()
    yield input_method()
    yield from folders()
    yield configuration(app)
    yield store(app)


def python() -> Check:
    """Is Python new enough?"""
    return Check(
        "Python",
        sys.version_info >= (3, 11),
        f"{sys.version.split()[0]}（{sys.executable}）",
        "装 Python 3.11 或更新的版本",
    )


def dependencies() -> Iterator[Check]:
    """Is every library there in a version yk works with?"""
    from importlib.metadata import PackageNotFoundError, requires, version

    for requirement in requires("yk") or ():
        if "extra ==" in requirement:
            continue
        name = re.split(r"[\s<>=!~;\[]", requirement, maxsplit=1)[0]
        try:
            found = version(name)
        except PackageNotFoundError:
            found = ""
        yield Check(
            f"依赖 {name}",
            _satisfies(found, requirement),
            found or "没有安装",
            f"pip install '{requirement}'",
        )


def _satisfies(found: str, requirement: str) -> bool:
    """Does version `found` meet the bounds of `requirement` (`click<9,>=8.5`)?"""
    tests: dict[str, Callable[[list[int], list[int]], bool]] = {
        ">=": lambda a, b: a >= b,
        "<=": lambda a, b: a <= b,
        "==": lambda a, b: a == b,
        "<": lambda a, b: a < b,
        ">": lambda a, b: a > b,
    }
    return bool(found) and all(
        tests[sign](_parts(found), _parts(bound)) for sign, bound in _VERSION.findall(requirement)
    )


def _parts(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


def extras() -> Iterator[Check]:
    """Libraries some commands need; missing ones are no fault."""
    from importlib.metadata import PackageNotFoundError, version

    for name, extra in _OPTIONAL.items():
        try:
            found = version(name)
        except PackageNotFoundError:
            found = f"没有安装；用到时 pip install 'yk[{extra}]'"
        yield Check(f"可选 {name}", True, found, "")


def terminal() -> Check:
    """Is the terminal wide enough for tables and screens?"""
    from shutil import get_terminal_size

    if not sys.stdout.isatty():
        return Check("终端", True, "输出不在终端上", "")
    size, kind = get_terminal_size(), os.environ.get("TERM", "")
    if kind == "dumb":
        return Check("终端", False, "TERM=dumb", "换一个支持光标控制的终端")
    return Check(
        "终端", size.columns >= WIDTH, f"{size.columns} 列 {size.lines} 行", f"把窗口拉宽到 {WIDTH} 列以上"
    )


def widths() -> Check:
    """Does the terminal give Chinese characters two cells, and lines one? It is asked where its cursor went."""
    from yk.cli.probing import widths as measured

    found = measured(_WIDTHS)
    if not found:
        return Check("字宽", True, "输出不在终端上，或终端不回答光标位置，不查", "")
    wrong = [
        f"{char} 占 {width} 格（应 {_WIDTHS[char]}）"
        for char, width in found.items()
        if width != _WIDTHS[char]
    ]
    told = "；".join(wrong) or "汉字两格，线条一格"
    return Check(
        "字宽",
        not wrong,
        told,
        "把终端的东亚模糊宽度（ambiguous width）设为窄；或 yk config set borders ascii",
    )


def encoding() -> Check:
    """Does the terminal show UTF-8? yk writes nothing else."""
    name = next((v for k in ("LC_ALL", "LC_CTYPE", "LANG") if (v := os.environ.get(k))), "")
    charset = name.partition(".")[2].partition("@")[0]
    fine = not charset or charset.lower().replace("-", "") == "utf8"
    return Check(
        "编码",
        fine,
        name or "没有设语言环境，按 UTF-8 输出",
        "export LANG=zh_CN.UTF-8，并把终端的编码改成 UTF-8",
    )


def fonts() -> Check:
    """Are there Chinese fonts, where this machine draws the terminal itself?"""
    from shutil import which
    from subprocess import TimeoutExpired, run

    lister = which("fc-list")
    local = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if lister is None or not local or os.environ.get("SSH_CONNECTION"):
        return Check("中文字体", True, "由显示终端的那台电脑决定，这里不查", "")
    try:
        found = run([lister, ":lang=zh", "family"], capture_output=True, timeout=10).stdout.splitlines()  # noqa: S603
    except (OSError, TimeoutExpired):
        return Check("中文字体", True, "fc-list 没有回答，不查", "")
    families = {line.decode("utf-8", "replace").split(",")[0] for line in found}
    return Check(
        "中文字体", bool(families), f"{len(families)} 种", "装一种等宽中文字体，如 apt install fonts-noto-cjk"
    )


def input_method() -> Check:
    """Can Chinese be typed? WezTerm drops single characters of input methods under the kitty protocol."""
    if os.environ.get("TERM_PROGRAM") == "WezTerm" and not os.environ.get("TEXTUAL_DISABLE_KITTY_KEY"):
        return Check("输入法", False, "WezTerm 会丢掉输入法的单字", "export TEXTUAL_DISABLE_KITTY_KEY=1")
    names = ("XMODIFIERS", "GTK_IM_MODULE", "QT_IM_MODULE", "TEXTUAL_DISABLE_KITTY_KEY")
    known = [f"{name}={os.environ[name]}" for name in names if os.environ.get(name)]
    return Check("输入法", True, "，".join(known) or "由系统提供", "")


def folders() -> Iterator[Check]:
    """May yk write where it keeps its things?"""
    from yk.files import cache_folder, config_folder, data_folder

    for name, folder in (("数据", data_folder()), ("配置", config_folder()), ("缓存", cache_folder())):
        yield Check(f"{name}文件夹", _writable(folder), str(folder), "检查权限，或用 XDG_* 环境变量换个地方")


def _writable(folder: Path) -> bool:
    """Could a file be made in `folder`, which may itself still have to be made?"""
    standing = next(path for path in (folder, *folder.parents) if path.exists())
    return standing.is_dir() and os.access(standing, os.W_OK)


def configuration(app: App) -> Check:
    """Can the settings be read?"""
    try:
        changed = [s.name for s in app.settings.all() if s.origin != "缺省"]
    except Exception as error:
        return _failed("设置", error, "用 yk config validate 查错")
    return Check("设置", True, f"{len(changed)} 个不是缺省值", "")


def store(app: App) -> Check:
    """Can the store be opened, and is it sound?"""
    try:
        problems = app.open_store().medium.integrity()
        where = app.store_url
    except Exception as error:
        return _failed("存储", error, "用 yk store check 查看")
    return Check(
        "存储", not problems, "；".join(problems) or where, "用 yk store check 查看，必要时从备份恢复"
    )


def _failed(name: str, error: Exception, remedy: str) -> Check:
    """What could not even be looked at."""
    known = understood(error)
    return Check(name, False, known.message, known.hint or remedy)
