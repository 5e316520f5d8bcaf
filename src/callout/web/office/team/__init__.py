"""Technicians with skills, hours and absences; vehicles; skills: plain pages."""
