"""The record kinds, one file for a family."""
