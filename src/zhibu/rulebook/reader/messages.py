"""What the reader says: code to (what is wrong, what to write instead), in Chinese.

`{meant}` is empty or a near miss found in what is known. The gallery in tests/rulebook/bad has a bad file for every
code of this table, so a message cannot be added without being seen.
"""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    # ------------------------------------------------------------------------------------ the YAML itself
    "not_utf8": ("文件不是 UTF-8 编码", "用 UTF-8 重新保存此文件"),
    "yaml_syntax": ("YAML 语法有误：{detail}", "检查此行前后的缩进、冒号后的空格、引号和括号是否成对"),
    "empty_file": ("文件是空的", "写入内容，或删去此文件"),
    "several_documents": ("一个文件里有多个 YAML 文档", "删去“---”分隔，一个文件只写一份内容"),
    "anchor": ("使用了锚点“&{name}”", "把内容原样写出；条文须能逐行独立阅读"),
    "alias": ("使用了引用“*{name}”", "把所引内容原样写出"),
    "tag": ("使用了类型标签“{name}”", "删去标签；文字加引号，数字和日期直接写"),
    "duplicate_key": (
        "“{key}”在同一处写了两次，前一次在第 {first} 行",
        "只留一个；两处内容不同的，合并后再写",
    ),
    "key_not_text": ("键“{key}”会被读成{got}，不是文字", '给键加上引号："{key}"'),
    "loose_boolean": (
        "“{value}”在 YAML 里会被当成是否值",
        '是否只写 true 或 false；确是文字的，加引号："{value}"',
    ),
    "odd_number": (
        "“{value}”不是通常写法的整数",
        "写成不带小数、不带前导零、不带下划线的整数；编号等文字加引号",
    ),
    "not_a_date": ("“{value}”不是存在的日期", "写成年-月-日，如 2026-03-31"),
    # ------------------------------------------------------------------------------------ shape
    "unknown_key": ("{what}中没有“{key}”这一项{meant}", "可写的有：{known}"),
    "missing_key": ("{what}缺少“{key}”", "补上“{key}:”"),
    "wrong_type": ("“{key}”应是{wanted}，现在是{got}", "改写为{wanted}"),
    "empty_text": ("“{key}”是空的文字", "写上内容，或删去此项"),
    "empty_list": ("“{key}”里一项也没有", "至少写一项，或删去此项"),
    "unknown_choice": ("“{key}”不能是“{value}”{meant}", "只能是：{known}"),
    "wording_incomplete": ("“{key}”缺少{language}文本", "写成 {{zh: 中文, en: English}}，两种文字都要有"),
    "unexpected_file": ("此处不应有文件“{name}”{meant}", "删去或改名；可有的文件：{known}"),
    "no_directory": ("没有目录“{name}”", "核对 ZHIBU_OVERLAYS 中的路径"),
    "missing_file": ("缺少文件“{name}”", "新建此文件"),
    "id_used_twice": ("编号“{id}”已在 {other} 用过", "换一个编号；要修改已有条目的，在原处改"),
    "id_malformed": ("编号“{id}”不合写法", "{rule}"),
    # ------------------------------------------------------------------------------------ sources
    "missing_source": ("{what}没有写明依据", '补上 sources: [{{document: 文件编号, article: "条"}}]'),
    "unknown_document": (
        "依据文件“{id}”不在 sources.yaml 中{meant}",
        "先在 sources.yaml 登记该文件，或改正编号",
    ),
    "unknown_article": ("文件“{document}”没有第 {article} 条", "核对条号；该文件已登记的条：{known}"),
    "article_malformed": ("条号“{article}”不合写法", '写成 "11"、"11-14" 或 "5,9"'),
    "dates_reversed": ("“{key}”早于开始日期 {first}", "核对两个日期的先后"),
    "level_without_source": (
        "{what}标为全国性规定，所引文件却没有一件是全国性的",
        "引用全国性文件，或把 level 改为 system 或 local",
    ),
    # ------------------------------------------------------------------------------------ evidence
    "unknown_table": ("没有名为“{id}”的证据表{meant}", "可用的表：{known}"),
    "unknown_column": ("表“{table}”没有“{column}”列{meant}", "可用的列：{known}"),
    "unknown_column_test": ("列条件中没有“{operator}”这种比较{meant}", "可用的比较：{known}"),
    "column_value": ("列“{column}”是{wanted}，不能与“{value}”比较", "写成{wanted}{known}"),
    "column_not_ordered": ("列“{column}”是文字，不能比较大小", "改用等于（{column}: 值）或 not"),
    "column_kind": ("“{reduction}”要读的列“{column}”应是{wanted}", "换一个{wanted}列：{known}"),
    "unknown_reduction": ("没有名为“{name}”的归并方式{meant}", "可用的：{known}"),
    "window_needs_day": ("时间窗“{window}”要知道记录的日期，却没有写 day", "补上 day: 日期列"),
    "window_needs_spell": (
        "时间窗“{window}”要知道起止，却没有写 spell",
        "补上 spell: {{from: 起日列, until: 止日列}}",
    ),
    "reduction_needs_day": ("“{name}”按月计，却没有写 day", "补上 day: 日期列"),
    "reduction_needs_spell": (
        "“{name}”按起止计，却没有写 spell",
        "补上 spell: {{from: 起日列, until: 止日列}}",
    ),
    "empty_missing": ("“{name}”在没有记录时得不出数，却没有写 empty", "补上 empty: 没有记录时的数"),
    "empty_unneeded": ("“{name}”在没有记录时就是 0，不应写 empty", "删去 empty"),
    # ------------------------------------------------------------------------------------ words, posts, calendar
    "unknown_kind": (
        "没有名为“{id}”的组织类型{meant}",
        "可用的：{known}；新类型先写入 vocabulary.yaml 的 organisation_kinds",
    ),
    "unknown_post": ("没有名为“{id}”的职务{meant}", "可用的：{known}；新职务先写入 vocabulary.yaml 的 posts"),
    "verb_malformed": (
        "权限“{verb}”不合写法",
        "写成 房间.动作，如 life.close_minutes；一个房间的全部动作写 life.*",
    ),
    "calendar_gap": ("日历缺少 {year} 年", "补上 {year} 年的放假安排；年份须连续"),
    "holiday_outside_year": ("放假日期 {day} 不在 {year} 年内", "移到所属年份；跨年的假期按年分写"),
    "holidays_overlap": ("{day} 写进了两个假期", "核对放假通知，每天只属于一个假期"),
    "workday_not_weekend": ("调休上班日 {day} 是{weekday}，本就上班", "只写周六、周日中上班的日子"),
    "workday_in_holiday": ("{day} 既是假期又是上班日", "核对放假通知，删去一处"),
    # ------------------------------------------------------------------------------------ standards
    "file_name_differs": ("文件名与编号“{id}”不一致", "把文件改名为 {id}.yaml，或改正 id"),
    "unknown_group": ("没有编号为“{id}”的标准组{meant}", "可用的：{known}；组写在 standards/groups.yaml"),
    "question_choices": (
        "问题“{id}”的选项和回答方式不相配",
        "kind: one、several 写 choices（两个以上选项）；kind: words 不写",
    ),
    "terms_missing": ("没有任何一行数值", "写一行：生效日期: {{名称: 数, …}}"),
    "terms_not_dated": ("数值行“{key}”没有以日期开头", "把键写成生效日期，如 2018-10-28:"),
    "terms_not_sorted": ("数值行 {date} 写在较晚的 {previous} 之后", "按生效日期从早到晚排列"),
    "terms_names_differ": ("数值行 {date} 与第一行的名称不同：{difference}", "每行都写齐同样的名称"),
    "term_without_number": ("“{name}”没有写数", "写一个整数；比例用“几分之几”的两个数表示"),
    "name_untitled": ("数值“{name}”没有写名称", "在 names 下补上 {name}: {{zh: 名称, en: name}}"),
    "term_negative": ("分值“{name}”是负数", "分值以百分之一分计，写 0 或正整数"),
    "unknown_term": ("数值行中没有“{name}”{meant}", "可用的：{known}"),
    "unused_term": ("数值“{name}”没有任何检查用到", "在检查中引用它，或从各行删去"),
    "unknown_fact": ("没有名为“{name}”的事实{meant}", "可用事实见 facts.yaml；新事实先写在那里"),
    "unknown_operator": ("条件中没有“{operator}”这种比较{meant}", "可用的：{known}"),
    "condition_shape": (
        "条件写法不成立：{detail}",
        "写成 {{fact: 事实, at_least: 数值名}}，或 all、any、not 之一",
    ),
    "bound_is_number": (
        "条件里直接写了数“{value}”",
        "给它起名写入 terms，条件中写名称；数随日期可改，名称不变",
    ),
    "check_without_measure": ("检查“{id}”{detail}", "met（全得或不得）与 share（按比例）只写一个"),
    "weight_missing": ("“{id}”没有写分值", "补上 weight: 数值名，如 weight: w_{id}"),
    "part_id_twice": ("部分编号“{id}”在本标准中用了两次", "换一个编号"),
    "check_never_applies": (
        "检查“{id}”的适用类型不在标准的适用类型之内，永远不会用到",
        "改正 applies_to；标准适用：{known}",
    ),
    "standard_never_in_force": ("所引文件都在数值生效（{date}）之前失效", "引用现行文件，或改正生效日期"),
    "standard_without_parts": ("标准没有任何检查或评议", "至少写一个 checks 或 reviewed"),
    "was_in_use": ("旧编号“{id}”仍在使用或已被别处继承", "was 只写已不再使用的编号"),
    # ------------------------------------------------------------------------------------ examples
    "examples_missing": ("没有例子", "至少写一个 examples：给出情形与应得结论"),
    "example_unknown_fact": ("例子给出的事实“{name}”本标准用不到{meant}", "只写本标准用到的事实：{known}"),
    "example_unknown_part": ("例子提到的部分“{id}”不在本标准中{meant}", "本标准的部分：{known}"),
    "example_too_early": ("例子的日期 {date} 时标准还没有数值", "写一个不早于 {first} 的日期"),
    "example_fails": (
        "例子“{name}”不成立：{what}应为 {expected}，实得 {came}",
        "改正条件、数值或例子，使三者一致",
    ),
    # ------------------------------------------------------------------------------------ votes
    "share_malformed": ("“{key}”不是几分之几", "写成两个正整数 [分子, 分母]，如 [4, 5]"),
    "vote_without_majority": (
        "没有写通过条件",
        "补上 majority: {{compare: gt, share: [1, 2], of: expected_voters}}",
    ),
    "vote_part_misplaced": (
        "“{key}”只用于 {owner}，本规则是 {kind}",
        "删去此项，或改正 kind",
    ),
    "vote_without_examples": ("表决规则“{id}”没有例子", "至少写一个 examples：票数与应得结果"),
    "example_vote": ("例子“{name}”的票数读不懂：{detail}", "写法见 docs/reference/tally.md"),
    "overlay_unknown_vote": ("没有可修改的表决规则“{id}”{meant}", "改正 id；新增规则须写全所有项"),
    # ------------------------------------------------------------------------------------ procedures
    "unknown_procedure_group": ("没有名为“{id}”的程序类别{meant}", "可用的：{known}"),
    "procedure_without_steps": ("程序没有任何步骤", "至少写一个 steps"),
    "procedure_without_examples": ("程序没有例子", "至少写一个 examples：已办步骤、所试步骤与应得结论"),
    "step_id_twice": ("步骤编号“{id}”用了两次", "换一个编号"),
    "step_unreachable": (
        "步骤“{id}”要等它自己之后的步骤，永远办不到",
        "改正 after，使步骤之间没有回环",
    ),
    "unknown_step": ("没有编号为“{id}”的步骤{meant}", "可用的步骤：{known}"),
    "unknown_value": ("没有名为“{name}”的值{meant}", "可用的：{known}"),
    "unknown_paper": ("没有名为“{id}”的材料{meant}", "可用的材料：{known}；新材料先写入 papers"),
    "unknown_template": ("没有编号为“{id}”的文书{meant}", "可用的：{known}；新文书写在 documents/"),
    "unknown_place": ("文书中没有“{name}”这个填空{meant}", "可用的：{known}"),
    "paper_without_blocks": ("文书没有任何段落", "至少写一个 blocks"),
    "paper_block": ("段落应恰好写一种内容", "写一种：{known}"),
    "unknown_ending": ("没有名为“{id}”的结局{meant}", "可用的结局：{known}；新结局先写入 endings"),
    "unknown_vote": ("没有名为“{id}”的表决规则{meant}", "可用的：{known}；规则写在 votes/"),
    "unknown_stage": ("没有名为“{id}”的身份{meant}", "可用的：{known}"),
    "unknown_sanction": ("没有名为“{id}”的处分{meant}", "可用的：{known}"),
    "ballot_without_rule": ("投票步骤没有写表决规则", "补上 vote: 规则编号"),
    "after_optional": ("“{id}”可办可不办，不能作为别的步骤的前提", "从 after 中删去，或删去它的 optional"),
    "choices_and_kind": ("“{id}”的 kind 与 choices 不相称", "kind 为 choice 的才写、也必须写 choices"),
    "timing_anchor": ("{what}没有写从哪一天算", "since（之后）与 before（之前）只写一个"),
    "timing_unit": ("{what}没有写多长时间", "写一个：{known}，值为数值名"),
    "outcome_two_ways": ("结果“{id}”既算办成又退回", "办成的不写 back_to"),
    "example_data": ("例子“{name}”的 {where}：{detail}", "{remedy}"),
    # ------------------------------------------------------------------------------------ meetings
    "unknown_tag": ("没有名为“{id}”的议题类别{meant}", "可用的：{known}"),
    "field_id_twice": ("项目“{id}”写了两次", "换一个 id，或删去一处"),
    "stages_without_choice": (
        "“stages”写的“{name}”不是可选的项目",
        "写一个 kind 为 choice 的项目的 id：{known}",
    ),
    "collects_without_lines": (
        "“collects”写的“{name}”不是一行一条的项目",
        "写一个 kind 为 lines 的项目的 id：{known}",
    ),
    # ------------------------------------------------------------------------------------ notes: worth knowing, no error
    "fact_unused": ("事实“{name}”没有任何标准用到", "在标准中引用，或保留备查"),
    "weights_sum": (
        "自 {date} 起各部分分值合计 {total}，不是 10000",
        "总分按比例折算，仍可使用；要满一百分的，调整 w_ 各值",
    ),
    # ------------------------------------------------------------------------------------ dues
    "dues_sort_twice": (
        "已有一个 {sort} 文件“{other}”",
        "这一类只能有一个；改在原文件，或在补充目录用同一编号替换",
    ),
    "dues_payer_twice": ("“{payer}”已由“{other}”规定", "一类党员只归一个规则；从其中一处删去"),
    "dues_bands_open": ("档次写法不成立：{detail}", "只有最后一档不写 up_to_fen，其余每档都写"),
    "dues_bands_order": ("档的上限 {value} 不高于前一档的 {previous}", "从低到高排列，每档高于前一档"),
    "dues_number": ("“{key}”不能是 {value}", "写 {least} 至 {most} 的整数"),
    "dues_practice_missing": (
        "有党费标准，却没有 practice 文件",
        "新建 dues/practice.yaml，写明核定、基数、取整等做法",
    ),
    "dues_example_malformed": ("例子“{at}”写法不对：{detail}", "{hint}"),
    # ------------------------------------------------------------------------------------ overlays
    "overlay_unknown_standard": ("没有可修改的标准“{id}”{meant}", "改正 id；新增标准须写全所有项"),
    "overlay_without_reason": ("修改或停用标准“{id}”没有写理由", "补上 reason: {{zh: 理由, en: reason}}"),
    "overlay_touches_national": (
        "“{name}”属全国性规定，本层不得改动",
        "删去此项；要加严的，另立一条地方标准",
    ),
    "overlay_claims_national": ("本层新增的“{id}”不能标为全国性规定", "level 写 system 或 local"),
    "overlay_loosens": (
        "“{name}”自 {date} 起由 {base} 改为 {value}，放宽了原要求",
        "写不{direction} {base} 的数；确需取消的，停用整条标准并说明理由",
    ),
    "overlay_fixed_term": (
        "“{name}”在标准中须相等或两个方向都用到，不能由本层改动",
        "停用整条标准并说明理由，另立一条",
    ),
    "overlay_weight_zero": ("全国性规定的分值“{name}”不能改为 0", "写正整数"),
    "overlay_before_terms": ("{date} 时原标准还没有数值", "写不早于 {first} 的日期"),
}
"""Every message the reader knows."""
