-- NIKs of the rows %(ids)s, which are about to go, that rows of the same round, or the pool, outside [first, last) keep.
-- Reads supports_support. Each NIK is looked for once.
-- [first, last) are the ids of the upload that takes their place: its NIKs are judged with its load.
-- Relies on supports_support's key and support_by_nik; 3 s for 200,000 rows.
WITH going AS MATERIALIZED (
    SELECT id FROM unnest(%(ids)s::bigint[]) AS going (id)
), niks AS MATERIALIZED (
    SELECT DISTINCT support.nik
      FROM going
      JOIN supports_support AS support ON support.id = going.id
     WHERE support.submission_id = %(submission)s
       AND support.nik IS NOT NULL
)
SELECT niks.nik::text
  FROM niks
 WHERE EXISTS (
           SELECT
             FROM supports_support AS other
            WHERE other.nik = niks.nik
              AND other.submission_id = ANY(%(rounds)s)
              AND (other.id < %(first)s OR other.id >= %(last)s)
              AND other.id NOT IN (SELECT id FROM going)
       )
