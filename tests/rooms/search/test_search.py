"""Two characters are found wherever they stand, in Chinese as written, on both databases; and only in what one may see."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhibu.search import excerpts, finding, tokens
from zhibu.search.excerpts import Piece
from zhibu.search.keeping import keep
from zhibu.search.models import Text

# characters that meet in many ways: words, halves of words, letters, digits, marks
LETTERS = "党支部学习安全生产研究生命起源的和平 ，。Ａa1〇\n"
texts = st.text(alphabet=LETTERS, max_size=30)


def kept(title, body=""):
    return keep(None, title=title, body=body)


def keys(question, seen=None):
    found = finding.find(Text.objects.all() if seen is None else seen, question, column="id")
    return list(found.keys), found.total


class TestWords:
    def test_a_word_of_two_characters_is_one_token(self):
        assert tokens.of_question("安全") == (tokens.Word("安全"),)

    def test_a_longer_word_is_found_by_its_pairs_too(self):
        assert tokens.of_question("共产党") == (tokens.Word("共产党", ("共产", "产党")),)

    def test_words_that_stand_together_are_looked_for_one_by_one(self):
        assert [word.text for word in tokens.of_question("安全生产 C919")] == ["安全", "生产", "c919"]

    def test_nothing_but_marks_is_no_question(self):
        assert tokens.of_question('，。 "*() -') == ()

    def test_a_question_has_an_end(self):
        assert len(tokens.of_question(" ".join(f"w{n}" for n in range(99)))) == tokens.MOST_WORDS


@pytest.mark.django_db
class TestFinding:
    def test_two_characters_within_a_word_no_dictionary_cuts_there(self):
        here = kept("采煤一队党支部", "区队长讲安全")
        kept("别的", "没有这个词")
        assert [keys(each)[0] for each in ("党支", "队党", "区队", "安全", "队", "全")] == [[here.pk]] * 6

    def test_every_word_must_be_there_in_any_order(self):
        both = kept("先进典型", "安全生产标兵")
        kept("只有安全")
        assert keys("生产 安全") == ([both.pk], 1)
        assert keys("生产 和平") == ([], 0)

    def test_a_title_weighs_more_than_a_mention(self):
        mention = kept("月度工作", "顺便提到学习。" + "其他内容" * 20)
        titled = kept("学习笔记", "其他内容" * 20)
        assert keys("学习") == ([titled.pk, mention.pk], 2)

    def test_letters_are_found_while_they_are_typed_wide_or_narrow(self):
        here = kept("ＧＢ／Ｔ 9704 公文格式")
        assert [keys(each)[0] for each in ("gb", "9704", "97", "GB/T")] == [[here.pk]] * 4

    def test_what_may_not_be_seen_is_neither_found_nor_counted(self):
        mine, other = kept("安全一"), kept("安全二")
        assert keys("安全", Text.objects.filter(pk=mine.pk)) == ([mine.pk], 1)
        assert keys("安全", Text.objects.none()) == ([], 0)
        assert set(keys("安全")[0]) == {mine.pk, other.pk}

    def test_pages_follow_one_another(self):
        made = [kept(f"学习第{n}讲").pk for n in range(5)]
        some = [
            finding.find(Text.objects.all(), "学习", column="id", start=at, size=2).keys for at in (0, 2, 4)
        ]
        assert [key for page in some for key in page] == sorted(made, reverse=True)

    @pytest.mark.parametrize("most", [1, 4, 5])
    def test_what_very_many_hold_comes_by_title_then_newest(self, most, monkeypatch):
        """From `MOST_COUNTED` visible hits on nothing is ranked; what may not be seen neither counts nor moves one."""
        monkeypatch.setattr(finding, "MOST_COUNTED", most)
        made = [
            kept(f"学习{n}" if n % 3 == 0 else f"其他{n}", "学习" * (n % 4) + "内容" * (n % 5))
            for n in range(14)
        ]
        seen = made[::2]
        holding = [text for text in seen if "学习" in text.title + text.body]
        assert len(holding) == 5
        rows = Text.objects.filter(pk__in=[text.pk for text in seen])
        plain = [
            text.pk
            for text in sorted(holding, key=lambda text: ("学习" in text.title, text.pk), reverse=True)
        ]
        for size in (1, 2, 20):
            pages = [finding.find(rows, "学习", column="id", start=at, size=size) for at in range(0, 9, size)]
            assert [key for page in pages for key in page.keys] == plain
            assert {(page.total, page.more) for page in pages} == {(most, True)}

    @pytest.mark.parametrize("few", [0, 8000])
    def test_few_and_many_hits_are_found_alike_among_what_may_be_seen(self, few, monkeypatch):
        monkeypatch.setattr(finding, "FEW", few)
        rows = [kept("学习" if number % 3 == 0 else "会", "学习") for number in range(24)]
        seen = Text.objects.filter(pk__in=[row.pk for row in rows[::2]])
        # those that name it first, the newest first among equals: ranked, and when there are too many to rank
        best = [rows[number].pk for number in (18, 12, 6, 0, 22, 20, 16, 14, 10, 8, 4, 2)]
        assert keys("学习", seen) == (best, 12)
        monkeypatch.setattr(finding, "MOST_COUNTED", 4)
        assert keys("学习", seen) == (best, 4)

    def test_below_that_number_the_best_come_first(self, monkeypatch):
        monkeypatch.setattr(finding, "MOST_COUNTED", 3)
        often, seldom = kept("甲", "学习" * 9), kept("乙", "学习" + "内容" * 9)
        assert keys("学习") == ([often.pk, seldom.pk], 2)
        kept("丙", "学习和平")
        assert keys("学习")[0][-1] == often.pk

    def test_changed_words_are_found_and_those_before_no_longer(self):
        row = kept("旧的题目")
        keep(row, title="新的题目", body="")
        assert (keys("旧的"), keys("新的")) == (([], 0), ([row.pk], 1))
        row.delete()
        assert keys("新的") == ([], 0)

    @pytest.mark.parametrize(
        "question",
        [
            '"',
            'a" OR 1',
            "NEAR(a b)",
            "党*",
            "-党",
            "党:*",
            "'; DROP TABLE zb_text --",
            "&|!<->",
            "\\",
            "党\x00支",
            "%",
            "\u200b",
        ],
    )
    def test_a_question_is_never_a_command(self, question):
        kept("党支部")
        assert keys(question)[1] in {0, 1}

    def test_a_long_text_is_kept_whole_and_looked_up_to_its_limit(self):
        # every pair different: the worst a vector of PostgreSQL can be given
        wide = "".join(chr(0x4E00 + n % 20_000) + chr(0x4E00 + n * 7 % 20_000) for n in range(40_000))
        row = kept("长", wide)
        assert len(row.body) == tokens.LONGEST_TEXT
        assert keys(wide[100:102])[0] == [row.pk]


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    written=st.lists(texts, min_size=1, max_size=5),
    start=st.integers(0, 28),
    length=st.integers(2, 5),
    pick=st.integers(0, 4),
)
def test_whatever_stands_in_a_text_finds_it(db, written, start, length, pick):
    """No text that holds the letters as asked is missed, and each one found holds every pair of the question."""
    Text.objects.all()._raw_delete(connection.alias)
    rows = {kept("", body).pk: body for body in written}
    source = written[pick % len(written)]
    question = "".join(source[start : start + length].split())
    # letters and digits are found by their beginning, not from their middle
    if (
        any(mark in "Ａa1" for mark in question)
        or len(question) < 2
        or len(tokens.of_question(question)) > tokens.MOST_WORDS - 1
    ):
        return
    found = finding.find(Text.objects.all(), question, column="id", size=50)
    holding = {pk for pk, body in rows.items() if tokens.normal(question) in tokens.normal(body)}
    if tokens.of_question(question):
        assert holding <= set(found.keys)
    for pk in found.keys:
        there = set(tokens.of_text(rows[pk]).split())
        for word in tokens.of_question(question):
            assert (
                all(pair in there for pair in word.pairs)
                if word.pairs
                else any(t.startswith(word.text) for t in there)
            )


class TestExcerpts:
    def test_the_hit_is_set_apart_and_nothing_is_markup(self):
        found = excerpts.excerpt("讲<b>安全</b>，讲安全", "安全")
        assert found == (
            Piece("讲<b>", hit=False), Piece("安全", hit=True), Piece("</b>，讲", hit=False), Piece("安全", hit=True),
        )  # fmt: skip

    def test_the_place_of_the_first_hit_is_shown(self):
        found = excerpts.excerpt("甲" * 300 + "安全" + "乙" * 300, "安全")
        assert [piece.hit for piece in found] == [False, True, False]
        assert (found[0].text[0], found[-1].text[-1]) == ("…", "…")
        assert sum(len(piece.text) for piece in found) <= excerpts.LENGTH + 2

    def test_words_that_stand_apart_are_each_marked(self):
        assert [p.text for p in excerpts.marked("生产讲安全", "安全生产") if p.hit] == ["生产", "安全"]

    def test_nothing_to_show(self):
        assert (excerpts.excerpt("", "安全"), excerpts.marked("有", "，")) == ((), (Piece("有", hit=False),))


@pytest.mark.django_db
def test_a_backup_counts_records_and_not_the_index():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps its index in the table")
    from zhibu.project.backups import sqlite

    kept("安全")
    with connection.cursor() as cursor:
        found = sqlite.tables(cursor.connection)
    assert [name for name in found if name.startswith("zb_text")] == ["zb_text"]
