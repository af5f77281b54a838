"""What the Hugging Face Hub's clients expect: ids, commits and digests, in plain Python."""
