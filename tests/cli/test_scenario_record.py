"""`yk scenario record`: a finished order as a scenario that goes again."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Yk


@pytest.fixture
def case(demo: Yk) -> str:
    """An order that was run to its end."""
    words = ["--customer", "1016000008", "--confirm-all", "--fill", "--json"]
    return str(demo("case", "run", "更名", *words).json["case"])


def test_a_finished_order_becomes_a_file_that_goes_again(demo: Yk, case: str, home: Path) -> None:
    path = home / "案例.yk.yaml"
    done = demo("scenario", "record", case, "-o", str(path), "--run")
    assert (done.code, done.out) == (0, "")
    assert "运行通过，6 步" in done.err
    assert demo("scenario", "run", str(path)).code == 0
    assert path.read_text(encoding="utf-8") == demo("scenario", "record", case).out


def test_nobody_of_the_archive_is_in_it(demo: Yk, case: str) -> None:
    customer = demo("customer", "show", "1016000008", "--json").json
    out = demo("scenario", "record", case).out
    assert customer["cons_name"] not in out
    assert "1016000008" not in out


def test_json_says_whether_it_went_again(demo: Yk, case: str) -> None:
    told = demo("scenario", "record", case, "--run", "--json").json
    assert (told["case"], told["file"], told["passed"], told["title"]) == (case, "", True, "")
    assert told["text"] == demo("scenario", "record", case).out
    assert demo("scenario", "record", case, "--json").json["passed"] is None


def test_a_record_that_does_not_go_again_ends_with_1(
    demo: Yk, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yk.scenario import recording

    text = recording.text
    monkeypatch.setattr(recording, "text", lambda *given: text(*given).replace("已归档", "已终止"))
    done = demo("scenario", "record", case, "--run")
    assert done.code == 1
    assert "记录走不通：" in done.err
    assert "期望" in done.err


def test_what_cannot_be_recorded_is_refused(demo: Yk, home: Path) -> None:
    running = demo("case", "open", "更名", "--customer", "1016000001", "--json").json["case"]
    path = home / "案例.yk.yaml"
    done = demo("scenario", "record", running, "-o", str(path))
    assert (done.code, "还没有办结，不能记录" in done.err, path.exists()) == (4, True, False)
    assert demo("scenario", "record", "012611239999").code == 2
    assert demo("scenario", "record", running, "-o", str(home / "no" / "x.yk.yaml")).code == 3
    assert demo("scenario", "record", running, "-o", "yk.db").code == 2
