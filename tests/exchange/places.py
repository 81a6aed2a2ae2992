"""Three places by name, for the console of these tests."""

import numpy as np

from county.gazetteer.model import Names
from county.gazetteer.search import Gazetteer

GAZETTEER = Gazetteer(
    Names(
        names=["人民路", "人民路", "县第一人民医院"],
        names_en=["", "", "First People's Hospital"],
        kinds=["primary", "residential", "hospital"],
        towns=["武康街道", "乾元镇", "武康街道"],
        lons_deg=np.array([119.2, 119.8, 119.5]),
        lats_deg=np.array([30.5, 30.5, 30.5]),
        weights=np.array([0.5, 0.5, 0.8]),
    ),
    towns_en={"武康街道": "Wukang", "乾元镇": "Qianyuan"},
)
