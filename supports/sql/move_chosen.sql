-- Moves the chosen rows of a round (count_chosen says which) to another: only where they are changes, their ids stay.
-- Writes supports_support, supports_standing and supports_finding; what duplicates were found is forgotten.
-- They are sound, and until duplicates are looked for clean, by the rules of where they come to: %(unsound)s.
-- Relies on standing_by_area and the keys; 10 s for 300,000 rows on a busy machine, 14 s with the whole job.
WITH chosen AS MATERIALIZED (
    SELECT support_id
      FROM supports_standing
     WHERE submission_id = %(submission)s
       AND vermin = 'unverified'
       AND support_id >= %(first)s
       AND support_id < %(last)s
       AND area BETWEEN %(area_from)s AND %(area_to)s
       AND (clean OR NOT %(clean)s)
       AND (%(ids)s::bigint[] IS NULL OR support_id = ANY(%(ids)s::bigint[]))
       AND (%(code)s::smallint IS NULL OR support_id IN (
               SELECT support_id
                 FROM supports_finding
                WHERE submission_id = %(submission)s
                  AND code = %(code)s::smallint
           ))
), forgotten AS (
    DELETE FROM supports_finding AS finding
     USING chosen
     WHERE finding.submission_id = %(submission)s
       AND finding.code = ANY(%(all_codes)s)
       AND finding.support_id = chosen.support_id
    RETURNING finding.code, finding.support_id
), found AS (
    INSERT INTO supports_finding (submission_id, code, support_id)
    SELECT %(target)s, code, support_id FROM forgotten WHERE code <> ALL(%(codes)s) ORDER BY code, support_id
), faulty AS MATERIALIZED (
    SELECT DISTINCT support_id FROM forgotten WHERE code = ANY(%(unsound)s)
), judged AS MATERIALIZED (
    SELECT chosen.support_id, faulty.support_id IS NULL AS sound
      FROM chosen
      LEFT JOIN faulty ON faulty.support_id = chosen.support_id
), stood AS (
    UPDATE supports_standing AS standing
       SET submission_id = %(target)s, sound = judged.sound, clean = judged.sound
      FROM judged
     WHERE standing.support_id = judged.support_id
), given AS (
    UPDATE supports_support AS support
       SET submission_id = %(target)s
      FROM chosen
     WHERE support.id = chosen.support_id
    RETURNING support.id
)
SELECT id >> 24 AS upload_id, count(*) AS rows, encode(sha256(string_agg(int8send(id), '' ORDER BY id)), 'hex') AS digest
  FROM given
 GROUP BY 1
 ORDER BY 1
