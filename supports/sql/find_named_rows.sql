-- The rows of one round that a list names: (line of the list, row). By the row's id, or by its sealed NIK.
-- Reads supports_support. A row of another round is none, whoever has it; a NIK names every row of the round with it.
-- The parts of a list come as arrays of one length: %(ids)s with %(id_lines)s, %(niks)s with %(nik_lines)s.
-- Relies on supports_support's key and support_by_nik; 5 s for 505,924 lines.
SELECT named.line, support.id
  FROM unnest(%(ids)s::bigint[], %(id_lines)s::bigint[]) AS named (id, line)
  JOIN supports_support AS support ON support.id = named.id
 WHERE support.submission_id = %(submission)s
UNION ALL
SELECT named.line, support.id
  FROM unnest(%(niks)s::uuid[], %(nik_lines)s::bigint[]) AS named (nik, line)
  JOIN supports_support AS support ON support.nik = named.nik
 WHERE support.submission_id = %(submission)s
