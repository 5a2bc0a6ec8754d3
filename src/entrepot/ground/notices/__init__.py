"""Notices: what the product tells one person, on their page of notices and by mail.

A notice is sent inside the action that gives rise to it, so it is there exactly if the act is. Its texts are kept in English with their
values and said in the reader's language when they are read. Mail goes out afterwards from an outbox, in the person's language and outside
their quiet hours. Not the work queue of a person's first page: that is made from the records themselves and needs no sending.
"""
