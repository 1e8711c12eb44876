"""Paper: fonts, typesetting, layout."""
