"""Tests: rules as tables and properties, storage on real databases, whole flows over real HTTP."""
