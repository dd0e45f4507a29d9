-- The rows that hold one person's NIK, in every election at once: by the NIK as the keys of each election seal it.
-- Three lists of one length: elections, niks, births. `same`: the row's birth date is the given one, too.
-- Reads supports_support by support_by_nik, one look-up for each election, and what its few rows belong to.
-- A NIK that nobody listed costs what one costs that somebody did, but for the rows themselves.
SELECT row.id, round.id, pair.election_id, (row.birth_date = own.birth) IS TRUE AS same
FROM unnest(%(elections)s::bigint[], %(niks)s::uuid[], %(births)s::uuid[]) AS own (election, nik, birth)
JOIN supports_support AS row ON row.nik = own.nik
JOIN supports_submission AS round ON round.id = row.submission_id
JOIN candidates_pair AS pair ON pair.id = round.pair_id AND pair.election_id = own.election
ORDER BY pair.election_id, row.id
