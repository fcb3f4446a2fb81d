"""Invented names of people, units and places. Nobody in the demo exists."""

from __future__ import annotations

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
GIVEN_MEN = "伟强磊军洋勇杰涛明超辉鹏飞波斌宇浩凯健俊帆刚平志建国华东海林文博远征航立新成永庆山峰毅恒"
GIVEN_WOMEN = "芳娜敏静丽艳娟霞秀兰桂英玉萍红玲燕梅琳雪慧莹洁婷欣怡佳颖璐晶倩文月云岚青蓉薇"
NATIONS = ("回族", "满族", "蒙古族", "土家族", "苗族", "彝族", "壮族", "藏族", "侗族", "瑶族")
EDUCATION = (
    ("大学", 36),
    ("大专", 20),
    ("硕士研究生", 6),
    ("中等专科", 12),
    ("普通高中", 10),
    ("技工学校", 6),
    ("初中", 9),
    ("博士研究生", 1),
)
POSITIONS = {
    "production": ("公有企业工勤技能人员", "公有企业专业技术人员", "公有企业管理人员"),
    "research": ("公有企业专业技术人员", "公有企业专业技术人员", "公有企业管理人员"),
    "organ": ("公有企业管理人员",),
    "service": ("公有企业工勤技能人员", "公有企业管理人员"),
    "school": ("事业单位专业技术人员", "事业单位管理人员"),
    "retired": ("退休人员",),
}
PLACES = (
    "党员活动室",
    "二楼会议室",
    "一号会议室",
    "区队会议室",
    "党员之家",
    "三楼多功能厅",
    "现场值班室",
    "视频会议室",
)
MOBILE_PLACES = (
    "四川省凉山州项目部",
    "新疆哈密项目部",
    "内蒙古鄂尔多斯",
    "广东省深圳市",
    "贵州省六盘水市",
    "云南省曲靖市",
)
# (name of the committee, unit type, share of the branches in thousandths, with general branches between)
COMMITTEES = (
    ("第一矿业公司党委", "production", 124, True),
    ("第二矿业公司党委", "production", 110, False),
    ("第三矿业公司党委", "production", 96, False),
    ("选冶公司党委", "production", 84, False),
    ("机械制造公司党委", "production", 80, False),
    ("物流运输公司党委", "production", 74, False),
    ("建设工程公司党委", "production", 92, True),
    ("地质勘查院党委", "research", 60, False),
    ("技术研究院党委", "research", 52, False),
    ("总部机关党委", "organ", 66, False),
    ("生活服务公司党委", "service", 52, False),
    ("职业技术学院党委", "school", 48, False),
    ("离退休管理处党委", "retired", 62, False),
)
UNITS = {
    "production": (
        "采掘{}队", "掘进{}队", "机电{}车间", "运输{}队", "通风{}区", "选矿{}车间",
        "维修{}车间", "充填{}队", "安装{}队", "调度{}室", "质检{}站", "供电{}站",
    ),
    "research": ("采矿研究{}室", "选矿研究{}室", "地质{}所", "测绘{}队", "实验{}室", "勘探{}队"),
    "organ": ("组织部", "人力资源部", "财务部", "安全环保部", "生产技术部", "纪检监察室", "审计部", "办公室", "工会", "法务部",
              "规划发展部", "市场部", "信息中心", "宣传部", "物资部", "保卫部"),
    "service": ("物业{}部", "餐饮{}部", "后勤车队{}组", "医务{}站", "幼教{}部"),
    "school": ("教师{}系", "实训{}中心", "学生{}系", "图书{}馆", "教务{}处"),
    "retired": ("离退休第{}",),
}  # fmt: skip
NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十")


def numeral(number: int) -> str:
    """A small number as Chinese numerals, 1 to 99."""
    if number <= 10:
        return NUMERALS[number - 1]
    tens, ones = divmod(number, 10)
    head = "十" if tens == 1 else NUMERALS[tens - 1] + "十"
    return head + (NUMERALS[ones - 1] if ones else "")
