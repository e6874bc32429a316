"""What every page is made with: the template engine that escapes every text, styles, scripts and the policy that allows nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup

from maps import offline
from maps.escape import word
from maps.palette import ASSETS, STAGE_COLOURS, groups
from maps.view import STAGES


@cache
def _engine() -> jinja2.Environment:
    """Our own template engine: escapes every text and fails on an unknown name."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(ASSETS), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=False
    )


def rendered(template: str, context: dict[str, Any], *, scripts: Sequence[str] = (), after: Sequence[str] = (), styles: Sequence[str] = ()) -> str:
    """A whole page as HTML: ``scripts`` run before the page's own, ``after`` behind it; ``styles`` stand before the page's own.

    Raises ExternalAssetError if anything in it would be loaded from outside.
    """
    every = [*scripts, asset("page.js"), *after, "report.after();"]
    looks = [*styles, asset("style.css"), _swatches()]
    text = _engine().get_template(template).render(
        context | {
            "word": word, "scripts": [Markup(script) for script in every], "styles": [Markup(style) for style in looks],
            "policy": offline.policy(every),
        }
    )
    offline.refuse_external(text)
    return text


def asset(name: str) -> str:
    """A file of the assets folder, ends of lines as ``\\n``."""
    return (ASSETS / name).read_text(encoding="utf-8").strip()


def _swatches() -> str:
    """Style rules for the coloured squares of stages and goods."""
    rules = [f".stage-{stage} {{ background: {STAGE_COLOURS[stage]}; }}" for stage in STAGES]
    rules += [f".swatch-{group.key} {{ background: {group.colour}; }}" for group in groups()]
    return "\n".join(rules)
