"""x"""
from .types import Bools, Floats, Ints
