"""Reading reports, proving the reading, and the rows that come of it: bytes and frames in, frames out."""
