"""Report types as data: schema, profile, JSON; the engine knows them through this package alone."""
