"""From convenience tables to core rows: industry, policy and geography live here and in the tables, never below.

Each module offers ``expand(tables, core, problems)``: ``tables`` are all tables after the scenario's changes, ``core``
the core rows made so far; it returns the core rows it adds and reports what is wrong as located problems.
"""

from __future__ import annotations
