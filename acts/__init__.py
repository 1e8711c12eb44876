"""What everything is made of: act, record, refusal, access, and what a package brings."""
