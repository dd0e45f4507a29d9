-- Hands what the replaced rows had themselves replaced to the rows of one upload that take their place.
-- Reads supports_support, writes supports_mend.
-- So an id that was used is known as used, however often the row was replaced since. Run before the rows go.
-- Relies on mend_by_support and supports_support's key; 3 s for 500,000 rows.
UPDATE supports_mend AS older
   SET support_id = newer.support_id
  FROM supports_mend AS newer
  JOIN supports_support AS origin
    ON origin.id = newer.origin_id
   AND origin.revision = newer.revision
   AND origin.submission_id = %(submission)s
 WHERE newer.support_id >= %(first)s
   AND newer.support_id < %(last)s
   AND older.support_id = newer.origin_id
