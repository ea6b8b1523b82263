"""Figures from records of persons or units: explained, measured on this server, protected, not kept."""
