"""Page models: functions and structs of what templates show. They know no address of their own."""
