"""One search over all that the reader may see."""
