"""Those who train and were trained: what people say of themselves to whom they wish, and the groups that workshops leave behind.

Nobody is listed who has not said so: a profile is private until its person opens it, and a group shows those who joined it. Not a social
network: it counts no followers, ranks nobody and shows no address; a letter goes through the product.
"""
