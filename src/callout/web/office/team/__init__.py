"""Technicians with skills, hours and absences; teams; vehicles; skills: plain pages."""
