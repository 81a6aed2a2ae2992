"""Public places: which ones a seat, a town and a village have, each on a block where it would be."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from county.sample import names
from county.sample.frame import Points
from county.sample.towns.blocks import Block
from county.sample.towns.houses import Houses

REACH_M: Final = 6_000.0
SHORT: Final = names.SEAT[0]
COUNTY: Final = names.COUNTY[0]
AT: Final = {
    "school": ("campus", "residential", "town", "lanes"), "hospital": ("campus", "commercial", "town"),
    "university": ("campus",), "fuel": ("industrial", "residential", "town"), "mall": ("commercial",),
    "market": ("commercial", "lanes", "town"), "community": ("residential", "towers", "lanes"),
    "kindergarten": ("residential", "towers", "town", "lanes"), "bank": ("commercial",), "hotel": ("commercial",),
}  # fmt: skip
USUAL: Final = ("commercial", "residential", "town", "lanes", "towers")
SEAT: Final = (
    ("townhall", f"{COUNTY}人民政府"), ("government", "县应急管理局"),
    ("hospital", f"{COUNTY}第一人民医院"), ("hospital", f"{COUNTY}中医院"),
    ("hospital", f"{COUNTY}第二人民医院"), ("hospital", f"{COUNTY}妇幼保健院"), ("police", f"{COUNTY}公安局"),
    ("fire_station", f"{COUNTY}消防救援大队"), ("bus_station", f"{SHORT}汽车客运中心"), ("school", f"{COUNTY}第一中学"),
    ("school", f"{COUNTY}实验小学"), ("school", f"{COUNTY}第二中学"), ("school", f"{COUNTY}第三中学"),
    ("school", f"{COUNTY}职业中专"), ("school", "北门小学"), ("school", "城东小学"), ("school", "城西小学"),
    ("school", "江南小学"), ("school", "江南实验学校"), ("school", "文昌中学"), ("school", "滨江小学"),
    ("school", "育才学校"), ("kindergarten", "县机关幼儿园"), ("kindergarten", "桂花幼儿园"), ("kindergarten", "江南幼儿园"),
    ("kindergarten", "小太阳幼儿园"),
    ("kindergarten", "实验幼儿园"), ("kindergarten", "滨江幼儿园"), ("kindergarten", "城北幼儿园"),
    ("mall", f"{SHORT}万福广场"), ("mall", "新华购物中心"), ("mall", "江南天地"), ("mall", "岚江印象城"), ("mall", "好又佳超市"),
    ("market", "南门农贸市场"), ("market", "城北农贸市场"), ("market", "江南农贸市场"), ("market", "东门菜市场"),
    ("library", f"{COUNTY}图书馆"), ("library", f"{COUNTY}文化馆"), ("museum", f"{COUNTY}博物馆"), ("bank", "县农商银行"),
    ("bank", "工商支行"), ("bank", "建设支行"), ("bank", "农业支行"), ("post_office", f"{SHORT}邮政局"),
    ("police", "城东派出所"), ("police", "城西派出所"), ("police", "城中派出所"), ("police", "江南派出所"),
    ("police", "开发区派出所"), ("police", "县交警大队"), ("fire_station", "城东消防救援站"), ("fire_station", "江南消防救援站"),
    ("fire_station", "开发区消防救援站"), ("fuel", "环城东路加油站"), ("fuel", "文昌加油站"), ("fuel", "北门加油站"),
    ("fuel", "江南加油站"), ("fuel", "开发区加油站"), ("fuel", "迎宾加油站"), ("pharmacy", "同济大药房"),
    ("pharmacy", "百姓药店"),
    ("pharmacy", "江南药房"), ("hotel", f"{SHORT}宾馆"), ("hotel", "岚江大酒店"), ("hotel", "江南国际酒店"),
    ("clinic", "城中社区卫生服务中心"), ("clinic", "江南社区卫生服务中心"), ("clinic", "城北社区卫生服务站"),
    ("clinic", "开发区卫生服务站"), ("government", "县水利局"), ("government", "县林业局"),
    ("government", "县住房和城乡建设局"), ("government", "县交通运输局"), ("government", "县综合行政执法局"),
    ("government", "县生态环境分局"), ("government", "县卫生健康局"), ("government", "县气象局"), ("government", "县数据局"),
    ("government", "青云街道办事处"), ("university", f"{SHORT}职业技术学院"), ("nursing_home", "县社会福利院"),
    ("nursing_home", "夕阳红养老院"), ("bus_station", "城北公交站场"), ("bus_station", "江南公交站场"),
)  # fmt: skip
COMMUNITIES: Final = (
    "城中", "鼓楼", "南门", "北门", "东门", "西门", "文昌", "桂花", "滨江", "府前", "学府", "新华", "和平", "清河", "仓前",
    "江南", "望江", "锦绣", "翠竹", "阳光", "听涛", "兴业", "龙山", "永宁", "富强", "泰和",
)  # fmt: skip
TOWN: Final = (
    ("townhall", "{name}人民政府"), ("clinic", "{name}卫生院"), ("police", "{short}派出所"), ("school", "{short}中心小学"),
    ("fuel", "{short}加油站"), ("market", "{short}农贸市场"), ("bus_station", "{short}客运站"),
    ("fire_station", "{short}专职消防队"), ("school", "{short}初级中学"), ("post_office", "{short}邮政所"),
    ("kindergarten", "{short}中心幼儿园"), ("bank", "{short}农商银行"), ("community", "{short}社区"), ("mall", "{short}供销超市"),
    ("nursing_home", "{short}敬老院"), ("library", "{short}文化站"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """One point of interest."""

    kind: str
    name: str
    at: Points
    address: str = ""


def of_seat(rng: np.random.Generator, blocks: list[Block]) -> list[Mark]:
    """Return the seat's marks: those of the whole county, and the communities."""
    wanted = [*SEAT, *(("community", f"{name}社区") for name in COMMUNITIES)]
    most = max(20, int(len(blocks) * 0.8))
    return list(_placed(rng, blocks, wanted[:most] if len(blocks) < len(wanted) else wanted))


def of_town(rng: np.random.Generator, name: str, blocks: list[Block]) -> list[Mark]:
    """Return a town's marks."""
    short = name.removesuffix("街道").removesuffix("镇").removesuffix("乡")
    whole = name if not name.endswith("街道") else short
    wanted = [(kind, text.format(name=whole, short=short)) for kind, text in TOWN]
    if name.endswith("街道"):
        wanted[0] = ("townhall", f"{name}办事处")
        wanted[1] = ("clinic", f"{short}社区卫生服务中心")
    return list(_placed(rng, blocks, wanted))


def of_village(order: int, name: str, houses: Houses) -> list[Mark]:
    """Return a village's marks, on houses of it: the committee, here and there a clinic, a school, a shop."""
    if len(houses) < 14:
        return []
    spots = shapely.get_coordinates(shapely.centroid(houses.shapes))
    short = name.removesuffix("村")
    wanted = [("community", f"{short}村委会")]
    wanted += [("clinic", f"{short}村卫生室")] * (order % 3 == 0) + [("school", f"{short}小学")] * (
        order % 7 == 0
    )
    wanted += [("kindergarten", f"{short}幼儿园")] * (order % 11 == 0) + [
        ("market", f"{short}便民超市")
    ] * (order % 5 == 0)
    step = max(1, len(spots) // (len(wanted) + 1))
    return [Mark(kind, text, spots[(k + 1) * step - 1]) for k, (kind, text) in enumerate(wanted)]


def peaks(names_: tuple[str, ...], heights: Points, at: Points) -> list[Mark]:
    """Return the summits, named, with their height."""
    return [
        Mark("peak", f"{name} {round(float(h))} m", xy)
        for name, h, xy in zip(names_, heights, at, strict=False)
    ]


def _where(name: str, block: Block) -> bool:
    """Say whether a block lies where a name says: 城东 in the east, 江南 beyond the river."""
    quarter = block.quarter
    if quarter.kind != "city":
        return True
    east, north = (block.middle - quarter.middle) / REACH_M
    if "开发区" in name:
        return bool(shapely.intersects(quarter.works, block.shape))
    for word, holds in (
        ("江南", north < -0.07), ("城东", east > 0.12), ("东门", east > 0.08), ("城西", east < -0.12), ("西门", east < -0.08),
        ("城北", north > 0.16), ("北门", north > 0.12), ("南门", -0.02 < north < 0.1), ("滨江", abs(north) < 0.1),
    ):  # fmt: skip
        if word in name:
            return bool(holds)
    if block.quarter.kind == "city" and name.startswith(("县", COUNTY, "城中", SHORT)):
        return bool(abs(east) < 0.2 and 0.0 < north < 0.24)
    return True


def _placed(
    rng: np.random.Generator, blocks: list[Block], wanted: list[tuple[str, str]]
) -> Iterator[Mark]:
    if not blocks:
        return
    free = [blocks[int(i)] for i in rng.permutation(len(blocks))]
    for kind, name in wanted:
        uses = AT.get(kind, USUAL)
        use_rank = {use: rank for rank, use in enumerate(uses)}
        there = (
            block
            for block in sorted(free, key=lambda block: use_rank.get(block.use, 99))
            if _where(name, block)
        )
        fitting = next((block for block in there if block.use in use_rank), None)
        fitting = fitting or next(
            (block for use in uses for block in free if block.use == use), None
        )
        block = fitting or (free[0] if free else blocks[int(rng.integers(len(blocks)))])
        if block in free:
            free.remove(block)
        corners = np.asarray(shapely.get_coordinates(block.shape))
        corner = corners[int(rng.integers(0, len(corners)))]
        inner = np.asarray(shapely.get_coordinates(shapely.point_on_surface(block.shape)))[0]
        yield Mark(kind, name, inner + 0.15 * (corner - inner))
