"""Everything that changes figures, targets, requests and the calendar."""
