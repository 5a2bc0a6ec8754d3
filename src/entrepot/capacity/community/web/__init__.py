"""The pages of the community."""
