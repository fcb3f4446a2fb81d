"""Work on what matters: figures once a month, teams and never persons."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from zhibu import analytics, rulebook
from zhibu.core.calendar import Quarter
from zhibu.core.norms import compares
from zhibu.core.refusal import Refused
from zhibu.life.models import AgendaItem, Session
from zhibu.production import actions, queries
from zhibu.production.models import Campaign, Figures, PastFigures
from zhibu.production.told import Announced, Team, Told
from zhibu.record.models import Entry
from zhibu.ui.doors import Stale
from zhibu.undertakings.models import Undertaking

TODAY = date(2026, 7, 20)
JUNE, QUARTER = date(2026, 6, 1), Quarter(2026, 2)
TOLD = Told("吨", 1200, 1260, 80_000_00, 79_000_00, 0, 6, 5)


def enter(town, now, who="li", month_on=JUNE, figures=TOLD, version=0):
    return actions.enter_figures(
        getattr(town, who),
        organisation=town.mining,
        month_on=month_on,
        figures=figures,
        now=now,
        version=version,
    )


def campaign(town, now, **more):
    values = {
        "kind": "labour_competition", "title": "百日安全赛", "rules": "比安全、比产量", "opens_on": date(2026, 5, 1),
        "closes_on": date(2026, 6, 30), "teams": ("一班", "二班", "一班", " "),
    } | more  # fmt: skip
    return actions.open_campaign(town.li, organisation=town.mining, announced=Announced(**values), now=now)


def code(act, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return refused.value.refusals[0].code


class TestFigures:
    @pytest.mark.parametrize(("more", "told"), [
        ({"who": "chen"}, "production.no_mandate"),
        ({"who": "qian"}, "production.no_mandate"),
        ({"month_on": date(2026, 8, 1)}, "production.month_to_come"),
        ({"figures": replace(TOLD, done=None)}, "production.half_a_pair"),
        ({"figures": replace(TOLD, cost_plan_fen=None)}, "production.half_a_pair"),
        ({"figures": Told()}, "production.nothing_entered"),
        ({"figures": replace(TOLD, hazards_fixed=7)}, "production.more_fixed_than_found"),
    ])  # fmt: skip
    def test_refused(self, town, now, more, told):
        assert code(enter, town, now, **more) == told
        assert (Figures.objects.count(), Entry.objects.count()) == (0, 0)

    def test_once_a_month_and_put_right_with_what_was_before(self, town, now):
        first = enter(town, now, month_on=date(2026, 6, 15))
        assert (first.month_on, first.version, first.entered_on) == (JUNE, 1, TODAY)
        with pytest.raises(Stale):
            enter(town, now, figures=replace(TOLD, done=1300))
        later = actions.enter_figures(
            town.wang, organisation=town.mining, month_on=JUNE, figures=replace(TOLD, done=1300),
            now=now + timedelta(hours=1), version=1,
        )  # fmt: skip
        assert (Figures.objects.count(), later.done, later.version) == (1, 1300, 2)
        assert list(PastFigures.objects.values_list("done", flat=True)) == [1260]
        assert [(row["done"], row["until"]) for row in queries.earlier(later)] == [(1260, TODAY)]
        assert list(Entry.objects.values_list("act", flat=True)) == ["production.enter_figures"] * 2

    def test_facts_are_shown_and_score_nothing(self, town, now):
        enter(town, now, figures=replace(TOLD, accidents=2))
        enter(town, now, month_on=date(2026, 5, 1), figures=replace(TOLD, done=1000, cost_fen=81_000_00))
        enter(town, now, month_on=date(2026, 4, 1), figures=Told(note="检修，没有计划"))
        enter(town, now, month_on=date(2026, 3, 1))
        book = rulebook.load(())
        names = tuple(sorted(name for name in book.facts if name.startswith("production.")))
        found = analytics.facts_for(
            book, names, town.mining.path, town.mining.path + "0", QUARTER.first, QUARTER.last
        )[town.mining.pk]
        assert found == {
            "production.accidents": 2, "production.campaigns_ended": 0, "production.hazards_fixed": 10, "production.innovation_drives_ended": 0,
            "production.months_plan_met": 1, "production.months_with_figures": 3, "production.months_within_cost": 1,
        }  # fmt: skip
        # every one of them only supports a judgement: no check of any standard compares it
        compared = {
            each.fact
            for standard in book.standards.values()
            for check in standard.checks
            if check.met is not None
            for each in compares(check.met)
        }
        assert len(compared) > 10
        assert {fact for fact in compared if fact.startswith(("production.", "premises."))} == set()

    def test_what_is_still_to_be_entered(self, town, now):
        assert queries.wanting(town.mining, TODAY) is None
        enter(town, now, month_on=date(2026, 5, 1))
        assert queries.wanting(town.mining, TODAY) == (JUNE, date(2026, 7, 10))
        enter(town, now)
        assert queries.wanting(town.mining, TODAY) is None
        assert queries.to_enter(town.mining, TODAY) == date(2026, 7, 1)
        enter(town, now, month_on=TODAY)
        assert (queries.to_enter(town.mining, TODAY), queries.to_enter(town.depot, TODAY)) == (None, JUNE)
        town.depot.unit_type = "retired"
        assert queries.wanting(town.depot, TODAY) is None


class TestCampaigns:
    def test_refused(self, town, now):
        assert code(campaign, town, now, rules=" ") == "production.rules_needed"
        assert code(campaign, town, now, closes_on=date(2026, 4, 1)) == "production.ends_before_it_begins"
        assert code(campaign, town, now, teams=["一班", "赵党员"]) == "production.team_is_a_person"
        made = campaign(town, now)
        results = {"campaign": made, "teams": [], "outcome": "好", "now": now}
        assert code(actions.enter_results, town.chen, **results) == "production.no_mandate"
        assert (
            code(actions.enter_results, town.li, **results | {"outcome": ""}) == "production.outcome_needed"
        )
        assert code(actions.enter_results, town.li, **results | {"teams": [Team("王副书记", "第一", 1)]}) == (
            "production.team_is_a_person"
        )
        assert (
            code(actions.cancel_campaign, town.li, campaign=made, reason=" ", now=now)
            == "production.reason_needed"
        )

    def test_from_rules_to_results(self, town, now):
        made = campaign(town, now)
        assert made.teams == [["一班", "", 0], ["二班", "", 0]]
        teams = [Team("一班", "超 6%", 1), Team("二班", "完成", 0)]
        done = actions.enter_results(town.li, campaign=made, teams=teams, outcome="百日无事故", now=now)
        assert (done.teams, done.ended_on) == ([["一班", "超 6%", 1], ["二班", "完成", 0]], TODAY)
        assert (
            code(actions.cancel_campaign, town.li, campaign=done, reason="错", now=now) == "production.ended"
        )
        assert list(Entry.objects.order_by("id").values_list("act", flat=True)) == [
            "production.open_campaign", "production.enter_results",
        ]  # fmt: skip

    def test_changed_until_there_are_results_and_results_put_right(self, town, now):
        made = campaign(town, now)
        kept = {
            "kind": "shock_task", "title": "百日赛", "rules": "只比安全", "opens_on": date(2026, 5, 1),
            "closes_on": date(2026, 7, 10), "teams": ("三班",),
        }  # fmt: skip

        def edit(who="li", version=0, **more):
            announced = Announced(**kept | more)
            return actions.edit_campaign(
                getattr(town, who), campaign=made, announced=announced, now=now, version=version
            )

        for who, more, told in (
            ("chen", {}, "production.no_mandate"), ("li", {"rules": " "}, "production.rules_needed"),
            ("li", {"closes_on": date(2026, 4, 1)}, "production.ends_before_it_begins"),
            ("li", {"teams": ("赵党员",)}, "production.team_is_a_person"),
        ):  # fmt: skip
            assert code(edit, who, **more) == told
        changed = edit(version=1)
        assert (changed.kind, changed.rules, changed.closes_on, changed.teams, changed.version) == (
            "shock_task", "只比安全", date(2026, 7, 10), [["三班", "", 0]], 2,
        )  # fmt: skip
        # what was announced before is not lost: nothing else keeps the rules
        entry = json.loads(Entry.objects.get(act="production.edit_campaign").values)
        assert (entry["before"]["rules"], entry["before"]["teams"]) == ("比安全、比产量", ["一班", "二班"])
        assert (entry["after"]["rules"], entry["after"]["closes_on"]) == ("只比安全", "2026-07-10")
        with pytest.raises(Stale):
            edit("wang", version=1)
        told = {"teams": [Team("三班", "第一", 1)], "outcome": "百日无事故"}
        actions.enter_results(town.li, campaign=made, now=now, **told)
        assert code(edit) == "production.ended"
        with pytest.raises(Stale):
            actions.enter_results(town.wang, campaign=made, now=now, version=2, **told)
        later = now + timedelta(days=2)
        right = actions.enter_results(
            town.wang,
            campaign=made,
            teams=[Team("三班", "第二", 2)],
            outcome="九十九天",
            now=later,
            version=3,
        )
        # it ended when it ended; the record keeps what was said first
        assert (right.teams, right.outcome, right.ended_on) == ([["三班", "第二", 2]], "九十九天", TODAY)
        entries = Entry.objects.filter(act="production.enter_results").order_by("id")
        assert [json.loads(each.values)["outcome"] for each in entries] == ["百日无事故", "九十九天"]

    def test_called_off(self, town, now):
        made = campaign(town, now)
        actions.cancel_campaign(town.li, campaign=made, reason="停产检修", now=now)
        results = {"campaign": made, "teams": [], "outcome": "好", "now": now}
        assert code(actions.enter_results, town.li, **results) == "production.cancelled"
        assert queries.campaigns(town.mining, (date(2026, 6, 1), date(2026, 6, 30))) == []


class TestPages:
    def test_the_quarter_on_one_page(self, town, now, enter):
        actions.enter_figures(town.li, organisation=town.mining, month_on=JUNE, figures=TOLD, now=now)
        session = Session.objects.create(
            organisation=town.mining,
            kind="committee_meeting",
            title="支委会",
            state="closed",
            held_on=date(2026, 6, 3),
        )
        AgendaItem.objects.create(
            session=session, organisation=town.mining, tag="safety", title="研究雨季安全", session_kind="committee_meeting",
            session_closed=1, held_on=date(2026, 6, 3), resolution="清淤三处",
        )  # fmt: skip
        campaign(town, now)
        for kind, source in (
            ("production_problem", ""), ("advice", ""), ("measure", ""), ("measure", "concerns.analysis"), ("zone", ""),
            ("small_task", ""), ("conflict", ""), ("site_visit", ""),
        ):  # fmt: skip
            Undertaking.objects.create(
                organisation=town.mining, kind=kind, text=kind, owner=town.people["li"], opened_on=date(2026, 6, 5),
                visibility="branch", source=source,
            )  # fmt: skip
        page = queries.quarter_page(town.li, town.mining, QUARTER, TODAY)
        # what is about people, zones or service stands on its own pages
        assert [row["kind"] for row in page.undertaken] == [
            "advice",
            "measure",
            "production_problem",
            "site_visit",
        ]
        assert (page.entered, page.percent, page.cost_left_fen, page.accidents, page.hazards) == (
            1,
            105,
            100000,
            0,
            (5, 6),
        )
        assert [(row.standard, row.resolution) for row in page.discussed] == [("S03", "清淤三处")]
        text = enter(town.people["chen"]).get("/production/?quarter=2026Q2").content.decode()
        for told in ("研究雨季安全", "百日安全赛", "1260 吨", "105"):
            assert told in text
        assert (
            enter(town.people["chen"])
            .get("/production/?quarter=nonsense&organisation=99999999999999999999")
            .status_code
            == 200
        )

    def test_by_the_forms(self, town, enter, now):
        client = enter(town.people["li"])
        data = {"measure": "吨", "planned": "10", "done": "11", "accidents": "", "version": "0"}
        assert client.post("/production/figures/enter/?month=2026-06", data).status_code == 302
        assert (Figures.objects.get().done, Figures.objects.get().cost_fen) == (11, None)
        assert (
            client.post("/production/figures/enter/?month=2026-06", data | {"done": "9" * 30}).status_code
            == 200
        )
        opened = {
            "kind": "shock_task", "title": "<i>清淤</i>", "rules": "三天", "opens_on": "2026-07-01", "closes_on": "2026-07-03",
            "teams": "青年突击队\n二班",
        }  # fmt: skip
        assert client.post("/production/campaigns/new/", opened).status_code == 302
        made = Campaign.objects.get()
        results = {
            "outcome": "完成 400 米",
            "result-0": "300 米",
            "place-0": "1",
            "result-1": "",
            "place-1": "",
        }
        assert client.post(f"/production/campaigns/{made.pk}/results/", results).status_code == 302
        made.refresh_from_db()
        assert made.teams == [["青年突击队", "300 米", 1], ["二班", "", 0]]
        pages = [
            "",
            "figures/",
            f"figures/{Figures.objects.get().pk}/",
            "campaigns/",
            f"campaigns/{made.pk}/",
        ]
        for page in pages:
            answer = client.get(f"/production/{page}")
            assert (answer.status_code, "<i>清淤" in answer.content.decode()) == (200, False)

    def test_outside_one_s_part(self, town, enter, now):
        made, figures = campaign(town, now), enter_june(town, now)
        client = enter(town.people["qian"])
        urls = (
            f"campaigns/{made.pk}/",
            f"campaigns/{made.pk}/results/",
            f"figures/{figures.pk}/",
            f"?organisation={town.mining.pk}",
            "branches/",
        )
        assert [client.get(f"/production/{url}").status_code for url in urls] == [404] * 5

    def test_all_branches_at_a_glance(self, town, now, django_assert_num_queries):
        enter_june(town, now)
        with django_assert_num_queries(4):
            rows = queries.overview(town.sun, QUARTER, TODAY)
        assert [(row.name, row.entered, row.met, row.planned, row.open_hazards) for row in rows] == [
            ("采矿党支部", 1, 1, 1, 1), ("仓储党支部", 0, 0, 0, 0),
        ]  # fmt: skip


def enter_june(town, now):
    return actions.enter_figures(town.li, organisation=town.mining, month_on=JUNE, figures=TOLD, now=now)


def test_the_desk_says_what_is_to_be_entered(town, now):
    from zhibu.premises import actions as home
    from zhibu.project.workbench.unit import unit_lines

    assert unit_lines(town.li, town.mining, TODAY) == ()
    actions.enter_figures(town.li, organisation=town.mining, month_on=date(2026, 5, 1), figures=TOLD, now=now)
    made = campaign(town, now)
    home.record_fixture(
        town.li, organisation=town.mining, item="flag", state="present", seen_on=date(2025, 1, 1), now=now
    )
    lines = unit_lines(town.li, town.mining, TODAY)
    assert [(line.what, line.tone, line.due_on) for line in lines] == [
        ("填报2026年6月单位数字", "overdue", date(2026, 7, 10)),
        ("登记“百日安全赛”的结果", "overdue", date(2026, 6, 30)),
        ("阵地 1 项满一年没看", "soon", TODAY),
    ]
    assert lines[1].step_url == f"/production/campaigns/{made.pk}/results/"
    assert unit_lines(town.chen, town.mining, TODAY) == ()
