-- Takes back which earlier rows of the NIKs named are replaced by rows of the same NIK.
-- Reads supports_support, writes repairs_replacement.
-- Run before replace_by_nik, as often as the NIKs are judged.
-- Relies on support_by_nik and row_is_replaced_once; 1 s per 50,000 NIKs.
DELETE FROM repairs_replacement AS replacement
 USING unnest(%(niks)s::uuid[]) AS touched (nik)
  JOIN supports_support AS origin ON origin.nik = touched.nik AND origin.submission_id = ANY(%(earlier)s)
 WHERE replacement.origin_id = origin.id
   AND replacement.submission_id = %(submission)s
   AND NOT replacement.named
