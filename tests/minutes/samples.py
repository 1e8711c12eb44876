"""The demonstration meeting's minutes, as a finished document."""

from datetime import date, datetime, timedelta, timezone

import msgspec

from minutes.composers.v1.document import (
    Attempt,
    Closing,
    Decision,
    Delivery,
    Item,
    Mark,
    Minutes,
    Notice,
    Person,
    Position,
    Round,
    Row,
    Speech,
    Tally,
    Task,
    Written,
)

ZONE = timezone(timedelta(hours=8))
MEMBERS = (
    Person("周启明", "党组书记、局长"),
    Person("林静", "副局长"),
    Person("何志远", "副局长"),
    Person("陈卫国", "副局长"),
    Person("马腾", "副局长"),
    Person("孙雅琴", "总工程师"),
    Person("吴海燕", "党组成员"),
    Person("郑凯", "党组成员、工会主席"),
    Person("许文博", "党组成员"),
)


def roll(**marks: str) -> tuple[Row, ...]:
    """The rows of all nine members by name, with these marks, else `yes`; 许文博 is on leave."""
    words: dict[str, Mark] = {person.name: "yes" for person in MEMBERS}
    words["许文博"] = "on_leave"
    words |= marks  # type: ignore[arg-type] # the test's own words
    return tuple(Row(name, mark) for name, mark in words.items())


def _round(rows: tuple[Row, ...], passed: bool, **more: int) -> Round:
    count = {mark: sum(row.mark == mark for row in rows) for mark in Tally.__struct_fields__}
    tally = Tally(**count)
    present = sum(count.values())
    out = sum(row.mark == "recused" for row in rows)
    return Round(
        1, rows, tally, base=9, needed=5, present=present, quorum=more.get("quorum", 5), passed=passed,
        attended=present + out, stepped_out=out,
    )  # fmt: skip


def roll_round(**marks: str) -> Round:
    """A passed round of personnel's quorum with these marks."""
    return _round(roll(**marks), True, quorum=6)


def demo() -> Minutes:
    given = datetime(2026, 1, 8, 15, 20, tzinfo=ZONE)
    return Minutes(
        organ="江州市交通运输局党组",
        series="会议纪要",
        year=2026,
        number=1,
        meeting="党组会议",
        session_year=2026,
        session=1,
        started=datetime(2026, 1, 13, 9, 0, tzinfo=ZONE),
        ended=datetime(2026, 1, 13, 11, 20, tzinfo=ZONE),
        place="局机关三楼会议室",
        chair=MEMBERS[0],
        formal=9,
        present=MEMBERS[:8],
        on_leave=MEMBERS[8:],
        attendees=(Person("唐宁", "法制科"),),
        observers=(Person("赵肃", "派驻纪检监察组"),),
        recorders=(Person("李晓", "办公室"),),
        notice=Notice(
            given,
            1,
            tuple(
                Delivery(
                    p.name,
                    given + timedelta(minutes=7 * i),
                    "phone" if p.name == "许文博" else "electronic",
                    given + timedelta(minutes=9 * i + 5),
                )
                for i, p in enumerate(MEMBERS)
            ),
        ),
        items=(
            Item(
                "2026年度部门预算执行调整方案",
                "funds",
                "decided",
                presenter="林静",
                in_charge="林静",
                discussion=(
                    Speech(
                        "林静",
                        "介绍了调整方案。年初批复部门预算12,860.5万元，本次拟在总额不变的前提下调减会议、培训等一般性支出"
                        "312万元，用于国省干线水毁路段抢修和农村公路养护，调整后“三公”经费较上年下降4.6%。",
                    ),
                    Speech("孙雅琴", "水毁路段抢修宜在汛期前完成，建议同步落实第三方检测，检测费用在调剂资金中列支。"),
                    Speech("马腾", "信息化运维经费已连续两年压减，再减将影响治超站点联网，不赞成本次一并压减。"),
                ),
                written=(Written("许文博", "no", "执法装备更新已列入市政府年度任务，不同意从中调减，建议另行筹措。"),),
                rounds=(_round(roll(马腾="no"), True),),
                decision=Decision(
                    "passed",
                    "原则同意《2026年度部门预算执行调整方案》，按程序报市财政局备案后执行。",
                    basis="《“三重一大”事项集体决策制度实施办法》第二条；《江州市市级部门预算管理办法》第二十一条",
                    reason="调整后支出总额不变，资金投向符合年度重点工作安排。",
                ),
                tasks=(Task("预算调整报备", "计划财务科", date(2026, 1, 31), "派驻纪检监察组"),),
            ),
            Item(
                "绕城公路改造工程立项",
                "project",
                "put_off",
                presenter="何志远",
                in_charge="何志远",
                discussion=(
                    Speech("何志远", "介绍了项目建议书。路线全长18.7公里，估算投资6.42亿元，拟采用PPP模式。"),
                    Speech("陈卫国", "资金来源尚未落实，地方债务风险须先行评估。"),
                ),
                positions=tuple(
                    Position(p.name, "yes" if i in {0, 2, 5, 7} else "no") for i, p in enumerate(MEMBERS[:8])
                ),
                written=(Written("许文博", "yes", "赞成立项，建议尽快开展前期工作。"),),
                reason="赞成与反对意见（含未到会成员的书面意见）为5比4，人数接近",
                clause="《实施细则》第六条第（五）项",
            ),
            Item(
                "规划科科长任职（郑晓楠）",
                "personnel",
                "decided",
                decision=Decision("passed", "郑晓楠同志任规划科科长，试用期一年。"),
                in_brief=True,
            ),
            Item(
                "推荐省级先进集体",
                "major",
                "decided",
                presenter="吴海燕",
                in_charge="吴海燕",
                discussion=(Speech("吴海燕", "介绍了推荐对象和评选条件。"),),
                rounds=(_round(roll(马腾="abstain", 孙雅琴="abstain", 吴海燕="abstain", 郑凯="abstain"), False),),
                decision=Decision(
                    "not_passed", "不予推荐，由办公室重新研究推荐对象。", reason="赞成票未超过应到会成员的半数。"
                ),
            ),
            Item(
                "客运站设备采购",
                "funds",
                "deferred",
                in_charge="马腾",
                reason="分管成员马腾因公临时离会，且会议通知前未指定代理人，不具备开始表决的条件",
                clause="《实施办法》第二部分；《实施细则》第五条",
            ),
        ),
        attempts=(
            Attempt(
                "motion",
                "购置公务用车",
                "林静",
                "该事项未列入会议通知所附议程，会上不得临时动议，可列入下次会议议程",
                "《实施细则》第六条第（一）、（四）项",
                datetime(2026, 1, 13, 10, 48, tzinfo=ZONE),
            ),
            Attempt(
                "opening",
                "客运站设备采购",
                "主持人周启明",
                "分管此项工作的成员马腾不在会场，须其到会或由通知前指定的代理人到会",
                "《实施办法》第二部分；《实施细则》第五条",
                datetime(2026, 1, 13, 11, 5, tzinfo=ZONE),
            ),
        ),
        closing=Closing(
            ("市政府分管领导", "市委组织部", "派驻纪检监察组", "局党组成员", "机关各科室", "局直属各单位"),
            "江州市交通运输局办公室",
            date(2026, 1, 16),
            25,
        ),
    )


def stored(minutes: Minutes) -> bytes:
    """The document as it is kept."""
    return msgspec.json.encode(minutes, order="sorted")
