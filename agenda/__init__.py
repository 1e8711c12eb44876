"""Meetings and what is put before them: the items, their papers, the notice, the sealed agenda."""
