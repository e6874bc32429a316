"""Names of sites and goods in both languages, and their short forms for the map."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from maps.escape import both
from maps.view import ReportView

# long endings that a map label does not need, the longest first
SHORT_ZH: Final = (
    ("高新技术产业开发区", "高新区"), ("经济技术开发区", "经开区"), ("经济开发区", "经开区"), ("工业园区", "园区"),
)
SHORT_EN: Final = ((" Industrial Park", ""), (" Economic and Technological Development Zone", " ETDZ"), (" industrial park", ""))


class Names:
    """Looks up the two names of an id; an unknown id stands for itself."""

    def __init__(self, view: ReportView) -> None:
        self._sites = _pairs(view.sites["site"], view.sites["name_zh"], view.sites["name_en"])
        goods = view.commodities
        self._goods = _pairs(goods["commodity"], goods["name_zh"], goods["name_en"])
        self.unit: dict[str, str] = dict(zip(goods["commodity"], goods["unit"], strict=True))
        technologies = view.technologies
        self._technologies = _pairs(technologies["technology"], technologies["name_zh"], technologies["name_en"])

    def site(self, key: str) -> tuple[str, str]:
        """Chinese and English name of a site."""
        return self._sites.get(key, (key, key))

    def good(self, key: str) -> tuple[str, str]:
        """Chinese and English name of a commodity."""
        return self._goods.get(key, (key, key))

    def technology(self, key: str) -> tuple[str, str]:
        """Chinese and English name of a technology."""
        return self._technologies.get(key, (key, key))

    def short(self, key: str) -> tuple[str, str]:
        """The names of a site without endings such as 经济技术开发区, without a remark in brackets."""
        zh, en = self.site(key)
        for long, short in SHORT_ZH:
            zh = zh.replace(long, short)
        for long, short in SHORT_EN:
            en = en.replace(long, short)
        return _without_remark(zh, "(（") or zh, _without_remark(en, "(") or en

    def site_markup(self, key: str) -> Markup:
        """Both names of a site for the page."""
        return both(*self.site(key))

    def good_markup(self, key: str) -> Markup:
        """Both names of a commodity for the page."""
        return both(*self.good(key))


def _without_remark(name: str, brackets: str) -> str:
    """``name`` up to its first bracket."""
    for bracket in brackets:
        name = name.split(bracket)[0]
    return name.strip()


def _pairs(keys: object, chinese: object, english: object) -> dict[str, tuple[str, str]]:
    """id → (Chinese, English), each replaced by the other or by the id where blank."""
    rows = zip(keys, chinese, english, strict=True)  # type: ignore[call-overload]
    return {key: (zh or en or key, en or zh or key) for key, zh, en in rows}
