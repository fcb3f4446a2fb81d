"""One page more: fifty rows straight from the ORM through a plain template."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

TEMPLATE = """<!doctype html><html lang="zh"><title>Bare</title><table>{% for row in rows %}
<tr><td>{{ row.name }}</td><td>{{ row.sex }}</td><td>{{ row.education }}</td><td>{{ row.position }}</td>
<td>{{ row.joined_on|date:"Y-m-d" }}</td></tr>{% endfor %}</table></html>"""


def timed(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Say in a header how long the answer took inside the process."""

    def middleware(request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        response = get_response(request)
        response["Server-Timing"] = f"app;dur={(time.perf_counter() - start) * 1000:.2f}"
        return response

    return middleware


def bare(request: HttpRequest) -> HttpResponse:
    """Fifty people; the reader is signed in, as everywhere."""
    from zhibu.register.models import Person

    assert request.user.is_authenticated
    rows = Person.objects.order_by("name", "id")[:50]
    return HttpResponse(engines["django"].from_string(TEMPLATE).render({"rows": rows}, request))


bare.verb = None  # type: ignore[attr-defined] - doors mark their views so
urlpatterns = [path("bare/", bare), path("", include("zhibu.project.urls"))]
