"""Seeds that once failed, and what they found: told again in every run.

A seed tells another story once the stories draw otherwise. Whoever changes them takes the fault back in for a moment,
and puts the first seed that finds it in the place of the old one.
"""

REGRESSIONS: dict[int, str] = {
    33: "R3.7: of two pages that sent one edit while the journal was busy, only the last was answered",
}
