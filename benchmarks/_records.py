# ruff: noqa: S608 - a benchmark writes SQL from its own constants
"""Made-up records of any number of branches, written in SQL for DuckDB so that millions take seconds.

A branch has about 20 members, and a quarter about 20 meetings, 220 attendances, 24 agenda items and 14 talks: the
sizes the goals of docs are stated for. Most branches do what they should; chance decides who does not.
"""

from datetime import date
from typing import Any

FIRST_BRANCH = 1_000_000
GROUPS = 50_000_000
YEAR = date(2026, 1, 1).toordinal()
QUARTER_DAYS = 91
# a number below `bound`, always the same for the same row; `salt` tells the columns apart
CHANCE = "CREATE OR REPLACE MACRO chance(salt, a, b, bound) AS CAST(hash(a, b, salt) % bound AS BIGINT)"

BRANCHES = f"""
CREATE OR REPLACE TABLE zb_organisation AS
SELECT 1 AS id, '0001' AS path, 'primary_committee' AS kind, 'other' AS unit_type, NULL::BIGINT AS parent_id,
       NULL::BIGINT AS founded_on, NULL::BIGINT AS closed_on
UNION ALL
SELECT 2 + c, '0001' || lpad((c // 9000 + 1)::VARCHAR, 4, '0') || lpad((c % 9000 + 1)::VARCHAR, 4, '0'),
       'primary_committee', 'other', 1, {YEAR} - 9000, NULL
FROM range({{start}} // 25, ({{end}} + 24) // 25) t(c)
UNION ALL
SELECT {FIRST_BRANCH} + b,
       '0001' || lpad((b // 25 // 9000 + 1)::VARCHAR, 4, '0') || lpad((b // 25 % 9000 + 1)::VARCHAR, 4, '0')
       || lpad((b % 25 + 1)::VARCHAR, 4, '0'),
       CASE WHEN b % 40 = 7 THEN 'joint_branch' ELSE 'branch' END,
       (['production', 'research', 'organ', 'retired'])[1 + chance('unit', b, 0, 2) + 2 * (chance('u', b, 0, 10) // 8)],
       2 + b // 25, CASE WHEN b % 97 = 3 THEN {YEAR} + chance('born', b, 0, 270) ELSE {YEAR} - 4000 + b % 3000 END,
       CASE WHEN b % 211 = 5 THEN {YEAR} + chance('died', b, 0, 270) END
FROM range({{start}}, {{end}}) t(b)
UNION ALL
SELECT {GROUPS} + b * 2 + g,
       '0001' || lpad((b // 25 // 9000 + 1)::VARCHAR, 4, '0') || lpad((b // 25 % 9000 + 1)::VARCHAR, 4, '0')
       || lpad((b % 25 + 1)::VARCHAR, 4, '0') || lpad((g + 1)::VARCHAR, 4, '0'),
       'party_group', 'other', {FIRST_BRANCH} + b, {YEAR} - 2000, NULL
FROM range({{start}}, {{end}}) t(b), range(2) u(g) WHERE b % 3 > 0
"""
MEMBERSHIPS = f"""
CREATE OR REPLACE TABLE zb_membership AS
SELECT row_number() OVER () AS id, {FIRST_BRANCH} + b AS organisation_id, b * 40 + p + 1 AS person_id,
       NULL::BIGINT AS party_group_id,
       CASE WHEN p < 18 THEN 'full_member' WHEN p < 20 THEN 'probationary_member' WHEN p < 23 THEN 'activist'
            ELSE 'prospect' END AS stage,
       CASE WHEN p IN (18, 19, 23) THEN 'stage' ELSE 'recorded' END AS began_because,
       CASE WHEN p = 23 THEN {YEAR} + chance('s', b, p, 270) ELSE {YEAR} - 3000 + p END AS since,
       CASE WHEN chance('left', b, p, 50) = 0 THEN {YEAR} + chance('until', b, p, 270) END AS until, 0 AS known_at
FROM range({{start}}, {{end}}) t(b), range(24) u(p) WHERE p < 20 OR chance('some', b, p, 4) > 0
UNION ALL
SELECT 90000000 + b, {FIRST_BRANCH} + b, b * 40 + 24, NULL, 'activist', 'recorded', {YEAR} - 900, {YEAR} + chance('s', b, 23, 270), 0
FROM range({{start}}, {{end}}) t(b)
"""
POSTS = f"""
CREATE OR REPLACE TABLE zb_post AS
SELECT row_number() OVER () AS id, {FIRST_BRANCH} + b AS organisation_id, b * 40 + k + 1 AS person_id,
       (['secretary', 'deputy_secretary', 'organisation_officer', 'publicity_officer', 'discipline_officer'])[k + 1]
       AS kind, 1 AS in_committee, (chance('duty', b, k, 10) > 0)::SMALLINT AS has_duties, {YEAR} - 700 AS since,
       CASE WHEN chance('gone', b, k, 30) = 0 THEN {YEAR} + 200 END AS until, 0 AS known_at
FROM range({{start}}, {{end}}) t(b), range(5) u(k)
"""
TERMS = f"""
CREATE OR REPLACE TABLE zb_term AS
SELECT b + 1 AS id, {FIRST_BRANCH} + b AS organisation_id, 1 AS number, 5 AS seats,
       {YEAR} - 700 + b % 500 AS elected_on, {YEAR} + 395 + b % 500 AS expires_on,
       {YEAR} + CASE WHEN b % 19 = 0 THEN 100 ELSE 395 + b % 500 END AS valid_until, NULL::BIGINT AS ended_on,
       0 AS known_at
FROM range({{start}}, {{end}}) t(b)
"""
KINDS = (
    "['general_meeting', 'committee_meeting', 'committee_meeting', 'committee_meeting', 'party_lesson',"
    " 'themed_day', 'themed_day', 'themed_day', 'committee_study', 'committee_study', 'committee_study',"
    " 'group_study', 'group_meeting', 'group_meeting', 'group_meeting', 'group_meeting', 'group_meeting',"
    " 'group_meeting', 'organisational_life_meeting', 'member_appraisal']"
)
MONTHS_OF_KINDS = "[1, 0, 1, 2, 1, 0, 1, 2, 0, 1, 2, 2, 0, 1, 2, 0, 1, 2, 2, 2]"
SESSIONS = f"""
CREATE OR REPLACE TABLE zb_session AS
SELECT (({{first}} + q + 8) * 10000000 + b) * 20 + k + 1 AS id, {FIRST_BRANCH} + b AS organisation_id,
       CASE WHEN k BETWEEN 12 AND 17 AND b % 3 > 0 THEN {GROUPS} + b * 2 + k // 15 END AS party_group_id,
       ({KINDS})[k + 1] AS kind,
       CASE WHEN chance('state', b, q * 20 + k, 12) > 0 THEN 'closed' ELSE 'held' END AS state,
       {YEAR} + ({{first}} + q) * {QUARTER_DAYS} + ({MONTHS_OF_KINDS})[k + 1] * 30 + chance('day', b, q * 20 + k, 28)
       AS held_on,
       chance('delay', b, q * 20 + k, 12) AS entry_delay, (chance('made', b, q * 20 + k, 40) = 0)::SMALLINT AS made_up,
       (chance('half', b, q * 20 + k, 20) > 0)::SMALLINT AS half_present, 20 AS expected_count,
       9 + chance('present', b, q * 20 + k, 12) AS present_count,
       CASE WHEN k BETWEEN 4 AND 11 THEN 60 + 30 * chance('study', b, q * 20 + k, 3) ELSE 0 END AS study_minutes,
       0 AS known_at
FROM range({{start}}, {{end}}) t(b), range({{quarters}}) u(q), range(20) v(k) WHERE chance('was', b, q * 20 + k, 15) > 0
"""
ATTENDANCE = f"""
CREATE OR REPLACE TABLE zb_attendance AS
SELECT row_number() OVER () AS id, s.id AS session_id, s.organisation_id,
       (s.organisation_id - {FIRST_BRANCH}) * 40 + p + 1 AS person_id,
       CASE WHEN chance('came', s.id, p, 8) > 0 THEN 'present' WHEN chance('why', s.id, p, 2) = 0 THEN 'excused'
            ELSE 'absent' END AS state,
       s.held_on, s.study_minutes, 0 AS known_at
FROM zb_session s, range(20) u(p)
WHERE s.kind NOT IN ('committee_meeting', 'committee_study', 'group_meeting') OR p < 5
"""
AGENDA = """
CREATE OR REPLACE TABLE zb_agenda_item AS
SELECT row_number() OVER () AS id, s.id AS session_id, s.organisation_id,
       (['other', 'committee_report', 'production_plan', 'operating_plan', 'safety', 'mass_organisations', 'integrity',
         'culture', 'difficulties', 'suggestions', 'study', 'admission'])[1 + chance('tag', s.id, i, 12)] AS tag,
       s.kind AS session_kind, (s.state = 'closed')::SMALLINT AS session_closed, s.held_on, 0 AS known_at
FROM zb_session s, range(3) u(i)
WHERE s.kind IN ('general_meeting', 'committee_meeting', 'group_meeting')
"""
TALKS = f"""
CREATE OR REPLACE TABLE zb_talk AS
SELECT row_number() OVER () AS id, {FIRST_BRANCH} + b AS organisation_id, b * 40 + 11 + i AS person_id,
       CASE WHEN i >= 10 THEN 'activist_talk' ELSE 'heart_to_heart' END AS kind,
       {YEAR} + ({{first}} + q) * {QUARTER_DAYS} + chance('talk', b, q * 20 + i, 90) AS held_on, 0 AS known_at
FROM range({{start}}, {{end}}) t(b), range({{quarters}}) u(q), range(14) v(i)
"""
EXAMINATIONS = f"""
CREATE OR REPLACE TABLE zb_examination AS
SELECT row_number() OVER () AS id, {FIRST_BRANCH} + b AS organisation_id, b * 40 + 21 + i AS person_id,
       {YEAR} + ({{first}} + q) * {QUARTER_DAYS} + chance('exam', b, q * 20 + i, 90) AS held_on, 0 AS known_at
FROM range({{start}}, {{end}}) t(b), range({{quarters}}) u(q), range(3) v(i) WHERE chance('did', b, q * 3 + i, 3) > 0
"""
DOCUMENTS = f"""
CREATE OR REPLACE TABLE zb_filed_document AS
SELECT row_number() OVER () AS id, {FIRST_BRANCH} + b AS organisation_id,
       (['year_plan', 'study_plan', 'half_year_summary', 'thought_analysis', 'rules', 'integrity_promise',
         'integrity_check', 'zone_map', 'network_chart'])[i + 1] AS kind,
       {YEAR} + ({{first}} + q) * {QUARTER_DAYS} AS covers_on,
       {YEAR} + ({{first}} + q) * {QUARTER_DAYS} + chance('filed', b, q * 9 + i, 60) AS filed_on, 0 AS known_at
FROM range({{start}}, {{end}}) t(b), range({{quarters}}) u(q), range(9) v(i) WHERE chance('doc', b, q * 9 + i, 3) = 0
"""
DUES = """
CREATE OR REPLACE TABLE zb_dues_effect AS
SELECT row_number() OVER () AS id, organisation_id, month_on, 1 AS charged, 20 AS members_due, 20 - short // 400 AS members_paid,
       40000 AS due_fen, 40000 - short AS received_fen, 40000 - short - late AS in_time_fen, 0 AS known_at
FROM (SELECT {first_branch} + b AS organisation_id, m.m AS month_on,
             CASE WHEN chance('short', b, m.m, 9) = 0 THEN 800 ELSE 0 END AS short,
             CASE WHEN chance('late', b, m.m, 9) = 0 THEN 1200 ELSE 0 END AS late
      FROM range({start}, {end}) t(b), (SELECT unnest({months}) AS m) m)
"""
NOTICES = f"""
CREATE OR REPLACE TABLE zb_notice AS
SELECT row_number() OVER () AS id, {FIRST_BRANCH} + b AS organisation_id,
       CASE WHEN i = 0 THEN 'admission' ELSE 'dues' END AS kind, b * 40 + 24 AS subject_id,
       {YEAR} + ({{first}} + q) * {QUARTER_DAYS} + chance('open', b, q * 2 + i, 60) AS opens_on,
       {YEAR} + ({{first}} + q) * {QUARTER_DAYS} + chance('open', b, q * 2 + i, 60) + 8 AS closes_on,
       4 + chance('wd', b, q * 2 + i, 4) AS working_days, 0 AS provisional,
       (chance('res', b, q * 2 + i, 5) > 0)::SMALLINT AS has_result, 0 AS withdrawn,
       {YEAR} + ({{first}} + q) * {QUARTER_DAYS} + chance('open', b, q * 2 + i, 60) + 9 AS result_on, 0 AS known_at
FROM range({{start}}, {{end}}) t(b), range({{quarters}}) u(q), range(2) v(i) WHERE i = 1 OR b % 4 = 0
"""
TEXTS = (
    BRANCHES, MEMBERSHIPS, POSTS, TERMS, SESSIONS, ATTENDANCE, AGENDA, TALKS, EXAMINATIONS, DOCUMENTS, DUES, NOTICES,
)  # fmt: skip
TABLES = tuple(text.split()[4] for text in TEXTS)


def month_starts(first: int, quarters: int) -> list[int]:
    """First days of the months of `quarters` quarters, of which number 0 begins 2026."""
    months = range(first * 3, (first + quarters) * 3)
    return [date(2026 + month // 12, month % 12 + 1, 1).toordinal() for month in months]


def path_of(branch: int) -> str:
    """Path of the branch with this number (from 0); 25 under each committee."""
    return f"0001{branch // 25 // 9000 + 1:04d}{branch // 25 % 9000 + 1:04d}{branch % 25 + 1:04d}"


def make(engine: Any, branches: int, *, start: int = 0, first: int = 0, quarters: int = 3) -> None:
    """Fill the evidence tables of a DuckDB connection: branches from number `start`, quarters `first` … of 2026."""
    engine.execute(CHANCE)
    given = {
        "start": start,
        "end": start + branches,
        "first": first,
        "quarters": quarters,
        "months": str(month_starts(first, quarters)),
        "first_branch": FIRST_BRANCH,
    }
    for text in TEXTS:
        engine.execute(text.format(**given))
