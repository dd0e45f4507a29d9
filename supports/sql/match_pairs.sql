-- Writes down the people of one upload whom other pairs of the election gave too, and by how many pairs in all.
-- Reads supports_support; writes supports_pairmatch. Can always be run again.
-- %(others)s are the rounds of the other pairs that still stand, %(pairs)s the pair of each, %(rounds)s the own ones.
-- Relies on supports_support's key and support_by_nik; 6 s when two pairs give the same 1.2 M people.
WITH round AS MATERIALIZED (
    SELECT id, pair_id FROM unnest(%(others)s::bigint[], %(pairs)s::bigint[]) AS round (id, pair_id)
), mine AS MATERIALIZED (
    SELECT DISTINCT nik
      FROM supports_support
     WHERE id >= %(first)s
       AND id < %(last)s
       AND submission_id = ANY(%(rounds)s)
       AND nik IS NOT NULL
), given AS (
    SELECT mine.nik, round.pair_id
      FROM mine
      JOIN supports_support AS other ON other.nik = mine.nik AND other.submission_id = ANY(%(others)s)
      JOIN round ON round.id = other.submission_id
     GROUP BY mine.nik, round.pair_id
)
INSERT INTO supports_pairmatch (election_id, nik, pairs)
SELECT %(election)s, nik, count(*) + 1 FROM given GROUP BY nik ORDER BY nik
    ON CONFLICT (election_id, nik) DO UPDATE SET pairs = excluded.pairs
       WHERE supports_pairmatch.pairs <> excluded.pairs
