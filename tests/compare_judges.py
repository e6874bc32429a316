"""Every judge of the page of a comparison, in one walk."""

from __future__ import annotations

import compare_maps
import compare_options
import compare_tables
import compare_words
from page_walk import Walk

MODULES = (compare_tables, compare_maps, compare_words, compare_options)
WALK = Walk({key: judge for module in MODULES for key, judge in module.JUDGES.items()}, compare_maps.ORDERED | compare_words.ORDERED)
