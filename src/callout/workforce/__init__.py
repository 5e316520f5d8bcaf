"""Who works in the field: technicians, skills, weekly hours, absences, vehicles.

Knows when somebody could work, never what they are to do: slots and visits belong to higher rooms.
"""
