-- Keeps what a list says of files, by the keyed digest of their names: the latest list holds.
-- Writes scans_manifestline of %(pair)s; the arrays are the columns of its lines, no name twice.
-- Nothing in clear: NIKs are sealed, names are digests. Can always be run again.
-- Relies on the key; 2 s for 100,000 lines.
INSERT INTO scans_manifestline (pair_id, name, nik, token, support_id, kind, manifest_id)
SELECT %(pair)s, line.name, line.nik, line.token, line.support_id, line.kind, %(manifest)s
  FROM unnest(%(names)s::uuid[], %(niks)s::uuid[], %(tokens)s::text[], %(rows)s::bigint[], %(kinds)s::text[])
       AS line (name, nik, token, support_id, kind)
    ON CONFLICT (pair_id, name) DO UPDATE
   SET nik = excluded.nik,
       token = excluded.token,
       support_id = excluded.support_id,
       kind = excluded.kind,
       manifest_id = excluded.manifest_id
