"""`yk scenario run|list|generate|mutate`: what they print, write and exit with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scenario.scenes import rename

from .conftest import Yk

GREEN = rename("- {建单: {用户: '1016000001'}, 应: {状态: 业务受理}}")
RED = rename("- {建单: {用户: '1016000001'}, 应: {状态: 合同变更}}").replace(
    "名称: 例", "名称: 坏例\n    编号: H-1"
)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with a scenario that goes as it says, and one that does not."""
    (tmp_path / "好.yk.yaml").write_text(GREEN, encoding="utf-8")
    (tmp_path / "坏.yk.yaml").write_text(RED, encoding="utf-8")
    return tmp_path


def test_a_run_says_what_passed_and_of_a_failure_everything(yk: Yk, files: Path) -> None:
    done = yk("scenario", "run", str(files))
    assert done.code == 1
    assert "✓ 例  1 步" in done.out
    assert "✗ H-1 坏例" in done.out
    assert "这一步之后有 1 处不符：状态 期望 合同变更 实际 业务受理" in done.out
    assert "“业务受理”送出被挡住" in done.out
    assert "2 个场景：1 通过，1 没通过" in done.out
    assert "Traceback" not in done.out + done.err


def test_the_json_of_a_run_is_that_of_the_contract(yk: Yk, files: Path) -> None:
    done = yk("scenario", "run", str(files), "--json")
    told = json.loads(done.out)
    assert done.code == 1
    assert {key: told[key] for key in ("scenarios", "passed", "failed", "skipped")} == {
        "scenarios": 2,
        "passed": 1,
        "failed": 1,
        "skipped": 0,
    }
    assert told["seconds"] >= 0
    (failure,) = told["failures"]
    assert failure["id"] == "H-1"
    assert failure["misses"][0]["where"] == "状态"


@pytest.mark.parametrize(
    ("option", "names"), [(["--only", "H-1"], ["坏例"]), (["--only", "例"], ["坏例", "例"])]
)
def test_scenarios_are_chosen_by_number_and_name(
    yk: Yk, files: Path, option: list[str], names: list[str]
) -> None:
    done = yk("scenario", "list", str(files), "--json", *option)
    assert [one["name"] for one in json.loads(done.out)] == names


def test_a_choice_that_finds_nothing_is_told(yk: Yk, files: Path) -> None:
    done = yk("scenario", "run", str(files), "--tag", "没有")
    assert (done.code, "没有场景符合 没有" in done.err) == (2, True)


def test_the_seed_changes_the_order_and_nothing_else(yk: Yk, files: Path) -> None:
    orders = {
        tuple(
            line.split()[1]
            for line in yk("scenario", "run", str(files), "--seed", str(seed)).out.splitlines()
            if line[:1] in "✓✗"
        )
        for seed in range(6)
    }
    assert orders == {("例", "H-1"), ("H-1", "例")}


def test_junit_and_the_page_of_coverage_are_written(yk: Yk, files: Path) -> None:
    junit, page = files / "out.xml", files / "cover.html"
    assert yk("scenario", "run", str(files), "--junit", str(junit), "--cover", str(page)).code == 1
    assert 'failures="1"' in junit.read_text(encoding="utf-8")
    assert "业务受理" in page.read_text(encoding="utf-8")


def test_a_file_that_is_wrong_is_one_line_with_its_place(yk: Yk, files: Path) -> None:
    bad = files / "错.yk.yaml"
    bad.write_text(GREEN.replace("建单", "建但"), encoding="utf-8")
    done = yk("scenario", "run", str(bad))
    assert done.code == 2
    assert f"{bad}:6: 步骤 不认识“建但”" in done.err
    assert yk("scenario", "list", str(files / "无")).code == 3


def test_what_is_listed_says_where_it_stands(yk: Yk, files: Path) -> None:
    (second, first) = json.loads(yk("scenario", "list", str(files), "--json").out)
    assert (first["name"], first["flow_name"], first["steps"]) == ("例", "更名", 1)
    assert second["place"].endswith("坏.yk.yaml:4")


def test_generated_scenarios_are_written_and_run(yk: Yk, tmp_path: Path) -> None:
    made = tmp_path / "更名.yk.yaml"
    assert yk("scenario", "generate", "更名", "-o", str(made)).code == 0
    assert yk("scenario", "run", str(made), "-q").code == 0
    assert made.read_text(encoding="utf-8").startswith("# 由流程“更名”生成")
    done = yk(
        "scenario", "cover", str(made), "--fail-under", "转移=100", "--fail-under", "控制=100", "--json"
    )
    assert done.code == 0
    judged = yk("scenario", "mutate", str(made), "--kind", "way", "--json", "--fail-under", "100")
    assert judged.code == 0
    (row,) = json.loads(judged.out)
    assert row["killed"] == row["mutants"] > 10
    assert row["survivors"] == []


def test_scenarios_of_several_flows_go_into_a_folder(yk: Yk, tmp_path: Path) -> None:
    done = yk("scenario", "generate", "合同终止", "服务接入", "--to", str(tmp_path / "生成"), "--json")
    assert done.code == 0
    assert [Path(row["file"]).name for row in json.loads(done.out)] == [
        "合同终止-生成.yk.yaml",
        "服务接入-生成.yk.yaml",
    ]
    assert all(Path(row["file"]).exists() and row["missed"] == [] for row in json.loads(done.out))
    assert yk("scenario", "generate", "合同终止", "服务接入").code == 2
    assert yk("scenario", "generate").code == 2


def test_mutants_that_nobody_notices_are_listed(yk: Yk, files: Path) -> None:
    done = yk("scenario", "mutate", str(files / "好.yk.yaml"), "--kind", "guard", "--fail-under", "1")
    assert done.code == 1
    assert "没人发现  更名：“业务受理”不查“本户无欠费”" in done.err


def test_a_snapshot_is_taken_only_when_somebody_says_so(yk: Yk, tmp_path: Path) -> None:
    path, kept = tmp_path / "快.yk.yaml", tmp_path / "快.txt"
    path.write_text(GREEN + "    快照: 快.txt\n", encoding="utf-8")
    refused = yk("scenario", "run", str(path), "--accept")
    assert (refused.code, kept.exists()) == (1, False)
    assert "+✓ 1 更名" in refused.err
    assert yk("scenario", "run", str(path), "--accept", "--yes").code == 0
    assert kept.read_text(encoding="utf-8") == "✓ 1 更名 012611230001 → 业务受理\n"
    assert yk("scenario", "run", str(path)).code == 0
    path.write_text(
        path.read_text(encoding="utf-8").replace("当:\n", "当:\n      - {过: 1天}\n"), encoding="utf-8"
    )
    changed = yk("scenario", "run", str(path))
    assert (changed.code, "快照" in changed.out) == (1, True)
    assert kept.read_text(encoding="utf-8") == "✓ 1 更名 012611230001 → 业务受理\n"
