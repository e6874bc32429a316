"""What the report shows by month stands in the order of the calendar."""

from __future__ import annotations

from maps.assemble import power_table
from model.explore.labels import Labels

MONTHS = [f"m{month:02d}" for month in range(1, 13)]


def test_every_zone_shows_its_months_in_order(base_run):
    """A source that flows from June on only must not begin the year of its zone."""
    table = power_table(base_run, Labels(base_run))
    shown = {zone: list(dict.fromkeys(rows["period"])) for zone, rows in table.groupby("zone")}
    assert shown == {"zone_chongqing": MONTHS, "zone_sichuan": MONTHS}
