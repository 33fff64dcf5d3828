"""Which row of a table each line of figures is: labels, their damage, their order and their number."""
