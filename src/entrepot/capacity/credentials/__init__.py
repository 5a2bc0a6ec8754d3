"""Credentials: certificates of activities, and the public page that verifies one by its code.

A certificate says hours, outcomes and the version of the course as they were when it was issued. Not levels of competence.
"""
