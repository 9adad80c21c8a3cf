"""Meta's error codes: for each, one sentence that tells an operator what is wrong and what to do.

One table for each class of error in the package's tree. Codes that share one remedy share one sentence.

Source: Meta, WhatsApp Cloud API, Error codes; WhatsApp Flows, Error codes; Calling and Groups API references.
"""

from __future__ import annotations

from collections.abc import Iterable


def _each(codes: Iterable[int], sentence: str) -> dict[int, str]:
    return dict.fromkeys(codes, sentence)


TOKEN = {
    0: "The access token is invalid or was withdrawn: create a new one for the system user and put it into"
    " `access_token`.",
    190: "The access token has expired or is wrong: create a permanent system-user token and put it into"
    " `access_token`.",
}

PERMISSION = {
    3: "The app lacks the capability for this call: check the app's products and permissions in the App"
    " Dashboard.",
    10: "Permission is missing or was removed: give the token `whatsapp_business_messaging` and, for"
    " management,"
    " `whatsapp_business_management`, and give its system user access to this WhatsApp Business Account.",
    **_each(
        range(200, 300),
        "The token lacks a permission for this call: give it `whatsapp_business_messaging` and"
        " `whatsapp_business_management`, and its system user access to this WhatsApp Business Account.",
    ),
    131005: "Access denied: the token's permission was not granted or was removed; check it with the Access"
    " Token Debugger.",
}

RATE = {
    4: "The app has reached its rate of API calls: slow down; it recovers by itself within the hour.",
    613: "The permission of this call was queried too often: wait and ask less often.",
    80007: "The WhatsApp Business Account has reached its rate limit: slow down; it recovers by itself.",
    130429: "The number has reached its throughput: send more slowly, and set `throughput` to what the"
    " number may do.",
    131056: "Too many messages to this one person in a short time: wait before writing to them again (one"
    " per 6 s).",
    131057: "The number is in maintenance, usually for a throughput upgrade: it is back within a few"
    " minutes.",
    131064: "Sending is limited because templates were put into the wrong category: correct them in"
    " WhatsApp Manager.",
    131208: "Too many group operations in a short time: wait before the next one.",
    134101: "The template is still being synchronised for the Marketing Messages API: try again after 10"
    " minutes.",
    138005: "Too many calls in a short time: wait before the next one.",
    138009: "The limit of call permission requests to this person is reached: wait before asking again.",
    138012: "The limit of calls to this person for today is reached: call again tomorrow.",
    2494100: "The number is in maintenance: try again in a few minutes.",
}

WINDOW = {
    131047: "More than 24 hours have passed since the person last wrote: only an approved template may be"
    " sent;"
    " set `reengagement_template`.",
}

UNDELIVERABLE = {
    1026: "The person's WhatsApp cannot show this kind of message: send it as ordinary text.",
    130403: "Your business has blocked this person: unblock them before writing.",
    130472: "The person belongs to one of Meta's experiments and gets no marketing messages: do not resend;"
    " a message they start themselves opens the way.",
    130497: "Your business may not message people in this country: see the restrictions on your kind of"
    " business.",
    131020: "The group has no other member: nobody would receive the message.",
    131021: "Sender and recipient are the same number: write to another one.",
    131026: "The message cannot be delivered: the number may not be on WhatsApp, its WhatsApp may be too old,"
    " or its owner has not accepted the terms of use; ask them by another way to update WhatsApp.",
    131030: "A test number may only write to listed recipients: add this one under API Setup in the App"
    " Dashboard.",
    131049: "Meta did not deliver this marketing message to keep the person from getting too many:"
    " do not resend within 24 hours.",
    131050: "The person has stopped your marketing messages: send none until they resume them.",
    137000: "The person's identity key has changed: confirm who they are, then send with the new"
    " `identity_key_hash`.",
    138001: "The person cannot be called on WhatsApp: write to them instead.",
    138006: "The person has not allowed calls: ask with a call permission request first.",
}

INVALID = {
    100: "A parameter is unknown, wrong or too long, or an id does not exist or is out of the token's reach:"
    " see the details, and check `phone_number_id`.",
    131008: "A required parameter is missing: see the details.",
    131009: "A parameter has a value that Meta does not accept: see the details.",
    131041: "The group is not known to this number: check the group id.",
    131051: "WhatsApp does not support this type of message here: send another kind.",
    131055: "This call is not allowed for such a message or number: see the details.",
    131059: "The page cursor is not valid: start again from the first page.",
    131062: "This message cannot be sent to a business-scoped user id: send it to the phone number.",
    131063: "Marketing templates are disabled for this number on the Cloud API: send them by the Marketing"
    " Messages API.",
    **_each(
        set(range(131201, 131216)) - RATE.keys(),
        "The group operation was refused, wholly or in part: see the details.",
    ),
    **_each(range(132000, 133000), "Meta does not accept the template: compare it with WhatsApp Manager."),
    132000: "The number of template parameters does not fit the template: compare them with WhatsApp"
    " Manager.",
    132001: "The template does not exist or is not approved in this language: check its name, language and"
    " status.",
    132005: "The template's text is too long once its parameters are filled in: shorten them.",
    132007: "The template's content breaks WhatsApp's policy: see the reason for its rejection in WhatsApp"
    " Manager.",
    132008: "A template parameter has a value that Meta does not accept: see the details.",
    132012: "A template parameter has the wrong format: compare its type with the template in WhatsApp"
    " Manager.",
    132015: "The template is paused because of its low quality: improve it, or wait until Meta resumes it.",
    132016: "The template was paused too often and is disabled for good: create a new one with other"
    " content.",
    132018: "The template's parameters are badly formed: compare them with the template in WhatsApp Manager.",
    132069: "The Flow is throttled to 10 messages an hour because its endpoint is unhealthy: repair the"
    " endpoint.",
    132068: "The Flow is blocked: repair its endpoint and see its status in WhatsApp Manager.",
    134100: "The Marketing Messages API takes marketing templates only: send this one by the ordinary route.",
    135000: "Meta could not process the request because of a parameter it does not name: compare the message"
    " with the documentation.",
    138003: "There is already a call with this person: end it first.",
    138004: "The call could not be connected with this session description: check the SDP.",
    139000: "Meta's integrity checks have blocked the Flow: see the account's status in WhatsApp Manager.",
    139001: "The Flow cannot be changed in its present state, or Meta failed to process it: see the details.",
    139002: "The Flow cannot be published: check its validation errors, the endpoint's health, the uploaded"
    " public key"
    " and the connected app.",
    139003: "The Flow cannot be deprecated: only a published one can.",
    139004: "The Flow cannot be deleted: only a draft can.",
    139006: "There are too few events for this metric yet: ask again later or for a longer time.",
    139100: "Some of the people were not blocked or unblocked: see the details.",
    139101: "The block list is full (64 000): unblock some people first.",
    **_each(range(2388012, 2388300), "Meta does not accept the template or the number: see the details."),
    2388019: "The account has reached its limit of 250 templates: delete unused ones.",
}

MEDIA = {
    131052: "The media the person sent cannot be downloaded, perhaps because it is over 100 MB: ask them to"
    " send it again.",
    131053: "The media was not accepted: check that its type and size are supported, that its content fits"
    " its type,"
    " and that a link is public.",
}

ACCOUNT = {
    33: "The business number was deleted or its id is wrong: check `phone_number_id`.",
    368: "The account is temporarily blocked for breaking a policy: see Account Quality in WhatsApp Manager.",
    131031: "The account is locked, or a PIN does not match: see the account's status in WhatsApp Manager.",
    131037: "The display name of this 555 number is not approved: choose another in WhatsApp Manager.",
    **_each(
        (131042, 131044), "There is a problem with the payment method: check it in the billing settings."
    ),
    131045: "The number is not properly registered: register it again (`POST /<phone_number_id>/register`).",
    131048: "Too many people have blocked or reported the number, so it may send less:"
    " sending again makes it worse; see its quality in WhatsApp Manager.",
    **_each(
        range(133000, 134000), "The number's registration has a problem: see its status in WhatsApp Manager."
    ),
    133000: "An earlier deregistration is not complete: deregister the number again before registering it.",
    133004: "Meta's registration server is not available just now: try again in a few minutes.",
    133005: "The two-step verification PIN is wrong: use the right one, or reset it in WhatsApp Manager.",
    133006: "The number must be verified before it can be registered: request a code and verify it.",
    133008: "Too many wrong PINs: wait as long as the details say.",
    133009: "The PIN was entered too quickly: wait as long as the details say.",
    133010: "The number is not registered on the WhatsApp Business Platform: register it before sending.",
    133015: "The number was deleted a moment ago: wait 5 minutes before registering it.",
    133016: "Registered or deregistered more than 10 times within 72 hours: wait 72 hours.",
    134011: "The terms of service for WhatsApp payments are not accepted: accept them in WhatsApp Manager.",
    134102: "The Marketing Messages API is not available to this account: send by the ordinary route.",
    136024: "The number cannot be verified as asked, perhaps because it already is: see the details.",
    **_each(
        set(range(138000, 138019)) - RATE.keys() - UNDELIVERABLE.keys() - INVALID.keys(),
        "The calling operation was refused: see the details.",
    ),
    138000: "Calling is not enabled for this number: enable it in the number's call settings.",
    138002: "The number already has as many calls as it may have at once (1000): wait for some to end.",
    138007: "The call was not connected in time: try again later.",
    138018: "The number does not meet the conditions for calling: see the details.",
    147001: "The username is not available: choose another.",
    147002: "The account may not have a username yet: see the details.",
    147003: "The username belongs to a Facebook page: link that page first.",
    147004: "The username belongs to an Instagram account: link that account first.",
    147005: "The username is in use by another of your numbers: move it with `force_transfer`.",
    **_each(range(2494164, 2494180), "The In-App Signup call was refused: see the details."),
    **_each(
        range(2593107, 2593110), "Synchronising with the WhatsApp Business app was refused: see the details."
    ),
}

SERVICE = {
    1: "Meta reports an unknown error, or the request is malformed: see the details and Meta's status page.",
    2: "Meta's service is down or overloaded: see Meta's status page.",
    131000: "Something went wrong at Meta: if it goes on, open a ticket with the fbtrace_id.",
    131016: "The service is temporarily not available: see Meta's status page.",
}

OTHER = {
    130501: "A group member sent a kind of message that WhatsApp does not pass on: nothing to do.",
    131060: "WhatsApp does not pass on this message (the first to a number shared with the Business app):"
    " ask the person to send it again.",
    139102: "The block list is being changed by another call: try again in a moment.",
    139103: "Meta failed to change the block list: try again in a moment.",
}

UNKNOWN = "This code is not known here: see the details, and Meta's page of error codes."

TOO_MANY = (
    "Too many requests in a short time, says Meta's edge or a proxy on the way: send more slowly, and lower"
    " `throughput`."
)
"""HTTP 429 without Meta's JSON."""

NO_PROOF = (
    "The app is set to Require App Secret (App settings > Advanced), and the call did not prove it: set"
    " `app_secret`."
)
WRONG_PROOF = (
    "`app_secret` is not that of the app that the token was made for: copy it from App settings > Basic of"
    " that app. Where it is a list, the first one counts."
)
"""Two refusals that have code 100, as much else has; Meta tells them apart by their text alone."""

SAFE_TO_RESEND = frozenset({4, 80007, 130429, 131056, 131057})
"""Meta refused these before processing the request, so sending it again cannot make a duplicate."""
