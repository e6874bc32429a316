"""A page taken apart into the blocks that a reader sees: rows of tables, sentences, texts of charts, popups, tooltips, amounts of months."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
SECTION = re.compile(r"(<section\b[^>]*>.*?</section>)", re.S)
POPUP = re.compile(r"\$\(`(.*?)`\)\[0\]", re.S)
ICON = re.compile(r'"html": "((?:[^"\\]|\\.)*)"')
TIPS = re.compile(r"window\.report_tips = (\[.*?\]);")
MONTHS = re.compile(r"\nmonths\((\{.*?\})\);\s*</script>", re.S)
BLOCKS = {"tr", "li", "p", "h1", "h2", "h3", "h4", "h5", "figcaption", "summary", "text", "title", "button", "span", "i", "b", "label", "legend", "div"}
INLINE = {"span", "i", "b"}  # blocks of their own only where no other block holds them
CELLS = {"td", "th", "small"}
CARD_PARTS = {"name", "value", "difference", "more"}
VOID = {"br", "img", "input", "meta", "link", "hr", "col"}
SPOKEN = ("aria-label", "aria-valuetext", "title", "alt", "placeholder")  # attributes that are read out or shown
NAMING = {"head": r"h[1-5]|figcaption|summary|b$", "caption": "p|figcaption", "label": r"text\.(bar|sankey)-name", "place": "h4"}
SILENT = {"script", "style"}


@dataclass
class Block:
    """One row, sentence or text. ``cells``: (Chinese, English); ``above``: the last first cell in English that was not blank; ``head``: the last heading."""

    part: str
    kind: str
    table: int
    cells: list[list[str]] = field(default_factory=lambda: [["", ""]])
    above: str = ""
    head: str = ""
    figure: int = 0
    caption: str = ""  # the last paragraph or caption: which plant a chart is of
    label: str = ""  # the last name of a bar in a chart
    place: str = ""  # the heading of a popup

    @property
    def english(self) -> list[str]:
        return [re.sub(r"[ \t\r\n]+", " ", cell[1]).strip() for cell in self.cells]

    @property
    def chinese(self) -> list[str]:
        return [re.sub(r"[ \t\r\n]+", " ", cell[0]).strip() for cell in self.cells]

    @property
    def counts(self) -> bool:
        """Whether it holds a number."""
        return any(NUMBER.search(text) for cell in self.cells for text in cell)

    def add(self, text: str, languages: tuple[bool, bool]) -> None:
        for place in (0, 1):
            self.cells[-1][place] += text if languages[place] else ""


class _Reader(HTMLParser):
    """Blocks of one part of the page, in their order."""

    def __init__(self, part: str) -> None:
        super().__init__(convert_charrefs=True)
        self.part, self.found, self.stack, self.open = part, [], [], []
        self.tables, self.figures, self.above = -1, -1, ""
        self.said = {"head": "", "caption": "", "label": "", "place": ""}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs, closed=False)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs, closed=True)

    def _start(self, tag: str, attrs: list[tuple[str, str | None]], *, closed: bool) -> None:
        values = {name: value or "" for name, value in attrs}
        classes = values.get("class", "").split()
        for name in SPOKEN:
            if name in values:
                self.found.append(Block(self.part, f"@{name}", self.tables, [[values[name]] * 2], self.above, figure=self.figures, **self.said))
        if tag == "table":
            self.tables, self.above = self.tables + 1, ""
        if tag == "figure":
            self.figures += 1
        if closed or tag in VOID:
            return
        block = None
        if tag in BLOCKS and not (tag in INLINE and self.open) and not (tag == "div" and "card" not in classes and "month-strip" not in classes):
            kind = ".".join([tag, *[one for one in classes if one not in ("zh", "en")][:1]])
            block = Block(self.part, kind, self.tables, figure=self.figures)
            self.open.append(block)
        elif self.open and (tag in CELLS or CARD_PARTS & set(classes)):
            self.open[-1].cells.append(["", ""])
        self.stack.append((tag, classes, block))

    def handle_endtag(self, tag: str) -> None:
        while self.stack:
            name, _, block = self.stack.pop()
            if block is not None:
                self._close(block)
            if name == tag:
                return

    def _close(self, block: Block) -> None:
        self.open.remove(block)
        block.cells = [cell for cell in block.cells[1:] if block.kind == "tr" or any(cell)] if block.kind in ("tr", "div.card") else block.cells
        if block.kind == "tr" and block.cells:
            self.above = block.english[0] or self.above
        for name, kinds in NAMING.items():
            if re.match(kinds, block.kind) and block.english[0]:
                self.said[name] = block.english[0]
        block.above = self.above
        vars(block).update(self.said)
        if block.cells and any(text.strip() for cell in block.cells for text in cell):
            self.found.append(block)

    def handle_data(self, data: str) -> None:
        if not self.open or any(tag in SILENT for tag, _, _ in self.stack):
            if NUMBER.search(data) and not any(tag in SILENT for tag, _, _ in self.stack):
                self.found.append(Block(self.part, "loose", self.tables, [[data, data]], self.above, figure=self.figures, **self.said))
            return
        classes = {one for _, mine, _ in self.stack for one in mine}
        self.open[-1].add(data, ("en" not in classes, "zh" not in classes))


@cache
def blocks(part: str, text: str) -> tuple[Block, ...]:
    """The blocks of one part; pieces of JSON are taken apart by ``parts``."""
    reader = _Reader(part)
    reader.feed(text)
    reader.close()
    return tuple(reader.found)


def parts(text: str) -> Iterator[tuple[str, str]]:
    """(name, HTML) of everything a reader can see: sections by their id, ``top``, ``cards``, ``footer``, popups, labels of the map, tooltips.

    ``months`` is the JSON of the slider.
    """
    body, script = text[: (cut := text.index("<script>", text.index("</footer>")))], text[cut:]
    yield "top", body[: (start := body.index("<section"))]
    for piece in SECTION.split(body[start:]):
        known = re.match(r'<section[^>]*id="([\w-]+)"', piece)
        yield known[1] if known else "footer" if "<footer" in piece else "cards", piece
    for popup in POPUP.findall(script):
        yield "popup", popup
    for icon in ICON.findall(POPUP.sub("", script)):
        yield "label", json.loads(f'"{icon}"')
    for tips in TIPS.findall(script):
        yield "tips", "".join(f"<p>{tip}</p>" for tip in json.loads(tips))
    for months in MONTHS.findall(script):
        yield "months", months

