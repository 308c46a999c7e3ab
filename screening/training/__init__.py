"""How the engine's weights and word table are made and measured, from labelled names. Not used by the portal at run time."""
