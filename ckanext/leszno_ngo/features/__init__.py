"""Features of the engine that are plugins of their own; nothing imports them."""
