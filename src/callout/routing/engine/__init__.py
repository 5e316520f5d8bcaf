"""Evaluator and solvers of routes. Pure: seconds and matrix places, no Django, no clock of ours."""
