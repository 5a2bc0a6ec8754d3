"""Work and time: the queue of background jobs, the jobs that recur or wait for a date, and the clock.

A job's effect and the note that it is done are one transaction, so a killed worker leaves it undone or done, never half or twice.
A task that reaches outside the database says so (`outside`) and has to be safe to repeat. Tasks live in each app's `tasks.py`.
"""
