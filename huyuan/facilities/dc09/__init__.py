"""SIA DC-09 as a receiver speaks it: frames in, events out, answers back; pure, without Django."""
