"""The Task/Promise engine: owns every handoff between departments."""
