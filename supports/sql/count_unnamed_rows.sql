-- How many of the rows %(ids)s none of the rulings %(rulings)s names.
-- Reads candidates_rulingrow.
-- Asked before a mended report takes the place of rows, while a ruling has opened the round for named rows only.
-- Relies on candidates_rulingrow's key; 1 s for 500,000 rows.
SELECT count(*)
  FROM unnest(%(ids)s::bigint[]) AS asked (id)
 WHERE NOT EXISTS (
           SELECT
             FROM candidates_rulingrow AS named
            WHERE named.ruling_id = ANY(%(rulings)s::bigint[])
              AND named.support_id = asked.id
       )
