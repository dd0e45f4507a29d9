-- Which rows of a pair a list may name: those of %(supports)s that are or were of the pair's own rounds %(submissions)s.
-- Reads supports_standing and supports_mend: the id of a row that was mended stands for the row it became.
-- Another pair's row is no row, as one that never was.
-- Relies on the keys of both; 1 s for 100,000 ids.
SELECT asked.id
  FROM unnest(%(supports)s::bigint[]) AS asked (id)
 WHERE EXISTS (SELECT
                 FROM supports_standing AS standing
                WHERE standing.support_id = asked.id
                  AND standing.submission_id = ANY(%(submissions)s))
    OR EXISTS (SELECT
                 FROM supports_mend AS mend
                 JOIN supports_standing AS standing ON standing.support_id = mend.support_id
                WHERE mend.origin_id = asked.id
                  AND standing.submission_id = ANY(%(submissions)s))
