"""The steps from the packages' lists to our tables, on single lines."""

from pathlib import Path

import pytest

from pipeline.agencies.extract.archive import Archives, packages
from pipeline.agencies.extract.nbs import is_zone_code
from pipeline.agencies.extract.towns import town_name


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("东华门街道办事处", "东华门街道"),
        ("东华门街道", "东华门街道"),
        ("建外街道办事处", "建外街道"),
        ("沈荡镇", "沈荡镇"),
        ("巷口镇（已撤销）", "巷口镇"),
        ("贡宝拉格苏木", "贡宝拉格苏木"),
        ("高头回族乡", "高头回族乡"),
        ("赵家蓬区公所", "赵家蓬区公所"),
        ("海东市工业园区", None),
        ("兵团一二九团", None),
        ("高明监狱", None),
        ("苏州工业园区直属镇", None),
        ("长春汽车经济技术开发区特殊镇", None),
    ],
)
def test_town_name(line: str, name: str | None) -> None:
    assert town_name(line) == name


@pytest.mark.parametrize(
    ("code", "expected"),
    [("320971", True), ("320576", True), ("330424", False), ("429021", False), ("659008", False)],
)
def test_zone_codes_are_told_from_counties(code: str, expected: bool) -> None:
    assert is_zone_code(code) is expected


def test_a_package_that_was_not_reviewed_is_refused(tmp_path: Path) -> None:
    for package in packages():
        (tmp_path / package.file).write_bytes(b"something else")
    with pytest.raises(ValueError, match="sha256"):
        Archives(tmp_path)
