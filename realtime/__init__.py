"""The live feed of what is happening, and its views."""
