"""Open data for programs: what is published, and nothing else, whoever asks."""
