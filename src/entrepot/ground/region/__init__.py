"""The region: Members, the bodies beside them, and everything dated about them: membership, hosting, status, the Vice-Chair's term.

A place is a Member *administration* or a body, not a state. Facts about the real region carry a source; invented places say that they
are invented. Not people: they are in `people`, and hold postings at these places.
"""
