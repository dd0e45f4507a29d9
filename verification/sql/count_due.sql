-- Counts the rows of a round's areas that wait for a decision and that nobody holds: what a deal is about.
-- Reads verification_work beside the standings; asked once for each deal, never by a page.
-- Relies on standing_by_area and the key of verification_work.
-- 0.4 s for 840,640 rows.
SELECT count(*)
  FROM supports_standing AS standing
  LEFT JOIN verification_work AS work ON work.support_id = standing.support_id
  LEFT JOIN verification_secondreading AS reading ON reading.support_id = standing.support_id
 WHERE standing.submission_id = %(submission)s
   AND standing.area BETWEEN %(area_from)s AND %(area_to)s
   AND standing.vermin = 'unverified'
   AND work.support_id IS NULL
   AND reading.support_id IS NULL
