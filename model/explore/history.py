"""Past runs from their result folders: scenario, hash of the inputs, date, status and headline; what is no run is told with its reason."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from model import words
from model.case import COLUMN_KEYS, ROW_KEYS
from model.explore.run_records import RUN, SUMMARY, read_record
from model.explore.text_table import clipped, text_table
from model.problems import ExitCode, Refusal, refuse
from model.words.lookup import known

COLUMNS = (
    "folder", "status", "scenario", "title_zh", "title_en", "dataset", "input_hash", "finished", "objective", "unit", "headline_zh", "headline_en",
    "reason_zh", "reason_en",
)
FOREIGN, DAMAGED = "foreign", "damaged"
SEVERAL = {"study.json": "study", "comparison.json": "comparison"}  # the mark of a folder with several plans → its status
FINDINGS = "findings.csv"
HASH_DIGITS = 12  # shown of a hash
HEADLINE_WIDTH = 72
STATUSES = ("optimal", "feasible")


def history(folder: Path, *, absent_is_empty: bool = False) -> pd.DataFrame:
    """One row (``COLUMNS``) per folder in ``folder``, or the one of ``folder`` itself if that is a run; the latest run first.

    ``status``: optimal, feasible, ``study`` or ``comparison`` (of several plans, with its answer), ``damaged`` (a run that cannot be
    read or lacks files) or ``foreign`` (no run at all), the last two with their reason. ``input_hash``: hash of the Case.
    A folder of studies, such as results/studies, is listed study by study. Raises ``Refusal`` (exit 6) where ``folder`` does
    not exist and may not be absent.
    """
    if absent_is_empty and not folder.exists():
        return _table([])
    if not folder.is_dir():
        raise refuse(ExitCode.FILES, "no_results_folder", value=str(folder))
    if (folder / "run.json").is_file():
        return _table([_row(folder)])
    rows = [row for place in _inside(folder) for row in _rows(place)]
    return _table(sorted(rows, key=lambda row: str(row["finished"]), reverse=True))


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _inside(folder: Path) -> list[Path]:
    return sorted((place for place in folder.iterdir() if place.is_dir() and not place.name.startswith(".")), key=lambda place: place.name)


def _rows(folder: Path) -> list[dict[str, Any]]:
    """The row of a folder; of a folder that only keeps studies, those of the studies."""
    if any((folder / mark).is_file() for mark in ("run.json", "summary.json", *SEVERAL)):
        return [_row(folder)]
    try:
        studies = [place for place in _inside(folder) if any((place / mark).is_file() for mark in SEVERAL)]
    except OSError:
        studies = []
    return [_row(place) | {"folder": f"{folder.name}/{place.name}"} for place in studies] or [_row(folder)]


def _row(folder: Path) -> dict[str, Any]:
    blank: dict[str, Any] = dict.fromkeys(COLUMNS, "") | {"folder": folder.name, "objective": None}
    try:
        for mark in (mark for mark in SEVERAL if (folder / mark).is_file()):
            return blank | _several(folder, mark)
        if not (folder / "run.json").is_file() and not (folder / "summary.json").is_file():
            return blank | {"status": FOREIGN} | _both("reason", "history.foreign")
        return blank | _run(folder)
    except OSError as error:
        return blank | {"status": DAMAGED, **{f"reason_{language}": error.strerror or str(error) for language in words.LANGUAGES}}
    except Refusal as refusal:
        return blank | {"status": DAMAGED, **{f"reason_{language}": refusal.problems[0].text(language) for language in words.LANGUAGES}}


def _several(folder: Path, mark: str) -> dict[str, Any]:
    """The row of a study or a comparison; raises ``Refusal`` where its file is damaged."""
    facts = read_record(folder, mark, {})
    finished = datetime.fromtimestamp((folder / mark).stat().st_mtime, UTC).isoformat(timespec="seconds")
    title, question = (facts[part] if isinstance(facts.get(part), dict) else {} for part in ("title", "question"))
    answer = [line for line in facts.get("answer", ()) if isinstance(line, dict)] if isinstance(facts.get("answer"), list) else []
    told = next((line for line in answer if line.get("zh") != question.get("zh")), {})
    plans = ", ".join(str(plan.get("name", "")) for plan in facts.get("plans", ()) if isinstance(plan, dict))
    row = {"status": SEVERAL[mark], "scenario": str(facts.get("scenario") or plans), "finished": finished}
    row |= {f"title_{language}": str(title.get(language, "")) for language in words.LANGUAGES}
    return row | {f"headline_{language}": str(told.get(language, "")) for language in words.LANGUAGES}


def _run(folder: Path) -> dict[str, Any]:
    """The row of a run; raises ``Refusal`` where it is damaged."""
    run, summary = read_record(folder, "run.json", RUN), read_record(folder, "summary.json", SUMMARY)
    facts = {"scenario": run["scenario"], "dataset": run["dataset"], "input_hash": run["case_hash"], "finished": run["finished"]}
    facts |= {"objective": float(summary["objective"]), "unit": summary["unit"], **_titles(folder)}
    missing = _missing(folder)
    if missing:
        return facts | {"status": DAMAGED} | _both("reason", "history.missing", file=missing)
    if summary["status"] not in STATUSES or summary.get("case_hash", run["case_hash"]) != run["case_hash"]:
        return facts | {"status": DAMAGED} | _both("reason", "history.mixed")
    return facts | {"status": summary["status"]} | _headline(folder, facts)


def _missing(folder: Path) -> str:
    """The first file that every run has and this one has not; blank if all are there."""
    tables = [f"tables/{name}.csv" for name in (*COLUMN_KEYS, *(f"dual_{family}" for family in ROW_KEYS), "indicators")]
    absent = [name for name in ("scenario.resolved.toml", *tables) if not (folder / name).is_file()]
    return absent[0] if absent else "" if (folder / "case").is_dir() else "case"


def _titles(folder: Path) -> dict[str, str]:
    """The title of the scenario, blank where it has none or its file cannot be read."""
    try:
        title = tomllib.loads((folder / "scenario.resolved.toml").read_text(encoding="utf-8")).get("title", {})
    except (OSError, ValueError):
        title = {}
    return {f"title_{language}": str(title.get(language, "")) if isinstance(title, dict) else "" for language in words.LANGUAGES}


def _headline(folder: Path, facts: dict[str, Any]) -> dict[str, str]:
    """The first finding of the report; the objective where the run was written without one."""
    file = folder / "tables" / FINDINGS
    try:
        found = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig") if file.is_file() else pd.DataFrame()
    except ValueError:
        found = pd.DataFrame()
    if len(found) and set(words.LANGUAGES) <= set(found.columns):
        return {f"headline_{language}": str(found[language].iloc[0]) for language in words.LANGUAGES}
    unit = known(f"progress.unit_{facts['unit'].replace(' ', '_')}", facts["unit"])
    said = {
        language: words.text("history.objective", language, objective=f"{facts['objective']:,.6g} {unit[at]}".rstrip())
        for at, language in enumerate(words.LANGUAGES)
    }
    return {f"headline_{language}": sentence for language, sentence in said.items()}


def _both(part: str, key: str, **facts: object) -> dict[str, str]:
    return {f"{part}_{language}": words.text(key, language, **facts) for language in words.LANGUAGES}


def lines(table: pd.DataFrame, language: str) -> list[str]:
    """The runs as an aligned table; one sentence where there is none."""
    if table.empty:
        return [words.text("history.none", language)]
    head = [words.text(f"history.col_{name}", language) for name in ("folder", "scenario", "hash", "finished", "status", "headline")]
    body = []
    for row in table.to_dict("records"):
        told = row[f"reason_{language}"] or row[f"headline_{language}"]
        status = words.text(f"history.status_{row['status']}", language)
        when = str(row["finished"])[:16].replace("T", " ")
        scenario = clipped(str(row[f"title_{language}"] or row["scenario"]), 40)
        body.append([str(row["folder"]), scenario, str(row["input_hash"])[:HASH_DIGITS], when, status, clipped(told, HEADLINE_WIDTH)])
    return text_table(head, body)
