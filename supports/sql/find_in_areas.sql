-- One page of the rows of some areas whose name has certain words: for readers of a kecamatan or a kelurahan.
-- Reads supports_standing and supports_supportsearch. A small area is read whole, however frequent the words are.
-- The fence (OFFSET 0) keeps the planner from collecting every match of the round first.
-- Relies on standing_by_area and supports_supportsearch's key; 60 ms for 30,000 rows of a kecamatan.
SELECT near.support_id
  FROM (SELECT standing.support_id
          FROM unnest(%(areas)s::bigint[], %(area_ends)s::bigint[]) AS reach (first, last)
          JOIN supports_standing AS standing
            ON standing.submission_id = %(submission)s AND standing.area >= reach.first AND standing.area < reach.last
        OFFSET 0) AS near
  JOIN supports_supportsearch AS search
    ON search.submission_id = %(submission)s AND search.support_id = near.support_id
 WHERE near.support_id > %(after)s
   AND near.support_id < %(before)s
   AND (%(uploads)s::bigint[] IS NULL OR near.support_id >> 24 = ANY (%(uploads)s::bigint[]))
   AND search.words @@ supports_sought(%(submission)s, %(name)s)
 ORDER BY near.support_id * %(direction)s
 LIMIT %(limit)s
