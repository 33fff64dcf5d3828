"""The five documents of `data/raw`, with the names that they bear.

Belongs here: reading the five as streams, without the project's own readers.
Does not belong here: assertions.
"""

from pathlib import Path

from pipeline.documents.stream import Stream

RAW = Path(__file__).parents[2] / "data" / "raw"
SEEDS = {
    "000_f38378f0edcefb48.txt": ("盐城经济技术开发区管理委员会", 2020),
    "001_fa92f58d60610388.txt": ("启东市行政审批局", 2020),
    "002_a9609876a079f62f.txt": ("赣州经开区经发局", 2020),
    "003_37d8ade0c0ec5d8b.txt": ("淄博经济开发区管理委员会办公室", 2019),
    "004_4339039e26702392.txt": ("秦山街道", 2020),
}


def stream(file_name: str) -> Stream:
    lines = (RAW / file_name).read_text(encoding="utf-8").splitlines()
    return Stream("text/plain", "utf-8", lines, range(1, len(lines) + 1))
