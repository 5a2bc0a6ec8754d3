"""What a declaration is: its columns, what may stand in each, and how a file of them is read, checked and written.

Not what a declaration means for risk: that is for the rooms above. Every command reads its rows through here, so that a bad row is
refused once, with its reason, and never reaches a model.
"""
