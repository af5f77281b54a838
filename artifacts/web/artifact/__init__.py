"""Everything about one artifact."""
