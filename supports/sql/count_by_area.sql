-- Counts of some rounds per area that counts for the spread: rows by status, and clean rows.
-- Reads supports_tally.
-- An area is a region code: ten digits divided by %(width)s (kecamatan 10000, kab/kota 1000000).
-- Relies on supports_tally's key; under 5 ms for a province.
SELECT submission_id, area / %(width)s AS code, key, sum(n)::bigint AS n
  FROM supports_tally
 WHERE submission_id = ANY(%(submissions)s)
   AND key IN ('unverified', 'MS', 'BMS', 'TMS', 'clean')
   AND n > 0
 GROUP BY 1, 2, 3
