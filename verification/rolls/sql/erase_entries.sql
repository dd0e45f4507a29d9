-- Erases the entries of one voter list, or of every list of an election, whose sealed NIKs lie in one range.
-- Writes rolls_rollentry; can always be run again. Also run when identities are destroyed or a practice election goes.
-- Sealed NIKs are spread evenly, so that ranges of equal width hold equally many (foundation.seal.spans).
-- Relies on the key of rolls_rollentry; 1 s for 130,000 rows.
DELETE FROM rolls_rollentry
 WHERE roll_id IN (SELECT id
                     FROM rolls_roll
                    WHERE election_id = %(election)s
                      AND (%(roll)s::bigint IS NULL OR id = %(roll)s))
   AND nik BETWEEN %(first_nik)s AND %(last_nik)s
