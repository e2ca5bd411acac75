"""Lessons on the shipped captures: which packet of which capture each step stands on. Knows no language and no screen."""
