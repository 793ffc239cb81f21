"""Coming without a letter, over HTTP: an account, a signature, a pace."""

from crypto import initdata
from crypto.encoding import b64u, new_id
from crypto.letter import Secret
from handlers.api.rates import REFERRALS, Rates
from tests.flow.actors import Office, Phone
from tests.handlers.conftest import TOKEN, Api


async def opened(api: Api) -> Office:
    office = await api.office()
    await office.client.ok("POST", "/v1/referral-offices", {"code": "DOHA-7"})
    return office


def referral(api: Api, phone: Phone, account: int | None = 4711) -> dict[str, object]:
    fields = {"user": f'{{"id":{account}}}', "auth_date": str(api.unix())}
    return {
        "office": b64u(phone.office.id),
        "device": b64u(phone.keys.record.encode()),
        "consent": b64u(phone.statement("messages", given=True)),
        "prekeys": [b64u(phone.prekey.prekey.sign(phone.keys.sign_seed))],
        "init_data": "" if account is None else initdata.make(fields, TOKEN),
    }


async def test_it_takes_an_account_and_the_devices_own_signature(api: Api) -> None:
    office = await opened(api)
    listed = (await api.http.get("/v1/referral-offices")).json()
    assert listed == {"offices": [{"office": b64u(office.id), "code": "DOHA-7"}]}
    phone, other = (Phone(office, Secret.generate(), "") for _ in range(2))
    answer = await phone.client.call("POST", "/v1/referrals", referral(api, phone, None))
    assert (answer.status_code, answer.json()["code"]) == (403, "account_needed")
    answer = await other.client.call("POST", "/v1/referrals", referral(api, phone))
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")
    made = await phone.client.ok("POST", "/v1/referrals", referral(api, phone))
    assert made["state"] == "waiting"
    me = await phone.client.ok("GET", "/v1/me")
    assert (me["state"], me["refused"], me["waits_until"]) == ("pending", None, made["expires"])
    path = f"/v1/referrals/{b64u(phone.contact)}/refuse"
    await office.client.ok("POST", path, {"reason": "unknown"})
    assert (await phone.client.ok("GET", "/v1/me"))["refused"] == "unknown"
    answer = await office.client.call("POST", f"/v1/referrals/{b64u(new_id())}/refuse", {"reason": "unknown"})
    assert answer.status_code == 404


async def test_one_address_asks_only_so_often(api: Api) -> None:
    office = await opened(api)
    api.context.rates = Rates()
    phone = Phone(office, Secret.generate(), "")
    codes = [
        (await phone.client.call("POST", "/v1/referrals", referral(api, phone, None))).status_code
        for _ in range(REFERRALS.amount + 1)
    ]
    assert codes == [403] * REFERRALS.amount + [429]
