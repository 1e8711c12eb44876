"""The import of people, bodies, kinship and matters from a workbook."""
