"""The nouns that every stage shares: values with their cells, addresses, remarks and findings."""
