"""The minutes, which say what was decided: draft, number, document, PDF, distribution, follow-up."""
