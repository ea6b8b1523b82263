"""The application: people, permissions and pages around the same computations."""
