"""A view of realistic size for the tests of the report: invented amounts on the true places, made without the model."""

from __future__ import annotations

import math
from functools import cache

import networkx as nx
import pandas as pd
import report_sample_tables as more

from maps.view import ReportView

SITES = """
wanzhou|万州经济技术开发区|Wanzhou ETDZ|park|chongqing|30.75|108.40
xipeng|九龙坡西彭工业园区|Xipeng Industrial Park|park|chongqing|29.313|106.326
fuling|涪陵高新技术产业开发区|Fuling Hi-tech Zone|park|chongqing|29.74|107.28
baitao|涪陵白涛工业园区|Fuling Baitao Industrial Park|park|chongqing|29.54|107.49
qianjiang|黔江高新技术产业开发区|Qianjiang Hi-tech Zone|park|chongqing|29.48|108.75
qijiang|綦江北渡工业园区|Qijiang Beidu Industrial Park|park|chongqing|29.06|106.60
meishan|四川眉山甘眉工业园区|Meishan Ganmei Industrial Park|park|sichuan|29.94|103.81
guangyuan|广元经济技术开发区|Guangyuan ETDZ|park|sichuan|32.40|105.79
qingchuan|青川经济开发区|Qingchuan ETDZ|park|sichuan|32.24|105.35
qingxi|涪陵清溪工业园区|Fuling Qingxi Industrial Park|park|chongqing|29.78|107.46
zhengyang|黔江正阳工业园区|Qianjiang Zhengyang Industrial Park|park|chongqing|29.47|108.75
nanchuan|南川水江氧化铝|Nanchuan Shuijiang alumina site|plant|chongqing|29.23|107.30
aba|阿坝(汶川)铝厂|Aba smelter (Wenchuan)|plant|sichuan|31.05|103.47
hechuan|合川再生铝基地|Hechuan recycling base|plant|chongqing|29.97|106.28
scrap_guangyuan|广元再生铝原材料仓储交易中心|Guangyuan scrap centre|scrap_centre|sichuan|32.40|105.79
scrap_fuling|涪陵再生铝原材料仓储交易中心|Fuling scrap centre|scrap_centre|chongqing|29.76|107.40
warehouse_cimc|重庆中集铝期货交割库|CIMC warehouse|warehouse|chongqing|29.66|106.33
port_wanzhou|万州新田港|Xintian port|port|chongqing|30.68|108.40
port_fuling|涪陵龙头港|Longtou port|port|chongqing|29.72|107.24
port_guoyuan|重庆果园港|Guoyuan port|port|chongqing|29.63|106.74
port_luohuang|珞璜码头|Luohuang wharf|port|chongqing|29.347|106.434
market_chongqing|重庆主城市场|Chongqing market|market|chongqing|29.57|106.55
market_chengdu|成都市场|Chengdu market|market|sichuan|30.67|104.07
market_yibin|宜宾动力电池市场|Yibin battery market|market|sichuan|28.77|104.62
gateway_jiangyin|江阴(长江口铝土矿转运)|Jiangyin (Yangtze mouth)|gateway|outside|31.92|120.28
gateway_shanghai|上海/长三角市场|Shanghai / Yangtze delta|gateway|outside|31.23|121.47
gateway_foshan|佛山/珠三角市场|Foshan / Pearl River delta|gateway|outside|23.03|113.12
gateway_zunyi|贵州遵义氧化铝|Zunyi alumina|gateway|outside|27.53|106.83
gateway_shanxi|山西吕梁/孝义氧化铝|Shanxi alumina|gateway|outside|37.15|111.77
gateway_gansu|甘肃兰州/陇西铝锭|Gansu ingots|gateway|outside|36.06|103.83
city_chengdu|成都废铝|Chengdu scrap|city|sichuan|30.62|104.02
city_deyang|德阳废铝|Deyang scrap|city|sichuan|31.13|104.39
city_nanchong|南充废铝|Nanchong scrap|city|sichuan|30.80|106.11
city_yibin|宜宾废铝|Yibin scrap|city|sichuan|28.77|104.64
zone_sichuan|四川电力区|Sichuan power zone|power_zone|sichuan|30.60|103.20
zone_chongqing|重庆电力区|Chongqing power zone|power_zone|chongqing|29.60|106.90
"""
HUBS = """
h_chengdu|成都|Chengdu|30.86|104.32
h_mianyang|绵阳|Mianyang|31.46|104.71
h_nanchong|南充|Nanchong|30.81|106.09
h_neijiang|内江|Neijiang|29.58|105.06
h_dazhou|达州|Dazhou|31.21|107.47
g_yichang|宜昌|Yichang|30.70|111.29
g_wuhan|武汉|Wuhan|30.60|114.31
g_xian|西安|Xi'an|34.35|108.94
g_ankang|安康|Ankang|32.69|109.03
g_guiyang|贵阳|Guiyang|26.65|106.63
g_huaihua|怀化|Huaihua|27.55|109.98
"""
EDGES = """
port_luohuang port_guoyuan water 75; port_guoyuan port_fuling water 82; port_fuling qingxi water 22; qingxi port_wanzhou water 190
port_wanzhou g_yichang water 321; g_yichang g_wuhan water 624; g_wuhan gateway_jiangyin water 935; gateway_jiangyin gateway_shanghai water 190
port_fuling baitao water 32; xipeng port_luohuang water 18; h_nanchong h_dazhou rail 155; h_dazhou wanzhou rail 157
h_dazhou warehouse_cimc rail 250; h_dazhou g_ankang rail 285; g_ankang g_xian rail 268; gateway_shanxi g_xian rail 480
h_chengdu h_neijiang rail 235; h_neijiang xipeng rail 238; xipeng warehouse_cimc rail 45; h_chengdu h_mianyang rail 120
h_mianyang qingchuan rail 133; qingchuan guangyuan rail 72; guangyuan gateway_gansu rail 505; guangyuan h_nanchong rail 200
h_nanchong warehouse_cimc rail 168; warehouse_cimc port_guoyuan rail 52; port_luohuang qijiang rail 42; qijiang gateway_zunyi rail 228
gateway_zunyi g_guiyang rail 128; warehouse_cimc port_fuling rail 125; port_fuling fuling rail 8; port_fuling baitao rail 35
baitao qianjiang rail 170; qianjiang g_huaihua rail 295; g_huaihua gateway_foshan rail 840; nanchuan port_fuling rail 60
h_chengdu meishan rail 125; port_wanzhou wanzhou rail 16; wanzhou port_wanzhou road 15; wanzhou h_dazhou road 160
wanzhou qianjiang road 250; h_dazhou guangyuan road 290; h_nanchong warehouse_cimc road 165; h_mianyang qingchuan road 120
qingchuan guangyuan road 68; h_chengdu meishan road 128; h_neijiang xipeng road 165; h_chengdu h_neijiang road 195
xipeng warehouse_cimc road 42; xipeng qijiang road 62; warehouse_cimc fuling road 105; fuling qingxi road 28; fuling baitao road 35
baitao qianjiang road 170; qianjiang zhengyang road 5; aba h_chengdu road 125; hechuan warehouse_cimc road 58
market_chongqing warehouse_cimc road 28; market_chongqing xipeng road 42; market_chengdu h_chengdu road 36; market_chengdu meishan road 92
market_yibin h_neijiang road 140; city_chengdu h_chengdu road 40; city_deyang h_chengdu road 45; city_deyang h_mianyang road 60
city_nanchong h_nanchong road 5; city_yibin market_yibin road 4; scrap_guangyuan guangyuan road 3; scrap_fuling fuling road 13
h_chengdu h_mianyang road 115; h_nanchong guangyuan road 205; nanchuan fuling road 65; fuling port_fuling road 8
"""
GOODS = """
bauxite|铝土矿|Bauxite|kt
alumina|氧化铝|Alumina|kt
liquid_aluminium|铝液|Liquid aluminium|kt
ingot|铝锭|Ingot|kt
slab|扁锭|Slab|kt
billet|铝棒|Billet|kt
foil_stock|铝箔坯料|Foil stock|kt
cast_alloy|铸造铝合金锭|Cast alloy|kt
sheet_common|普通板带|Common sheet|kt
sheet_auto|汽车板|Automotive sheet|kt
foil_battery|电池箔|Battery foil|kt
extrusion|建筑型材|Extrusions|kt
castings|汽车铸件|Castings|kt
scrap_mixed|混合旧废铝|Mixed old scrap|kt
scrap_new|新废铝|New scrap|kt
anode|预焙阳极|Anode|kt
electricity|电力|Electricity|GWh
"""
CAPACITY = """
wanzhou alumina 4780 0 0; wanzhou processing 150 0 0; wanzhou recycled 0 100 0; xipeng primary 120 0 0; xipeng casting 600 0 0
xipeng processing 1000 0 0; fuling processing 60 0 0; fuling recycled 0 0 0; baitao processing 300 0 0; qianjiang processing 60 0 0
qijiang primary 330 0 0; qijiang casting 150 0 0; qijiang processing 200 0 0; meishan primary 325 0 0; meishan casting 260 0 0
guangyuan primary 615 135 0; guangyuan casting 450 0 0; guangyuan processing 1084 0 0; guangyuan recycled 365 0 0
qingchuan recycled 300 100 0; qingxi primary 100 0 100; qingxi recycled 150 0 0; zhengyang primary 100 0 0; aba primary 120 0 0
hechuan recycled 200 0 0; market_chengdu processing 660 0 0; market_chengdu recycled 150 0 0
"""
FLOWS = """
gateway_jiangyin wanzhou bauxite 10755; wanzhou guangyuan alumina 1180; wanzhou meishan alumina 620; wanzhou qijiang alumina 640
wanzhou xipeng alumina 230; wanzhou zhengyang alumina 190; wanzhou qingxi alumina 190; wanzhou gateway_shanghai alumina 890
gateway_zunyi aba alumina 230; gateway_shanxi guangyuan alumina 120; guangyuan xipeng ingot 190; meishan xipeng ingot 150
qijiang xipeng slab 170; aba market_chengdu billet 95; gateway_gansu guangyuan ingot 260; zhengyang baitao slab 90
guangyuan baitao slab 140; meishan market_chengdu billet 240; guangyuan market_chengdu extrusion 180; guangyuan market_yibin foil_battery 70
xipeng market_chongqing sheet_auto 260; xipeng gateway_shanghai sheet_common 310; baitao market_chongqing sheet_auto 120
baitao gateway_shanghai sheet_common 90; guangyuan gateway_shanghai sheet_common 130; xipeng gateway_foshan sheet_common 60
qijiang market_chongqing castings 110; fuling market_chongqing castings 55; hechuan market_chongqing cast_alloy 90
qingxi fuling cast_alloy 60; qingchuan guangyuan billet 150; city_chengdu qingchuan scrap_mixed 95; city_deyang qingchuan scrap_mixed 40
city_nanchong hechuan scrap_mixed 50; city_yibin hechuan scrap_mixed 30; city_chengdu market_chengdu scrap_new 45
scrap_fuling qingxi scrap_new 60; scrap_guangyuan guangyuan scrap_new 80; gateway_shanxi guangyuan anode 300; guangyuan qingchuan liquid_aluminium 20
gateway_gansu meishan anode 160; wanzhou market_chongqing sheet_common 45; qianjiang gateway_foshan extrusion 30
"""
PERIODS = tuple(f"m{month:02d}" for month in range(1, 13))


def rows(text: str) -> list[list[str]]:
    """Lines of a block of text cut at the bars."""
    return [line.split("|") for line in text.strip().splitlines()]


def entries(text: str) -> list[list[str]]:
    """Entries cut at semicolons and line ends, words cut at blanks."""
    return [entry.split() for entry in text.replace("\n", ";").split(";") if entry.strip()]


def table(text: str, columns: str) -> pd.DataFrame:
    """A block of text as a table; latitude and longitude as numbers."""
    frame = pd.DataFrame(rows(text), columns=columns.split())
    return frame.assign(**{name: frame[name].astype(float) for name in ("lat", "lon") if name in frame})


@cache
def _graph() -> nx.MultiGraph:
    graph = nx.MultiGraph()
    for start, end, mode, km in entries(EDGES):
        graph.add_edge(start, end, key=mode, mode=mode, km=float(km), weight=float(km) * {"water": 0.15, "rail": 0.5}.get(mode, 1.0))
    return graph


def route(start: str, end: str) -> tuple[str, str, float]:
    """The cheapest way: its text, its main mode and its kilometres."""
    way = nx.dijkstra_path(_graph(), start, end)
    text, length, by_mode = way[0], 0.0, {"road": 0.0}
    for a, b in zip(way, way[1:], strict=False):
        edge = min(_graph()[a][b].values(), key=lambda cell: cell["weight"])
        text += f"~{edge['mode']}~{b}"
        length += edge["km"]
        by_mode[edge["mode"]] = by_mode.get(edge["mode"], 0.0) + edge["km"]
    return text, max(by_mode, key=by_mode.__getitem__), length


def flow() -> pd.DataFrame:
    """The flows above in twelve months, and small ones between many pairs up to about 600 a year."""
    yearly = [(good, start, end, float(amount)) for start, end, good, amount in entries(FLOWS)]
    sites = [row[0] for row in rows(SITES) if row[3] in ("park", "plant", "market") and row[0] in _graph()]
    goods = [row[0] for row in rows(GOODS)[7:16]]
    for number, start in enumerate(sites):
        for step, end in enumerate(sites):
            if start != end:
                for good in (goods[(number + step) % 9], goods[(number * 3 + step) % 9]):
                    yearly.append((good, start, end, 0.2 + (7 * number + 3 * step) % 11 / 10))
    cells = []
    for good, start, end, amount in yearly:
        text, mode, km = route(start, end)
        for period in PERIODS:
            cells.append((good, start, end, mode, period, amount / 12, 0.02 + 0.0002 * km, km, text))
    columns = ["commodity", "from", "to", "mode", "period", "value", "unit_cost", "kilometres", "route"]
    return pd.DataFrame(cells, columns=columns)


def capacity() -> pd.DataFrame:
    """Capacity by site and stage."""
    cells = [(site, f"{stage}_{site}", stage, *map(float, amounts)) for site, stage, *amounts in entries(CAPACITY)]
    return pd.DataFrame(cells, columns=["site", "unit", "stage", "existing", "added", "closed"])


def activity() -> pd.DataFrame:
    """Every unit at 90 % in twelve equal months."""
    cells = [
        (f"make_{row.stage}", row.site, period, 0.9 * (row.existing + row.added - row.closed) / 12)
        for row in capacity().itertuples() for period in PERIODS
    ]
    return pd.DataFrame(cells, columns=["technology", "site", "period", "value"])


def waterfalls() -> pd.DataFrame:
    """Four smelters whose parts add up: 14,262 yuan/t at Qijiang, worked out by hand."""
    steps = (
        ("alumina", "氧化铝", "Alumina", 1, 5480.0, "cash"), ("power", "电力", "Power", 1, 5690.0, "cash"),
        ("anode", "阳极与氟盐", "Anode and fluoride", 1, 1930.0, "cash"), ("labour", "人工与维修", "Labour and maintenance", 1, 620.0, "cash"),
        ("freight", "氧化铝运费", "Freight of alumina", 1, 242.0, "cash"), ("capital", "折旧与财务", "Depreciation and finance", 0, 0.0, "capital"),
        ("rent", "产能租金", "Capacity rent", 0, 300.0, "rent"),
    )
    cells = []
    for plant, zh, site, shift, capital in (
        ("qineng", "重庆旗能电铝", "qijiang", 0.0, 0.0), ("linfeng", "广元林丰", "guangyuan", -420.0, 380.0),
        ("tiantai", "重庆天泰", "xipeng", 650.0, 0.0), ("aba", "阿坝铝厂", "aba", -180.0, 210.0),
    ):
        parts = [(step, a, b, amount + (shift if step == "power" else 0) + (capital if group == "capital" else 0), group)
                 for step, a, b, _, amount, group in steps]
        total = sum(part[3] for part in parts)
        cells += [(site, plant, step, a, b, amount, group, total, zh, plant.title()) for step, a, b, amount, group in parts]
    return pd.DataFrame(cells, columns=["site", "plant", "step", "label_zh", "label_en", "yuan_per_t", "group", "total", "name_zh", "name_en"])


def balance_power() -> pd.DataFrame:
    """Two zones in balance every month."""
    cells = []
    for zone, size in (("zone_sichuan", 1.0), ("zone_chongqing", 0.4)):
        for number, period in enumerate(PERIODS):
            wet = size * (22000 + 16000 * math.exp(-(((number - 7) / 2.4) ** 2)))
            parts = {
                ("水电", "Hydro"): wet, ("火电", "Thermal"): 9000 * size, ("风光", "Wind and solar"): 2500 * size,
                ("电解铝", "Smelting"): -1200 * size, ("其他用户", "Other users"): -24000 * size,
            }
            parts["外送与联络线", "Exports and tie"] = -sum(parts.values())
            cells += [(zone, period, zh, en, value) for (zh, en), value in parts.items()]
    return pd.DataFrame(cells, columns=["zone", "period", "item_zh", "item_en", "value"])


def periods() -> pd.DataFrame:
    """Twelve months of 30 and 31 days, wet from June to October, dry from December to April."""
    days = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    seasons = ["dry"] * 4 + ["flat"] + ["wet"] * 5 + ["flat", "dry"]
    cells = [(period, slot, days[slot] / 365, seasons[slot]) for slot, period in enumerate(PERIODS)]
    return pd.DataFrame(cells, columns=["period", "slot", "length", "season"])


def view(**changes: object) -> ReportView:
    """The whole sample; ``changes`` replace fields."""

    fields: dict[str, object] = {
        "title_zh": "川渝铝产业布局优化:基准情景 2027", "title_en": "Sichuan–Chongqing aluminium siting: base case 2027", "scenario": "base",
        "sites": table(SITES, "site name_zh name_en kind region lat lon"), "nodes": table(HUBS, "node name_zh name_en lat lon"),
        "commodities": table(GOODS, "commodity name_zh name_en unit"), "capacity": capacity(), "activity": activity(), "flow": flow(),
        "periods": periods(), "waterfalls": waterfalls(), "balance_power": balance_power(), **more.fields(),
    }
    return ReportView(**{**fields, **changes})  # type: ignore[arg-type]
