-- Counts the scans of a pair (all that hold, without row, repeated, with problems), and rounds' rows with and without.
-- Reads scans_scan, supports_standing and scans_scanlack (%(listed)s is the round it lists); writes scans_scancount.
-- What is 0 is written too, so that a page never shows an older number.
-- Relies on scan_by_content's pair and supports_standing's key; 3 s for a million scans.
WITH held AS MATERIALIZED (
    SELECT support_id, reason, repeated, problems
      FROM scans_scan
     WHERE pair_id = %(pair)s
       AND ended_at IS NULL
), counted AS (
    SELECT 0::bigint AS submission, each.key, each.n
      FROM (SELECT count(*) AS scans,
                   count(*) FILTER (WHERE support_id IS NULL) AS waiting,
                   count(*) FILTER (WHERE repeated) AS repeated,
                   count(*) FILTER (WHERE problems <> '') AS problems
              FROM held) AS total,
           LATERAL (VALUES ('scans', total.scans), ('waiting', total.waiting), ('repeated', total.repeated),
                           ('problems', total.problems)) AS each (key, n)
     UNION ALL
    SELECT round.id, 'rows', count(DISTINCT held.support_id)
      FROM unnest(%(submissions)s::bigint[]) AS round (id)
      LEFT JOIN (held JOIN supports_standing AS standing ON standing.support_id = held.support_id)
        ON standing.submission_id = round.id
     GROUP BY round.id
     UNION ALL
    SELECT listed.id, 'no_' || each.wanted, count(lack.support_id)
      FROM unnest(%(listed)s::bigint[]) AS listed (id)
     CROSS JOIN (VALUES ('any'), ('statement'), ('ktp')) AS each (wanted)
      LEFT JOIN scans_scanlack AS lack ON lack.submission_id = listed.id AND lack.wanted IN ('any', each.wanted)
     GROUP BY listed.id, each.wanted
)
INSERT INTO scans_scancount (pair_id, submission, key, n, counted_at)
SELECT %(pair)s, submission, key, n, now() FROM counted
    ON CONFLICT (pair_id, submission, key) DO UPDATE SET n = excluded.n, counted_at = excluded.counted_at
