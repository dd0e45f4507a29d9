-- Says of the sound ones among some rows whether they are clean: a copy is not, the row that stays is.
-- Writes supports_standing; the counts follow by their trigger. Rows that are not sound are left alone.
-- Run while their round is open, after mark_unsound.
-- Relies on supports_standing's key; 3 s for 200,000 rows.
UPDATE supports_standing
   SET clean = %(clean)s
 WHERE support_id = ANY(%(ids)s::bigint[])
   AND sound
   AND clean <> %(clean)s
