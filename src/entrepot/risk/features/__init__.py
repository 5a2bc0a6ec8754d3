"""What is known of a declaration on the day it is lodged, from those before it: written once as table expressions, run on DuckDB or Spark.

Not the model. No feature sees its own outcome or a later one; the tests prove it by perturbing the future.
"""
