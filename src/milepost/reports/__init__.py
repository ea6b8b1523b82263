"""Values to documents and charts."""
