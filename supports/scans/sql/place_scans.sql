-- Gives the scans of a pair that have no row theirs: the row a call or list names, else by NIK, number or sheet.
-- Writes scans_scan (support_id or the reason why not); reads the pair's own rounds %(submissions)s and no others'.
-- A round takes what was received until %(untils)s, or (completing) what a row lacks. Can always be run again.
-- Relies on scan_without_row and support_by_nik, for numbers on the ranges of uploads; 9 s for 100,000 scans.
WITH place AS MATERIALIZED (
    SELECT id, until, completing
      FROM unnest(%(submissions)s::bigint[], %(untils)s::timestamptz[], %(completings)s::boolean[])
           AS place (id, until, completing)
), waiting AS MATERIALIZED (
    SELECT id, batch_id, kind, nik, token, named_id, received_at, reason
      FROM scans_scan
     WHERE pair_id = %(pair)s
       AND support_id IS NULL
       AND ended_at IS NULL
       AND reason <> 'taken_off'
), numbered AS MATERIALIZED (
    SELECT support.id,
           left(regexp_replace(lower(support.ref), '[^[:alnum:]]', '', 'g'), 60) AS ref,
           left(regexp_replace(lower(support.sheet), '[^[:alnum:]]', '', 'g'), 60) AS sheet
      FROM unnest(%(firsts)s::bigint[], %(lasts)s::bigint[]) AS span (first, last)
      JOIN supports_support AS support ON support.id >= span.first AND support.id < span.last
     WHERE (support.ref IS NOT NULL OR support.sheet IS NOT NULL)
       AND EXISTS (SELECT FROM waiting WHERE waiting.token <> '')
), candidate AS (
    SELECT waiting.id, batch.support_id, 'call' AS how, 0 AS rank
      FROM waiting
      JOIN scans_scanbatch AS batch ON batch.id = waiting.batch_id AND batch.support_id IS NOT NULL
     UNION ALL
    SELECT id, named_id, 'row', 0
      FROM waiting
     WHERE named_id IS NOT NULL
     UNION ALL
    SELECT waiting.id, mend.support_id, 'row', 0
      FROM waiting
      JOIN supports_mend AS mend ON mend.origin_id = waiting.named_id
     UNION ALL
    SELECT waiting.id, support.id, 'nik', 1
      FROM waiting
      JOIN supports_support AS support
        ON support.nik = waiting.nik AND support.submission_id = ANY(%(submissions)s)
     UNION ALL
    SELECT waiting.id, numbered.id, 'ref', 2
      FROM waiting
      JOIN numbered ON numbered.ref = waiting.token
     WHERE waiting.token <> ''
     UNION ALL
    SELECT waiting.id, numbered.id, 'sheet', 3
      FROM waiting
      JOIN numbered ON numbered.sheet = waiting.token
     WHERE waiting.token <> ''
), judged AS (
    SELECT candidate.id, candidate.support_id, candidate.how, candidate.rank, standing.clean,
           waiting.received_at <= place.until
           OR (place.completing AND NOT EXISTS (
                  SELECT FROM scans_scan AS held
                   WHERE held.support_id = candidate.support_id
                     AND held.kind = waiting.kind
                     AND held.ended_at IS NULL
              )) AS allowed
      FROM candidate
      JOIN waiting ON waiting.id = candidate.id
      JOIN supports_standing AS standing ON standing.support_id = candidate.support_id
      JOIN place ON place.id = standing.submission_id
), grouped AS (
    SELECT id, how, rank,
           CASE WHEN count(*) FILTER (WHERE allowed) = 1 THEN min(support_id) FILTER (WHERE allowed)
                WHEN count(*) FILTER (WHERE allowed AND clean) = 1
                THEN min(support_id) FILTER (WHERE allowed AND clean)
           END AS support_id,
           bool_or(allowed) AS any_allowed
      FROM judged
     GROUP BY id, how, rank
), chosen AS (
    SELECT DISTINCT ON (id) id, how, support_id, any_allowed
      FROM grouped
     ORDER BY id, support_id IS NULL, rank
), decided AS (
    SELECT waiting.id, chosen.support_id, chosen.how,
           CASE WHEN chosen.support_id IS NOT NULL THEN ''
                WHEN chosen.any_allowed THEN 'ambiguous'
                WHEN chosen.id IS NOT NULL THEN 'frozen'
                WHEN waiting.reason IN ('unnamed', 'several', 'row_gone') THEN waiting.reason
                ELSE 'no_row'
           END AS reason
      FROM waiting
      LEFT JOIN chosen ON chosen.id = waiting.id
)
UPDATE scans_scan AS scan
   SET support_id = decided.support_id,
       found_by = CASE WHEN decided.support_id IS NULL THEN '' ELSE decided.how END,
       placed_at = CASE WHEN decided.support_id IS NOT NULL THEN now() END,
       reason = decided.reason
  FROM decided
 WHERE scan.id = decided.id
   AND (decided.support_id IS NOT NULL OR scan.reason <> decided.reason)
RETURNING scan.id, scan.support_id
