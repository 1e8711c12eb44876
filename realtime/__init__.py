"""What is happening: the live feed and its views."""
