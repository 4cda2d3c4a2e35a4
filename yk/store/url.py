"""Storage URLs: which medium, at which path."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from yk.errors import UsageError

SCHEMES = ("sqlite", "json", "memory", "postgresql")


class Address(NamedTuple):
    """A parsed storage URL; `path` is None for memory."""

    scheme: str
    path: Path | None


def parse(url: str) -> Address:
    """Read `sqlite:///path`, `json:///path`, `memory://`, or a plain path (`.json` is JSON, else SQLite).

    Three slashes before a path mean, as in SQLAlchemy, a path from the present folder, four an absolute one;
    where the former's folder does not exist and the latter's does, the latter is meant.
    Raises UsageError (`bad_store_url`).
    """
    if "\0" in url:
        raise UsageError("bad_store_url", "存储地址里有空字符", "例如 sqlite:////home/me/yk.db")
    scheme, mark, rest = url.partition("://")
    if not mark:
        if not url.strip():
            raise UsageError("bad_store_url", "存储地址是空的", "例如 sqlite:////home/me/yk.db")
        return Address("json" if url.endswith(".json") else "sqlite", Path(url))
    if scheme == "memory":
        return Address("memory", None)
    if scheme == "postgresql":
        raise UsageError("store_not_there", "本版本还不能用 PostgreSQL 存储", "用 sqlite:/// 或 json:///")
    if scheme not in SCHEMES:
        raise UsageError("bad_store_url", f"不认识的存储地址：{url}", f"可用的开头：{'、'.join(SCHEMES)}")
    path = Path(rest[1:]) if rest.startswith("/") else Path(rest)
    if not path.is_absolute() and not path.parent.exists() and Path("/", path).parent.exists():
        path = Path("/", path)
    if not path.name:
        raise UsageError("bad_store_url", f"存储地址里没有文件名：{url}", "例如 sqlite:////home/me/yk.db")
    return Address(scheme, path)
