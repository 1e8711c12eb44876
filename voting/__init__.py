"""Deciding in a meeting: attendance, quorum, recusal, ballots, tally, decision."""
