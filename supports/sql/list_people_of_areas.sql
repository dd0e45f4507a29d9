-- People of one round in [area_from, area_to), by area and id, after (%(after_area)s, %(after)s): what a list prints.
-- Reads supports_standing, supports_support.
-- Uuids and the sealed blob come as text, to be opened in whole columns. %(skip)s: rows left out, for a later part.
-- Relies on standing_by_area and supports_support's key; 25 ms for 2,000 rows.
SELECT support.id,
       standing.area,
       support.nik::text,
       support.birth_date::text,
       support.name,
       support.sex,
       support.marital,
       support.occupation,
       support.sealed::text
  FROM supports_standing AS standing
  JOIN supports_support AS support ON support.id = standing.support_id
 WHERE standing.submission_id = %(submission)s
   AND standing.area >= %(area_from)s
   AND standing.area < %(area_to)s
   AND (standing.area, standing.support_id) > (%(after_area)s, %(after)s)
 ORDER BY standing.area, standing.support_id
OFFSET %(skip)s
 LIMIT %(limit)s
