"""Answers the Flow by which somebody becomes a member, screen by screen; `credentials.yml` names it."""

from __future__ import annotations

from rasa_whatsapp.flows import FlowHandlers, FlowRequest, FlowResponse

handlers = FlowHandlers()

# A club has a database; this one has a single member.
MEMBERS = {"socia@club.example"}


@handlers.on(flow="hacerme_socio", action="INIT")
def opened(request: FlowRequest) -> FlowResponse:
    return FlowResponse(screen="DATOS", data={"error_messages": {}})


@handlers.on(flow="hacerme_socio", screen="DATOS", action="data_exchange")
def entered(request: FlowRequest) -> FlowResponse:
    name = request.data["nombre"].split()
    wrong = {}
    if not name:  # blanks are enough for WhatsApp
        wrong["nombre"] = "Escribí tu nombre y apellido."
    if request.data["correo"].strip().lower() in MEMBERS:
        wrong["correo"] = "Ese correo ya es de un socio."
    if wrong:
        return FlowResponse.invalid("DATOS", wrong)
    return FlowResponse(screen="FOTO", data={"saludo": f"¡Gracias, {name[0]}! Falta tu foto."})
