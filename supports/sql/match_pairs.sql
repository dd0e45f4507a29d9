-- Writes down the people of one upload whom other pairs of the election gave too, and by how many pairs in all.
-- Reads supports_support; writes supports_pairmatch. Can always be run again; the lane of the election keeps two apart.
-- %(others)s are the rounds of the other pairs that still stand, %(pairs)s the pair of each, %(rounds)s the own ones.
-- Relies on supports_support's key and support_by_nik; 4 s when two pairs give the same 1.2 M people.
WITH round AS MATERIALIZED (
    SELECT id, pair_id FROM unnest(%(others)s::bigint[], %(pairs)s::bigint[]) AS round (id, pair_id)
), mine AS MATERIALIZED (
    SELECT DISTINCT nik
      FROM supports_support
     WHERE id >= %(first)s
       AND id < %(last)s
       AND submission_id = ANY(%(rounds)s)
       AND nik IS NOT NULL
), found AS MATERIALIZED (
    SELECT other.nik, count(DISTINCT round.pair_id) + 1 AS pairs
      FROM mine
      JOIN supports_support AS other ON other.nik = mine.nik AND other.submission_id = ANY(%(others)s)
      JOIN round ON round.id = other.submission_id
     GROUP BY other.nik
), corrected AS (
    UPDATE supports_pairmatch AS match
       SET pairs = found.pairs
      FROM found
     WHERE match.election_id = %(election)s
       AND match.nik = found.nik
       AND match.pairs <> found.pairs
)
-- Without ON CONFLICT, which takes twice as long for people that nobody has written down yet.
INSERT INTO supports_pairmatch (election_id, nik, pairs)
SELECT %(election)s, found.nik, found.pairs
  FROM found
 WHERE NOT EXISTS (
       SELECT FROM supports_pairmatch AS match WHERE match.election_id = %(election)s AND match.nik = found.nik
       )
 ORDER BY found.nik
