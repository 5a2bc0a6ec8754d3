"""The desk: whatever spans the rooms. Front page, each person's first page, search, calendar, the page of roles, the API, the command line.

It gathers the offers of every app; it holds no records of its own.
"""
