"""What rests on what: the one graph from every figure and sentence to its evidence."""
