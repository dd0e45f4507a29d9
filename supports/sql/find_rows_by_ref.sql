-- The rows of one round that a list names by the team's own reference: (line of the list, row).
-- Reads supports_uploadtally and supports_support. References have no index: the round's rows are read once.
-- The list comes as two arrays of one length: %(refs)s with %(ref_lines)s.
-- Relies on supports_support's key; 3 s for a round of 1.2 million rows.
SELECT named.line, support.id
  FROM supports_uploadtally AS tally
  JOIN supports_support AS support
    ON support.id >= tally.upload_id << 24
   AND support.id < (tally.upload_id + 1) << 24
  JOIN unnest(%(refs)s::text[], %(ref_lines)s::bigint[]) AS named (ref, line) ON named.ref = support.ref
 WHERE tally.submission_id = %(submission)s
   AND tally.key = 'rows'
   AND tally.n > 0
   AND support.submission_id = %(submission)s
