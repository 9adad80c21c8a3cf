"""The block list keeps people and the number apart, and tells whom it could not block."""

from __future__ import annotations

from rasa_whatsapp.simulator import Simulator, User

TO = "+5561999990001"


async def test_who_is_blocked_reaches_nobody(simulator: Simulator, graph, bot, maria: User) -> None:
    """What they write keeps one tick, until they are unblocked."""
    await maria.says("oi")
    path = f"/v26.0/{graph.simulator.account.phone_number_id}/block_users"
    users = {"messaging_product": "whatsapp", "block_users": [{"user": TO}]}
    assert (await graph.call("POST", path, json=users))[0] == 200
    unheard = await maria.says("alô?")
    await simulator.settle()
    assert (unheard.status, len(bot.messages)) == ("sent", 1)
    assert (await graph.call("DELETE", path, json=users))[0] == 200
    heard = await maria.says("alô!")
    await simulator.settle()
    assert (heard.status, len(bot.messages)) == ("delivered", 2)
    both = {**users, "block_users": [{"user": TO}, {"user": "15550100"}]}
    status, answer = await graph.call("POST", path, json=both)
    assert (status, answer["error"]["code"]) == (400, 139100)
    assert [user["input"] for user in answer["block_users"]["added_users"]] == [TO]
    assert [user["input"] for user in answer["block_users"]["failed_users"]] == ["15550100"]
