"""Training: activities from design to close. Invitations to Members, nominations, selection, seats, sessions, attendance.

An activity answers needs and has a stage; what blocks the next stage is reckoned from records. Not certificates, tests or follow-up: those
rooms stand above and hang on an activity's uuid.
"""
