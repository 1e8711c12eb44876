"""An organization's people, their sign-in and sessions."""
