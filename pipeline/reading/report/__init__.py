"""Whose report of which year a document is, and its sections: everything outside of the tables."""
