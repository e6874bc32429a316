"""Every judge of the pages of a plan, in one walk."""

from __future__ import annotations

import page_gains
import page_walk_charts
import page_walk_popups
import page_walk_prices
import page_walk_sources
import page_walk_tables
import page_walk_words
from page_walk import Walk

MODULES = (page_walk_tables, page_walk_words, page_walk_prices, page_walk_charts, page_walk_popups, page_walk_sources, page_gains)
WALK = Walk({key: judge for module in MODULES for key, judge in module.JUDGES.items()}, page_walk_words.ORDERED | page_walk_charts.ORDERED)
