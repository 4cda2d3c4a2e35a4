"""Strict reading of YAML data: every error names file, line and the nearest valid word.

PyYAML's composer gives nodes with line marks; the readers here turn them into plain data and refuse what YAML
would let pass silently: unknown and repeated keys, a text read as a number, `yes` read as true, a Chinese
sentence split by an ASCII comma.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from yk import __version__
from yk.errors import DefinitionError
from yk.files import cache_folder, read_bytes, write_atomic
from yk.text import did_you_mean

if TYPE_CHECKING:
    import yaml

_STR, _INT, _FLOAT, _BOOL, _NULL = (f"tag:yaml.org,2002:{t}" for t in ("str", "int", "float", "bool", "null"))


class Node:
    """One YAML value with the place it stands at."""

    def __init__(self, raw: yaml.Node, file: str) -> None:
        self._raw, self.file = raw, file
        self.line: int = raw.start_mark.line + 1

    def error(self, code: str, message: str, hint: str = "") -> DefinitionError:
        """An error at this place, to raise."""
        return DefinitionError(code, f"{self.file} 第 {self.line} 行：{message}", hint)

    @property
    def shape(self) -> str:
        """mapping, sequence or scalar."""
        raw: Any = self._raw
        return str(raw.id)

    @property
    def is_quoted(self) -> bool:
        """Is it a text that was written in quotes or as a block?"""
        raw: Any = self._raw
        return raw.id == "scalar" and raw.style not in (None, "")

    def fields(self) -> Fields:
        """Read as a mapping."""
        return Fields(self)

    def nodes(self) -> list[Node]:
        """Read as a sequence."""
        raw: Any = self._raw
        if raw.id != "sequence":
            raise self.error("wrong_type", "这里应是列表（以 - 开头或写在 [] 里）")
        return [Node(item, self.file) for item in raw.value]

    def text(self) -> str:
        """Read as a text."""
        raw: Any = self._raw
        if raw.id != "scalar" or raw.tag != _STR:
            shown = raw.value if raw.id == "scalar" and raw.value else ""
            hint = (
                f"给它加引号：'{shown}'" if shown else "补上内容；若句中有半角逗号，换成全角逗号或整句加引号"
            )
            raise self.error("wrong_type", f"这里应是文字，现为 {shown or '空或其他结构'}", hint)
        return str(raw.value)

    def integer(self) -> int:
        """Read as a whole number."""
        raw: Any = self._raw
        if raw.id != "scalar" or raw.tag != _INT or not raw.value.lstrip("-").isdigit():
            raise self.error("wrong_type", "这里应是整数")
        return int(raw.value)

    def number(self) -> float:
        """Read as a finite decimal number."""
        raw: Any = self._raw
        if raw.id != "scalar" or raw.tag not in (_INT, _FLOAT) or raw.value.strip("+-.0123456789eE"):
            raise self.error("wrong_type", "这里应是数字")
        return float(raw.value)

    def boolean(self) -> bool:
        """Read as true or false; `yes`, `on` and the like are refused."""
        raw: Any = self._raw
        if raw.id != "scalar" or raw.value not in ("true", "false"):
            raise self.error("wrong_type", "这里应写 true 或 false")
        return bool(raw.value == "true")

    def one_of(self, words: Iterable[str]) -> str:
        """Read as one of `words`."""
        known, word = list(words), self.text()
        if word not in known:
            raise self.error("unknown_word", f"不认识 {word}", did_you_mean(word, known))
        return word

    def texts(self) -> list[str]:
        """Read as a list of texts."""
        return [node.text() for node in self.nodes()]

    def scalar(self) -> str | int | float | bool | None:
        """Read as any single value."""
        raw: Any = self._raw
        if raw.id != "scalar":
            raise self.error("wrong_type", "这里应是单个值")
        if raw.tag == _INT:
            return self.integer()
        if raw.tag == _FLOAT:
            return self.number()
        if raw.tag == _BOOL:
            return self.boolean()
        return None if raw.tag == _NULL else str(raw.value)

    def written(self) -> str | None:
        """A single value as it is written (`01` stays 01), None for null: for forms that read the text themselves."""
        raw: Any = self._raw
        if raw.id != "scalar":
            raise self.error("wrong_type", "这里应是单个值")
        return None if raw.tag == _NULL else str(raw.value)


class Fields:
    """A mapping read key by key; leaving the `with` block refuses what nobody asked for."""

    def __init__(self, node: Node) -> None:
        raw: Any = node._raw
        if raw.id != "mapping":
            raise node.error("wrong_type", "这里应是键值对（键: 值）")
        self.node = node
        self._values: dict[str, Node] = {}
        self._keys: dict[str, Node] = {}
        self._asked: list[str] = []
        for key, value in raw.value:
            mark = Node(key, node.file)
            if key.id != "scalar":
                raise mark.error("wrong_type", "键应是一个词")
            if key.value in self._values:
                raise mark.error("duplicate_key", f"键 {key.value} 写了两次")
            self._values[key.value], self._keys[key.value] = Node(value, node.file), mark

    def __enter__(self) -> Fields:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        if kind is None:
            self._refuse_unknown()

    def _refuse_unknown(self) -> None:
        for key, mark in self._keys.items():
            if key not in self._asked:
                hint = did_you_mean(key, self._asked)
                if not key.isascii():
                    hint = "句中可能有半角逗号或冒号，换成全角或整句加引号"
                raise mark.error("unknown_key", f"不认识的键 {key}", hint)

    def keys(self) -> list[str]:
        """All keys in the order written; asking for them makes them known."""
        self._asked.extend(self._values)
        return list(self._values)

    def key_node(self, key: str) -> Node:
        """The place of a key."""
        return self._keys[key]

    def find(self, key: str) -> Node | None:
        """The value of an optional key."""
        self._asked.append(key)
        return self._values.get(key)

    def need(self, key: str) -> Node:
        """The value of a required key."""
        found = self.find(key)
        if found is None:
            raise self.node.error("missing_key", f"缺少 {key}")
        return found

    def text(self, key: str, default: str | None = None) -> str:
        """A text; required when there is no default."""
        if default is None:
            return self.need(key).text()
        found = self.find(key)
        return default if found is None else found.text()

    def texts(self, key: str) -> list[str]:
        """A list of texts, empty when the key is not there."""
        found = self.find(key)
        return [] if found is None else found.texts()

    def nodes(self, key: str) -> list[Node]:
        """The items of an optional list."""
        found = self.find(key)
        return [] if found is None else found.nodes()

    def flag(self, key: str, default: bool = False) -> bool:
        """A boolean with a default."""
        found = self.find(key)
        return default if found is None else found.boolean()

    def integer(self, key: str, default: int) -> int:
        """A whole number with a default."""
        found = self.find(key)
        return default if found is None else found.integer()


def read(path: Path, shown: str = "") -> Node:
    """The document in `path`; `shown` is the name errors use (default: the path itself).

    Raises DefinitionError (`bad_yaml`) with the line, UnreadableError when the file cannot be read.
    """
    return parse(read_bytes(path), shown or str(path))


_WRONG = {
    "did not find expected ',' or ']'": "：方括号没有配对，或缺逗号",
    "did not find expected ',' or '}'": "：花括号没有配对，或缺逗号",
    "did not find expected key": "：缩进不对，或缺少键",
    "did not find expected '-' indicator": "：缩进不对，或缺少 -",
    "could not find expected ':'": "：缺少冒号",
    "mapping values are not allowed in this context": "：冒号用错了地方，或上一行缩进不对",
    "found character that cannot start any token": "：用了制表符，或特殊字符没有加引号",
    "found unexpected end of stream": "：引号没有配对",
    "found undefined alias": "：* 开头的文字要加引号",
}
"""What the parser finds wrong, for people; anything else is said by the line alone."""


def parse(content: bytes | str, shown: str) -> Node:
    """The document in `content`, named `shown` in errors. Raises DefinitionError."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        raw = yaml.compose(text, Loader=loader)
    except UnicodeDecodeError:
        raise DefinitionError("bad_encoding", f"{shown}：不是 UTF-8 编码", "另存为 UTF-8") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise DefinitionError(
            "bad_yaml",
            f"{shown} 第 {line} 行：YAML 写法不对{_WRONG.get(error.problem or '', '')}",
            "检查缩进、冒号后的空格和引号",
        ) from None
    except yaml.YAMLError:
        raise DefinitionError("bad_yaml", f"{shown}：YAML 写法不对，含有不可用的字符") from None
    if raw is None:
        raise DefinitionError("empty_yaml", f"{shown}：文件是空的")
    return Node(raw, shown)


def compiled(name: str, sources: Sequence[Path], build: Callable[[], Any]) -> Any:
    """What `build()` makes from `sources`, as plain JSON data, kept in the cache folder.

    The kept form counts only while the sources' bytes, the program that builds and the version are the same;
    a cache that cannot be read or written costs time, never correctness.
    """
    digest = hashlib.sha256(__version__.encode())
    for path in (*sources, Path(build.__code__.co_filename)):
        digest.update(path.name.encode() + b"\0" + _digest_of(path))
    kept = cache_folder() / f"{name}-{digest.hexdigest()[:16]}.json"
    try:
        return json.loads(kept.read_bytes())
    except (OSError, ValueError):
        made = json.dumps(build(), ensure_ascii=False, separators=(",", ":"))
        _keep(kept, name, made)
        return json.loads(made)


def _digest_of(path: Path) -> bytes:
    """The digest of a file's bytes, read anew only when size or time of the file have changed."""
    try:
        state = path.stat()
    except OSError:
        return hashlib.sha256(read_bytes(path)).digest()
    return _bytes_digest(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=4096)
def _bytes_digest(path: Path, mtime: int, size: int) -> bytes:
    return hashlib.sha256(read_bytes(path)).digest()


def _keep(kept: Path, name: str, made: str) -> None:
    """Write the cache file and drop its forerunners."""
    from contextlib import suppress

    from yk.errors import UnreadableError

    with suppress(UnreadableError, OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        for old in kept.parent.glob(f"{name}-????????????????.json"):
            old.unlink(missing_ok=True)
        write_atomic(kept, made.encode())
