"""How it is decided: attendance, quorum, recusal, ballots, tally, decision."""
