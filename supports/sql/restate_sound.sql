-- Says anew of some rows of a round whether they are sound, by their findings, and gives the sealed NIKs of those that changed.
-- Reads supports_finding, supports_support; writes supports_standing. %(unsound)s are the rules that keep a row from counting.
-- Clean begins as sound: the caller then looks for duplicates among the NIKs given back.
-- Relies on supports_finding's key and supports_standing's key; 2 s for 50,000 rows.
WITH judged AS MATERIALIZED (
    SELECT touched.id,
           NOT EXISTS (SELECT FROM supports_finding AS finding
                        WHERE finding.submission_id = %(submission)s
                          AND finding.code = ANY(%(unsound)s)
                          AND finding.support_id = touched.id) AS sound
      FROM unnest(%(ids)s::bigint[]) AS touched (id)
), changed AS (
    UPDATE supports_standing AS standing
       SET sound = judged.sound,
           clean = judged.sound
      FROM judged
     WHERE standing.support_id = judged.id
       AND standing.sound <> judged.sound
    RETURNING standing.support_id
)
SELECT support.nik::text
  FROM changed
  JOIN supports_support AS support ON support.id = changed.support_id
