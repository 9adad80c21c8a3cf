"""The two sign-up Flows that users of pywa know, typed as they know them."""

from __future__ import annotations

from rasa_whatsapp.flows import *  # noqa: F403

# ruff: noqa: F405

static_flow = FlowJSON(
    screens=[
        Screen(
            id="SIGN_UP",
            title="Finish Sign Up",
            terminal=True,
            layout=Layout(
                type=LayoutType.SINGLE_COLUMN,
                children=[
                    Form(
                        name="form",
                        children=[
                            first_name := TextInput(
                                name="first_name",
                                label="First Name",
                                input_type=InputType.TEXT,
                                required=True,
                            ),
                            last_name := TextInput(
                                name="last_name",
                                label="Last Name",
                                input_type=InputType.TEXT,
                                required=True,
                            ),
                            email := TextInput(
                                name="email",
                                label="Email Address",
                                input_type=InputType.EMAIL,
                                required=True,
                            ),
                            Footer(
                                label="Done",
                                enabled=True,
                                on_click_action=Action(
                                    name=FlowActionType.COMPLETE,
                                    payload={
                                        "first_name": first_name.form_ref,
                                        "last_name": last_name.form_ref,
                                        "email": email.form_ref,
                                    },
                                ),
                            ),
                        ],
                    )
                ],
            ),
        )
    ],
)

# The guide's own Python sends the last name as "first_name"; the JSON that it prints does not.
dynamic_flow = FlowJSON(
    data_api_version=utils.Version.FLOW_DATA_API,
    routing_model={},
    screens=[
        Screen(
            id="SIGN_UP",
            title="Finish Sign Up",
            terminal=True,
            data=[
                first_name_helper_text := ScreenData(
                    key="first_name_helper_text", example="Enter your first name"
                ),
                is_last_name_required := ScreenData(key="is_last_name_required", example=True),
                is_email_enabled := ScreenData(key="is_email_enabled", example=False),
            ],
            layout=Layout(
                type=LayoutType.SINGLE_COLUMN,
                children=[
                    Form(
                        name="form",
                        children=[
                            first_name := TextInput(
                                name="first_name",
                                label="First Name",
                                input_type=InputType.TEXT,
                                required=True,
                                helper_text=first_name_helper_text.data_key,
                            ),
                            last_name := TextInput(
                                name="last_name",
                                label="Last Name",
                                input_type=InputType.TEXT,
                                required=is_last_name_required.data_key,
                            ),
                            email := TextInput(
                                name="email",
                                label="Email Address",
                                input_type=InputType.EMAIL,
                                enabled=is_email_enabled.data_key,
                            ),
                            Footer(
                                label="Done",
                                on_click_action=Action(
                                    name=FlowActionType.COMPLETE,
                                    payload={
                                        "first_name": first_name.form_ref,
                                        "last_name": last_name.form_ref,
                                        "email": email.form_ref,
                                    },
                                ),
                            ),
                        ],
                    )
                ],
            ),
        )
    ],
)
