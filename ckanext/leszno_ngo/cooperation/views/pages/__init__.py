"""What templates of the cooperation's pages show."""
