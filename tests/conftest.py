"""What several test files share: the shipped base scenario and one with a swap, read and solved once per worker."""

from __future__ import annotations

from pathlib import Path

import pytest
from page_years import Page
from runs import ROOT, quiet

from maps import publish
from model import pipeline
from model.opening import open_scenario
from model.output import write_run


@pytest.fixture(scope="session")
def base_run() -> pipeline.Run:
    """The solved base scenario of the shipped dataset, without switch points."""
    return pipeline.run(*open_scenario(None, None, ROOT, {}), quiet)


@pytest.fixture(scope="session")
def swap_run() -> pipeline.Run:
    """The solved swap scenario of the shipped dataset, without switch points and answers on projects."""
    return pipeline.run(*open_scenario("swap", None, ROOT, {}), quiet)


@pytest.fixture(scope="session")
def swap_folder(swap_run: pipeline.Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its run folder, with the page."""
    place = tmp_path_factory.mktemp("swap") / "run"
    write_run(swap_run, place, lambda run, draft: publish.write(run, draft))
    return place


@pytest.fixture(scope="session", params=["pathway", "three_branches"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Page:
    """The run folder and page of a shipped plan with several planning years, and of one with several branches, without switch points."""
    place = tmp_path_factory.mktemp(request.param) / "run"
    run = pipeline.run(*open_scenario(request.param, None, ROOT, {}), quiet)
    write_run(run, place, lambda run, draft: publish.write(run, draft))
    return Page(place)
