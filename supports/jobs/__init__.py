"""One job, one file, one function of the file's name."""
