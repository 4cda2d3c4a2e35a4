"""click speaks Chinese, whatever LANG, LANGUAGE and the gettext domain of the process say.

click's modules hold gettext's functions under the names `_` and `ngettext`; `speak` puts those of our own
catalogue (`locale/zh_CN/LC_MESSAGES/yk.mo`, made by `scripts/make_locale`) in their place. Libraries that move
the process-wide text domain (python-statemachine does) change nothing then.
"""

from __future__ import annotations

import gettext
import sys
from pathlib import Path

import click

CATALOGUE = Path(__file__).with_name("locale") / "zh_CN" / "LC_MESSAGES" / "yk.mo"

_loaded: list[gettext.GNUTranslations] = []


def catalogue() -> gettext.GNUTranslations:
    """Our translations of click's texts, read once."""
    if not _loaded:
        with CATALOGUE.open("rb") as file:
            _loaded.append(gettext.GNUTranslations(file))
    return _loaded[0]


def speak() -> None:
    """Turn every click module loaded so far to Chinese; call again after loading a further one."""
    chinese = catalogue()
    for name, module in list(sys.modules.items()):
        if not name.startswith("click."):
            continue
        names = vars(module)
        if names.get("_") is gettext.gettext:
            names["_"] = chinese.gettext
        if names.get("ngettext") is gettext.ngettext:
            names["ngettext"] = chinese.ngettext


def name_types() -> None:
    """Chinese names for click's value types: they stand in help («--limit 整数») and in messages."""
    types = click.types
    types.StringParamType.name = types.UnprocessedParamType.name = "文字"
    types.IntParamType.name = types.IntRange.name = "整数"
    types.FloatParamType.name = types.FloatRange.name = "数"
    types.BoolParamType.name = "真假值"


speak()
name_types()
