-- Takes, for some rows about to become MS, the person of each: the first row of a person whom no other row counts.
-- Writes duplicates_counted. Two who take one person at a moment wait for each other, and the second takes nothing.
-- Relies on support_by_nik and on the key of duplicates_counted.
-- 1 ms for one row, also where its person has 50 others.
INSERT INTO duplicates_counted (pair_id, nik, support_id)
SELECT %(pair)s, first.nik, first.id
  FROM (SELECT DISTINCT ON (nik) nik, id
          FROM supports_support
         WHERE id = ANY(%(ids)s::bigint[])
         ORDER BY nik, id) AS first
 WHERE NOT EXISTS (SELECT
                     FROM supports_support AS other
                     JOIN supports_submission AS round ON round.id = other.submission_id
                    -- LIMIT: how each of them stands is looked up, never all that are MS already.
                    CROSS JOIN LATERAL (SELECT vermin FROM supports_standing WHERE support_id = other.id LIMIT 1) AS standing
                    WHERE other.nik = first.nik
                      AND other.id <> first.id
                      AND round.pair_id = %(pair)s
                      AND round.kind = 'round'
                      AND standing.vermin = 'MS')
 ORDER BY first.nik
    ON CONFLICT DO NOTHING
