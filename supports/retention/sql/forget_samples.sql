-- Forgets what of a file's columns was kept to show what they hold.
-- Writes supports_upload: its columns without the samples, of the uploads of some rounds.
-- What the columns were called and mapped to stays.
-- Relies on the index of supports_upload by round.
UPDATE supports_upload
   SET columns = columns - 'samples'
 WHERE submission_id = ANY(%(submissions)s)
   AND columns ? 'samples'
