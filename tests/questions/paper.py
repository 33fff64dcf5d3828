"""The corpus printed: each report as a text file with tabs, statutory labels, and prose of its own.

Belongs here: titles, headings, sentences, and the tables by the generator's writers. Does not belong here:
figures (corpus.py).
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from tests.generator.document import Plan, Table, application_table, disclosure_table, dispute_table
from tests.generator.labels import Wording
from tests.generator.layouts import tabs
from tests.generator.truth import TOTAL, CellTruth, Key, Truth
from tests.questions.corpus import Report, reports

Item = TypeVar("Item")

_SPEAKERS = {"department": "我局", "town": "我镇", "government": "全市"}
_TOPICS = (
    "财政预决算 义务教育 水源保护 社会救助 统计调查 审计整改 法治建设 重大项目 公共卫生 城市更新 乡村振兴 养老服务 "
    "就业创业 食品安全 防汛抗旱 生态修复 交通出行 住房保障 科技创新 招商引资 文化惠民 土地征收 政府采购 安全生产 "
    "行政许可 价格监管 助企纾困 农业生产 燃气改造 垃圾分类 数字政务 社区治理 消费维权 防灾减灾 医疗保障 退役安置"
).split()
_VERBS = (
    "细化 更新 梳理 编制 修订 核对 规范 汇编 解读 归集 公布 充实 调整 校核 优化 健全 完善 压实 推送 标注 编印 汇总 "
    "整理 审定 督办 追踪 回应 抽查 评估 验收"
).split()
_OBJECTS = (
    "目录清单 办事指南 责任台账 政策问答 图解材料 专题栏目 公示文本 流程说明 考核细则 培训教材 工作要点 审查制度 检索标签 "
    "意见征集 发布规程 会议纪要 属性认定 保密审查 档案移交 窗口服务 查阅场所 媒体矩阵 回应机制 评议结果 整改方案 标准指引"
).split()
_ENDS = (
    "方便群众查阅 内容更加齐全 节奏更加及时 口径保持一致 责任落实到人 效果逐步显现 渠道更加畅通 表述更加准确 基层反映良好 "
    "问题得到纠正 衔接更加顺畅 形式更加多样 检索更加便捷 流程更加清楚 群众更易理解 进度总体平稳 做法得到推广 短板有所补齐"
).split()


class _Plain(Random):
    """No variation: every label as the form prints it, every layout the first of its kind."""

    def random(self) -> float:
        return 0.999

    def choice(self, seq: Any) -> Any:
        return seq[0]


def write_corpus(folder: Path) -> int:
    """Write every report of the corpus into a folder; return their number."""
    for (name, year), report in reports().items():
        (folder / f"{name}_{year}.txt").write_text(text_of(report), encoding="utf-8")
    return len(reports())


def text_of(report: Report) -> str:
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    name, year = report.agency.name, report.year
    words = Wording(_Plain())
    if report.disputes_misspelt:
        words.labels["dispute", "columns", "upheld"] = "结果维护"
    truth = _truth(report)
    header = "" if report.form == "2021" or not report.unit_in_header else "_wan"
    yield f"{name}{year}年政府信息公开工作年度报告"
    yield "一、总体情况"
    yield from _overview(report)
    yield "二、主动公开政府信息情况"
    yield from _table(disclosure_table(truth, words, Plan(), header), truth)
    yield "三、收到和处理政府信息公开申请情况"
    yield from _table(application_table(truth, words, Plan()), truth)
    yield "四、政府信息公开行政复议、行政诉讼情况"
    yield from _table(dispute_table(truth, words), truth)
    yield "五、存在的主要问题及改进情况"
    yield from _prose(report, "problems", 5)
    yield "六、其他需要报告的事项"
    yield from _prose(report, "other", 2)
    day = report.published_on
    yield name
    yield f"{day.year}年{day.month}月{day.day}日"


def _overview(report: Report) -> Iterator[str]:
    who = _SPEAKERS[report.agency.kind]
    new = int(report.total("received_new")) + report.said_more
    carried, granted = int(report.total("carried_in")), int(report.total("granted"))
    yield (
        f"{report.year}年，{who}新收政府信息公开申请{new}件，上年结转政府信息公开申请{carried}件，予以公开{granted}件。"
    )
    lines = list(_prose(report, "overview", 8))
    if report.injected:
        place = len(lines[3]) // 2
        lines[3] = lines[3][:place] + report.injected + lines[3][place:]
    yield from lines


def _prose(report: Report, section: str, sentences: int) -> Iterator[str]:
    """Sentences that no other agency-year has, except one that repeats it."""
    name, year = report.like or (report.agency.name, report.year)
    rng = Random(f"{name}:{year}:{section}")
    for _ in range(sentences):
        topics = rng.sample(_TOPICS, 3)
        verbs, objects, ends = (rng.sample(pool, 3) for pool in (_VERBS, _OBJECTS, _ENDS))
        parts = zip(topics, verbs, objects, ends, strict=True)
        yield "；".join(f"在{topic}方面{verb}{thing}，{end}" for topic, verb, thing, end in parts) + "。"


def _table(table: Table, truth: Truth) -> Iterator[str]:
    for line in tabs(_Plain())(table, truth):
        yield line.text()


def _truth(report: Report) -> Truth:
    form = report.form
    truth = Truth(report.agency.name, report.year, report.published_on, form, form, "", {})
    for key, value in report.values.items():
        truth.cells[key] = CellTruth(value, "reported", "count", report.raw.get(key, _printed(report, key, value)))
    return truth


def _printed(report: Report, key: Key, value: float | None) -> str:
    if value is None:
        return ""
    if key[2] == "amount" and (report.form == "2021" or report.unit_in_header):
        return f"{value / 10_000:.2f}"
    if key[2] == "items_change" and value > 0:
        return f"+{value:g}"
    return f"{int(value)}"


