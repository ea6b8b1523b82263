"""What a country adds to the catalogue: crosswalks, national definitions, code lists, tags."""
