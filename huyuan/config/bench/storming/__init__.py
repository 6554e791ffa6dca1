"""The kill storm: presses go on while web, engines and the receiver of panels are killed again and again."""
