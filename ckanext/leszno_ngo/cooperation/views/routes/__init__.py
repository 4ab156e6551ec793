"""Pages of the cooperation at their addresses. Each module holds one blueprint."""
