"""Why a row of a call log is refused, or taken with a remark: one row each, in both languages."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason in both languages."""

    zh: str
    en: str


REFUSED: Final = {
    "field_missing": Reason("缺少必填内容", "a required field is empty"),
    "columns_missing": Reason("列数不足", "the row has too few or too many columns"),
    "time_unreadable": Reason("时间无法读取", "a time cannot be read"),
    "time_never_was": Reason(
        "该时刻不存在(夏令时跳过)", "a local time that was skipped by summer time"
    ),
    "time_out_of_order": Reason("时间先后颠倒", "a later step stands before an earlier one"),
    "place_unreadable": Reason("坐标无法读取", "the position cannot be read"),
    "place_swapped": Reason("经纬度颠倒", "longitude and latitude are swapped"),
    "place_far_outside": Reason("坐标远在来源地区之外", "the position is far outside the log's own area"),
    "town_missing": Reason("缺少乡镇", "the township is empty"),
    "category_unknown": Reason("事件类型不认识", "the kind of call is not known"),
    "priority_unknown": Reason("优先级不认识", "the priority is not known"),
    "unit_kind_unknown": Reason("力量类型不认识", "the kind of unit is not known"),
    "disposition_unknown": Reason("处置结果不认识", "the final disposition is not known"),
    "row_twice": Reason("重复的行", "the row stands in the file twice"),
    "call_disagrees": Reason("与同一来电的其他行矛盾", "the row disagrees with others of its call"),
}  # fmt: skip

REMARKS: Final = {
    "never_on_scene": Reason("未到场(途中取消)的行", "rows of units that never arrived (cancelled)"),
    "never_responded": Reason("未出动的行", "rows of units that never set out"),
    "available_missing": Reason("缺少恢复待命时间", "rows without the time of becoming available"),
    "hospital_time_dropped": Reason(
        "转运或到院时间颠倒,已略去该时间", "rows whose transport or hospital time is out of order: that time was left out"
    ),
    "time_ambiguous": Reason("夏令时重叠的时刻,取较早者", "local times that happened twice: the earlier was taken"),
    "place_default": Reason("来源的默认坐标(未能定位)", "rows at the log's own default position (not located)"),
    "out_of_file_order": Reason("文件中先后颠倒的行", "rows that stand in the file before an earlier one"),
}  # fmt: skip
