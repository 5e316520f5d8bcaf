"""Service orders: list, Kanban, one order's page, its dialogs. Selectors prepare, services do."""
