"""Every character is certain, or there is a reason."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents import Unreadable, open_document
from pipeline.documents.encoding import decode
from tests.documents.made import attempt

TEXT = "一、总体情况\n2020年，我局公开政府信息123条。\n邯郸市、亳州市、泗洪县\n规章\t0\t0\n"


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("gb2312", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_known_encodings_give_the_same_text(codec: str, name: str) -> None:
    assert decode(TEXT.encode(codec)) == (TEXT, name)


def test_utf16_of_the_other_byte_order() -> None:
    assert decode(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be")) == (TEXT, "utf-16")


def test_four_byte_gb18030_characters_are_kept() -> None:
    text = "㐀㐁镕䶮和𠮷野\n" * 3
    assert decode(text.encode("gb18030")) == (text, "gb18030")


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "gb18030"])
def test_a_declared_gb_charset_is_honoured(declared: str) -> None:
    page = f'<html><head><meta charset="{declared}"></head><body><p>{TEXT}</p></body></html>'
    assert decode(page.encode("gb18030")) == (page, "gb18030")


def test_big5_is_read_only_where_a_page_declares_it() -> None:
    page = '<meta http-equiv="Content-Type" content="text/html; charset=big5"><p>政府資訊公開年報</p>'
    assert decode(page.encode("big5")) == (page, "big5")


def test_utf8_comes_before_an_outdated_declaration() -> None:
    """Pages saved anew keep `charset=gb2312`, and their bytes may decode as GB18030 without an error."""
    page = '<meta charset="gb2312"><p>政府信息公开年报</p>'
    page.encode().decode("gb18030")
    assert decode(page.encode()) == (page, "utf-8")


def test_a_wrong_declaration_is_no_harm() -> None:
    page = f'<meta charset="iso-8859-1"><p>{TEXT}</p>'
    assert decode(page.encode("gb18030")) == (page, "gb18030")


def test_lines_in_two_encodings_are_each_read_in_their_own() -> None:
    data = (
        "一、总体情况\n".encode()
        + "二、主动公开政府信息情况\n".encode("gb18030")
        + b"rule 3\n"
        + "总计\n".encode()
    )
    assert decode(data) == ("一、总体情况\n二、主动公开政府信息情况\nrule 3\n总计\n", "utf-8+gb18030")


def test_gb18030_file_with_one_utf8_line_that_gb18030_would_accept() -> None:
    """总计 in UTF-8 has six bytes, which are also three GB18030 characters: 鎬昏."""
    data = ("一、总体情况\n" * 20).encode("gb18030") + "总计\n".encode()
    data.decode("gb18030")
    assert decode(data)[0].endswith("\n总计\n")


def test_gb18030_words_that_look_like_utf8() -> None:
    """联通 in GB18030 is valid UTF-8; among other lines in GB18030 it is not taken for it."""
    text = "一、总体情况\n联通\n"
    assert decode(text.encode("gb18030")) == (text, "gb18030")


def test_a_damaged_utf8_line_is_named_and_never_read_as_something_else() -> None:
    lines = [line.encode() for line in ("一、总体情况", "公开政府信息情况如下所示", "三、结尾")]
    lines[1] = lines[1][:4] + lines[1][5:]
    with pytest.raises(Unreadable, match=r"Line 2 is neither UTF-8 nor GB18030"):
        decode(b"\n".join(lines))


@pytest.mark.parametrize("cut", [1, 2])
def test_a_file_cut_inside_a_character_says_so(cut: int) -> None:
    with pytest.raises(Unreadable, match="cut off: fetch it again"):
        decode("一、总体情况".encode()[:-cut])


@pytest.mark.parametrize(
    "data",
    ["一\0二".encode(), b"\0" * 100, "一二".encode("utf-16-le") + "\n1".encode("utf-16-le"), b"PK\0\0 text"],
)
def test_nul_bytes_are_a_reason(data: bytes) -> None:
    with pytest.raises(Unreadable, match="NUL bytes"):
        decode(data)


@pytest.mark.parametrize(
    "data", [codecs.BOM_UTF16_LE + b"a", codecs.BOM_UTF16_LE + b"\0\xd8a\0", codecs.BOM_UTF32_LE]
)
def test_broken_utf16_is_a_reason(data: bytes) -> None:
    with pytest.raises(Unreadable, match="UTF-16"):
        decode(data)


def test_a_file_with_nothing_but_a_byte_order_mark_is_empty() -> None:
    with pytest.raises(Unreadable, match="empty"):
        open_document(codecs.BOM_UTF8)


CHINESE = st.text(
    st.sampled_from(
        "一二三四五六七八九十政府信息公开年度报告情况总计行政许可处罚强制邯郸亳㐀，。（）0123456789 \t\n"
    ),
    min_size=1,
)


@given(CHINESE, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]))
def test_what_is_written_is_read(text: str, codec: str) -> None:
    """A single word in GB18030 can be valid UTF-8 too (联通), a whole report can't."""
    text = "政府信息公开\n" + text
    assert decode(text.encode(codec))[0] == text


@given(st.binary(max_size=200))
def test_any_bytes_are_certain_or_refused(data: bytes) -> None:
    result = attempt(decode, data)
    if isinstance(result, str):
        assert result.endswith(".")
    elif "+" not in result[1] and result[1] != "utf-16":
        assert result[0].encode(result[1]) == data
