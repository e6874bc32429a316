"""A headless browser without a network, for the tests of the pages."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from markupsafe import escape

from maps import offline

BROWSER = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--enable-logging=stderr", "--v=0", "--virtual-time-budget=6000", "--window-size=1320,1500", "--host-resolver-rules=MAP * ~NOTFOUND",
)
START = "report.after();"
A4, A3 = (841.91998, 594.95996), (1191.12, 841.91998)  # landscape, points as the browser writes them


def opened(folder: Path, text: str, fragment: str = "") -> tuple[str, list[str]]:
    """The page after its scripts ran, and what the console said."""
    path = folder / "report.html"
    path.write_text(text, encoding="utf-8")
    command = [str(BROWSER), *FLAGS, f"--user-data-dir={folder / 'profile'}", "--dump-dom", f"{path.as_uri()}{fragment}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def printed(folder: Path, text: str) -> list[tuple[float, float]]:
    """Width and height in points of every page when ``text`` is printed."""
    path, target = folder / "report.html", folder / "report.pdf"
    path.write_text(text, encoding="utf-8")
    command = [str(BROWSER), *FLAGS, f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={target}", path.as_uri()]
    subprocess.run(command, capture_output=True, timeout=60, check=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", target.read_bytes())
    return [(float(wide), float(high)) for wide, high in boxes]


def root(dom: str) -> dict[str, str]:
    """Attributes of the html element."""
    return dict(re.findall(r'([\w-]+)="([^"]*)"', re.search(r"<html[^>]*>", dom).group(0)))


def started_with(text: str, script: str) -> str:
    """The page with ``script`` as its last script, allowed by its policy."""
    changed = text.replace(f"<script>{START}</script>", f"<script>{script}</script>")
    return changed.replace(escape(offline.script_hash(START)), escape(offline.script_hash(script)))
