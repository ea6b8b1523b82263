"""What an administrator of the machine does: prepare the database, serve, work, back up, restore."""
