"""Indicators: figures by place and period, each with its definition, unit, direction, baseline and source, and what it held before.

A Member's values are its own until it shares them with the regional office. Not what came of an activity, which `impact` compares, and not
nominal data: a value is a figure of a place, never of a person or a consignment.
"""
