"""The page in the browser: its files, its commands, and the panel for developers."""
