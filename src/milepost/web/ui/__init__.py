"""What every page is made of: base templates, tags, static files, languages, and the addresses of things."""
