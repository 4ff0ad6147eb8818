"""Kills and faults by the dozen while reminders go out; what arrived is counted on the simulator's side."""
