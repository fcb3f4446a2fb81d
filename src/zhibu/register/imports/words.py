"""Words a roster uses for what the register keeps as codes (national code tables, and what people write instead)."""

from __future__ import annotations

import re

from zhibu.register.models import PostKind, Stage

KINDS: dict[str, str] = {
    "正式党员": Stage.FULL_MEMBER,
    "正式": Stage.FULL_MEMBER,
    "预备党员": Stage.PROBATIONARY_MEMBER,
    "预备": Stage.PROBATIONARY_MEMBER,
    "中共正式党员": Stage.FULL_MEMBER,
    "中共预备党员": Stage.PROBATIONARY_MEMBER,
    "发展对象": Stage.PROSPECT,
    "积极分子": Stage.ACTIVIST,
    "入党积极分子": Stage.ACTIVIST,
    "入党申请人": Stage.APPLICANT,
    "申请人": Stage.APPLICANT,
}
"""人员类别. 「中共党员」 is not among them: it does not say whether the member is still on probation."""

KIND_WORDS = "正式党员、预备党员、发展对象、入党积极分子、入党申请人"

NATIONS = [
    "汉",
    "蒙古",
    "回",
    "藏",
    "维吾尔",
    "苗",
    "彝",
    "壮",
    "布依",
    "朝鲜",
    "满",
    "侗",
    "瑶",
    "白",
    "土家",
    "哈尼",
    "哈萨克",
    "傣",
    "黎",
    "傈僳",
    "佤",
    "畲",
    "高山",
    "拉祜",
    "水",
    "东乡",
    "纳西",
    "景颇",
    "柯尔克孜",
    "土",
    "达斡尔",
    "仫佬",
    "羌",
    "布朗",
    "撒拉",
    "毛南",
    "仡佬",
    "锡伯",
    "阿昌",
    "普米",
    "塔吉克",
    "怒",
    "乌孜别克",
    "俄罗斯",
    "鄂温克",
    "德昂",
    "保安",
    "裕固",
    "京",
    "塔塔尔",
    "独龙",
    "鄂伦春",
    "赫哲",
    "门巴",
    "珞巴",
    "基诺",
]
"""GB/T 3304-1991, in the order of its codes 01 … 56."""

EDUCATIONS: dict[str, str] = {
    "本科": "大学",
    "大学本科": "大学",
    "全日制本科": "大学",
    "专科": "大专",
    "大学专科": "大专",
    "硕士": "硕士研究生",
    "研究生": "硕士研究生",
    "博士": "博士研究生",
    "中专": "中等专科",
    "高中": "普通高中",
    "技校": "技工学校",
    "职高": "职业高中",
}
"""What people write, and the wording of the national system for it."""

KNOWN_EDUCATIONS = frozenset(
    [
        "博士研究生",
        "硕士研究生",
        "硕士生班",
        "中央党校研究生",
        "省级党校研究生",
        "大学",
        "大专",
        "大学普通班",
        "第二学士学位班",
        "中央党校大学",
        "中央党校大专",
        "省级党校大学",
        "省级党校大专",
        "中等专科",
        "职业高中",
        "技工学校",
        "普通高中",
        "初中",
        "小学",
        "其他",
    ]
)

_POSTS: dict[str, str] = {
    "书记": PostKind.SECRETARY,
    "副书记": PostKind.DEPUTY_SECRETARY,
    "组织委员": PostKind.ORGANISATION_OFFICER,
    "宣传委员": PostKind.PUBLICITY_OFFICER,
    "宣委": PostKind.PUBLICITY_OFFICER,
    "组委": PostKind.ORGANISATION_OFFICER,
    "纪检委员": PostKind.DISCIPLINE_OFFICER,
    "纪律检查委员": PostKind.DISCIPLINE_OFFICER,
    "纪委": PostKind.DISCIPLINE_OFFICER,
    "委员": PostKind.COMMITTEE_MEMBER,
    "支委": PostKind.COMMITTEE_MEMBER,
    "支部委员": PostKind.COMMITTEE_MEMBER,
    "党费收缴人": PostKind.DUES_COLLECTOR,
    "党费管理员": PostKind.DUES_COLLECTOR,
    "小组长": PostKind.GROUP_LEADER,
    "党小组长": PostKind.GROUP_LEADER,
    "组长": PostKind.GROUP_LEADER,
}
_NO_POST = frozenset({"", "无", "党员", "普通党员", "正式党员", "预备党员", "/", "-", "—", "群众"})
_PREFIX = re.compile(r"^(?:中共)?(?:联合|临时|流动党员)?(?:党支部|党总支|支部|总支|支委会)(?:委员会)?")
_SPLIT = re.compile(r"[、,，;；/兼及和]|\s+")


def nation_of(word: str) -> tuple[str, bool]:
    """(national wording, known): `汉`, `汉族` and `01` all give 汉族; an unknown word stays as it is."""
    if word.isdigit() and 1 <= int(word) <= len(NATIONS):
        return f"{NATIONS[int(word) - 1]}族", True
    short = word.removesuffix("族")
    return (f"{short}族", True) if short in NATIONS else (word, not word)


def education_of(word: str) -> tuple[str, bool]:
    """(wording of the national system, known); an unknown word stays as it is."""
    proper = EDUCATIONS.get(word, word)
    return proper, not word or proper in KNOWN_EDUCATIONS


def posts_of(text: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Posts named in a cell as [(kind, duties)], and the words not understood.

    A committee member for something else (青年委员) is a committee member whose duties are that word.
    """
    posts: list[tuple[str, str]] = []
    unknown: list[str] = []
    for word in (each for each in _SPLIT.split(text) if each not in _NO_POST):
        bare = _PREFIX.sub("", word) or word
        bare = re.sub(r"^第[一二三四五六七八九十\d]+(?=党?小?组长)", "", bare)
        if bare in _POSTS:
            posts.append((_POSTS[bare], ""))
        elif bare.endswith("委员") and len(bare) <= 8:
            posts.append((PostKind.COMMITTEE_MEMBER, bare))
        elif bare.endswith("小组长"):
            posts.append((PostKind.GROUP_LEADER, ""))
        else:
            unknown.append(word)
    return list(dict.fromkeys(posts)), unknown


_BRANCH_KINDS = (
    ("流动", "mobile_branch"),
    ("临时", "temporary_branch"),
    ("联合", "joint_branch"),
    ("党总支", "general_branch"),
    ("总支", "general_branch"),
)
_UNIT_TYPES = (
    (("离退休", "退休", "离休", "老干部", "老年"), "retired"),
    (("科研", "研究院", "研究所", "研究室", "实验室", "设计院", "技术中心"), "research"),
    (("学院", "学校", "大学", "中学", "小学", "幼儿园", "教研", "学生", "教工"), "school"),
    (("社区", "居委", "村"), "community"),
    (("机关", "办公室", "党群", "财务", "人力资源", "职能", "综合部"), "organ"),
    (("后勤", "物业", "医院", "食堂", "保卫", "服务", "运输", "车队", "供应", "行政科"), "service"),
    (
        (
            "采",
            "选矿",
            "厂",
            "车间",
            "项目",
            "班组",
            "工区",
            "矿",
            "队",
            "施工",
            "生产",
            "机修",
            "冶炼",
            "工段",
        ),
        "production",
    ),
)


def kind_of_branch(name: str) -> str:
    """The kind of branch its name speaks of; a plain branch when it says nothing."""
    return next((kind for word, kind in _BRANCH_KINDS if word in name), "branch")


def unit_type_of(name: str) -> str:
    """What the unit behind the name does; `other` when the name says nothing. A guess, shown before it is applied."""
    return next((kind for words, kind in _UNIT_TYPES if any(word in name for word in words)), "other")
