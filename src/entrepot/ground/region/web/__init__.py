"""The pages of region."""
