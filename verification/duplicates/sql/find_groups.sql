-- Finds the groups of one round, from the rows themselves: all rows of a person whom it or an earlier round has repeatedly.
-- Writes duplicates_group, duplicates_member and duplicates_grouparea; duplicates 0002 relies on their being whole.
-- The rounds are frozen: no row comes or goes. %(earlier)s are the earlier rounds, %(width)s cuts an area to its spread.
-- Relies on standing_by_area, supports_support's key and support_by_nik; 10 s for 250,000 rows of 1.2 M on a busy machine.
WITH here AS MATERIALIZED (
    SELECT support.nik
      FROM supports_standing AS standing
      JOIN supports_support AS support ON support.id = standing.support_id
     WHERE standing.submission_id = %(submission)s
       AND support.nik IS NOT NULL
), repeated AS MATERIALIZED (
    SELECT nik FROM here GROUP BY nik HAVING count(*) > 1
     UNION
    SELECT here.nik
      FROM here
      JOIN supports_support AS other ON other.nik = here.nik AND other.submission_id = ANY(%(earlier)s)
), member AS MATERIALIZED (
    SELECT support.nik, support.id, support.digest, standing.vermin, standing.area / %(width)s AS area,
           support.submission_id = %(submission)s AS here
      FROM repeated
      JOIN supports_support AS support ON support.nik = repeated.nik
      JOIN supports_standing AS standing ON standing.support_id = support.id
     WHERE support.submission_id = %(submission)s
        OR support.submission_id = ANY(%(earlier)s)
), made AS (
    INSERT INTO duplicates_group (submission_id, kind, key, members, waiting)
    SELECT %(submission)s,
           CASE WHEN NOT bool_and(here) THEN 'round' WHEN count(DISTINCT digest) > 1 THEN 'nik' ELSE 'identical' END,
           nik, count(*), count(*) FILTER (WHERE here AND vermin = 'unverified')
      FROM member
     GROUP BY nik
    HAVING count(*) > 1
     ORDER BY min(id) FILTER (WHERE here)
    RETURNING id, kind, key
), areas AS (
    INSERT INTO duplicates_grouparea (submission_id, kind, area, group_id)
    SELECT DISTINCT %(submission)s, made.kind, member.area, made.id
      FROM made
      JOIN member ON member.nik = made.key
     WHERE member.here
)
INSERT INTO duplicates_member (group_id, support_id)
SELECT made.id, member.id
  FROM made
  JOIN member ON member.nik = made.key
 ORDER BY 1, 2
