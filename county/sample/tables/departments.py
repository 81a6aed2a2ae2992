"""The departments of the sample county, under the codes that categories and accounts use."""

from collections.abc import Iterator
from typing import Final

from county.sample.tables.land import Land

COLUMNS: Final = ("code", "name", "name_en", "kind", "phone")
# Code, name without the county's, English name, kind.
DEPARTMENTS: Final = (
    ("fire", "消防救援大队", "Fire and Rescue Brigade", "rescue"),
    ("medical", "医疗急救中心", "Emergency Medical Centre", "rescue"),
    ("police", "公安局", "Public Security Bureau", "bureau"),
    ("traffic_police", "公安局交警大队", "Traffic Police Brigade", "bureau"),
    ("emergency", "应急管理局", "Emergency Management Bureau", "bureau"),
    ("urban_management", "城市管理局", "Urban Management Bureau", "bureau"),
    ("water", "供水有限公司", "Water Supply Company", "utility"),
    ("drainage", "排水管理所", "Drainage Office", "utility"),
    ("gas", "燃气有限公司", "Gas Company", "utility"),
    ("power", "供电公司", "Power Supply Company", "utility"),
    ("heating", "热力有限公司", "Heating Company", "utility"),
    ("transport", "交通运输局", "Transport Bureau", "bureau"),
    ("environment", "生态环境分局", "Environment Bureau", "bureau"),
    ("telecom", "通信发展办公室", "Telecom Office", "utility"),
    ("housing", "住房和城乡建设局", "Housing and Construction Bureau", "bureau"),
    ("gardens", "园林绿化中心", "Parks and Gardens Centre", "centre"),
    ("sanitation", "环境卫生中心", "Environmental Sanitation Centre", "centre"),
    ("water_affairs", "水利局", "Water Affairs Bureau", "bureau"),
    ("natural_resources", "自然资源和规划局", "Natural Resources Bureau", "bureau"),
    ("forestry", "林业局", "Forestry Bureau", "bureau"),
    ("health", "卫生健康局", "Health Bureau", "bureau"),
    ("market", "市场监督管理局", "Market Supervision Bureau", "bureau"),
    ("petition", "12345 热线办公室", "12345 Hotline Office", "centre"),
    ("data", "大数据中心", "Data Centre", "centre"),
    ("town", "乡镇(街道)", "Towns and Subdistricts", "town"),
)


def rows(land: Land) -> Iterator[list[object]]:
    """Yield the departments; no telephone numbers: an invented one may be somebody's."""
    county = land.county
    english = county.name_en.removesuffix(" County")
    for code, name, name_en, kind in DEPARTMENTS:
        own = code not in {"town", "petition"}
        yield [code, f"{county.name_zh}{name}" if own else name, f"{english} {name_en}", kind, ""]
