"""The registry on real S3 servers: `make s3-servers` starts each, and writes what was seen."""
