"""The scenario library: every file can be read by a person and by the program, and its headline figures stay what they were.

The whole library is solved by ``python -m pytest -m library tests/test_scenario_library.py`` (half an hour on two cores);
the default run solves one scenario of each mechanism. After a change of data or structure that is meant to move figures,
look at what moved and write the values anew: ``python tests/test_scenario_library.py`` (all of them) or with the names of
some scenarios; it says by how much each figure moved.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))  # pytest puts the root there

from runs import ROOT, quiet

from model import pipeline
from model.opening import open_scenario
from model.pipeline import Run
from model.problems import Problems, Refusal
from model.scenario import load

VALUES = ROOT / "tests" / "scenario_values.csv"
LIBRARY = tuple(path.stem for path in sorted((ROOT / "scenarios").glob("*.toml")))
OBJECTIVE = "objective"  # stands among the indicators of the file, group "" and million yuan
HEADLINES = (
    "alumina_output", "primary_output_sichuan", "primary_output_chongqing", "recycled_output", "processing_output", "output_value",
    "metal_bought", "carbon_scope1", "carbon_total", "power_used", "tie_sichuan_chongqing",
    "green_power_sichuan", "green_power_chongqing", "red_mud_used", "local_share", "alumina_to_sichuan", "metal_to_chongqing",
    "retrofitted_capacity", "direct_hydro_local", "direct_hydro_captive", "unserved_zone_sichuan", "unserved_zone_chongqing",
)
# shares of a value that a new version of the solver or another machine may move it by, and the least amounts worth noticing
TOLERANCE_OF_COST, TOLERANCE, LEAST = 1e-5, 2e-3, 0.01
# the base and one of each kind: swap, water and power, carbon, recycling and a hard target, pacts, outage and warehouses
CHOSEN = ("base", "swap_125", "dry_winter", "carbon_cap_joint", "recycled_push_2027", "pact_on", "warehouses_scarcity")


def solve(name: str) -> Run:
    """The scenario solved and verified."""
    return pipeline.run(*open_scenario(name, None, ROOT, {}), quiet)


def figures(run: Run) -> dict[tuple[str, str], float]:
    """(indicator, group) → value of the headline indicators a run has, with its objective."""
    table = run.results.indicators
    table = table[table["indicator"].isin(HEADLINES) & table["value"].notna()]
    found = {(str(row["indicator"]), str(row["group"])): float(row["value"]) for row in table.to_dict("records")}
    return {(OBJECTIVE, ""): run.results.objective, **found}


def tolerance(indicator: str, value: float) -> float:
    """How far a value may be off: a share of it, for shares themselves at least 0.01 percentage points."""
    if indicator == OBJECTIVE:
        return max(TOLERANCE_OF_COST * abs(value), LEAST)
    return max(TOLERANCE * abs(value), 1e-4 if abs(value) <= 1 else LEAST)


def stored() -> pd.DataFrame:
    """scenario, indicator, group, value, tolerance; empty before the file is first written."""
    if not VALUES.is_file():
        return pd.DataFrame(columns=["scenario", "indicator", "group", "value", "tolerance"])
    return pd.read_csv(VALUES, keep_default_na=False, dtype={"scenario": str, "indicator": str, "group": str})


def differences(name: str, found: dict[tuple[str, str], float]) -> list[str]:
    """What of a scenario is not as stored, one sentence each."""
    table = stored()
    mine = table[table["scenario"] == name]
    known = {(row["indicator"], row["group"]): row for row in mine.to_dict("records")}
    said = [f"{indicator} {group}: not among the stored values" for indicator, group in found.keys() - known.keys()]
    said += [f"{indicator} {group}: stored, but the plan has none" for indicator, group in known.keys() - found.keys()]
    for key in found.keys() & known.keys():
        value, row = found[key], known[key]
        if abs(value - float(row["value"])) > float(row["tolerance"]):
            said.append(f"{' '.join(key)}: {value:,.6g}, stored {float(row['value']):,.6g} (± {float(row['tolerance']):.2g})")
    return sorted(said)


def write(names: list[str]) -> None:
    """Solve ``names`` and store their figures, atomically and scenario by scenario."""
    for name in names:
        try:
            found = figures(solve(name))
        except Refusal as refusal:
            raise SystemExit(f"{name}: {refusal.problems[0].text('en')}") from refusal
        moved = differences(name, found)
        rows = [{"scenario": name, "indicator": i, "group": g, "value": v, "tolerance": tolerance(i, v)} for (i, g), v in found.items()]
        table = stored()
        both = pd.concat([part for part in (table[table["scenario"] != name], pd.DataFrame(rows)) if len(part)], ignore_index=True)
        both = both[both["scenario"].isin(LIBRARY)].sort_values(["scenario", "indicator", "group"])
        draft = VALUES.with_suffix(".part")
        both.to_csv(draft, index=False, float_format="%.9g", lineterminator="\n")
        draft.replace(VALUES)
        sys.stdout.write(f"{name}: {len(rows)} values, {len(moved)} moved\n" + "".join(f"    {line}\n" for line in moved))
        sys.stdout.flush()


def known_clauses() -> set[str]:
    return set(pd.read_csv(ROOT / "data" / "chuanyu" / "clauses.csv", keep_default_na=False)["clause"])


# ---- every file


@pytest.mark.parametrize("name", LIBRARY)
def test_every_scenario_says_what_it_is_and_what_it_asks(name):
    problems = Problems()
    scenario = load(ROOT / "scenarios" / f"{name}.toml", problems)
    assert tuple(problems) == ()
    for texts in (scenario.title, scenario.question):
        assert set(texts) == {"zh", "en"} and all(text.strip() for text in texts.values())
        assert any("\u4e00" <= character <= "\u9fff" for character in texts["zh"])
    assert set("?？") & set(scenario.question["zh"]) and "?" in scenario.question["en"]
    assert scenario.clauses and set(scenario.clauses) <= known_clauses()
    assert len(set(scenario.clauses)) == len(scenario.clauses)


def test_titles_and_questions_are_told_apart():
    scenarios = [load(ROOT / "scenarios" / f"{name}.toml", Problems()) for name in LIBRARY]
    for language in ("zh", "en"):
        assert len({scenario.title[language] for scenario in scenarios}) == len(LIBRARY)


@pytest.mark.parametrize("name", LIBRARY)
def test_every_scenario_is_short(name):
    """A scenario is a short list of changes, not a dataset of its own."""
    scenario = load(ROOT / "scenarios" / f"{name}.toml", Problems())
    own = [change for change in scenario.changes if change.spot.file == f"{name}.toml"]
    assert len(own) <= 12


@pytest.mark.parametrize("name", LIBRARY)
def test_every_scenario_prepares_without_errors(name):
    prepared = pipeline.prepare(*open_scenario(name, None, ROOT, {}), pipeline.Clock(quiet))
    assert prepared.notes == ()


def test_the_questions_that_policy_teams_ask_have_a_scenario():
    wanted = {
        "base", "free_siting", "swap_within_province", "swap", "swap_125", "quota_135", "move_one_smelter", "dry_late_summer", "three_branches",
        "alumina_stress", "tie_line_before", "carbon_full_scope", "recycled_push_2027", "red_mud_15", "guangyuan_2027", "pact_on", "pact_off",
        "target_400bn", "pathway", "discrete_siting", "joint_plan", "separate_plans", "local_purchase_share", "green_power_share",
        "direct_trading", "differential_tariff", "outage_wanzhou", "pool_within_city",
    }
    assert wanted <= set(LIBRARY)


# ---- the stored figures


def test_every_scenario_has_stored_figures_and_no_other_has():
    table = stored()
    assert set(table["scenario"]) == set(LIBRARY)
    assert not table.duplicated(["scenario", "indicator", "group"]).any()
    assert set(table["indicator"]) <= {OBJECTIVE, *HEADLINES}
    assert (table["tolerance"] > 0).all() and table["value"].notna().all()
    # a tolerance of a hundredth of the value or more would hide what the figure is there to show
    large = table[table["value"].abs() > 1.0]
    assert (large["tolerance"] <= 0.01 * large["value"].abs()).all()


def test_stored_figures_say_what_a_change_of_data_did():
    table = stored()
    base = table[table["scenario"] == "base"]
    found = {(row["indicator"], row["group"]): float(row["value"]) for row in base.to_dict("records")}
    assert differences("base", found) == []
    key = next(key for key in found if key[0] == "alumina_output")
    assert differences("base", found | {key: found[key] * 1.1})[0].startswith("alumina_output")
    assert "not among the stored values" in differences("base", found | {("power_used", "y9999"): 1.0})[0]
    del found[key]
    assert "the plan has none" in differences("base", found)[0]


@pytest.mark.parametrize("name", CHOSEN)
def test_headline_figures_of_chosen_scenarios(name, base_run):
    run = base_run if name == "base" else solve(name)
    assert differences(name, figures(run)) == []


@pytest.mark.library
@pytest.mark.parametrize("name", [name for name in LIBRARY if name not in CHOSEN])
def test_headline_figures_of_the_whole_library(name):
    run = solve(name)
    assert all(check.passed for check in run.results.checks)
    assert differences(name, figures(run)) == []


if __name__ == "__main__":
    write(sys.argv[1:] or list(LIBRARY))
