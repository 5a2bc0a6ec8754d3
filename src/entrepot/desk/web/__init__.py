"""The desk's pages, and the frame round every page."""
