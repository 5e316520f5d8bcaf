"""What happens at the customer's: phones and what they send, and the record of the work.

Commands come up through one inbox, documents go down by revision (`sync`); what came too late to
be done waits at the desk. Checklists, photos, parts, report and signature live here. A status is
changed by the services of orders alone.
"""
