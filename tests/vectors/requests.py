"""Vectors of section 10: signed requests in our one profile of RFC 9421."""

import base64
import hashlib

from crypto.encoding import b64u
from crypto.request import sign
from crypto.signature import sign_raw

from .topic import Topic
from .world import NOW, PHONE, STRANGER, seeded

BODY = b'{"paused":true}'
NONCE = seeded("request nonce", 16)
REQUEST = {"method": "POST", "authority": "relay.example", "path": "/v1/pause", "query": "", "body": BODY}


def headers(**changed) -> dict[str, str]:
    given = {
        **REQUEST,
        "device": PHONE.record.device,
        "created": NOW,
        "nonce": NONCE,
        "expires": NOW + 300,
    } | changed
    return sign(PHONE.sign_seed, **given)


GOOD = headers()


def make() -> Topic:
    topic = Topic("requests")
    for name, changed in {
        "a post": {},
        "a get with a query": {"method": "GET", "path": "/v1/mail", "query": "after=7&limit=20", "body": b""},
        "a port": {"authority": "127.0.0.1:8080"},
        "a capital host": {"authority": "Relay.Example"},
    }.items():
        values = {
            "seed": PHONE.sign_seed,
            "device": PHONE.record.device,
            "created": NOW,
            "expires": NOW + 300,
        }
        topic.add(f"sign: {name}", "sign request", **values, nonce=NONCE, **REQUEST | changed)
        _judge(topic, name, headers(**changed), **changed)
    _refused(topic)
    _malformed(topic)
    return topic


def _judge(
    topic: Topic, name: str, given: dict[str, str] | list[list[str]], fails: str | None = None, **changed
) -> None:
    listed = [[k, v] for k, v in given.items()] if isinstance(given, dict) else given
    values = {"headers": listed, "public": PHONE.record.sign_pk, "now": NOW, **REQUEST} | changed
    topic.add(f"request: {name}", "request", fails, **values)


def _refused(topic: Topic) -> None:
    _judge(topic, "in its last second", GOOD, now=NOW + 299)
    _judge(topic, "from a clock a minute ahead", GOOD, now=NOW - 60)
    _judge(topic, "other headers beside", {"Host": "relay.example", **GOOD, "Date": "x"})
    _judge(topic, "header names in small letters", {name.lower(): value for name, value in GOOD.items()})
    for name, changed in {
        "expired": {"now": NOW + 300},
        "from a clock more than a minute ahead": {"now": NOW - 61},
        "another key": {"public": STRANGER.record.sign_pk},
        "another method": {"method": "PUT"},
        "method in small letters": {"method": "post"},
        "another authority": {"authority": "relay.example.org"},
        "another port": {"authority": "relay.example:8443"},
        "another path": {"path": "/v1/pauses"},
        "path with a slash more": {"path": "/v1/pause/"},
        "a query added": {"query": "x=1"},
        "another body": {"body": BODY + b" "},
        "the body left out": {"body": b""},
    }.items():
        _judge(topic, name, GOOD, "refused", **changed)
    _judge(topic, "six minutes", headers(expires=NOW + 301), "refused")
    _judge(topic, "expires before it was created", headers(expires=NOW - 1), "refused", now=NOW - 2)
    _judge(topic, "path in other capitals", headers(path="/V1/pause"), "refused")
    queried = headers(query="after=1")
    _judge(topic, "the query left out", queried, "refused")
    _judge(topic, "another query", queried, "refused", query="after=2")
    _judge(topic, "another order of the query", headers(query="a=1&b=2"), "refused", query="b=2&a=1")
    swapped = GOOD | {"Signature": headers(nonce=bytes(16))["Signature"]}
    _judge(topic, "the signature of another nonce", swapped, "refused")
    parameters = GOOD["Signature-Input"].removeprefix("qasid=")
    for name, old, new in (
        ("created moved", f"created={NOW}", f"created={NOW + 1}"),
        ("expires moved", f"expires={NOW + 300}", f"expires={NOW + 299}"),
        ("another device", b64u(PHONE.record.device), b64u(STRANGER.record.device)),
    ):
        _judge(topic, name, GOOD | {"Signature-Input": "qasid=" + parameters.replace(old, new)}, "refused")
    digest = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    lied = GOOD | {"Content-Digest": f"sha-256=:{digest}:"}
    _judge(topic, "digest of another body", lied, "refused")
    _judge(topic, "digest and body of another", lied, "refused", body=b"other")


def _signed(parameters: str, label: str = "qasid") -> dict[str, str]:
    """Rightly signed, as RFC 9421 would have it, under parameters that are not our profile's."""
    names = {
        "@method": "POST",
        "@authority": "relay.example",
        "@path": "/v1/pause",
        "@query": "?",
        "content-digest": GOOD["Content-Digest"],
        "@target-uri": "https://relay.example/v1/pause",
    }
    listed = parameters[1 : parameters.index(")")].split()
    lines = [f"{name}: {names[name.strip(chr(34))]}" for name in listed]
    base = "\n".join([*lines, f'"@signature-params": {parameters}'])
    signature = base64.b64encode(sign_raw(base.encode(), PHONE.sign_seed)).decode()
    return GOOD | {"Signature-Input": f"{label}={parameters}", "Signature": f"{label}=:{signature}:"}


def _malformed(topic: Topic) -> None:
    names = '("@method" "@authority" "@path" "@query" "content-digest")'
    created, expires, nonce = f";created={NOW}", f";expires={NOW + 300}", f';nonce="{b64u(NONCE)}"'
    keyid, alg, tag = f';keyid="{b64u(PHONE.record.device)}"', ';alg="ed25519"', ';tag="qasid-1"'
    assert GOOD["Signature-Input"] == "qasid=" + names + created + expires + nonce + keyid + alg + tag
    for name, parameters in {
        "parameters in another order": names + expires + created + nonce + keyid + alg + tag,
        "no created": names + expires + nonce + keyid + alg + tag,
        "no expires": names + created + nonce + keyid + alg + tag,
        "no nonce": names + created + expires + keyid + alg + tag,
        "no keyid": names + created + expires + nonce + alg + tag,
        "no alg": names + created + expires + nonce + keyid + tag,
        "no tag": names + created + expires + nonce + keyid + alg,
        "another alg": names + created + expires + nonce + keyid + ';alg="hmac-sha256"' + tag,
        "another tag": names + created + expires + nonce + keyid + alg + ';tag="qasid-2"',
        "a parameter more": names + created + expires + nonce + keyid + alg + tag + ";x=1",
        "a parameter twice": names + created + created + expires + nonce + keyid + alg + tag,
        "spaces after semicolons": names + "; " + (created + expires + nonce + keyid + alg + tag)[1:],
        "created as text": names + f';created="{NOW}"' + expires + nonce + keyid + alg + tag,
        "created with a leading zero": names + f";created=0{NOW}" + expires + nonce + keyid + alg + tag,
        "created negative": names + ";created=-1" + expires + nonce + keyid + alg + tag,
        "expires after the year 9999": names + created + ";expires=253402300800" + nonce + keyid + alg + tag,
        "a short nonce": names + created + expires + f';nonce="{b64u(NONCE[:15])}"' + keyid + alg + tag,
        "a nonce with stray bits": names + created + expires + f';nonce="{"_" * 22}"' + keyid + alg + tag,
        "a keyid with stray bits": names + created + expires + nonce + f';keyid="{"_" * 22}"' + alg + tag,
        "no method": names.replace('"@method" ', "") + created + expires + nonce + keyid + alg + tag,
        "no query": names.replace('"@query" ', "") + created + expires + nonce + keyid + alg + tag,
        "no digest": names.replace(' "content-digest"', "") + created + expires + nonce + keyid + alg + tag,
        "components in another order": names.replace('"@method" "@authority"', '"@authority" "@method"')
        + created
        + expires
        + nonce
        + keyid
        + alg
        + tag,
        "a component more": names.replace(")", ' "@target-uri")')
        + created
        + expires
        + nonce
        + keyid
        + alg
        + tag,
    }.items():
        _judge(topic, name, _signed(parameters), "malformed")
    _judge(
        topic, "another label", _signed(GOOD["Signature-Input"].removeprefix("qasid="), "sig1"), "malformed"
    )
    listed = [[name, value] for name, value in GOOD.items()]
    for name in GOOD:
        rest = {key: value for key, value in GOOD.items() if key != name}
        _judge(topic, f"no {name}", rest, "malformed")
        _judge(topic, f"{name} empty", rest | {name: ""}, "malformed")
        _judge(topic, f"{name} twice", [*listed, [name, GOOD[name]]], "malformed")
        _judge(topic, f"{name} with a line break", rest | {name: GOOD[name] + "\n"}, "malformed")
        _judge(topic, f"{name} with another beside", rest | {name: GOOD[name] + ", x=1"}, "malformed")
    digest, signature = GOOD["Content-Digest"], GOOD["Signature"]
    for name, given in {
        "sha-512": {"Content-Digest": digest.replace("sha-256", "sha-512")},
        "digest in base64url": {"Content-Digest": "sha-256=:" + "-" * 43 + "=:"},
        "digest with stray bits": {"Content-Digest": "sha-256=:" + "/" * 43 + "=:"},
        "digest without colons": {"Content-Digest": digest.replace(":", "")},
        "signature with stray bits": {"Signature": "qasid=:" + "/" * 86 + "==:"},
        "signature without padding": {"Signature": signature.replace("==:", ":")},
        "signature too short": {"Signature": "qasid=:AAAA:"},
    }.items():
        _judge(topic, name, GOOD | given, "malformed")
