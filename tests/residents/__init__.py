"""What residents and organisations find: open calls, feeds, calendars, money by year."""
