"""The doors for people who type no commands: button, console, watched folder, icon, doctor."""
