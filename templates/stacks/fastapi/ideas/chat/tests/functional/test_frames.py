"""What goes over the WebSocket agrees with docs/asyncapi.yaml."""

import json
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from app.live.frames import client_frame
from tests.fixtures import ROOT
from tests.people import Open, Person

DOCUMENT = yaml.safe_load((ROOT / "docs/asyncapi.yaml").read_text("utf-8"))
OPENAPI = yaml.safe_load((ROOT / "docs/openapi.yaml").read_text("utf-8"))
REGISTRY: Registry[Any] = Registry().with_resources(
    [
        ("https://chat.example/asyncapi.yaml", DRAFT202012.create_resource(DOCUMENT)),
        ("https://chat.example/openapi.yaml", DRAFT202012.create_resource(OPENAPI)),
    ]
)
MESSAGES = DOCUMENT["components"]["messages"]


def of(operation: str) -> set[str]:
    """Return the names of an operation's messages in `components`."""
    references = DOCUMENT["operations"][operation]["messages"]
    return {reference["$ref"].rsplit("/", 1)[1] for reference in references}


def problems(name: str, frame: object) -> list[str]:
    """Say what is wrong with a frame, by the schema of a message."""
    reference = f"https://chat.example/asyncapi.yaml#/components/messages/{name}/payload"
    validator = Draft202012Validator({"$ref": reference}, registry=REGISTRY)
    return [error.message for error in validator.iter_errors(frame)]


def test_every_example_is_valid() -> None:
    for name, message in MESSAGES.items():
        for example in message["examples"]:
            assert problems(name, example["payload"]) == []


def test_the_application_knows_the_clients_frames_and_no_others() -> None:
    described = {MESSAGES[name]["name"] for name in of("clientFrames")}
    schema = client_frame.json_schema(by_alias=True)
    assert set(schema["discriminator"]["mapping"]) == described
    for name in of("clientFrames"):
        for example in MESSAGES[name]["examples"]:
            frame = client_frame.validate_json(json.dumps(example["payload"]))
            assert frame.type == example["payload"]["type"]


async def test_what_the_server_sends_is_described(
    ada: Person, grace: Person, open_socket: Open
) -> None:
    room_id = await ada.make_room(grace)
    adas, graces = await open_socket(ada, room_id), await open_socket(grace, room_id)
    answers = [await graces.send(room_id), await graces.say("typing", roomId=ada.id)]
    message_id = answers[0]["message"]["id"]
    answers += [
        await graces.say("typing", roomId=room_id),
        await graces.say("read", roomId=room_id, seq=1),
        await graces.say("message.edit", messageId=message_id, text="Hi"),
        await graces.say("message.delete", messageId=message_id),
    ]
    await graces.connection.close()
    await adas.hear(lambda frame: frame["type"] == "presence" and not frame["online"])
    await ada.client.delete(f"/api/v1/rooms/{room_id}")
    resync = await adas.hear_next("resync")
    sent = [*answers, *adas.heard, *graces.heard, resync]
    names = {MESSAGES[name]["name"]: name for name in of("serverFrames")}
    assert {frame["type"] for frame in sent} == set(names)
    for frame in sent:
        assert problems(names[frame["type"]], frame) == [], frame
