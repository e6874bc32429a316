"""The manual: its pages are what the program declares, in both languages, and the command writes them."""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter

import pytest
from runs import ROOT, command_line

from model import manual, words
from model.case import COLUMN_KEYS, ROW_KEYS
from model.manual.markdown import filled, table
from model.manual.tables import BLANKS, YES_NO
from model.schema import CONVENIENCE_TABLES, CORE_TABLES
from model.schema.spec import PROVENANCE

run = command_line()
DOCS = ROOT / "docs"
PAGES = manual.pages()
LANGUAGES = pytest.mark.parametrize("language", words.LANGUAGES)
RULES = [f"R{number}" for number in range(1, 21)]


def page(name: str, language: str) -> str:
    return PAGES[f"{name}.{'md' if language == 'en' else 'zh.md'}"]


# ---- the pages and the program


@pytest.mark.parametrize("name", PAGES)
def test_the_files_are_what_the_program_writes(name):
    """After a change of cards, tables or words: python run.py manual."""
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name]


def test_docs_hold_nothing_else_of_that_name():
    assert {path.name for path in DOCS.glob("*.md") if path.name.split(".")[0] in ("formulation", "tables", "scenarios")} == set(PAGES)


@LANGUAGES
def test_every_family_and_table_stands_in_the_formulation(language):
    text = page("formulation", language)
    for family, key in COLUMN_KEYS.items():
        assert f"| `{family}[{', '.join(key)}]` |" in text
        assert words.text(f"variables.{family}", language) in text
    for family, key in ROW_KEYS.items():
        assert f"### `{family}[{', '.join(key)}]`" in text
        assert f"| `{family}` | " in text  # the table of duals
    for spec in CORE_TABLES:
        assert f"| `{spec.name}` | {spec.zh if language == 'zh' else spec.en} |" in text
    assert not re.search(r"<!-- \w+ -->|[{}]\w+[{}]", text.replace("{0, 1}", ""))


@LANGUAGES
def test_every_column_of_every_core_table_stands_in_the_reference(language):
    sections = re.split(r"^### ", page("tables", language), flags=re.M)
    for spec in CORE_TABLES:
        section = next(part for part in sections if part.startswith(f"{spec.name}\n"))
        listed = re.findall(r"^\| `(\w+)` \|", section, flags=re.M)
        assert listed == [column.name for column in spec.columns if column not in PROVENANCE]
        assert all(f"`{part}`" in section for part in spec.key)
        for column in spec.columns:
            assert column in PROVENANCE or (column.zh if language == "zh" else column.en).replace("*", "\\*") in section
    assert not re.search(r"<!-- \w+ -->", page("tables", language))


@LANGUAGES
def test_every_column_of_every_table_of_industry_stands_in_the_reference_with_its_unit(language):
    sections = re.split(r"^### ", page("tables", language), flags=re.M)
    for spec in CONVENIENCE_TABLES:
        section = next(part for part in sections if part.startswith(f"{spec.name}\n"))
        rows = [[cell.strip() for cell in line.split(" | ")] for line in section.splitlines() if line.startswith("| `")]
        rows = rows[: len(spec.columns) - len(PROVENANCE)]  # below the last table the rules begin
        assert [row[0].strip("| `") for row in rows] == [column.name for column in spec.columns if column not in PROVENANCE]
        assert [row[2] for row in rows] == [column.unit or "–" for column in spec.columns if column not in PROVENANCE]
        required = {"zh": "必填", "en": "required"}[language]
        assert [row[3] == required for row in rows] == [column.required for column in spec.columns if column not in PROVENANCE]
        assert f"[`{spec.name}`](#{spec.name})" in page("tables", language)


def test_the_reference_of_industry_by_example():
    """A range, a list, a share and the table whose rows bound another one's numbers."""
    text = page("tables", "en")
    assert "| `ratio_low` | capacity closed per unit of new capacity, low (low end of the range of `ratio`) | t/t | not stated | ≥ 0.1 |" in text
    assert "a `region` of `sites`, several separated by semicolons |" in text
    assert "| `rate` | real discount rate before tax | share | required | 0 to 1 |" in text
    assert "number of `technologies`: that of the same `technology`, in the column that `cost` names" in text
    assert "| `ratio` | 置换比例 | t/t | 必填 | ≥ 0 |" in page("tables", "zh")


@LANGUAGES
def test_the_reference_states_blanks_and_bounds(language):
    text = page("tables", language)
    rows = {"zh": ("| 必填 | 数，可为负 |", "| `1` | 0 至 1 |", "| 无上限 | ≥ 0 |"), "en": ("| required | number of either sign |", "| `1` | 0 to 1 |", "| no upper bound | ≥ 0 |")}
    price, share, most = rows[language]
    assert re.search(r"^\| `price` \|.*" + re.escape(price), text, flags=re.M)
    assert re.search(r"^\| `delivered_share` \|.*" + re.escape(share), text, flags=re.M)
    assert re.search(r"^\| `max_flow` \|.*" + re.escape(most), text, flags=re.M)
    missing = {"zh": "缺货价：必保量每缺一单位的钱 | 不许缺货", "en": "price of a missing unit: money per unit of min that is missing | shortage not allowed"}
    assert f"| `shortage_price` | {missing[language]} |" in text


@LANGUAGES
def test_every_rule_is_explained_and_every_constraint_names_its_rules(language):
    assert re.findall(r"^\*\*(R\d+) ", page("tables", language), flags=re.M) == RULES
    assert {f"R{number}" for number in re.findall(r"R(\d+)", page("formulation", language))} >= set(RULES[:15]) | {"R20"}


def test_labels_belong_to_columns_that_exist():
    columns = {(spec.name, column.name) for spec in CORE_TABLES for column in spec.columns}
    names = {name for _, name in columns}
    for entry in [*words.entries("fields"), *BLANKS, *YES_NO]:
        place, _, column = entry.rpartition(".")
        assert (place, column) in columns if place else column in names, entry


def test_every_optional_number_without_a_value_says_what_its_blank_means():
    for spec in CORE_TABLES:
        for column in spec.columns:
            if isinstance(column.blank, float) and math.isnan(column.blank):
                assert column.name in BLANKS or f"{spec.name}.{column.name}" in BLANKS, (spec.name, column.name)


def test_no_label_of_the_manual_is_idle(monkeypatch):
    used = set()
    read = words.text
    monkeypatch.setattr(words, "text", lambda key, language, /, **facts: used.add(key) or read(key, language, **facts))
    manual.pages()
    assert {f"manual.{entry}" for entry in words.entries("manual")} - used == {"manual.written"}


def test_a_bar_in_a_cell_does_not_end_it():
    assert table(["a"], [["x|y"]]) == "| a |\n| --- |\n| x\\|y |"


def test_a_page_with_an_unknown_place_is_a_fault():
    with pytest.raises(KeyError):
        filled("formulation", "en", {})


# ---- both languages, links


@pytest.mark.parametrize("name", ["formulation", "tables", "scenarios"])
def test_both_languages_say_the_same(name):
    """Section by section: equal headings, code, ids and figures; only words differ."""
    parts = {language: re.split(r"^(?=##+ )", page(name, language), flags=re.M) for language in words.LANGUAGES}
    assert len(parts["zh"]) == len(parts["en"])
    for zh, en in zip(parts["zh"], parts["en"], strict=True):
        assert zh.split(" ")[0] == en.split(" ")[0]
        assert re.findall(r"```csv\n.*?```", zh, flags=re.S) == re.findall(r"```csv\n.*?```", en, flags=re.S)
        assert re.findall(r"```text\n.*?```", zh, flags=re.S) == re.findall(r"```text\n.*?```", en, flags=re.S)
        assert figures(zh) == figures(en), en[:60]
        assert ids(zh) == ids(en), en[:60]


def figures(text: str) -> Counter[str]:
    """Numbers of two digits or more in the running text: not those of code, of messages or of rule names; smaller ones may be words."""
    bare = re.sub(r"```.*?```|`[^`]*`|\bR\d+|(?<=R)\d+|^    .*$", " ", text, flags=re.S | re.M)
    return Counter(number.replace(",", "") for number in re.findall(r"\d[\d,]*\d(?:\.\d+)?|\d\.\d+", bare))


def ids(text: str) -> set[str]:
    """Code words that are columns, tables or options of the command line."""
    return set(re.findall(r"`([a-z_]+(?:\.[a-z_]+)?)`", re.sub(r"```.*?```", " ", text, flags=re.S)))


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name):
    for target in re.findall(r"\]\(([^)]+)\)", PAGES[name]):
        file, _, anchor = target.partition("#")
        text = (DOCS / file if file else DOCS / name).read_text(encoding="utf-8")
        anchors = {re.sub(r"[^\w -]", "", head).strip().replace(" ", "-").lower() for head in re.findall(r"^#+ (.*)$", text, flags=re.M)}
        assert not anchor or anchor in anchors | set(re.findall(r'<a id="(\w+)">', text)), target


# ---- the command


def test_the_command_writes_the_pages(tmp_path, capsys):
    assert run.main(["manual", str(tmp_path / "new" / "pages"), "--lang", "en"]) == 0
    assert {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "new" / "pages").iterdir()} == PAGES
    assert f"written: {tmp_path / 'new' / 'pages' / 'tables.zh.md'}" in capsys.readouterr().out


def test_without_a_folder_it_writes_to_docs(monkeypatch):
    places = []
    monkeypatch.setattr(manual, "write_manual", lambda folder: places.append(folder) or [])
    assert run.main(["manual"]) == 0
    assert places == [run.ROOT / "docs"]


def test_a_place_that_cannot_be_written_is_6(tmp_path, capsys):
    (tmp_path / "taken").write_text("", encoding="utf-8")
    assert run.main(["manual", str(tmp_path / "taken"), "--lang", "en"]) == 6
    assert "cannot write" in capsys.readouterr().err


def test_pages_travel_with_the_package():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]["*"]
    assert "*.md" in declared and len(list((ROOT / "model" / "manual").glob("*.md"))) == len(PAGES)
