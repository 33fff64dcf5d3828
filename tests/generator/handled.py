"""What programs and people do to a finished text: other signs between cells, other ends of lines, numbers.

Belongs here: changes to the whole of a text that leave every figure as it is, whatever its layout. Does not
belong here: damage to a report (damage.py), layouts of their own (layouts.py, programs.py).
"""

import re
from collections.abc import Callable
from random import Random

Handling = Callable[[str, Random], str]

_ROW = re.compile(r"\d\s*[|,;]?\s*$|[\t|].*\d")
_THOUSANDS = re.compile(r"(?<=[0-9])(?<![.,][0-9])(?=(?:[0-9]{3})+(?![0-9.,]))")
_PIPED = re.compile(r"^(.*?) ?\|$", re.MULTILINE)
_HALF_WIDTH = str.maketrans("（）：；", "():;")
_PAGE = 40  # lines


def _of_lines(change: Callable[[str], str]) -> Handling:
    return lambda text, _: "\n".join(map(change, text.split("\n")))


def _wrapped_at(width: int) -> Handling:
    """Break longer lines at the last space or tab before their width, as `fold -s` does."""

    def wrapped(line: str) -> str:
        lines = []
        while len(line) > width and (place := max(line.rfind(sign, 1, width) for sign in " \t")) > 0:
            lines.append(line[:place])
            line = line[place + 1 :]
        return "\n".join([*lines, line])

    return _of_lines(wrapped)


def _cut_at(width: int) -> Handling:
    """Cut longer lines at their width, wherever that is."""
    pieces = re.compile(rf".{{1,{width}}}")
    return _of_lines(lambda line: "\n".join(pieces.findall(line)))


def _joined(share: float) -> Handling:
    """Join some lines to the one before, with a space between."""

    def joined(text: str, random: Random) -> str:
        lines = text.split("\n")
        whole = lines[:1]
        for line in lines[1:]:
            if random.random() < share and whole[-1].strip() and line.strip():
                whole[-1] += f" {line}"
            else:
                whole.append(line)
        return "\n".join(whole)

    return joined


def _padded(text: str, random: Random) -> str:
    return "\n".join(line + " " * random.randint(0, 6) for line in text.split("\n"))


def _with_blank_lines(text: str, random: Random) -> str:
    return "".join(line + ("\n\n" if random.random() < 0.3 else "\n") for line in text.split("\n"))


def _in_pages(mark: str) -> Handling:
    """Set a mark, with the page's number in it, after each so many lines."""

    def paged(text: str, _: Random) -> str:
        lines = text.split("\n")
        pages = [lines[start : start + _PAGE] for start in range(0, len(lines), _PAGE)]
        ends = [mark.format(number) for number in range(1, len(pages))]
        return "\n".join(line for page, end in zip(pages, [*ends, ""], strict=True) for line in (*page, end))

    return paged


def _numbered(form: str) -> Handling:
    return lambda text, _: "\n".join(form.format(at, line) for at, line in enumerate(text.split("\n"), 1))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


LOSSLESS: dict[str, Handling] = {
    "line numbers, spaces": _numbered("{:4d}  {}"),
    "line numbers, a tab": _numbered("{}\t{}"),
    "line numbers, a colon": _numbered("{}: {}"),
    "quoted": _of_lines("> {}".format),
    "quoted, empty lines without a space": _of_lines(lambda line: f"> {line}" if line else ">"),
    "indented": _of_lines(lambda line: f"  {line}" if line else line),
    "indented, full width": _of_lines(lambda line: f"\u3000\u3000{line}" if line else line),
    "carriage returns": lambda text, _: text.replace("\n", "\r"),
    "both ends of lines": lambda text, _: text.replace("\n", "\r\n"),
    "empty lines between": lambda text, _: text.replace("\n", "\n\n"),
    "two empty lines between": lambda text, _: text.replace("\n", "\n\n\n"),
    "zero-width spaces": _of_lines(lambda line: re.sub(r"(?=\d)", "\u200b", line)),
}
"""After them everything is read that was read before."""

OF_TABS: dict[str, Handling] = {
    "spaces for tabs": _of_lines(lambda line: line.replace("\t", " ")),
    "wide spaces for tabs": _of_lines(lambda line: line.replace("\t", "\u3000")),
    "hard spaces for tabs": _of_lines(lambda line: line.replace("\t", "\xa0")),
    "pipes for tabs": _of_lines(lambda line: line.replace("\t", " | ")),
    "pipes around": _of_lines(lambda line: "|{}|".format(line.replace("\t", "|")) if "\t" in line else line),
    "dots for tabs": _of_lines(lambda line: line.replace("\t", " · ")),
    "double tabs": _of_lines(lambda line: line.replace("\t", "\t\t")),
    "tabs at the end": _of_lines(lambda line: f"{line}\t" if "\t" in line else line),
    "tabs at the beginning": _of_lines(lambda line: f"\t{line}" if "\t" in line else line),
}
"""For texts in which a row of tabs is a row of a table."""

OF_PIPES: dict[str, Handling] = {
    "pipes at the beginning": lambda text, _: _PIPED.sub(r"|\1", text),
    "pipes and spaces at the beginning": lambda text, _: _PIPED.sub(r"| \1", text),
    "pipes around each": lambda text, _: _PIPED.sub(r"| \1 |", text),
    "pipes after line ends": lambda text, _: re.sub(r" ?\|\n", "\n|", text),
}
"""For texts in which a cell has a line, which a pipe ends; they are read as before."""

OF_PAGES: dict[str, Handling] = {
    "pages": _in_pages("第 {} 页"),
    "pages with their title": _in_pages("- {} -\n\n某某市人民政府政府信息公开工作年度报告\n"),
    "form feeds": _in_pages("\f"),
}
"""For texts that pages have: no program sets a page's end into its lists."""

LOSING: dict[str, Handling] = {
    "ends of lines stripped": _of_lines(str.rstrip),
    "beginnings stripped": _of_lines(str.lstrip),
    "both stripped": _of_lines(str.strip),
    "padded": _padded,
    "runs of spaces as one": _of_lines(lambda line: re.sub(" {2,}", " ", line)),
    "some empty lines": _with_blank_lines,
    "no empty lines": lambda text, _: "\n".join(filter(str.strip, text.split("\n"))),
    "wrapped at 40": _wrapped_at(40),
    "wrapped at 76": _wrapped_at(76),
    "cut at 80": _cut_at(80),
    "one line in fifty joined": _joined(0.02),
    "digits in threes": _of_lines(lambda line: _THOUSANDS.sub(" ", line) if _ROW.search(line) else line),
    "twice": lambda text, _: f"{text}\n{text}",
    "signs of half width": _of_lines(lambda line: line.translate(_HALF_WIDTH)),
    "items": _of_lines(lambda line: f"- {line}" if line.strip() else line),
    "breaks of a page": _of_lines("{}<br>".format),
}
"""They may take away what shows a cell's place: a reader may leave it open."""
