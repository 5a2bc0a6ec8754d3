"""Documents: files that people hand in or give out, judged by their content before they are kept, and private unless said.

A document belongs to a place and is about one record, named by its uuid. Other rooms keep and serve documents under their own rules;
the pages here show what a place keeps for its people. Not learning content that runs in a browser: that is unpacked elsewhere.
"""
