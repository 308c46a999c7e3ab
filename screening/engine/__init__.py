"""The name engine: facts in, explained score out. Pure: no database, no clock, no settings.

`names` reads a name of any script into tokens; `tokens` interns them; `likeness` compares two tokens; `neighbors` finds the
listed tokens like one; `joining` finds the listed names that share telling tokens; `alignment` lays two names side by side;
`features` measures the alignment; `model` turns the measures into contributions that add up to the score; `matcher` runs
the whole for one name or a hundred thousand by the same code; `version` says which engine it is.
"""
