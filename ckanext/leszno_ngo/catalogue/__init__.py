"""The core that knows how records are stored: batch writer, identity, derived values."""
