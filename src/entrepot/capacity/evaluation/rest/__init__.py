"""Evaluation for programs: schemas and routes."""
