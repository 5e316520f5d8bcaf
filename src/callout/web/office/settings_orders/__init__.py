"""The lists behind an order, in the settings: types, priorities, reasons."""
