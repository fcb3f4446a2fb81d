"""Self-study reported in a browser, on a phone: three interactions at most."""

import pytest

from tests.people import township
from tests.rooms.life.test_browser import Counted, sign_in
from tests.rooms.study.people import with_study
from zhibu.study import actions
from zhibu.study.models import StudyRecord
from zhibu.study.told import Told

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_INTERACTIONS = 3


def test_self_study_in_three_interactions(phone, transactional_db, settings, now, live_server):
    settings.ZHIBU_TODAY = now.date().isoformat()
    settings.ZHIBU_SECOND_FACTOR = "none"
    town = township()
    made = actions.publish_material(
        with_study(town.li),
        organisation=town.mining,
        now=now,
        told=Told(title="安全规程", content="讲隐患", minutes=40),
    )
    sign_in(phone, town.people["chen"], live_server)
    phone.goto("/study/")
    line = Counted(phone)
    line.write("#id_title", "读党章第一章")
    line.write("#id_minutes", "45")
    line.click(".zb-one-line button")
    phone.wait_for_url("**/study/")
    phone.get_by_text("读党章第一章").first.wait_for()
    phone.goto(f"/study/library/{made.pk}/")
    read = Counted(phone)
    read.click("a[href*='/study/record/']")
    read.click("main form button.btn-primary")
    phone.get_by_text("安全规程").first.wait_for()
    kept = StudyRecord.objects.order_by("id").values_list("title", "minutes", "material_id")
    assert list(kept) == [("读党章第一章", 45, None), ("安全规程", 40, made.pk)]
    print(f"\nself-study: {len(line.log)} interactions; from a material {len(read.log)}")
    assert max(len(line.log), len(read.log)) <= MOST_INTERACTIONS
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert phone.problems == []
