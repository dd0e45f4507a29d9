-- Takes back what find_copies_inside and find_given_before said about the NIKs named, in a round still open.
-- Reads supports_support; writes supports_finding and supports_standing.
-- What is no longer marked is clean again when it is sound.
-- Relies on support_by_nik and supports_finding's key; 1 s for 20,000 NIKs.
WITH gone AS (
    DELETE FROM supports_finding AS finding
     USING unnest(%(niks)s::uuid[]) AS touched (nik)
      JOIN supports_support AS support ON support.nik = touched.nik AND support.submission_id = %(submission)s
     WHERE finding.submission_id = %(submission)s
       AND finding.code = ANY(%(codes)s)
       AND finding.support_id = support.id
    RETURNING finding.support_id
)
UPDATE supports_standing AS standing
   SET clean = standing.sound
 WHERE standing.support_id IN (SELECT support_id FROM gone)
   AND standing.clean <> standing.sound
