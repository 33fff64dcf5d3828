"""Terms of a text: what is counted, what is dropped; the same text gives the same terms everywhere."""

import subprocess
import sys
import warnings
from collections import Counter

import jieba
import pytest

from pipeline import narrative
from pipeline.narrative import terms, user_words

TEXT = "２０２０年，本机关收到依申请公开 3 件；行政复议：规    章。365体育投注 12.5% “互联网+政务服务”"


def test_terms_and_their_number() -> None:
    found = dict(terms("依申请公开依申请公开，行政复议；政务新媒体政府信息公开"))
    assert found == {"依申请公开": 2, "行政复议": 1, "政务新媒体": 1, "政府信息公开": 1}


def test_numbers_punctuation_and_blanks_are_no_terms() -> None:
    assert terms("2020 12.5% ， 。“”(3)\n\t３") == []


def test_widths_are_folded_and_parted_letters_joined() -> None:
    assert terms("规    章　ＡＢＣ") == terms("规章 ABC")


def test_every_user_word_stays_whole() -> None:
    assert len(user_words()) >= 60
    assert len(set(user_words())) == len(user_words())
    assert [word for word in user_words() if terms(word) != [(word, 1)]] == []


@pytest.mark.parametrize("word", ["依申请公开", "行政复议", "政务新媒体", "规范性文件"])
def test_the_forms_vocabulary_is_among_them(word: str) -> None:
    assert word in user_words()


def test_terms_are_those_of_jieba_on_the_whole_text() -> None:
    """Cutting block by block, which lets clauses be remembered, must change nothing."""
    text = "我局2020年全年共收到政府信息公开申请38件,其中部分公开14件。2.工作规范有序可控，零差错（附件1）A+B"
    whole = Counter(token for token in narrative._tokenizer().cut(text, HMM=False))
    lettered = {term: count for term, count in whole.items() if any(letter.isalpha() for letter in term)}
    assert dict(terms(text)) == lettered


def test_another_process_gives_the_same_terms() -> None:
    code = f"from pipeline.narrative import terms; print(terms({TEXT!r}))"
    fresh = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert fresh.stdout.strip() == str(terms(TEXT))


def test_nothing_is_printed_or_left_in_a_shared_folder(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("shared")
    monkeypatch.setenv("TMPDIR", str(folder))
    code = "from pipeline.narrative import terms; terms('依申请公开')"
    run = subprocess.run(
        [sys.executable, "-W", "always", "-c", code], capture_output=True, text=True, check=True
    )
    assert (run.stdout, run.stderr) == ("", "")
    assert list(folder.iterdir()) == []


def test_only_jiebas_own_deprecations_are_silenced() -> None:
    assert jieba.__version__ == "0.42.1"
    with pytest.warns(DeprecationWarning, match="ours"):
        warnings.warn("ours", DeprecationWarning, stacklevel=1)
