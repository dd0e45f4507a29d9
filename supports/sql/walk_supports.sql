-- One page of the rows whose name has certain words, for words so frequent that a page is full after a few thousand.
-- Reads supports_supportsearch in the order of ids, from %(after)s on or from %(before)s back, between both; one limit of the two is 0.
-- The fence (OFFSET 0) keeps the planner from collecting every match first.
-- Relies on supports_supportsearch's key; under 100 ms.
(
    SELECT support_id
      FROM (SELECT support_id, words
              FROM supports_supportsearch
             WHERE submission_id = %(submission)s
               AND support_id > %(after)s
               AND support_id < %(before)s
               AND (%(uploads)s::bigint[] IS NULL OR support_id >> 24 = ANY (%(uploads)s::bigint[]))
             ORDER BY support_id
            OFFSET 0) AS onwards
     WHERE words @@ supports_sought(%(submission)s, %(name)s)
       AND (%(everywhere)s
            OR EXISTS (SELECT
                         FROM supports_standing AS standing
                         JOIN unnest(%(areas)s::bigint[], %(area_ends)s::bigint[]) AS reach (first, last)
                           ON standing.area >= reach.first AND standing.area < reach.last
                        WHERE standing.support_id = onwards.support_id))
     LIMIT %(onwards)s
)
UNION ALL
(
    SELECT support_id
      FROM (SELECT support_id, words
              FROM supports_supportsearch
             WHERE submission_id = %(submission)s
               AND support_id < %(before)s
               AND support_id > %(after)s
               AND (%(uploads)s::bigint[] IS NULL OR support_id >> 24 = ANY (%(uploads)s::bigint[]))
             ORDER BY support_id DESC
            OFFSET 0) AS back
     WHERE words @@ supports_sought(%(submission)s, %(name)s)
       AND (%(everywhere)s
            OR EXISTS (SELECT
                         FROM supports_standing AS standing
                         JOIN unnest(%(areas)s::bigint[], %(area_ends)s::bigint[]) AS reach (first, last)
                           ON standing.area >= reach.first AND standing.area < reach.last
                        WHERE standing.support_id = back.support_id))
     LIMIT %(backwards)s
)
