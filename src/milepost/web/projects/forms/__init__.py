"""Forms: what people type, before it is an action."""
