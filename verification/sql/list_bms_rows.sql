-- The BMS rows of a round with ids beyond %(after)s, at most %(limit)s, with findings among %(codes)s and the last reasons.
-- Reads supports_standing, supports_support, supports_finding, repairs_replacement and verification_decision.
-- Without %(everything)s only those that no row of a later round replaces. Uuids and the sealed blob come as text.
-- Relies on standing_decided, decision_of_support and the keys; 200 ms for 10,000 rows.
WITH chosen AS MATERIALIZED (
    SELECT standing.support_id
      FROM supports_standing AS standing
     WHERE standing.submission_id = %(submission)s
       AND standing.vermin = 'BMS'
       AND standing.support_id > %(after)s
       AND (%(everything)s OR NOT EXISTS (SELECT
                                            FROM repairs_replacement AS first
                                           WHERE first.origin_id = standing.support_id AND first.stands))
     ORDER BY standing.support_id
     LIMIT %(limit)s
), found AS MATERIALIZED (
    SELECT finding.support_id, string_agg(finding.code::text, ' ' ORDER BY finding.code) AS codes
      FROM chosen
      JOIN supports_finding AS finding
        ON finding.submission_id = %(submission)s
       AND finding.code = ANY(%(codes)s)
       AND finding.support_id = chosen.support_id
     GROUP BY finding.support_id
)
SELECT support.id,
       found.codes,
       support.nik::text,
       support.birth_date::text,
       support.phone::text,
       support.name,
       support.sex,
       support.marital,
       support.village,
       support.district,
       support.regency,
       support.occupation,
       support.document,
       support.statement,
       support.sheet,
       support.ref,
       support.sealed::text,
       support.revision,
       support.submission_id,
       array_to_string(last.reasons, ' ') AS reasons,
       last.note
  FROM chosen
  JOIN supports_support AS support ON support.id = chosen.support_id
  LEFT JOIN found ON found.support_id = chosen.support_id
  LEFT JOIN LATERAL (SELECT reasons, note
                       FROM verification_decision AS decision
                      WHERE decision.support_id = chosen.support_id
                        AND decision.takes_effect
                      ORDER BY decision.id DESC
                      LIMIT 1) AS last ON true
 ORDER BY support.id
