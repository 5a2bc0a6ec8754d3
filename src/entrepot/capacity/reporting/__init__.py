"""What a regional office tells others of its work: an activity report over any period, and two pages about one Member.

The room keeps no records of its own: every figure is reckoned from those of other rooms, and says where its rows are.
"""
