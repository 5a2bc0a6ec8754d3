"""The pages of journal."""
