"""What is done: programmes, projects, their results matrix, and what is reported of it."""
