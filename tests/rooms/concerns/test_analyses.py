"""The quarter's analysis: how things stand, causes with measures and owners, filed as the paper that standard S20 reads."""

from datetime import date
from io import BytesIO

import docx
import pytest
from django.http import Http404

from tests.rooms.concerns.asking import later, refused
from zhibu import analytics, rulebook
from zhibu.concerns import actions, queries
from zhibu.concerns.actions.analysing import Measure
from zhibu.concerns.queries.care import care
from zhibu.core.calendar import Quarter
from zhibu.life import actions as life
from zhibu.life.models import FiledDocument
from zhibu.record.attachments import content_of_attachment
from zhibu.ui.doors import Stale
from zhibu.undertakings import actions as undertakings

pytestmark = pytest.mark.django_db
QUARTER = Quarter(2026, 3)
DUE = date(2026, 8, 31)


def filed(town):
    name, path = "life.thought_analyses", town.mining.path
    found = analytics.facts_for(rulebook.load(), (name,), path, path + "0", QUARTER.first, QUARTER.last)
    return found[town.mining.pk][name]


def written(town, who, now, **more):
    values = {"findings": "夜班热水、班次是大家最关心的。", "quarter": QUARTER} | more
    return actions.write_analysis(who["li"], organisation=town.mining, now=now, **values)


def measured(town, who, now, row):
    measure = Measure("浴室水箱小，夜班后没有热水", "换水箱，错峰供水", town.people["zhao"].pk, DUE)
    return actions.add_measure(who["li"], analysis=row, measure=measure, now=now)


def test_who_may_not_write_and_what_may_not_be_written(town, who, now):
    assert refused(
        lambda: actions.write_analysis(
            who["sun"], organisation=town.mining, quarter=QUARTER, findings="好", now=now
        )
    ) == ["concerns.no_mandate"]
    assert refused(lambda: written(town, who, now, findings=" ")) == ["concerns.findings_needed"]
    assert refused(lambda: written(town, who, now, quarter=Quarter(2026, 4))) == ["concerns.quarter_to_come"]
    assert refused(lambda: written(town, who, now, findings="找 13812345678")) == ["concerns.numbers"]
    name = town.people["zhao"].name
    assert refused(lambda: written(town, who, now, findings=f"{name}情绪大")) == ["concerns.names"]
    row = written(town, who, now)
    with pytest.raises(Stale):
        written(town, who, now, findings="另一人写的")
    assert written(town, who, now, findings="改过的", version=1).pk == row.pk
    with pytest.raises(Http404):
        queries.analysis_for(who["qian"], row.pk)


def test_from_cause_to_the_paper_and_the_standard(town, who, now, settings):
    settings.ZHIBU_TODAY = now.date().isoformat()
    row = written(town, who, now)
    file = lambda: actions.file_analysis(who["li"], analysis=row, now=now)
    assert refused(file) == ["concerns.no_measures"]
    assert refused(
        lambda: actions.add_measure(
            who["li"], analysis=row, measure=Measure(" ", "换水箱", town.people["zhao"].pk, DUE), now=now
        )
    ) == ["concerns.cause_needed"]
    made = measured(town, who, now, row)
    assert (made.kind, made.problem, made.source, made.source_id) == (
        "measure", "浴室水箱小，夜班后没有热水", "concerns.analysis", row.pk,
    )  # fmt: skip
    assert filed(town) == 0
    done = file()
    assert filed(town) == 1
    paper = FiledDocument.objects.get(pk=done.document_id)
    assert (paper.kind, paper.covers_on, paper.filed_on) == ("thought_analysis", date(2026, 7, 1), now.date())
    words = docx.Document(BytesIO(content_of_attachment(paper.attachment)))
    cells = [cell.text for table in words.tables for line in table.rows for cell in line.cells]
    text = "\n".join([*(each.text for each in words.paragraphs), *cells])
    assert all(
        each in text for each in ("夜班热水", "浴室水箱小", "换水箱，错峰供水", town.people["zhao"].name)
    )
    assert refused(file) == ["concerns.filed"]
    assert refused(lambda: written(town, who, now, version=1)) == ["concerns.filed"]
    # what became of it is on the same page, also after it was filed
    undertakings.report_done(who["li"], undertaking=made, result="水箱已换", now=later(now, 20))
    undertakings.close(who["li"], undertaking=made, now=later(now, 21))
    (line,) = queries.told_of(done, later(now, 21).date()).measures
    assert (line["marks"][0][0], line["result"]) == ("已销号", "水箱已换")
    (last,) = queries.quarter_page(town.mining, Quarter(2026, 4), date(2026, 10, 9)).before
    assert last["id"] == made.pk
    (over,) = [
        each for each in queries.overview(who["sun"], QUARTER, now.date()) if each.branch == town.mining.pk
    ]
    assert (over.measures, over.closed, over.filed_on) == (1, 1, now.date())


def test_a_visit_recorded_with_the_exemption_is_known_to_care(town, now):
    exemption = life.exempt(
        town.li,
        organisation=town.mining,
        person=town.people["zhao"].pk,
        ground="old",
        since=now.date(),
        now=now,
    )
    assert [each.visited_on for each in care(town.li, town.mining, now.date()).exempt] == [None]
    life.record_visit(town.li, exemption=exemption, held_on=now.date(), now=now)
    assert [each.visited_on for each in care(town.li, town.mining, now.date()).exempt] == [now.date()]
    # whoever grants no exemptions is told of none
    assert care(town.chen, town.mining, now.date()).exempt == ()
