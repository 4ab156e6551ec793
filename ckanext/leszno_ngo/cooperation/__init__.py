"""The cooperation of a city with NGOs: its types, law and books, as a plugin of the engine."""
