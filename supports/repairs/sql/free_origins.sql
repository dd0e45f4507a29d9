-- Takes back what is written about the earlier rows %(origins)s being replaced by rows of the same NIK.
-- Writes repairs_replacement.
-- Run before claim_rows: who names a row by its id comes before who only has its NIK; that is looked for again later.
-- Relies on row_is_replaced_once; 1 s for 500,000 rows.
DELETE FROM repairs_replacement AS replacement
 USING unnest(%(origins)s::bigint[]) AS given (origin_id)
 WHERE replacement.origin_id = given.origin_id
   AND replacement.stands
   AND NOT replacement.named
