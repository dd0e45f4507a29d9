-- Lists the rows of a round without any scan, and those with one that lack the statement or the card.
-- Writes scans_scanlack: what is missing comes, what is there by now goes. Reads scans_scan and supports_standing.
-- %(submission)s is a round of %(pair)s; a bundle is both, a suket a card. In the order of the key; can be run again.
-- Relies on scan_by_content's pair and standing_by_area; 9 s for 1.2 M rows when all lack everything, 3 s when few do.
WITH held AS MATERIALIZED (
    SELECT support_id,
           bool_or(kind IN ('bundle', 'statement')) AS statement,
           bool_or(kind IN ('bundle', 'ktp', 'suket')) AS card
      FROM scans_scan
     WHERE pair_id = %(pair)s
       AND support_id IS NOT NULL
       AND ended_at IS NULL
     GROUP BY support_id
), lacking AS MATERIALIZED (
    SELECT lack.wanted, standing.area, standing.support_id
      FROM supports_standing AS standing
      LEFT JOIN held ON held.support_id = standing.support_id
     CROSS JOIN LATERAL (VALUES ('any', held.support_id IS NULL),
                                ('statement', NOT held.statement),
                                ('ktp', NOT held.card)) AS lack (wanted, missing)
     WHERE standing.submission_id = %(submission)s
       AND lack.missing
), come_by_now AS (
    DELETE FROM scans_scanlack AS listed
     WHERE listed.submission_id = %(submission)s
       AND NOT EXISTS (SELECT
                         FROM lacking
                        WHERE lacking.wanted = listed.wanted
                          AND lacking.area = listed.area
                          AND lacking.support_id = listed.support_id)
)
INSERT INTO scans_scanlack (submission_id, wanted, area, support_id)
SELECT %(submission)s, wanted, area, support_id
  FROM lacking
 WHERE NOT EXISTS (SELECT
                     FROM scans_scanlack AS listed
                    WHERE listed.submission_id = %(submission)s
                      AND listed.wanted = lacking.wanted
                      AND listed.area = lacking.area
                      AND listed.support_id = lacking.support_id)
 ORDER BY wanted, area, support_id
