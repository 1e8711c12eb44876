"""What was decided: draft, number, document, PDF, distribution, follow-up."""
