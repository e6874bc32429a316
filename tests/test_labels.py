"""What units are called: after the technology that alone uses them, by a name of their own where several do."""

from __future__ import annotations

import pytest
from runs import dataset, solved

from model.explore.labels import Labels

WORKS = {
    "recipes": "technology commodity quantity\nfoil x 1\ncan x 1\nauto x 1\nslab x 1\nbillet x 1\nrod x 1",
    "tech_sites": "technology site variable_cost\nfoil a 1\ncan a 1\nauto a 1\nslab a 1\nbillet a 1\nrod a 1\nslab b 1",
    "capacity_use": "technology unit use\nfoil rolling 1\ncan rolling 1\nauto rolling 1\nslab mixer 1\nbillet mixer 1\nrod rod_line 1\nfoil oven 1\ncan oven 1\nauto oven 1",
    "capacity": "unit site amount\nrolling a 9\nmixer a 9\nrod_line a 9\nmixer b 9\noven a 9",
    "demand": "commodity site min max price\nx a 1 1 0",
}


@pytest.fixture(scope="module")
def labels(tmp_path_factory) -> Labels:
    return Labels(solved(dataset(tmp_path_factory.mktemp("works") / "data", **WORKS)))


def test_a_unit_of_one_technology_is_called_after_it(labels):
    assert labels.unit("rod_line", "a") == ("rod", "rod")
    assert labels.unit("mixer", "b") == ("slab", "slab")  # of the two that share it only this one is permitted there


def test_a_shared_unit_has_a_name_of_its_own(labels):
    assert labels.unit("rolling", "a") == ("热轧冷轧线", "rolling mills")


def test_a_shared_unit_without_name_is_called_after_all_that_use_it(labels):
    assert labels.unit("mixer", "a") == ("billet、slab共用的产线", "line shared by billet, slab")
    zh, en = labels.unit("oven", "a")
    assert zh == "auto、can等共用的产线" and en == "line shared by auto, can and others"  # in the order of their ids


def test_a_unit_that_nobody_uses_is_its_id(labels):
    assert labels.unit("crane", "a") == ("crane", "crane")


def test_every_shared_unit_of_the_shipped_dataset_has_a_name(base_run):
    known = Labels(base_run)
    use = base_run.results.case.relations["use"]
    for (unit, site), users in use.groupby(["unit", "site"])["technology"].unique().items():
        zh, en = known.unit(unit, site)
        assert len(users) == 1 or ("共用" not in zh and "shared" not in en and zh != unit), unit
    assert known.unit("casthouse", "meishan")[1] == "casthouse (slab and billet)"
