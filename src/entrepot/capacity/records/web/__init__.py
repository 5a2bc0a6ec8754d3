"""The pages of records, and `/xapi`."""
