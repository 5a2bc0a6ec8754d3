"""Settings and addresses. It names everything and holds nothing."""
