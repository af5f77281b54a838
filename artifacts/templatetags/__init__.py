"""What templates can say: sizes, letters that are not seen, addresses."""
