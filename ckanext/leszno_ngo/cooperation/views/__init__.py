"""Pages of the cooperation. Each module holds one blueprint."""
