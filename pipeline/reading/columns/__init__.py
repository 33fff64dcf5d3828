"""Which figure of a row is which column: positions, headers, and the form's arithmetic that decides."""
