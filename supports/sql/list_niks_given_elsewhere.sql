-- NIKs of the ids in [first, last) that rows of some rounds outside that range also have.
-- Reads supports_support.
-- Asked after an upload (its own and earlier rounds), and before one is discarded, to judge those rows anew.
-- Relies on supports_support's key and support_by_nik; 2 s for 1.2 M rows.
SELECT DISTINCT mine.nik::text
  FROM supports_support AS mine
  JOIN supports_support AS other
    ON other.nik = mine.nik AND other.submission_id = ANY(%(rounds)s) AND (other.id < %(first)s OR other.id >= %(last)s)
 WHERE mine.id >= %(first)s
   AND mine.id < %(last)s
   AND mine.submission_id = %(submission)s
