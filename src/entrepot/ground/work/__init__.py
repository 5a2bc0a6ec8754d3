"""Work and time: the queue of background jobs, the jobs that recur or wait for a date, and the clock.

A job's effect and the note that it is done are one transaction, so a killed worker leaves it undone or done, never half or twice.
Not for work outside the database: a task that reaches outside has to be safe to repeat. Tasks live in each app's `tasks.py`.
"""
