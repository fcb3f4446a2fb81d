"""Every piece of the interface on a few pages: an urlconf for tests and for looking at."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import include, path

from zhibu.core.refusal import Refusal, Refused
from zhibu.ui import fields, listing
from zhibu.ui.doors import Stale, door, public_door
from zhibu.ui.workbook import Column, workbook_response, write_workbook

BRANCHES = [
    "采矿一队党支部",
    "地质矿产勘查开发局第三地质大队野外作业联合党支部",
    "选厂党支部",
    "离退休第二党支部",
    "机关第一党支部",
]
PEOPLE = [
    (1, "李卫国", "书记"), (2, "王建军", "组织委员"), (3, "曾小明", "第一党小组"), (4, "单丽", "第一党小组"),
    (5, "欧阳振华", "第二党小组"), (6, "赵敏", "第二党小组"), (7, "阿依古丽·买买提艾力", "第二党小组"), (8, "陈晓东", "预备党员"),
    (9, "陈小丹", "第三党小组"), (10, "仇志刚", "第三党小组"), (11, "张伟", "第三党小组"), (12, "张薇", "第三党小组"),
]  # fmt: skip


class MeetingForm(forms.Form):
    kind = forms.ChoiceField(
        label="会议类型",
        choices=[
            ("general", "支部党员大会"),
            ("committee", "支部委员会会议"),
            ("group", "党小组会"),
            ("lesson", "党课"),
        ],
        widget=forms.RadioSelect,
    )
    held_on = fields.Day(
        label="日期", earliest=date(2026, 1, 1), help_text="会议实际召开的日期，不是补录的日期。"
    )
    at = fields.TimeOfDay(label="时间", required=False)
    place = forms.CharField(label="地点", max_length=60)
    absent = fields.People(
        label="到会情况",
        people=PEOPLE,
        invert=True,
        required=False,
        help_text="只选没有到会的人；其余党员记为到会。",
    )
    chair = fields.Person(label="主持人", people=PEOPLE, required=False)
    reason = forms.ChoiceField(
        label="缺席原因", choices=[("", "请选择"), ("shift", "值班"), ("ill", "病假")], required=False
    )
    dues = fields.Fen(label="会上收缴党费", required=False)
    minutes = fields.LongText(label="会议记录", required=False)
    confirmed = forms.BooleanField(label="记录已由主持人核对", required=False)


@door("life.view")
def pieces(request: HttpRequest) -> HttpResponse:
    messages.success(request, "记录已关闭，已通知 5 名缺席党员。")
    today = date(2026, 8, 21)
    context = {
        "crumbs": [("中国矿业集团党委", "/x/"), ("采选公司党委", "/x/"), ("采矿一队党支部", None)],
        "day": date(2026, 7, 3),
        "today": today,
        "instant": datetime(2026, 7, 3, 16, 5),
        "steps": ["上传文件", "核对各列", "查看差异", "导入"],
        "stations": [
            {"label": "递交入党申请书", "state": "done", "note": "2025-03-01"},
            {"label": "确定入党积极分子", "state": "done", "note": "2025-09-12"},
            {"label": "确定发展对象", "state": "now", "note": "最早 2026-09-12"},
            {"label": "接收预备党员", "state": "later", "note": "2026-10-15 至 2027-01-15"},
            {"label": "预备党员转正", "state": "later", "note": "满一年"},
        ],
        "timeline": [
            {"day": date(2026, 7, 3), "title": "关闭记录", "by": "李卫国", "tone": "done"},
            {"day": date(2026, 6, 30), "title": "上级讲评", "by": "组织员 孙梅", "text": "到会率较上季度下降，请说明原因。", "tone": "overdue"},
            {"day": date(2026, 6, 5), "title": "召开支部党员大会"},
        ],
        "names": [name for _id, name, _note in PEOPLE],
        "trend": {
            "labels": ["2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1", "2026Q2"], "unit": "分",
            "series": [{"name": "本支部", "values": [71, 74.5, None, 82, 80.5, 88]}, {"name": "同类平均", "values": [75, 76, 76.5, 78, 79, 80]}],
        },
        "distribution": {"bins": ["<60", "60–70", "70–80", "80–90", "≥90"], "values": [6, 31, 142, 221, 84], "mark": 3, "unit": "个支部"},
        "bars": {"labels": ["≤35", "36–45", "46–55", "56–60", ">60"], "stacked": True, "series": [{"name": "男", "values": [3, 6, 5, 2, 1]}, {"name": "女", "values": [2, 3, 4, 1, 0]}]},
    }  # fmt: skip
    return render(request, "gallery/pieces.html", context)


@door("life.view")
def sessions(request: HttpRequest) -> HttpResponseBase:
    count = int(request.GET.get("rows", "56"))
    states = ["closed", "late", "open", "made_up", "overdue"]
    rows = [
        {
            "id": n, "day": date(2026, 7, 1 + n % 28), "title": f"{BRANCHES[n % 5]}第三季度党员大会", "kind": "支部党员大会",
            "present": 18 - n % 4, "due": 23, "state": states[n % 5], "points": 7250 - 100 * n,
        }
        for n in range(count)
    ]  # fmt: skip
    if request.GET.get("export"):
        columns = [Column("名称", width=40), Column("日期", "day"), Column("得分", "points")]
        return workbook_response(
            "会议", write_workbook(columns, [(r["title"], r["day"], r["points"]) for r in rows], title="会议")
        )
    return render(request, "gallery/sessions.html", {"page": listing.page_of(request, rows, total=count)})


@door("life.view")
def session(request: HttpRequest, pk: int) -> HttpResponse:
    return render(
        request, "gallery/session.html", {"pk": pk, "day": date(2026, 7, 3), "names": [p[1] for p in PEOPLE]}
    )


@door("life.close_minutes", once=True)
def form(request: HttpRequest) -> HttpResponseBase:
    initial = {"place": "二楼会议室", "kind": "general", "held_on": date(2026, 7, 3), "absent": [3, 7]}
    made = MeetingForm(request.POST or None, initial=initial)
    if request.method == "POST" and made.is_valid():
        if made.cleaned_data["place"] == "refuse":
            raise Refused([REFUSAL])
        if made.cleaned_data["place"] == "stale":
            raise Stale(
                [("地点", "三楼会议室", "二楼会议室"), ("时间", "16:00", "16:00")],
                back="/form/",
                who="王建军",
            )
        request.session["sent"] = request.session.get("sent", 0) + 1
        return redirect(f"/session/{request.session['sent']}/")
    return render(request, "gallery/form.html", {"form": made})


REFUSAL = Refusal(
    "life.no_quorum",
    "实到有表决权的党员未超过半数，会议不能表决。",
    source="中国共产党支部工作条例（试行）",
    article="第十一条",
    remedy="改日再开，或先完成不需要表决的议程，关闭记录时不写决议。",
    who="支部书记可改期；上级党委组织员可准予补开",
)


@door("life.act")
def act(request: HttpRequest) -> HttpResponseBase:
    raise Refused([REFUSAL])


@door("assessment.view")
def heat(request: HttpRequest) -> HttpResponse:
    rows, columns = int(request.GET.get("rows", "484")), 30
    data: dict[str, Any] = {
        "columns": [{"key": f"S{n:02d}", "label": f"第 {n} 条"} for n in range(1, columns + 1)],
        "rows": [{"key": n, "label": f"{BRANCHES[n % 5]}{n}"} for n in range(rows)],
        "values": [[None if (r + 7 * c) % 97 == 0 else min(100, 118 - r // 9 + (r * 37 + c * 53) % 61 - 40) for c in range(columns)] for r in range(rows)],
        "cell": "/session/{row}/?standard={column}",
    }  # fmt: skip
    return render(request, "gallery/heat.html", {"data": data})


@public_door(reason="公示面向群众")
def board(request: HttpRequest) -> HttpResponse:
    return render(request, "gallery/board.html", {"today": date(2026, 8, 21), "until": date(2026, 8, 25)})


@door("life.view")
def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret detail")


@door("register.view")
def search(request: HttpRequest) -> HttpResponse:
    found = [(name, "中国矿业集团党委 › 采选公司党委", "/x/") for name in BRANCHES]
    return render(request, "ui/_found.html", {"found": found})


def named(name: str, *routes: Any) -> Any:
    return path("", include((list(routes), name)))


urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("sign-in/", board, name="account_login"),
    path("sign-out/", board, name="account_logout"),
    path("sign-in/password/", board, name="account_change_password"),
    path("heat/", heat),
    path("board/", board),
    path("act/", act),
    path("broken/", broken),
    path("session/<int:pk>/", session, name="session"),
    path("form/", form, name="form"),
    named("project", path("", pieces, name="workbench")),
    named("register", path("tree/", pieces, name="tree"), path("members/", pieces, name="members"), path("search/", search, name="search"), path("me/", pieces, name="me")),
    named("life", path("sessions/", sessions, name="sessions")),
    named("dues", path("months/", pieces, name="months")),
    named("notices", path("notices/", pieces, name="notices")),
    named("assessment", path("assessment/", pieces, name="home"), path("standards/", pieces, name="standards")),
    named("record", path("entries/", pieces, name="entries")),
]  # fmt: skip
