"""Everything that changes policies, plans, versions, measures and roles."""
