"""`rasa-whatsapp doctor --domain` prints what to paste into the domain."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML
from whatsapp_command import run

from rasa_whatsapp.intents import ENTITY_NAMES, Understanding


def pasted(tmp_path: Path, *arguments: str) -> dict[str, list[str]]:
    done = run("doctor", "--domain", *arguments, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return YAML(typ="safe").load(done.stdout) or {}


def test_a_new_bot_gets_every_intent_and_entity(tmp_path: Path) -> None:
    """All that the channel makes by default."""
    made = Understanding({}).intents
    entries = pasted(tmp_path)
    assert set(entries["intents"]) == set(made.values())
    assert set(entries["entities"]) == {name for kind in made for name in ENTITY_NAMES[kind]}
    assert len(entries["intents"]) == len(set(entries["intents"]))


def test_only_what_is_missing_is_printed(tmp_path: Path) -> None:
    """A domain in the working directory is found, details of its entries included."""
    entries = pasted(tmp_path)
    entries["intents"].remove("whatsapp_image")
    entries["entities"].remove("latitude")
    known = {
        "intents": [{name: {"use_entities": True}} for name in entries["intents"]],
        "entities": entries["entities"],
    }
    with (tmp_path / "domain.yml").open("w") as file:
        YAML().dump(known, file)
    assert pasted(tmp_path) == {"intents": ["whatsapp_image"], "entities": ["latitude"]}


def test_pasting_it_completes_the_domain(tmp_path: Path) -> None:
    """What was printed, once pasted, is found complete; a domain may be a folder of files."""
    folder = tmp_path / "parts"
    folder.mkdir()
    (folder / "whatsapp.yml").write_text(run("doctor", "--domain", cwd=tmp_path).stdout)
    assert pasted(tmp_path, "parts") == {}


def test_renamed_and_silenced_kinds(tmp_path: Path) -> None:
    """`intents:` counts before the number has its tokens."""
    (tmp_path / "credentials.yml").write_text(
        "rasa_whatsapp.WhatsAppInput:\n  access_token: ${NOT_YET}\n"
        "  intents: {location: share_place, sticker: null, video: text}\n"
    )
    entries = pasted(tmp_path)
    assert "share_place" in entries["intents"]
    assert not {"whatsapp_location", "whatsapp_sticker", "whatsapp_video"} & set(entries["intents"])
    assert "animated" not in entries["entities"]


def test_the_intents_of_flows(tmp_path: Path) -> None:
    """Those that `flows:` names are the channel's too, also before the private key is there."""
    (tmp_path / "credentials.yml").write_text(
        "rasa_whatsapp.WhatsAppInput:\n  flows: {private_key: not-yet.pem, intents: {sign_up: signed_up}}\n"
    )
    assert pasted(tmp_path)["intents"][-1] == "signed_up"


def test_a_domain_that_cannot_be_read(tmp_path: Path) -> None:
    """The message names the file."""
    done = run("doctor", "--domain", "nowhere.yml", cwd=tmp_path)
    assert done.returncode == 1
    assert "nowhere.yml" in done.stderr


def test_the_environment_and_the_file_that_it_names_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for the channel itself; what else is wrong in them does not matter here."""
    (tmp_path / "settings.yml").write_text("intents: {image: send_picture}\nmax_turns: many\n")
    monkeypatch.setenv("WHATSAPP_CONFIG", "settings.yml")
    monkeypatch.setenv("WHATSAPP_DELIVERY_FAILED_INTENT", "not_arrived")
    monkeypatch.setenv("WHATSAPP_FLOWS", "{private_key: nowhere.pem, intents: {sign_up: inform}}")
    intents = pasted(tmp_path)["intents"]
    assert {"send_picture", "not_arrived", "inform"} <= set(intents)
    assert "whatsapp_image" not in intents


def test_wrong_intents_of_flows_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where they stand, and nothing is printed to paste."""
    monkeypatch.setenv("WHATSAPP_FLOWS", "{intents: {sign_up: 'no intent'}}")
    done = run("doctor", "--domain", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "flows.intents: the value of WHATSAPP_FLOWS " in done.stderr
