"""The risk wing: intelligence-driven risk management, as engines that an analyst uses with a file and a notebook.

Rooms, each depending only on those before it:

declarations · measures · generator | features · scoring | profiles · selection, with networks beside scoring and profiles

Not an operational system and not a store: nothing here needs Django or a database, nothing keeps nominal data. Each room has two doors:
`core`, the reckoning (no files, no clock; a generator of random numbers is passed in), and `api`, which adds what `engine` does with files,
DuckDB, Spark and fitting. `commands` is the command line. What is needed beyond the house's own libraries is the extra `risk`.
"""
