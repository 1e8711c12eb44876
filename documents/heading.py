"""The breaks of a heading: between words alone (GB/T 9704-2012, 7.3.1: 回行时，要做到词意完整).

Names of organs and meetings are built of parts with few endings (省, 市, 局, 委员会, 支队 …). These endings, and the
words that only begin like one (市场, 行政), find the breaks without a dictionary.
"""

_ENDINGS = frozenset("省市县区镇乡村局厅部委办署院校所处科室队站厂组会团社行司届次》）")
_GOES_ON = {
    "省": "级", "市": "场政民容级", "县": "域级", "区": "域划级", "镇": "村", "乡": "村镇", "村": "镇民", "局": "长级",
    "厅": "长", "部": "门署队分级长", "委": "员托派办会", "办": "公事理法会", "署": "名", "院": "长校", "校": "园长区",
    "所": "有属长", "处": "理置长", "科": "学技研室长", "室": "内", "队": "伍长", "站": "点长区场", "厂": "区",
    "组": "织合长建", "会": "议计展同商", "团": "体结员委", "社": "会区团保", "行": "政业为动长", "司": "法机",
}  # fmt: skip
_BEGINNINGS = ("暨", "关于", "和")


def is_between_words(text: str, place: int) -> bool:
    """Returns whether a line of a heading may break before the character at `place`."""
    before, after = text[place - 1], text[place]
    ends = before in _ENDINGS and after not in _GOES_ON.get(before, "") and after not in "（）》"
    return ends or (text.startswith(_BEGINNINGS, place) and not text.startswith(("和平", "和谐"), place))
