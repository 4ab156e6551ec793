"""What several views need, and what looks at every request before its page or at every answer."""
