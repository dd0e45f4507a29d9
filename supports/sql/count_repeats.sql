-- Writes down what one upload has in common with each other upload of its round: the people of the NIKs named.
-- Reads supports_support, writes supports_repeat. Run again, it corrects the counts. Each NIK is named once.
-- Counted by NIK and by digest first, so that ten thousand rows of one NIK are not compared with each other.
-- Relies on support_by_nik; 6 s per 200,000 rows that come again.
WITH given AS MATERIALIZED (
    SELECT support.id >> 24 AS upload_id, support.nik, support.digest, count(*) AS n
      FROM unnest(%(niks)s::uuid[]) AS touched (nik)
      JOIN supports_support AS support ON support.nik = touched.nik AND support.submission_id = %(submission)s
     GROUP BY 1, 2, 3
), people AS MATERIALIZED (
    SELECT upload_id, nik, sum(n) AS n FROM given GROUP BY 1, 2
), shared AS (
    SELECT other.upload_id, sum(mine.n) AS n, sum(other.n) AS theirs
      FROM people AS mine
      JOIN people AS other ON other.nik = mine.nik AND other.upload_id <> mine.upload_id
     WHERE mine.upload_id = %(upload)s
     GROUP BY 1
), identical AS (
    SELECT other.upload_id, sum(mine.n) AS n
      FROM given AS mine
      JOIN given AS other
        ON other.nik = mine.nik AND other.digest = mine.digest AND other.upload_id <> mine.upload_id
     WHERE mine.upload_id = %(upload)s
     GROUP BY 1
)
INSERT INTO supports_repeat (upload_id, other_id, shared, identical, theirs, replaced)
SELECT %(upload)s, shared.upload_id, shared.n, coalesce(identical.n, 0), shared.theirs, 0
  FROM shared
  LEFT JOIN identical ON identical.upload_id = shared.upload_id
    ON CONFLICT (upload_id, other_id) DO UPDATE
   SET shared = excluded.shared, identical = excluded.identical, theirs = excluded.theirs
