"""Needs: what a Member says its officers have to be able to do, how well, how many and how soon.

A coordinator records it, or the regional office for a Member. Not a survey round, which will gather needs, and not
training, which answers them.
"""
