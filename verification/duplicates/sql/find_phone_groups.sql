-- Finds the groups of rows of one round that name the same telephone: a hint, about which nothing has to be decided.
-- Reads the findings of %(codes)s; writes duplicates_group, duplicates_member and duplicates_grouparea.
-- %(width)s cuts an area to its spread.
-- Relies on supports_finding's key; 5 s for 240,000 rows of 1.2 M.
WITH member AS MATERIALIZED (
    SELECT support.phone, support.id, standing.vermin, standing.area / %(width)s AS area
      FROM supports_finding AS finding
      JOIN supports_support AS support ON support.id = finding.support_id
      JOIN supports_standing AS standing ON standing.support_id = support.id
     WHERE finding.submission_id = %(submission)s
       AND finding.code = ANY(%(codes)s)
       AND support.phone IS NOT NULL
), made AS (
    INSERT INTO duplicates_group (submission_id, kind, key, members, waiting)
    SELECT %(submission)s, 'phone', phone, count(*), count(*) FILTER (WHERE vermin = 'unverified')
      FROM member
     GROUP BY phone
    HAVING count(*) > 1
     ORDER BY min(id)
    RETURNING id, kind, key
), areas AS (
    INSERT INTO duplicates_grouparea (submission_id, kind, area, group_id)
    SELECT DISTINCT %(submission)s, made.kind, member.area, made.id
      FROM made
      JOIN member ON member.phone = made.key
)
INSERT INTO duplicates_member (group_id, support_id)
SELECT made.id, member.id
  FROM made
  JOIN member ON member.phone = made.key
 ORDER BY 1, 2
