"""Other tables that reports print beside the statutory ones, which count the same things in another scope.

Belongs here: making such blocks, by kind: last year's rows, a row for each agency, comparisons, lists, the
statistics of before 2019. Does not belong here: the statutory tables (document.py), where a neighbour is put
(damage.py).
"""

from collections.abc import Callable, Sequence
from random import Random

from tests.generator.document import Block, Paragraph, Row, Slot, Table

_COUNTS = (0, 0, 0, 1, 2, 3, 5, 7, 12, 15, 23, 48, 106, 574, 1203)
_APPLICANTS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
_RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
_OUTCOMES = (
    "一、本年新收政府信息公开申请数量",
    "二、上年结转政府信息公开申请数量",
    "（一）予以公开",
    "（七）总计",
)
_COMPARED = (
    "主动公开政府信息", "规章", "行政规范性文件", "行政许可", "行政处罚",
    "新收政府信息公开申请", "予以公开", "行政复议", "行政诉讼", "政府集中采购",
)  # fmt: skip
_AGENCIES = ("财政局", "教育局", "住建局", "公安局", "民政局", "水利局", "城关镇", "卫健局")
_HANDLED = (
    "新收",
    "上年结转",
    "予以公开",
    "部分公开",
    "不予公开",
    "无法提供",
    "不予处理",
    "其他处理",
    "结转下年度",
)
_FIELDS = (
    "行政许可", "行政处罚", "行政强制", "行政事业性收费", "财政预决算",
    "政府集中采购", "重大建设项目", "规章", "行政规范性文件",
)  # fmt: skip
_BEFORE_2019 = (
    ("一、主动公开情况", ""),
    ("（一）主动公开政府信息数", "条"),
    ("其中：主动公开规范性文件数", "条"),
    ("1.政府公报公开政府信息数", "条"),
    ("三、依申请公开情况", ""),
    ("（一）收到申请数", "件"),
    ("1.当面申请数", "件"),
    ("（三）申请答复数", "件"),
    ("1.属于已主动公开范围数", "件"),
    ("2.同意公开答复数", "件"),
    ("4.不同意公开答复数", "件"),
    ("四、行政复议数量", "件"),
    ("（一）维持具体行政行为数", "件"),
    ("（二）被依法纠错数", "件"),
    ("五、行政诉讼数量", "件"),
)
_TOLD = ("予以公开", "部分公开", "不予公开", "无法提供", "不予处理", "其他处理", "总计")
_CHARTED = (
    "自然人",
    "商业企业",
    "予以公开",
    "部分公开",
    "不予公开",
    "行政许可",
    "行政处罚",
    "网站",
    "微信",
    "当面",
    "邮寄",
)

# Makes blocks, given random numbers and the report's year.
Maker = Callable[[Random, int], list[Block]]


def _count(rng: Random) -> str:
    return str(rng.choice(_COUNTS))


def _with_sum(rng: Random, label: str, kinds: int) -> list[str]:
    counts = [rng.choice(_COUNTS) for _ in range(kinds)]
    return [label, *map(str, counts), str(sum(counts))]


def _table(rows: Sequence[Sequence[str]]) -> Table:
    """A table that is none of the statutory ones: its first row is its header."""
    made = [Row([Slot(text, column) for column, text in enumerate(row)], "row") for row in rows]
    made[0].kind = "head"
    for slot in made[0].slots:
        slot.kind = "head"
    return Table("neighbour", max(map(len, rows)), made)


def _prose(*texts: str) -> list[Block]:
    return [Paragraph(text, "prose") for text in texts]


def _last_year(rng: Random, year: int) -> list[Block]:
    rows = [_with_sum(rng, label, 6) for label in _OUTCOMES[: rng.randint(1, len(_OUTCOMES))]]
    caption = _prose(f"{year - 1}年收到和处理政府信息公开申请情况：")
    return [*caption, _table([("申请人情况", *_APPLICANTS), *rows])]


def _last_years_suits(rng: Random, year: int) -> list[Block]:
    rows = [_with_sum(rng, label, 4) for label in ("行政复议", "行政诉讼")]
    return [*_prose(f"{year - 1}年行政复议、行政诉讼情况："), _table([("类别", *_RESULTS), *rows])]


def _by_agency(rng: Random, _year: int) -> list[Block]:
    agencies = rng.sample(_AGENCIES, rng.randint(2, 6))
    rows = [(name, *(_count(rng) for _ in _HANDLED)) for name in agencies]
    return [*_prose("各部门依申请公开办理情况："), _table([("单位", *_HANDLED), *rows])]


def _compared(rng: Random, year: int) -> list[Block]:
    rows = [(item, _count(rng), _count(rng)) for item in rng.sample(_COMPARED, rng.randint(3, 8))]
    caption = _prose("近两年政府信息公开数据对比如下：")
    return [*caption, _table([("指标", f"{year - 1}年", f"{year}年"), *rows])]


def _by_field(rng: Random, _year: int) -> list[Block]:
    rows = [(field, _count(rng)) for field in rng.sample(_FIELDS, rng.randint(3, 7))]
    return [*_prose("重点领域信息公开情况："), _table([("类别", "公开数量（条）"), *rows])]


def _of_before_2019(rng: Random, year: int) -> list[Block]:
    rows = [(label, unit, _count(rng) if unit else "") for label, unit in _BEFORE_2019]
    caption = _prose(f"政府信息公开情况统计表（{year}年度）")
    return [*caption, _table([("统计指标", "单位", "统计数"), *rows])]


def _told(rng: Random, _year: int) -> list[Block]:
    numerals = zip("一二三四五六七", _TOLD, strict=True)
    return _prose(*(f"（{numeral}）{label}{_count(rng)}件。" for numeral, label in numerals))


def _noted(rng: Random, _year: int) -> list[Block]:
    labels = ("新收申请：{}", "自然人 {}", "办结 {} 件", "行政复议 {} 件 行政诉讼 0 件", "总计 {}")
    return _prose(*(label.format(_count(rng)) for label in labels))


def _charted(rng: Random, _year: int) -> list[Block]:
    """The text of a chart: names, figures and shares, each in its own line."""
    texts: list[str] = []
    for name in rng.sample(_CHARTED, rng.randint(3, 6)):
        texts += [name, _count(rng)]
        texts += [f"{rng.randint(1, 99)}%"] if rng.random() < 0.5 else []
    return _prose(*texts)


NEIGHBOURS: dict[str, Maker] = {
    "last_year": _last_year,
    "last_years_suits": _last_years_suits,
    "by_agency": _by_agency,
    "compared": _compared,
    "by_field": _by_field,
    "before_2019": _of_before_2019,
    "told": _told,
    "noted": _noted,
    "charted": _charted,
}
