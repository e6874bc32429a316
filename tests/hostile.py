"""Names that try to become code, on every path by which text enters the report."""

from __future__ import annotations

import pandas as pd

from maps.view import COLUMNS, NUMBERS, ReportView

MARK = "document.documentElement.dataset.pwned=1"
PAYLOADS = (
    f"</script><script>{MARK}</script>",
    f'<img src=x onerror="{MARK}">',
    f'"><svg onload="{MARK}">',
    "seven{{7*7}}seven",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{% for x in 1 %}{% endraw %}{# note #}",
    f"${{{MARK}}}",
    f"`+({MARK})+`",
    f"\\u003cscript\\u003e{MARK}\\x3c/script\\x3e\\",
    f"';{MARK};//",
    f"--><script>{MARK}</script><!--",
    f"</style><script>{MARK}</script>",
    "url(http://evil.example/x) @import 'http://evil.example/y'",
    "=cmd|'/C calc'!A0",
    "=HYPERLINK(\"http://evil.example\",\"x\")",
    "+1+1", "-2+3", "@SUM(1)", "http://evil.example/page",
    "\u2028line\u2029end",
    "../../etc/passwd", "C:\\evil\\x.xlsx", "]]>&amp;&#60;b&#62;", "$\\frac{1}{2}$",
)


def _cell(column: str, number: int) -> object:
    """A number where the view wants one, else the next payload."""
    return float(number % 7 + 1) if column in NUMBERS else PAYLOADS[number % len(PAYLOADS)]


def _frame(table: str, rows: int = len(PAYLOADS)) -> pd.DataFrame:
    """Every text cell of ``rows`` rows is hostile; each column goes through all payloads."""
    required, optional = COLUMNS[table]
    columns = (*required, *optional)
    return pd.DataFrame([{name: _cell(name, row + place) for place, name in enumerate(columns)} for row in range(rows)])


def view() -> ReportView:
    """A report in which every id, name, note, unit, stage and mode is hostile, and still has a map with flows."""
    frames = {table: _frame(table) for table in COLUMNS if COLUMNS[table][0]}
    count = len(PAYLOADS)
    sites = frames["sites"].assign(site=PAYLOADS, name_zh=PAYLOADS, name_en=PAYLOADS[::-1])
    kinds = ["park", "market", "gateway", "port", PAYLOADS[0]]
    frames["sites"] = sites.assign(
        kind=[kinds[row % 5] for row in range(count)], lat=[29.0 + 0.2 * row for row in range(count)], lon=[104.0 + 0.25 * row for row in range(count)]
    )
    frames["commodities"] = frames["commodities"].assign(commodity=PAYLOADS, unit="kt")
    stages = ["alumina", "primary", "casting", "processing", "recycled"]
    frames["capacity"] = frames["capacity"].assign(site=PAYLOADS, stage=[stages[row % 5] for row in range(count)])
    frames["technologies"] = frames["technologies"].assign(technology=PAYLOADS, stage=[stages[row % 5] for row in range(count)])
    frames["activity"] = frames["activity"].assign(technology=PAYLOADS, site=PAYLOADS)
    flow = {"commodity": PAYLOADS, "from": PAYLOADS, "to": [*PAYLOADS[1:], PAYLOADS[0]], "value": [50.0 + row for row in range(count)]}
    frames["flow"] = frames["flow"].assign(**flow)
    for table in ("firms", "duals", "plan", "supply", "sale", "short"):
        frames[table] = frames[table].assign(site=PAYLOADS)
    frames["waterfalls"] = frames["waterfalls"].assign(plant=PAYLOADS, group="cash", total=frames["waterfalls"]["yuan_per_t"])
    frames["sources"] = pd.DataFrame({"source": PAYLOADS, PAYLOADS[1]: PAYLOADS})
    return ReportView(
        title_zh=PAYLOADS[0], title_en=PAYLOADS[3], scenario=PAYLOADS[1], summary={"status": PAYLOADS[1], "objective": 1.0, "unit": PAYLOADS[0]},
        provenance={PAYLOADS[0]: PAYLOADS[3], "versions": {PAYLOADS[1]: PAYLOADS[6]}, "date": PAYLOADS[7]},
        sentences=list(zip(PAYLOADS, PAYLOADS[::-1], strict=True)), map_approval=PAYLOADS[0], question=(PAYLOADS[2], PAYLOADS[5]), inputs=list(zip(PAYLOADS, PAYLOADS[::-1], strict=True)), **frames,
    )
