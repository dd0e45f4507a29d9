-- NIKs of the ids in [first, last) that rows of some rounds outside that range, and [but_first, but_last), also have.
-- Reads supports_support. Each NIK is looked for once: ten thousand rows of one are not compared with each other.
-- Asked after an upload (its own and earlier rounds), and before one is discarded, to judge those rows anew.
-- Relies on supports_support's key and support_by_nik; 3 s for 1.2 M rows.
WITH mine AS MATERIALIZED (
    SELECT DISTINCT nik
      FROM supports_support
     WHERE id >= %(first)s
       AND id < %(last)s
       AND submission_id = %(submission)s
       AND nik IS NOT NULL
)
SELECT mine.nik::text
  FROM mine
 WHERE EXISTS (
           SELECT
             FROM supports_support AS other
            WHERE other.nik = mine.nik
              AND other.submission_id = ANY(%(rounds)s)
              AND (other.id < %(first)s OR other.id >= %(last)s)
              AND (other.id < %(but_first)s OR other.id >= %(but_last)s)
       )
