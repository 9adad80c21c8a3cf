"""`python -m rasa_whatsapp.cli` is `rasa-whatsapp`."""

from rasa_whatsapp.cli import main

main()
