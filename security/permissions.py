"""Everything somebody may do, as `room.verb`, and what it is for in both languages."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Permission:
    """One thing somebody may do, as `room.verb`."""

    name: str
    zh: str
    en: str

    @property
    def told(self) -> dict[str, str]:
        """Return what a refusal says of it."""
        return {"permission": self.name, "purpose_zh": self.zh, "purpose_en": self.en}


_ROWS: Final = (
    Permission("report.create", "登记报告(随之立为案件)", "take a report, which opens a case"),
    Permission("report.import", "用表格批量登记报告", "take many reports from a file"),
    Permission(
        "category.import",
        "用表格增加类别及其时限的新版本",
        "add versions of categories and their limits from a file",
    ),
    Permission(
        "case.read",
        "查看案件、办理经过和报告(电话隐去)",
        "see cases, their timelines and reports (phones masked)",
    ),
    Permission("case.verify", "要求核实报告", "ask that a report be verified"),
    Permission("case.file", "立案并改正类别", "file a case and set its category right"),
    Permission("case.reject", "不予立案", "refuse to file"),
    Permission("case.merge", "并案与拆分", "merge duplicates and part them again"),
    Permission("case.dispatch", "派遣部门和力量", "send departments and units"),
    Permission(
        "case.act",
        "为本部门签收、退回、到场、控制和反馈",
        "accept, return, arrive, control and resolve for one's own department",
    ),
    Permission("case.act_for", "按电台报告代部门记录", "record by radio what a department did"),
    Permission(
        "case.check",
        "安排核查、要求返工",
        "order the check of a resolved case and order rework",
    ),
    Permission("case.close", "按处置结果结案", "close a case with a coded disposition"),
    Permission("case.reopen", "重新打开已结案件", "let a closed case live again"),
    Permission("case.void", "作废误立的案件", "void a case filed by mistake"),
    Permission(
        "case.supervise",
        "督办案件,设定响应级和通道",
        "put a case under supervision, set its level and lane",
    ),
    Permission("case.suspend", "挂账与恢复", "put a case on hold and resume it"),
    Permission("case.extend", "延期", "grant more time"),
    Permission(
        "case.approve",
        "轮到时批准或驳回挂账与延期",
        "approve or refuse holds and extensions, when it is one's turn",
    ),
    Permission("case.acknowledge", "响应紧急案件的呼叫", "acknowledge the alert of an urgent case"),
    Permission("case.priority", "说明原因后更改优先级", "change the priority, with a reason"),
    Permission("case.note", "在办理经过中记事", "write a fact into the timeline"),
    Permission(
        "case.export",
        "导出办理经过(每次均留审计)",
        "take a case's timeline along as a paper or a file (each is audited)",
    ),
    Permission(
        "plan.activate",
        "启动、调整和解除预案",
        "let a plan hold for a case, change its level, stand it down",
    ),
    Permission("plan.edit", "编写预案的新版本", "write plans, version by version"),
    Permission("shift.read", "查看交接班表", "see the sheets on which shifts are handed over"),
    Permission("shift.hand_over", "交班签字与接班签字", "sign a shift out, and take one over"),
    Permission("figures.read", "查看运行指标", "read figures of how well the centre works"),
    Permission(
        "figures.import",
        "导入评价、产业和供应链数据",
        "bring values of the evaluation sheet, of industry and of the supply chain",
    ),
    Permission("brief.read", "查看和下载简报", "list and take briefs"),
    Permission("brief.make", "生成简报", "order a brief"),
    Permission(
        "personal.read",
        "查看报告人姓名和完整电话(每次均留审计)",
        "see callers' names and unmasked phones (each look is audited)",
    ),
    Permission("events.read", "读取带编号的事件", "read the numbered events"),
    Permission("units.read", "查看力量及其位置", "see units and where they are"),
    Permission("units.register", "登记力量", "make a unit known to the console"),
    Permission("units.position", "上报力量位置", "report where a unit is"),
    Permission(
        "sensors.read",
        "查看设备及其历史、告警和规则",
        "see devices, their histories, alarms and rules",
    ),
    Permission("sensors.view", "打开感知页面", "open the sensors' page"),
    Permission(
        "alarms.act", "确认、消除和屏蔽传感告警", "acknowledge, clear and suppress sensors' alarms"
    ),
    Permission("devices.import", "导入设备表", "bring tables of devices"),
    Permission("rules.edit", "设定传感告警规则", "set the rules by which sensors raise alarms"),
    Permission(
        "roads.close", "封闭、限行和恢复道路", "close roads, slow them, and open them again"
    ),
    Permission(
        "warnings.issue",
        "接收、录入和解除预警",
        "send warnings in, enter them by hand and call them off",
    ),
    Permission(
        "coverage.read",
        "查看 4G/5G 覆盖、站点及其中断",
        "see 4G/5G coverage, sites and their outages",
    ),
    Permission("coverage.plan", "试算选址", "try out sites and ask where new ones would help"),
    Permission(
        "coverage.outage",
        "登记站点中断与恢复",
        "tell that a site is out of service, and that it is back",
    ),
    Permission(
        "coverage.import", "导入站点和固定网络表", "bring tables of sites and fixed networks"
    ),
    Permission(
        "notify.read",
        "查看屏外通知并重发",
        "see what was told to whom outside the screens, and tell it again",
    ),
    Permission("readings.send", "上传传感读数", "send readings of sensors"),
    Permission(
        "wires.read",
        "查看感知接入状况和被拒收的报文",
        "see how the wires of sensors fare, and the frames they refused",
    ),
    Permission("live.listen", "接收实时更新", "listen to the live feed"),
    Permission("map.read", "查看地图、图层和县域信息", "see the map, its layers and the county"),
    Permission("desk.view", "打开值班台", "open the desk"),
    Permission("replay.view", "回看过去任一分钟", "look back at any minute of a past day"),
    Permission("field.view", "打开处置人员页面", "open the responders' page"),
    Permission("wall.view", "打开大屏", "open the wall"),
    Permission("summary.view", "打开领导页面", "open the leaders' summary"),
    Permission("admin.view", "打开管理页面", "open the administrators' page"),
    Permission("account.manage", "建立、停用账户和重置密码", "create, disable and reset accounts"),
    Permission("role.grant", "授予和收回角色", "give roles to accounts and take them away"),
    Permission("key.manage", "发放和吊销接口密钥", "issue and revoke API keys"),
    Permission("backup.make", "制作和查看备份", "make backups and see which there are"),
    Permission("audit.read", "查看和校验审计记录", "read and verify the audit trail"),
    Permission("api.read", "阅读接口说明(OpenAPI)", "read the API's description (OpenAPI)"),
    Permission(
        "health.detail", "查看系统内部状态和指标", "see the console's inner health and metrics"
    ),
)
PERMISSIONS: Final = {row.name: row for row in _ROWS}
