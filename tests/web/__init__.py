"""The web part over real HTTP."""
