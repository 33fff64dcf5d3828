"""What one text and one line say: figures, labels, tokens, page numbers. No line knows another here."""
