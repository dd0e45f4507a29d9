-- Counts the rows of a round by desa/kelurahan and status, with the names of today: the recap of its result.
-- Reads the standings themselves, not their counts: what is frozen was counted anew.
-- Relies on standing_by_area.
-- 0.2 s for 1.2 M rows in 267 kelurahan.
WITH counted AS (
    SELECT area,
           count(*) AS submitted,
           count(*) FILTER (WHERE vermin = 'MS') AS ms,
           count(*) FILTER (WHERE vermin = 'BMS') AS bms,
           count(*) FILTER (WHERE vermin = 'TMS') AS tms,
           count(*) FILTER (WHERE vermin = 'unverified') AS unverified
      FROM supports_standing
     WHERE submission_id = %(submission)s
     GROUP BY area
)
SELECT counted.area,
       coalesce(district.name, 'Kecamatan tidak diketahui, ' || regency.name, '') AS district,
       coalesce(village.name, '') AS village,
       counted.submitted, counted.ms, counted.bms, counted.tms, counted.unverified
  FROM counted
  LEFT JOIN regions_region AS village ON village.code = counted.area
  LEFT JOIN regions_region AS district ON district.code = counted.area / 10000
  LEFT JOIN regions_region AS regency ON regency.code = counted.area / 1000000
 ORDER BY counted.area
