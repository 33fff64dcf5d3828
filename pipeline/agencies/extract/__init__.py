"""Making the tables of `pipeline/agencies/data` out of packages; run by hand, never by the pipeline."""
