"""The ground floor: what every wing stands on. Rooms depend only on those before them:

keeping · journal · work · region · people · access · documents · notices
"""
