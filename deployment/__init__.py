"""What operators run to bring the registry to AWS. None of it is in the package that runs there."""
