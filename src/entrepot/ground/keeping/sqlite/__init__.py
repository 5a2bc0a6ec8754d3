"""Django's SQLite, with one thing added: who writes waits for a turn, over all threads and processes of an installation.

SQLite itself lets a writer that finds the file locked look again after a pause that grows to a tenth of a second: who has waited longest
looks most seldom, and a client of four waited half a second for what took five milliseconds (docs/decisions/0059-turns-at-sqlite.md).
"""
