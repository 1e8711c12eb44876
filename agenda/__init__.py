"""What is to be decided: topics, meetings, notice, the sealed agenda."""
