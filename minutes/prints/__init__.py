"""Papers printed from a meeting's records: agenda, notice, sign-in sheet, proceedings, ballots. Pure.

They are made anew each time and have no number; the minutes alone are issued.
"""
