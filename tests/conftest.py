"""What several test files share: the shipped base scenario, read and solved once per worker."""

from __future__ import annotations

import pytest
from runs import ROOT, quiet

from model import pipeline
from model.opening import open_scenario


@pytest.fixture(scope="session")
def base_run() -> pipeline.Run:
    """The solved base scenario of the shipped dataset, without switch points."""
    return pipeline.run(*open_scenario(None, None, ROOT, {}), quiet)
