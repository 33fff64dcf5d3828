"""For whom a report speaks."""

import pytest

from pipeline.agencies import Evidence, Scope, gather_evidence, resolve, scope
from tests.agencies.seeds import SEEDS, stream


@pytest.mark.parametrize(
    ("file_name", "expected", "word"),
    [
        ("000_f38378f0edcefb48.txt", Scope.CONSOLIDATED, "我区"),
        ("001_fa92f58d60610388.txt", Scope.OWN, "department"),
        ("002_a9609876a079f62f.txt", Scope.OWN, "我局"),
        ("003_37d8ade0c0ec5d8b.txt", Scope.OWN, "管委会办公室"),
        ("004_4339039e26702392.txt", Scope.OWN, "town or street"),
    ],
)
def test_seed(file_name: str, expected: Scope, word: str) -> None:
    name, year = SEEDS[file_name]
    page = stream(file_name)
    found, evidence = scope(resolve(name, gather_evidence(page, year)), page.lines)
    assert found is expected
    assert word in evidence


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("海盐县人民政府", "2020年，全县共收到政府信息公开申请153件。", Scope.CONSOLIDATED),
        ("海盐县人民政府", "各镇（街道）、各部门共受理依申请公开 153 件。", Scope.CONSOLIDATED),
        ("海盐县人民政府办公室", "本机关共收到政府信息公开申请 12 件。", Scope.OWN),
        ("海盐县人民政府办公室", "全县各单位共收到政府信息公开申请 112 件。", Scope.CONSOLIDATED),
        ("海盐县人民政府办公室", "全县共收到申请112件，其中本机关收到申请 12 件。", None),
        ("海盐县人民政府", "2020年加强政府信息公开工作。", None),
        ("海盐县财政局", "2020年加强政府信息公开工作。", Scope.OWN),
        ("海盐县财政局", "本局全年收到信息公开申请3件。", Scope.OWN),
        ("海盐县财政局", "全县财政系统共收到信息公开申请 30 件。", None),
        ("海盐县沈荡镇人民政府", "全镇共收到申请 2 件。", Scope.OWN),
        ("国家税务总局启东市税务局", "我局收到依申请公开 2 件。", Scope.OWN),
        ("盐城经济技术开发区管委会", "我区共收到依申请公开信件 38 件。", Scope.CONSOLIDATED),
        ("赣州经济技术开发区经济发展局", "加强公开。", Scope.OWN),
        ("火星市财政局", "我局收到申请 2 件。", None),
    ],
)
def test_kind_and_words_decide_together(name: str, text: str, expected: Scope | None) -> None:
    found, evidence = scope(resolve(name, Evidence(report_year=2020)), [text])
    assert found is expected
    assert evidence


def test_words_that_do_not_speak_of_figures_are_not_heard() -> None:
    found, _ = scope(resolve("海盐县人民政府"), ["全县各部门认真学习《条例》。", "推进全县政务公开。"])
    assert found is None


def test_sentences_on_requests_weigh_before_those_on_publishing() -> None:
    texts = ["全县主动公开信息 1200 条。", "本机关收到政府信息公开申请 3 件。"]
    assert scope(resolve("海盐县人民政府办公室"), texts)[0] is Scope.OWN
