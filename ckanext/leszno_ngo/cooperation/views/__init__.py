"""Pages of the cooperation, in the folders that the engine's views have."""
