"""The names people give themselves in a text: 我是张三, 本人李四, 报告人王五, my name is …; none that only might be one."""

import re
from collections.abc import Iterator
from typing import Final

# The commonest family names; of those that are words of the street too (路, 车, 水, 房…) none, so that nothing is guessed.
_FAMILY: Final = (
    "欧阳|上官|司马|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|"
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范廖"
    "石金韦贾夏付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪"
    "庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲屈饶解牟艾尤阳时穆农司卓古吉缪简项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫柏瞿阎佟]"
)
_ROLES: Final = re.compile(
    "居民|业主|住户|租户|司机|路人|老师|学生|家长|群众|市民|村民|游客|商户|商家|邻居|工人|职工|员工|单位|公司"
    "|高中|初中|安全员|管理员|负责|巡查|路过|过路"
)
# Signs that are hardly ever in a given name and often in what else may follow 我是.
_UNLIKELY: Final = r"的了在来去从过个这那是有没不要就也都想给打住员们"
_GIVEN: Final = rf"(?:[\u4e00-\u9fff](?<![{_UNLIKELY}]))"
_CALLED: Final = "先生|女士|小姐|师傅|老师|同志|医生|大爷|大妈|阿姨|某某|某"
# What may follow a name where nobody wrote a stop.
_AFTER: Final = r"(?=[\s,.;:!?、。()<\[\d]|$|住|家住|电话|手机|联系|反映|投诉|举报|报告|发现|看到|想|要|在|来|今|昨|刚|现在)"
_SAID: Final = re.compile(
    r"(?:我叫|我是|我姓|我名叫|本人姓?|姓名|联系人|来电人|反映人|诉求人|报告人|报警人|投诉人|举报人)[是为叫]?[ \t]*"
    rf"(?P<name>(?:{_FAMILY})(?:{_CALLED}|{_GIVEN}{{1,2}}?(?:{_CALLED})?)){_AFTER}"
)
_ENGLISH: Final = re.compile(
    r"\b(?i:my name is|this is|i am|i'm)\s+(?P<name>[A-Z][a-z]+(?:\s[A-Z][a-z]+){1,2})\b"
)


def names_said(text: str) -> Iterator[tuple[int, int]]:
    """Yield where names stand that people said of themselves; the signs of `text` are of half width."""
    for pattern in (_SAID, _ENGLISH):
        for found in pattern.finditer(text):
            if not _ROLES.match(found["name"]):
                yield found.span("name")
