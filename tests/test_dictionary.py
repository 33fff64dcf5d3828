"""The data dictionary: complete, in both languages, self-contained, and of use to a person with a browser."""

from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest
from lxml.html import HtmlElement

from pipeline.catalogue import metrics, rules, tables
from pipeline.catalogue.dictionary import identities, page
from pipeline.catalogue.package import published, texts
from pipeline.forms import forms, vocabulary
from tests.browser import Browser
from tests.commands import gongkai

PHONE = {"width": 390, "height": 800, "deviceScaleFactor": 2, "mobile": True}


@pytest.fixture(scope="module")
def html() -> str:
    return page("9.9")


@pytest.fixture(scope="module")
def places(html: str) -> dict[str, HtmlElement]:
    """Every element that a link can name."""
    return {
        str(element.get("id")): element for element in lxml.html.document_fromstring(html).xpath("//*[@id]")
    }


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("dictionary") / "dictionary.html"
    ended = gongkai("dictionary", "-o", path)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    return path


@pytest.fixture(scope="module")
def browser(file: Path) -> Iterator[Browser]:
    with Browser() as opened:
        opened.open(file.as_uri())
        opened.wait_for("数据字典", "mart.agency_year")
        yield opened


def has(element: HtmlElement, *wanted: str) -> bool:
    shown = " ".join(str(element.text_content()).split())
    return all(wanted_text and " ".join(wanted_text.split()) in shown for wanted_text in wanted)


@pytest.mark.parametrize("name", published())
def test_every_table_and_column_is_there_in_both_languages(places: dict[str, HtmlElement], name: str) -> None:
    table = tables()[name]
    head = places[name].getparent()
    assert head is not None
    assert has(head, name, table.zh, table.en, table.grain_zh, table.grain_en, table.about_zh, table.about_en)
    for column in table.columns:
        row = places[f"{name}.{column.name}"]
        assert has(row, column.name, column.type, column.zh, column.en, column.about_zh, column.about_en)
        if column.values and len(column.values) < 10:
            assert has(row, *column.values)


def test_every_code_is_there_in_both_languages(places: dict[str, HtmlElement]) -> None:
    for kind, labels in vocabulary().items():
        for code, label in labels.items():
            assert has(places[f"codes.{kind}.{code}"], code, label.zh, label.en, *label.variants)


def test_every_rule_is_there_in_both_languages(places: dict[str, HtmlElement]) -> None:
    for code, rule in rules().items():
        row = places[f"rules.{code}"]
        assert has(row, code, rule.severity, rule.zh, rule.en, rule.about_zh, rule.about_en)


def test_every_metric_is_there_in_both_languages_with_its_cells(places: dict[str, HtmlElement]) -> None:
    for code, metric in metrics().items():
        assert has(places[f"metrics.{code}"], code, metric.unit, metric.zh, metric.en, *metric.cells)


def test_every_form_is_there_with_its_rows_and_identities(places: dict[str, HtmlElement]) -> None:
    for code, form in forms().items():
        entry = places[f"forms.{code}"].xpath("ancestor::div[@class='entry']")[0]
        assert has(entry, form.basis, str(form.first_year))
        for table in form.tables.values():
            assert has(
                entry, *(text for row in table.rows for text in (row.code, row.label.zh, row.label.en))
            )
            assert has(entry, *(rule for rule in {one.rule for one in table.equations}))


def test_the_identities_read_as_the_form_states_them() -> None:
    balance, outcomes, applicants = identities(forms()["2019"].tables["application"])
    assert (balance.rule, balance.each) == ("application.balance", "column")
    assert balance.left.zh == "本年新收政府信息公开申请数量 ＋ 上年结转政府信息公开申请数量"
    assert balance.right.en == "Total handled + Carried over to next year"
    assert (outcomes.rule, len(outcomes.right.zh.split("＋"))) == ("application.outcomes", 19)
    assert (applicants.each, applicants.left.zh, len(applicants.right.zh.split("＋"))) == ("row", "总计", 6)


def test_every_caveat_is_there_in_both_languages(html: str) -> None:
    shown = lxml.html.document_fromstring(html)
    assert all(has(shown, note["zh"], note["en"]) for note in texts()["caveats"])


def test_every_link_leads_somewhere_on_the_page_and_nothing_is_loaded(
    html: str, places: dict[str, HtmlElement]
) -> None:
    document = lxml.html.document_fromstring(html)
    links = [str(link) for link in document.xpath("//@href")]
    assert links
    assert [link for link in links if not link.startswith("#") or link[1:] not in places] == []
    assert document.xpath("//@src | //link | //iframe | //object") == []
    assert "url(" not in html
    assert "@import" not in html
    ids = document.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_the_same_catalogue_gives_the_same_page(html: str, file: Path) -> None:
    assert page("9.9") == html
    assert gongkai("dictionary").stdout.encode() == file.read_bytes()


def test_a_label_is_never_taken_for_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(texts(), "about_en", "<script>alert('x')</script> & more")
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; more" in page("9.9")


def test_a_file_that_cannot_be_written_ends_with_1(tmp_path: Path) -> None:
    ended = gongkai("dictionary", "-o", tmp_path / "no" / "such" / "folder.html")
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert ended.stderr


# --- as a person sees it ---


def search(browser: Browser, words: str) -> None:
    browser.evaluate(
        f"(() => {{ const box = document.getElementById('search'); box.value = {words!r};"
        " box.dispatchEvent(new Event('input')); })()"
    )


@pytest.mark.browser
def test_search_leaves_what_fits_in_either_language(browser: Browser) -> None:
    for words, wanted, gone in (
        ("结转下年度 backlog", "结转下年度", "cell.unit_assumed"),
        ("unit_assumed", "金额未注明单位", "结转下年度继续办理"),
        ("RAW_TEXT", "core.cell", "mart.agency_year"),
    ):
        search(browser, words)
        browser.wait_for(wanted, "条 found", gone=(gone,))
    search(browser, "no such thing at all")
    browser.wait_for("0 条 found", gone=("core.cell", "Empty is not zero"))
    search(browser, "")
    browser.wait_for("cell.unit_assumed", "mart.agency_year", "结转下年度继续办理", gone=("条 found",))


@pytest.mark.browser
def test_a_link_finds_its_place_through_a_search(browser: Browser) -> None:
    search(browser, "unit_assumed")
    browser.evaluate("location.hash = '#core.report.is_current'")
    browser.wait_for("core.report", gone=("条 found",))
    top = browser.evaluate("document.getElementById('core.report.is_current').getBoundingClientRect().top")
    assert 0 <= top < browser.evaluate("innerHeight")


@pytest.mark.browser
def test_a_phone_shows_it_without_scrolling_sideways(file: Path) -> None:
    with Browser() as phone:
        phone._call("Emulation.setDeviceMetricsOverride", **PHONE)
        phone.open(file.as_uri())
        phone.wait_for("数据字典", "mart.agency_year")
        assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        assert phone.evaluate("getComputedStyle(document.querySelector('thead')).display") == "none"


@pytest.mark.browser
def test_print_leaves_out_the_search_box(browser: Browser) -> None:
    browser._call("Emulation.setEmulatedMedia", media="print")
    assert browser.evaluate("getComputedStyle(document.querySelector('.bar')).display") == "none"
    browser._call("Emulation.setEmulatedMedia", media="")
    assert browser.evaluate("getComputedStyle(document.querySelector('.bar')).display") == "flex"
