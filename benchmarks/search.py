"""Search over 5,000 and 50,000 materials of 484 branches: a question of two characters, beside `LIKE`.

The words are invented, their frequencies are not: as in any language, few words make up most of a text. Questions are
drawn over the whole range, from words that every third text holds to words that hardly one does. Asked are a page of
twenty hits with their excerpts and the number of all, as the page of the library asks them; by an officer who may see
all, and by a member who may see a tenth.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.ballots import empty_database
from benchmarks.report import Report

SIZES = (5_000, 50_000)
BRANCHES = 484
CHARACTERS = 400
QUESTIONS = 120
LIKED = 24
GROUND = "学习党员支部安全生产工作会议组织生活发展培训计划落实检查整改责任班组技术设备质量管理服务群众纪律作风实践理论精神决定改革创新带头先锋模范考核公开民主监督教育青年工会宣传文化思想道德法规制度措施目标任务效益成本能源环境矿山机械电气运输选矿冶炼测量地质通风排水支护爆破消防急救"


def run(report: Report) -> None:
    """Both sizes, each in a process and a database of its own."""
    found = {size: _measured(size, report.home / f"search-{size}") for size in SIZES}
    small, large = (found[size] for size in SIZES)
    for who in ("officer", "member"):
        one = large[who]
        report.add(f"{who}, 50,000 materials: p50", one["p50"], "ms")
        report.add(f"{who}, 50,000 materials: p95", one["p95"], "ms", at_most=100)
        report.add(f"{who}: p95 at 50,000 over 5,000", one["p95"] / small[who]["p95"], "times", at_most=12)
        report.add(f"{who}: LIKE p50 over ours, 50,000", one["like"] / one["p50"], "times")
        report.add(f"{who}: LIKE p95 over ours, 50,000", one["like_p95"] / one["p95"], "times")
    report.add("kept a second, words cut and indexed", large["kept_per_second"], "texts/s")
    report.add("database, 50,000 texts of 400 characters", large["megabytes"], "MB")


def _measured(size: int, home: Path) -> dict[str, dict[str, float]]:
    home.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "ZHIBU_HOME": str(home), "DJANGO_SETTINGS_MODULE": "zhibu.project.settings"}
    if address := os.environ.get("ZHIBU_DATABASE_URL"):
        environment["ZHIBU_DATABASE_URL"] = empty_database(address, f"search_{size}")
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.search", str(size)],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(ran.stdout.splitlines()[-1])


def vocabulary(dice: random.Random) -> tuple[list[str], list[float]]:
    """Four thousand words of two and three characters, the k-th as frequent as 1/k."""
    words: dict[str, None] = {GROUND[place : place + 2]: None for place in range(0, len(GROUND) - 1, 2)}
    while len(words) < 4000:
        words["".join(dice.choice(GROUND) for _each in range(2 if dice.random() < 0.85 else 3))] = None
    return list(words), [1 / (place + 10) for place in range(len(words))]


def fill(size: int, dice: random.Random, words: list[str], weights: list[float]) -> float:
    """The tree and the materials; gives how many texts a second were cut and written."""
    from datetime import date

    from zhibu.project.demo.bulk import insert
    from zhibu.register.models import Organisation
    from zhibu.search.models import Text
    from zhibu.search.tokens import of_text
    from zhibu.study.models import Material

    root = Organisation.objects.create(code="R", name="党委", kind="primary_committee", path="0001")
    Organisation.objects.bulk_create(
        Organisation(code=f"B{n}", name=f"第{n}党支部", kind="branch", path=f"0001{n:04d}", parent=root)
        for n in range(1, BRANCHES + 1)
    )
    branches = list(Organisation.objects.filter(kind="branch").values_list("id", flat=True))
    texts = []
    for number in range(1, size + 1):
        body = "".join(dice.choices(words, weights, k=CHARACTERS // 2))
        texts.append((number, "".join(dice.choices(words, weights, k=4)), body))
    started = time.perf_counter()
    insert(Text, ("id", "title", "body", "title_tokens", "body_tokens"), (
        (number, title, body, of_text(title), of_text(body)) for number, title, body in texts
    ))  # fmt: skip
    spent = time.perf_counter() - started
    day = date(2026, 7, 1).toordinal()
    names = ("id", "organisation_id", "kind", "subject", "audience", "title", "published_on", "text_id")
    insert(Material, names, (
        (number, root.pk if dice.random() < 0.1 else dice.choice(branches), "article", "safety", "branch", title,
         day - number % 700, number)
        for number, title, _body in texts
    ))  # fmt: skip
    return size / spent


def ask(actor, questions: list[str], *, like: bool) -> list[float]:
    """Milliseconds of each question."""
    from django.db.models import Q

    from zhibu.study import queries

    spent = []
    for question in questions:
        started = time.perf_counter()
        rows = queries.seen(actor)
        if like:
            found = rows.filter(Q(text__title__contains=question) | Q(text__body__contains=question))
            list(found.order_by("-published_on", "-id").values("id", "title")[:20])
            found.count()
        else:
            queries.searched(rows, question)
        spent.append(1000 * (time.perf_counter() - started))
    return spent


def main(size: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    from zhibu.core.authority import Actor, Mandate, Reach

    call_command("migrate", verbosity=0)
    dice = random.Random(7)
    words, weights = vocabulary(dice)
    with transaction.atomic():
        rate = fill(size, dice, words, weights)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    pairs = [word for word in words if len(word) == 2]
    questions = [pairs[int(len(pairs) * (place / QUESTIONS) ** 2)] for place in range(QUESTIONS)]
    look = frozenset({"study.view"})
    readers = {
        "officer": Actor(
            1, None, "", (Mandate("committee_officer", 1, "0001", frozenset({"study.*"}), Reach.BELOW),)
        ),
        "member": Actor(2, 2, "", (Mandate("member", 2, "00010001", look, Reach.OWN),)),
    }
    found: dict[str, object] = {"kept_per_second": rate}
    for who, actor in readers.items():
        ask(actor, questions[:10], like=False)
        ours = ask(actor, questions, like=False)
        like = ask(actor, questions[:: QUESTIONS // LIKED], like=True)
        found[who] = {
            "p50": statistics.median(ours), "p95": statistics.quantiles(ours, n=20)[-1], "like": statistics.median(like),
            "like_p95": statistics.quantiles(like, n=20)[-1],
        }  # fmt: skip
    from django.conf import settings

    found["megabytes"] = megabytes(connection, settings.DATABASES["default"]["NAME"])
    print(json.dumps(found))


def megabytes(connection, name: str) -> float:
    """How large the database is."""
    if connection.vendor == "sqlite":
        return Path(name).stat().st_size / 2**20
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0] / 2**20


if __name__ == "__main__":
    main(int(sys.argv[1]))
