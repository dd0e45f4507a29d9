-- NIKs of the ids in [first, last) that other rows of the same round also have.
-- Reads supports_support.
-- Asked before an upload is discarded, to judge those other rows anew afterwards.
-- Relies on supports_support's key and support_by_nik; 2 s for 1.2 M rows.
SELECT DISTINCT gone.nik::text
  FROM supports_support AS gone
  JOIN supports_support AS other
    ON other.nik = gone.nik AND other.submission_id = %(submission)s AND NOT (other.id >= %(first)s AND other.id < %(last)s)
 WHERE gone.id >= %(first)s
   AND gone.id < %(last)s
   AND gone.submission_id = %(submission)s
