"""Engine, unit of work, tables and queries; nobody else speaks SQL."""
