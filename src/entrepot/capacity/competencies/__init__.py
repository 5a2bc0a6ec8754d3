"""Competencies: what an officer can do, in topics, at four levels; what needs, activities and certificates speak of.

The first catalogue is a pack of our own, loaded when the product starts. Not an assessment of anyone: nobody's level is kept here.
"""
