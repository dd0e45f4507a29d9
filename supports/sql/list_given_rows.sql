-- Of some people, what each pair of an election gave: its first row, and how many rows it has of that person.
-- Reads supports_support.
-- %(rounds)s are the rounds that count, %(pairs)s the pair of each; ten thousand copies are one line.
-- Relies on support_by_nik; 5 ms for 50 people.
SELECT support.nik::text, round.pair_id, min(support.id) AS first_id, count(*) AS copies
  FROM supports_support AS support
  JOIN unnest(%(rounds)s::bigint[], %(pairs)s::bigint[]) AS round (id, pair_id) ON round.id = support.submission_id
 WHERE support.nik = ANY(%(niks)s::uuid[])
 GROUP BY support.nik, round.pair_id
 ORDER BY support.nik, round.pair_id
