"""The room: messages in, effects out. Pure: no I/O, no clock, no chance; time comes in as now_seconds."""
