"""What operators run to deploy the registry to AWS. The package that runs there has none of it."""
