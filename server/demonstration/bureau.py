"""The demonstration bureau: its people, its items, and what must become of each. An invention."""

from typing import Literal

from msgspec import Struct

ORGANIZATION, CODE = "江州市交通运输局", "jzjt"
BODY = "江州市交通运输局党组"
PASSWORD = "yijue-demo"  # noqa: S105 -- of a database made for demonstration, on this machine alone

NOTICE = "2026-01-08T15:00:00+08:00"
MEETING = "2026-01-13T09:00:00+08:00"
ISSUE = "2026-01-13T15:00:00+08:00"

Choice = Literal["yes", "no", "abstain", "defer"]


class Somebody(Struct, frozen=True):
    """One of the bureau's people; a seat makes a formal member."""

    key: str
    staff_number: str
    name: str
    post: str
    roles: tuple[str, ...]
    seat: int | None = None
    in_charge: str = ""


def _member(key: str, seat: int, name: str, post: str, in_charge: str, *more: str) -> Somebody:
    return Somebody(key, f"10{seat:02d}", name, post, ("member", *more), seat, in_charge)


ADMINISTRATOR = Somebody("admin", "0001", "系统管理员", "", ())
PEOPLE = (
    _member("zhou", 1, "周启明", "党组书记、局长", "全面工作", "head"),
    _member("lin", 2, "林静", "副局长", "计划财务"),
    _member("he", 3, "何志远", "副局长", "工程建设"),
    _member("chen", 4, "陈卫国", "副局长", "组织人事"),
    _member("ma", 5, "马腾", "副局长", "运输管理"),
    _member("sun", 6, "孙雅琴", "总工程师", "技术"),
    _member("wu", 7, "吴海燕", "党组成员", "办公室、法制", "deputy"),
    _member("zheng", 8, "郑凯", "党组成员、工会主席", "工会"),
    _member("xu", 9, "许文博", "党组成员", "综合执法"),
    Somebody("li", "2001", "李晓", "办公室", ("secretary",)),
    Somebody("jiang", "2002", "江一帆", "办公室主任", ("office_head",)),
    Somebody("zhao", "3001", "赵肃", "派驻纪检监察组", ("observer",)),
    Somebody("tang", "2003", "唐宁", "法制科", ("attendee",)),
    Somebody("hall", "9001", "会议室大屏", "", ("hall",)),
)
MEMBERS = tuple(each.key for each in PEOPLE if each.seat)
AWAY = "xu"
CANDIDATE = "郑晓楠"
# 郑凯's father and 郑晓楠's father are brothers: (type, a, b), each a member's key or a name.
KINSHIP = (
    ("sibling", "郑大山", "郑大川"),
    ("parent", "郑大山", "zheng"),
    ("parent", "郑大川", CANDIDATE),
)


class Task(Struct, frozen=True):
    """A task: who carries out what by when, and who supervises it."""

    who: str
    what: str
    due: str
    supervisor: str


class Item(Struct, frozen=True):
    """An item of the agenda, and what is said of it. `speeches` are (key of the speaker, summary); the first speaker
    presents."""

    title: str
    category: str
    in_charge: str
    motion: str
    paper: tuple[str, ...]
    speeches: tuple[tuple[str, str], ...]
    decision: str = ""
    task: Task | None = None
    candidate: str = ""

    @property
    def personnel(self) -> bool:
        return bool(self.candidate)


ITEMS = (
    Item(
        "2026年度部门预算执行调整方案",
        "funds",
        "lin",
        "同意按方案调整2026年度部门预算：压减一般性支出320万元，全部用于农村公路安全防护工程。",
        (
            "受汛期影响，农村公路临水临崖路段需增设安全防护设施86公里，测算需资金320万元，年初预算未作安排。",
            "拟从会议费、培训费、公务接待费等一般性支出中压减320万元，通过预算执行调整解决，预算总额不变。",
            "方案已征求局财务审计科、办公室意见，均无异议；依据为《预算法》第六十七条及市财政局有关规定。",
        ),
        (
            ("lin", "介绍调整方案的依据、资金来源和压减项目，预算总额不变。"),
            ("he", "防护工程已完成勘察设计，资金到位后可在汛期前完工。"),
            ("zheng", "建议保留职工培训经费，对压减比例持不同意见。"),
        ),
        "原则同意《2026年度部门预算执行调整方案》，按程序报市财政局审批后执行。",
        Task("计划财务科", "办理预算调整报批手续", "2026-02-28", "办公室"),
    ),
    Item(
        "绕城公路改造工程立项",
        "project",
        "he",
        "同意绕城公路K12至K31段改造工程立项，估算总投资2.6亿元，报市发展改革委审批。",
        (
            "绕城公路K12至K31段建成于2004年，交通量已超过设计能力的1.4倍，路面破损率逐年上升。",
            "方案一：原路拓宽为双向六车道，估算总投资2.6亿元；方案二：局部改线，估算总投资3.1亿元。",
            "专家咨询意见：两方案均可行，征地拆迁和施工期间的交通组织是主要风险。",
        ),
        (
            ("he", "介绍两个备选方案的造价、工期和风险，建议采用方案一。"),
            ("sun", "技术上两个方案均可行，方案二线形更好。"),
            ("lin", "市级配套资金尚未落实，建议待资金方案明确后再议。"),
        ),
    ),
    Item(
        "规划科科长任职",
        "personnel",
        "chen",
        "郑晓楠同志任规划科科长（试用期一年）。",
        (
            "根据干部选拔任用有关规定，经民主推荐、组织考察，提出规划科科长任职建议人选：郑晓楠。",
            "考察情况：政治素质好，业务能力强，群众基础较好；个人有关事项报告查核、廉政意见回复均无异常。",
        ),
        (
            ("chen", "汇报民主推荐、组织考察和征求意见的情况。"),
            ("sun", "该同志熟悉业务，表现突出，同意任用。"),
            ("wu", "建议补充一段基层工作考察情况后再议。"),
        ),
        "郑晓楠同志任规划科科长，试用期一年，按规定公示。",
        Task("人事科", "办理任前公示和任职手续", "2026-01-30", "派驻纪检监察组"),
        candidate=CANDIDATE,
    ),
    Item(
        "推荐省级先进集体",
        "major",
        "wu",
        "同意推荐市公路养护中心为全省交通运输系统先进集体。",
        (
            "省厅下达推荐名额1个。经基层申报、资格审查，拟推荐市公路养护中心。",
            "该中心2025年完成养护里程1240公里，未发生安全责任事故。",
        ),
        (
            ("wu", "介绍申报单位的条件和推荐程序。"),
            ("ma", "另有单位条件相当，比较材料不够充分。"),
        ),
        "暂不推荐。由办公室补充比较材料。",
        Task("办公室", "补充申报单位的比较材料", "2026-01-23", "吴海燕"),
    ),
    Item(
        "客运站设备采购",
        "funds",
        "ma",
        "同意采购客运站安检设备12套，预算286万元，按规定公开招标。",
        (
            "市属4个客运站的安检设备使用年限均已超过8年，故障率高。",
            "拟采购安检设备12套，预算286万元，已列入年度采购计划。",
        ),
        (("lin", "代为介绍采购需求和预算安排。"),),
    ),
)


# The next meeting, for visitors: the item put off, the item deferred, and one personnel item.
NEXT_NOTICE = "2026-01-14T09:00:00+08:00"
NEXT_MEETING = "2026-01-20T09:00:00+08:00"
NEXT_ITEMS = (
    ITEMS[1],
    Item(
        "养护科副科长任职",
        "personnel",
        "chen",
        "任晓舟同志任养护科副科长（试用期一年）。",
        (
            "根据干部选拔任用有关规定，经民主推荐、组织考察，提出养护科副科长任职建议人选：任晓舟。",
            "考察情况：长期在基层养护站工作，熟悉业务，作风扎实；个人有关事项报告查核、廉政意见回复均无异常。",
        ),
        (("chen", "汇报民主推荐、组织考察和征求意见的情况。"),),
        candidate="任晓舟",
    ),
    ITEMS[4],
)


class Outcome(Struct, frozen=True):
    """The outcome of an item: how it ended, and the figures that say so."""

    ending: str
    figures: str = ""


# The outcomes that the rules give; docs/demonstration.md has the same figures, and a test holds it to them.
WANTED: dict[str, Outcome] = {
    "2026年度部门预算执行调整方案": Outcome("passed", "同意7 反对1 弃权0"),
    "绕城公路改造工程立项": Outcome("put_off", "赞成5 反对4 接近"),
    "规划科科长任职": Outcome("passed", "同意6 反对0 弃权0 缓议1 到会7/6 回避郑凯"),
    "推荐省级先进集体": Outcome("not_passed", "同意4 反对0 弃权4"),
    "购置公务用车": Outcome("agenda.ad_hoc"),
    "客运站设备采购": Outcome("deferred", "quorum.in_charge"),
}
BALLOTS: dict[str, dict[str, Choice]] = {
    "2026年度部门预算执行调整方案": {"zheng": "no"},
    "规划科科长任职": {"wu": "defer"},
    "推荐省级先进集体": {"ma": "abstain", "sun": "abstain", "wu": "abstain", "zheng": "abstain"},
}
AGAINST = ("lin", "ma", "sun", "zheng")  # of the voiced positions on the second item
OPINIONS: dict[str, tuple[Choice, str]] = {
    "2026年度部门预算执行调整方案": ("no", "压减培训费比例偏大，建议另寻资金来源。"),
    "绕城公路改造工程立项": ("yes", "该路段事故多发，应尽快立项。"),
}
MOTION = "购置公务用车"
