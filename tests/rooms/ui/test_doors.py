"""Who may enter, and what becomes of a refusal, a conflict and a second click."""

import re
from typing import Any

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.views.decorators.http import require_POST

from tests.rooms.ui.conftest import LI, ZHAO, Kept, signed_in
from tests.rooms.ui.gallery import REFUSAL
from zhibu.core.refusal import Refused
from zhibu.ui import doors

MEETING = {"kind": "general", "held_on": "2026年7月3日", "place": "二楼会议室", "absent": ["3", "7"]}


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_nobody_signed_in_is_sent_to_the_sign_in_page_and_back_again(client: Client) -> None:
    answer = client.get("/sessions/?state=open")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/sessions/%3Fstate%3Dopen")


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(client: Client) -> None:
    answer = client.post("/form/", MEETING, headers={"referer": "http://testserver/form/?kind=general"})
    assert answer["Location"] == "/sign-in/?next=/form/%3Fkind%3Dgeneral"


def test_a_foreign_referer_is_not_a_way_back(client: Client) -> None:
    answer = client.post("/form/", MEETING, headers={"referer": "https://evil.example/form/"})
    assert answer["Location"] == "/sign-in/?next=/form/"


def test_a_partial_tells_the_browser_to_sign_in(client: Client) -> None:
    answer = client.get("/sessions/", headers={"hx-request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/sign-in/?next=/sessions/")


def test_without_the_verb_the_page_does_not_exist(client: Client) -> None:
    assert signed_in(client, "zhao").get("/form/").status_code == 404
    assert signed_in(client, "li").get("/heat/").status_code == 404


def test_one_who_holds_the_verb_enters_also_for_the_own_person_alone(client: Client) -> None:
    assert signed_in(client, "zhao").get("/sessions/").status_code == 200
    assert [doors.holds(actor, "life.close_minutes") for actor in (LI, ZHAO)] == [True, False]


def test_a_public_door_needs_nobody(client: Client) -> None:
    assert client.get("/board/").status_code == 200


@pytest.mark.parametrize("key", [2**63, 10**20])
def test_a_number_no_row_can_have_is_of_a_page_that_does_not_exist(key: int) -> None:
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        return HttpResponse(str(pk))

    entered = doors.public_door("test")(view)
    assert entered(RequestFactory().get("/"), pk=2**63 - 1).content == b"9223372036854775807"
    with pytest.raises(Http404):
        entered(RequestFactory().get("/"), pk=key)


@pytest.mark.parametrize(
    ("referer", "back"),
    [("", "/"), ("http://testserver/code/", "/"), ("http://testserver/x/?q=1", "/x/?q=1")],
)
def test_a_page_that_is_refused_does_not_lead_back_to_itself(
    rf: RequestFactory, referer: str, back: str
) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        raise Refused([REFUSAL])

    answer = doors.public_door("test")(view)(rf.get("/code/?code=old", headers={"referer": referer}))
    assert (answer.status_code, re.findall(r'class="btn" href="([^"]+)"', text_of(answer))) == (409, [back])


def test_the_verb_stands_on_the_view() -> None:
    from tests.rooms.ui import gallery

    form, board = vars(gallery.form), vars(gallery.board)
    assert (form["verb"], form["once"]) == ("life.close_minutes", True)
    assert (board["verb"], board["public"]) == (None, "公示面向群众")


def test_a_refusal_keeps_what_was_typed_and_names_the_rule(li: Client) -> None:
    answer = li.post("/form/", {**MEETING, "place": "refuse"})
    page = text_of(answer)
    assert answer.status_code == 409
    for told in (REFUSAL.message, REFUSAL.source, REFUSAL.article, REFUSAL.remedy, REFUSAL.who):
        assert str(told) in page
    assert 'value="refuse"' in page
    assert page.count("checked") == 3  # the kind, and the two who were absent


def test_a_refusal_where_there_is_no_page_has_a_page_of_its_own(li: Client) -> None:
    @doors.door("life.act")
    @require_POST
    def act(request: HttpRequest) -> HttpResponse:
        raise Refused(REFUSAL)

    request = RequestFactory().post("/act/", headers={"referer": "http://testserver/session/3/"})
    request.actor = LI  # type: ignore[attr-defined]
    request.COOKIES["x"] = "y"
    answer = act(request)
    assert answer.status_code == 409
    assert 'href="/session/3/"' in answer.content.decode()  # type: ignore[attr-defined]


def test_a_refused_read_says_so_too(li: Client) -> None:
    answer = li.get("/act/")
    assert (answer.status_code, str(REFUSAL.message) in text_of(answer)) == (409, True)


def test_a_refusal_to_a_partial_is_the_panel_alone(li: Client) -> None:
    answer = li.post("/form/", {**MEETING, "place": "refuse"}, headers={"hx-request": "true"})
    assert (answer.status_code, answer["HX-Retarget"]) == (409, "#zb-refusals")
    assert answer.content.decode().strip().startswith("<section")


def test_a_conflict_shows_both_versions(li: Client) -> None:
    answer = li.post("/form/", {**MEETING, "place": "stale"})
    page = text_of(answer)
    assert answer.status_code == 409
    for told in ("王建军", "三楼会议室", "二楼会议室", 'href="/form/"'):
        assert told in page


def test_a_second_submission_gets_the_answer_of_the_first(li: Client, kept: Kept) -> None:
    sent = {**MEETING, "zb_token": "abc"}
    answers = [li.post("/form/", sent)["Location"] for _ in range(2)]
    assert answers == ["/session/1/", "/session/1/"]
    assert kept.urls == {("abc", 7): "/session/1/"}


def test_another_form_and_another_person_are_not_the_same_submission(li: Client, kept: Kept) -> None:
    first = li.post("/form/", {**MEETING, "zb_token": "abc"})["Location"]
    second = li.post("/form/", {**MEETING, "zb_token": "def"})["Location"]
    third = signed_in(li, "all").post("/form/", {**MEETING, "zb_token": "abc"})["Location"]
    assert [first, second, third] == ["/session/1/", "/session/2/", "/session/3/"]


def test_a_refused_form_may_be_corrected_and_sent_again(li: Client, kept: Kept) -> None:
    assert li.post("/form/", {**MEETING, "place": "refuse", "zb_token": "abc"}).status_code == 409
    assert kept.urls == {}
    assert li.post("/form/", {**MEETING, "zb_token": "abc"})["Location"] == "/session/1/"


def test_a_second_submission_by_htmx_is_redirected_by_header(li: Client, kept: Kept) -> None:
    kept.urls["abc", 7] = "/session/1/"
    answer = li.post("/form/", {**MEETING, "zb_token": "abc"}, headers={"hx-request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/session/1/")


class _Rows:
    """A stand-in for a queryset, which shows what it was asked."""

    def none(self) -> str:
        return "none"

    def filter(self, condition: Any) -> str:
        return str(condition)


def test_within_knows_half_open_ranges_and_no_range() -> None:
    rows: Any = _Rows()
    assert doors.within(rows, ()) == "none"
    assert doors.within(rows, (("0001", "0002"),), "path") == (
        "(AND: ('path__gte', '0001'), ('path__lt', '0002'))"
    )
    assert str(doors.within(rows, (("0001", "0002"), ("0004", "0005")), "path")).startswith("(OR: ")


@pytest.mark.parametrize(("path", "status"), [("/nothing/", 404), ("/session/x/", 404)])
def test_what_does_not_exist_says_so_plainly(li: Client, path: str, status: int) -> None:
    li.raise_request_exception = False
    answer = li.get(path)
    assert (answer.status_code, "没有这一页" in text_of(answer)) == (status, True)


def test_an_error_leaks_nothing(li: Client) -> None:
    li.raise_request_exception = False
    answer = li.get("/broken/")
    page = text_of(answer)
    assert (answer.status_code, "系统出错了" in page, "secret" in page) == (500, True, False)


def test_an_object_outside_is_as_one_that_never_was() -> None:
    class Missing(Exception):
        pass

    class Model:
        DoesNotExist = Missing

    class Empty:
        model = Model

        def get(self, **lookup: Any) -> None:
            raise Missing

    with pytest.raises(Http404):
        doors.one(Empty(), pk=1)  # type: ignore[arg-type]
